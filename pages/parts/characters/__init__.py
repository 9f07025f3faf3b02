"""The parts of the page Characters."""
