"""Figures of the page Train: loss and gradient norms by iteration, and the gradient by lag."""
