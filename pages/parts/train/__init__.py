"""The parts of the train page: source, ask, control, watch (sample, loss, gradient), inside."""
