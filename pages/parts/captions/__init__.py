"""The parts of the page Captions."""
