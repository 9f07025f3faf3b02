"""The parts of the page Sentiment: controls, reading, gradient, and the views of "Look inside"."""
