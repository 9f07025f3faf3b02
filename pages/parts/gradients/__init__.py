"""The parts of the page "Gradients": ask, the lab with its bet, and the views below it."""
