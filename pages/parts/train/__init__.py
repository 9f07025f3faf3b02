"""The parts of the page Train: the text, the settings, the training, and the views below it."""
