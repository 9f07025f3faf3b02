"""The views of the page Characters."""
