"""The parts of the page on cells: ask, one step with its equation, facts, the views below."""
