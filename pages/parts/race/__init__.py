"""The parts of the race page: ask, control, watch (cards, accuracy, gradient by lag), inside."""
