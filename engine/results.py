"""What measurements return: frozen records of plain arrays, free of torch and of the screen."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

UNCERTAIN_MARGIN = 0.2
"""A verdict is called uncertain when its two best probabilities are closer than this."""


@dataclass(frozen=True)
class Verdict:
    """What a classifier says of one text: `probabilities` (K,) over the K `labels`, sum 1."""

    labels: tuple[str, ...]
    probabilities: Floats

    @property
    def label(self) -> str:
        return self.labels[int(self.probabilities.argmax())]

    @property
    def confidence(self) -> float:
        return float(self.probabilities.max())

    @property
    def uncertain(self) -> bool:
        runner_up, best = np.sort(self.probabilities)[-2:]
        return bool(best - runner_up < UNCERTAIN_MARGIN)


@dataclass(frozen=True)
class Piece:
    """One step of the network's input: characters `start` to `end` of the text it came from."""

    text: str
    start: int
    end: int
    continues: bool
    """True when the piece carries on the word that the piece before it began."""


@dataclass(frozen=True)
class Reading:
    """A text read from left to right by a classifier.

    `after` (T, K) holds the probabilities after each of the T `pieces`; its last row is the
    verdict. `truncated` says that the text went on beyond what the model reads.
    """

    text: str
    pieces: tuple[Piece, ...]
    verdict: Verdict
    after: Floats
    truncated: bool

    def course(self) -> Floats:
        """(T,) P(positive) − P(negative) after each piece, between −1 and 1."""
        labels = self.verdict.labels
        positive, negative = labels.index("positive"), labels.index("negative")
        return self.after[:, positive] - self.after[:, negative]


@dataclass(frozen=True)
class GradientProfile:
    """How far back the loss e of one text reaches in one model.

    `h` (T,) holds the Euclidean norms of ∂e/∂h_t, all paths included; `c` those of ∂e/∂c_t for
    the LSTM, whose ∂e/∂h_t alone leaves out the direct path through c_t (slide 42).
    """

    cell: str
    name: str
    parameters: int
    pieces: tuple[Piece, ...]
    verdict: Verdict
    h: Floats
    c: Floats | None = None

    def relative(self, which: str = "h") -> Floats:
        """(T,) norms divided by the last step's, so that lag 0 is 1; zeros where that is 0."""
        norms = self.h if which == "h" or self.c is None else self.c
        return norms / norms[-1] if norms[-1] > 0 else np.zeros_like(norms)

    @property
    def path(self) -> str:
        """The state whose gradient is compared between cells: c for the LSTM, else h."""
        return "h" if self.c is None else "c"

    @property
    def ratio(self) -> float:
        """First step's gradient over the last step's, along `path`."""
        return float(self.relative(self.path)[0])
