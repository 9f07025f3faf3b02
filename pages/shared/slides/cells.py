"""Slides 16 to 23, 35 to 41 and 43 to 49: what a cell computes."""

from __future__ import annotations

from pages.shared.slides.slide import Slide
from pages.shared.text import N_

START = {"cells_input": "hello", "cells_scale": "2", "cells_hidden": "3", "cells_loss": "all"}
"""What every slide starts from, whatever was tried before."""


def _shown(about: str, cell: str, view: str, **more: str) -> Slide:
    """A cell with its lower part open at `view`; further keys without their `cells_`."""
    state = {"cells_cell": cell, "cells_view": view}
    state |= {f"cells_{name}": value for name, value in more.items()}
    return Slide(about, "cells", {**START, **state})


SLIDES = {
    16: _shown(N_("The plain recurrent network"), "rnn", "unrolled"),
    17: _shown(N_("The recurrence: new state from input and old state"), "rnn", "lesson", line="h"),
    18: _shown(N_("Unrolled in time: the same cell, the same weights"), "rnn", "unrolled"),
    19: _shown(N_("Elman's cell: tanh of a matrix product"), "rnn", "lesson", line="h"),
    20: _shown(N_("tanh and σ"), "lstm", "unrolled", stage="forget"),
    21: _shown(N_("The derivative of tanh, and saturation"), "rnn", "unrolled", scale="8"),
    22: _shown(N_("Matrix shapes"), "rnn", "lesson", line="h"),
    23: _shown(N_("Forward pass: outputs and losses"), "rnn", "unrolled", line="y"),
    35: _shown(N_("LSTM: a memory cell"), "lstm", "lesson", stage="forget"),
    36: _shown(N_("LSTM step 1: no gates"), "lstm", "build", stage="memory", line="c"),
    37: _shown(N_("LSTM step 1, its equations"), "lstm", "build", stage="memory", line="g"),
    38: _shown(N_("LSTM step 2: the input gate"), "lstm", "build", stage="input", line="i"),
    39: _shown(N_("LSTM step 3: the output gate"), "lstm", "build", stage="output", line="o"),
    40: _shown(N_("LSTM step 4: the forget gate"), "lstm", "build", stage="forget", line="f"),
    41: _shown(N_("All four gates in one matrix product"), "lstm", "lesson", stage="forget"),
    43: _shown(N_("GRU: no separate memory"), "gru", "build", stage="update"),
    44: _shown(N_("GRU stage 1: the plain cell"), "gru", "build", stage="candidate", line="n"),
    45: _shown(N_("GRU stage 2: the reset gate"), "gru", "build", stage="reset", line="r"),
    46: _shown(N_("GRU stage 3: the update gate"), "gru", "build", stage="update", line="z"),
    47: _shown(N_("The finished GRU, and PyTorch's"), "gru", "grus", stage="update", line="h"),
    48: _shown(N_("Several layers"), "rnn", "layers", layers="2", directions="one"),
    49: _shown(N_("Both directions"), "rnn", "layers", layers="2", directions="both"),
}
