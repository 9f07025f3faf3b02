"""The parts of the sentiment page, from top to bottom: ask, verdict, course, gradient, inside."""
