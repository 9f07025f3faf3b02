"""Figures of the page Cells."""
