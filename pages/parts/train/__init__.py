"""The parts of the train page: text, ask, control, watch (sample, loss, norms, gradient), inside."""
