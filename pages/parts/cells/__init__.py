"""The parts of the page on cells: controls, one step with its equation, the views below."""
