"""Figures of the page Captions: the photo, the gradient's reach, errors."""
