"""Figures of the page Translation: words and attention, models compared, the gradient's reach."""
