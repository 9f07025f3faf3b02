"""The parts of the page "Gradients": controls, the lab with its bet, the views below it."""
