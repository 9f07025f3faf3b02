"""What a captioner says of a photo, word by word, and how its gradient runs."""

from __future__ import annotations

from dataclasses import dataclass

from engine.results.arrays import Floats
from engine.results.beam import STOP_WORD, BeamNode
from engine.results.gradients import NormsByLag
from engine.results.sentiment import ErrorShare


@dataclass(frozen=True)
class CaptionWord:
    """One word as it was said: its probability, the likeliest words at that place (itself among
    them, if so), and for models with attention the shares (7, 7) of the photo's places."""

    text: str
    probability: float
    candidates: tuple[tuple[str, float], ...]
    attention: Floats | None


@dataclass(frozen=True)
class Caption:
    """A sentence about a photo. The last of `words` is STOP unless it was cut at the longest.

    `log_probability` is that of all words, in nats; `score` what the search ordered by.
    """

    words: tuple[CaptionWord, ...]
    log_probability: float
    score: float

    @property
    def tokens(self) -> tuple[str, ...]:
        """The words without STOP."""
        return tuple(word.text for word in self.words if word.text != STOP_WORD)

    @property
    def text(self) -> str:
        """The sentence as people write it: with a capital and a full stop."""
        sentence = " ".join(self.tokens)
        return f"{sentence[:1].upper()}{sentence[1:]}." if sentence else ""


@dataclass(frozen=True)
class Description:
    """What the search found for one photo: sentences, best first, and its tree.

    `forced` words were given, not chosen."""

    captions: tuple[Caption, ...]
    nodes: tuple[BeamNode, ...]
    width: int
    penalty: float
    forced: int = 0


@dataclass(frozen=True)
class Drift:
    """One wrong word in a sentence, and what follows of it.

    `words` (n, STOP included) is the right sentence; `wrong` stands in for word `at` (from 0).
    `right` (n,) are the probabilities of the right words after right words only; `slipped` (n,) the
    same after the one wrong word and right ones again (teacher forcing); `free` is what the model
    says itself after the wrong word (free running).
    """

    words: tuple[str, ...]
    at: int
    wrong: str
    right: Floats
    slipped: Floats
    free: tuple[CaptionWord, ...]


@dataclass(frozen=True)
class CaptionReach:
    """‖∂e/∂h_t‖ for t = 0 … n, e being the loss of the sentence's word n, in one model.

    h_0 comes from the photo; h_t has read `words[:t]`, START first. `c` is the same of the LSTM's
    c_t, else None; `target` is the word asked about.
    """

    model: str
    cell: str
    attention: bool
    parameters: int
    words: tuple[str, ...]
    target: str
    h: Floats
    c: Floats | None

    @property
    def by_lag(self) -> NormsByLag:
        """The norms by the number of states back from the last."""
        return NormsByLag.by_time(self.h, self.c)


@dataclass(frozen=True)
class CaptionMistake:
    """A word that a caption got wrong, and how many of the photo's `people` said what instead, most
    first."""

    kind: str
    caption: str
    wrong: str
    instead: tuple[tuple[str, int], ...]
    people: int


@dataclass(frozen=True)
class CaptionFailures:
    """How many captions have a word that nobody agrees with, the same for each kind of word among
    those that have one, and mistakes to look at."""

    everything: ErrorShare
    kinds: tuple[ErrorShare, ...]
    quotes: tuple[CaptionMistake, ...]
