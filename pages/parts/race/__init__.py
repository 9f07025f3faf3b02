"""The parts of the race page: controls, watch (cards, accuracy, gradient by lag), inside."""
