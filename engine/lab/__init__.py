"""Small experiments on the cells: what the pages Cells and Gradients show, measured."""
