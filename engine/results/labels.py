"""What networks say at every step: marks for the letters of a text, actions for a film's frames."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from jaxtyping import Float, Int

from engine.results.arrays import Floats, Ints


@dataclass(frozen=True)
class Restored:
    """A text whose letters got their marks back.

    `typed` and `text` are the text before and after, equally long. `places` (C,) says where the
    letters with a choice stand, `probabilities` (C, K) how probable each of the K `forms` is there;
    a form that the letter cannot take has 0. Capitals count as the small letters that `forms` has.
    """

    typed: str
    text: str
    forms: str
    places: Int[Ints, " C"]
    probabilities: Float[Floats, "C K"]

    def candidates(self, index: int, least: float = 0.001) -> tuple[tuple[str, float], ...]:
        """The forms of the letter at `places[index]` and their probabilities, best first; those
        below `least` left out."""
        row = self.probabilities[index]
        capital = self.typed[self.places[index]].isupper()
        order = [int(k) for k in np.argsort(-row, kind="stable") if row[k] >= least]
        forms = (self.forms[k] for k in order)
        pairs = zip((f.upper() if capital else f for f in forms), order, strict=True)
        return tuple((form, float(row[k])) for form, k in pairs)

    @property
    def confidence(self) -> Float[Floats, " N"]:
        """(N,) how probable each character of the text is; 1 where there was no choice."""
        sure = np.ones(len(self.text))
        if len(self.places):
            sure[self.places] = self.probabilities.max(1)
        return sure


@dataclass(frozen=True)
class Misrestored:
    """A word of a text, from `start` to `end`, whose marks were restored wrongly: the `text` as
    people wrote it, `restored`, what makes the word hard, where the text is from."""

    text: str
    restored: str
    start: int
    end: int
    kinds: tuple[str, ...]
    corpus: str
    source: str
    terms: str


@dataclass(frozen=True)
class LetterGradients:
    """How far the label of one letter reaches back, and forward, through the words of its text.

    `spans` (T, 2) are the words' first and last + 1 characters. `h` (D, T) holds the norms of
    ∂e/∂h_t of the top layer in its D directions, e being the loss if `form` were right; `c` those
    of ∂e/∂c_t for the LSTM. `step` is the letter's own word.
    """

    cell: str
    name: str
    parameters: int
    spans: Int[Ints, "T 2"]
    step: int
    form: str
    h: Float[Floats, "D T"]
    c: Float[Floats, "D T"] | None = None


@dataclass(frozen=True)
class Stretch:
    """Frames `first` to `last` of a film, both included, with one label; `probability` is the mean
    over them."""

    first: int
    last: int
    label: str
    probability: float


@dataclass(frozen=True)
class MislabelledStretch:
    """Frames `first` to `last` of a film, both included, whose true `label` got another `answer`;
    `probability` is the answer's mean over them."""

    film: str
    first: int
    last: int
    label: str
    answer: str
    probability: float


@dataclass(frozen=True)
class LabelledFilm:
    """What a network says of every frame of a film: `probabilities` (T, K) over the K `labels`."""

    labels: tuple[str, ...]
    probabilities: Float[Floats, "T K"]

    @property
    def answers(self) -> Int[Ints, " T"]:
        """(T,) the number of each frame's likeliest label."""
        return np.asarray(self.probabilities.argmax(1), dtype=np.int64)

    @property
    def stretches(self) -> tuple[Stretch, ...]:
        """The frames in stretches of one label."""
        answers = self.answers
        edges = np.flatnonzero(np.diff(answers)) + 1
        bounds = zip([0, *edges.tolist()], [*edges.tolist(), len(answers)], strict=True)
        return tuple(
            Stretch(
                first,
                last - 1,
                self.labels[answers[first]],
                float(self.probabilities[first:last, answers[first]].mean()),
            )
            for first, last in bounds
            if first < last
        )


@dataclass(frozen=True)
class FrameGradients:
    """How far the label of one frame reaches back, and forward, through its film: as
    `LetterGradients`, a step being a frame."""

    cell: str
    name: str
    parameters: int
    step: int
    label: str
    h: Float[Floats, "D T"]
    c: Float[Floats, "D T"] | None = None
