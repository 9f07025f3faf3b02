"""Sentences that a network writes: the beam search, captions of photos, translations."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, Protocol, runtime_checkable

import numpy as np
from jaxtyping import Float

from engine.results.arrays import Floats
from engine.results.gradients import NormsByLag
from engine.results.sentiment import FailureReport

STOP_WORD = "STOP"
"""How the end of a sentence is written where it counts as a word."""

NodeStatus = Literal["best", "finished", "open", "died"]


@dataclass(frozen=True)
class BeamNode:
    """A word that the search kept at one step: which node it follows (−1: where all begin), the
    word's probability, log p of all words up to it, its step from 1, and what became of it.

    best: on the sentence that won; finished: on another that ended; died: on none.
    """

    parent: int
    word: str
    probability: float
    total: float
    step: int
    status: NodeStatus


@runtime_checkable
class BeamTree(Protocol):
    """What was found by a search: its tree and settings; the first `forced` words were given."""

    @property
    def nodes(self) -> tuple[BeamNode, ...]:
        """What the search kept, in the order of the steps."""

    @property
    def width(self) -> int:
        """How many beginnings were kept at each step."""

    @property
    def penalty(self) -> float:
        """The exponent of the length by which log p was divided."""

    @property
    def forced(self) -> int:
        """How many words were given, not chosen."""


@dataclass(frozen=True)
class CaptionWord:
    """One word as it was said: its probability, the likeliest words at that place (itself among
    them, if so), and for models with attention the shares (7, 7) of the photo's places.

    `recognised` is set for a word that came from an image classifier: how sure that was. Its
    probability is that of all words that it `stands_for`, as that of "person" is where the gender
    was too unsure to be said; `read` is what the network read in its place, where that is another.
    `unsure_gender` says that the network is not sure whether the word means a man or a woman.
    """

    text: str
    probability: float
    candidates: tuple[tuple[str, float], ...]
    attention: Float[Floats, "7 7"] | None
    recognised: float | None = None
    read: str = ""
    unsure_gender: bool = False
    stands_for: tuple[str, ...] = ()


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

    `forced` words were given, not chosen. An `unfamiliar` photo is unlike all that the network and
    its classifier have learnt from: the sentences are guesses."""

    captions: tuple[Caption, ...]
    nodes: tuple[BeamNode, ...]
    width: int
    penalty: float
    forced: int = 0
    unfamiliar: bool = False


@dataclass(frozen=True)
class Occlusion:
    """How probable each of n words of a sentence is with the whole photo (`before`, n), and with
    one of its cells covered (`covered`, 7 × 7 × n)."""

    before: Float[Floats, " n"]
    covered: Float[Floats, "7 7 n"]

    def lost(self, at: int) -> Float[Floats, "7 7"]:
        """How much of word `at`'s probability goes when each cell is covered; below 0: it rises."""
        found: Floats = self.before[at] - self.covered[..., at]
        return found

    def agreement(self, at: int, attention: Float[Floats, "7 7"]) -> float:
        """Pearson's correlation of both maps of word `at` over the cells; 0 where one is even."""
        lost, looked = self.lost(at).ravel(), attention.ravel()
        if min(lost.std(), looked.std()) < 1e-9:
            return 0.0
        return float(np.corrcoef(lost, looked)[0, 1])


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
    right: Float[Floats, " n"]
    slipped: Float[Floats, " n"]
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
    h: Float[Floats, " n"]
    c: Float[Floats, " n"] | None

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


CaptionFailures = FailureReport[CaptionMistake]
"""How many captions have a word that nobody agrees with, and the same for each kind of word."""


@dataclass(frozen=True)
class SourceWord:
    """A piece of the source as it is read: its text; whether it goes on with the word before it;
    whether it is `copied` and not translated."""

    text: str
    continues: bool
    copied: bool = False


@dataclass(frozen=True)
class WrittenWord:
    """A piece of a translation as it was written: the same three, its probability, the likeliest
    pieces at that place (itself among them, if so) and, for models with attention, the shares (n,)
    of the source's pieces."""

    text: str
    continues: bool
    copied: bool
    probability: float
    candidates: tuple[tuple[str, float], ...]
    attention: Float[Floats, " n"] | None


@dataclass(frozen=True)
class Translation:
    """One translation of a sentence. The last of `words` is STOP unless it was cut at the longest.

    `log_probability` is that of all words, in nats; `score` what the search ordered by. `written`
    is what the network wrote; `text` is the same as it is given back, with what stood around the
    sentence and without a mark that was added to it.
    """

    text: str
    words: tuple[WrittenWord, ...]
    log_probability: float
    score: float
    written: str = ""

    @property
    def ended(self) -> bool:
        """Whether the sentence came to its end before it was cut."""
        return bool(self.words) and self.words[-1].text == STOP_WORD


@dataclass(frozen=True)
class Sentence:
    """What the search found for one sentence: translations, best first, and its tree.

    `forced` pieces were given, not chosen. `trouble` is what is wrong with the best one: "" for
    nothing, "empty", "repeats" (the same words over and over), "cut" (no end was found) or "unsure"
    (of words like none it knows, or of its own).
    `read_as` is the source as it was read, where it was respelt, else "". `lost_numbers` are those
    of the source that the best translation has not.
    """

    source: str
    read: tuple[SourceWord, ...]
    translations: tuple[Translation, ...]
    nodes: tuple[BeamNode, ...]
    width: int
    penalty: float
    forced: int = 0
    trouble: str = ""
    read_as: str = ""
    lost_numbers: tuple[str, ...] = ()

    @property
    def best(self) -> Translation:
        """The first translation: what the search chose."""
        return self.translations[0]


@dataclass(frozen=True)
class TranslationReach:
    """‖∂e/∂h‖ of every encoder and decoder state, e the loss of one written piece, in one model.

    `source` (n) is in the order of the sentence, and so are the encoder's norms: `read_h[k]` is the
    state after piece k was read, first to last or, if `reverse`, last to first. `written` (m) is
    what the decoder had read, START first, when it wrote `target`. The `_c` are the LSTM's, else
    None.
    """

    model: str
    cell: str
    attention: bool
    reverse: bool
    parameters: int
    source: tuple[str, ...]
    written: tuple[str, ...]
    target: str
    read_h: Float[Floats, " n"]
    written_h: Float[Floats, " m"]
    read_c: Float[Floats, " n"] | None
    written_c: Float[Floats, " m"] | None

    @property
    def decoder(self) -> NormsByLag:
        """The decoder's norms by the number of states back from the last."""
        return NormsByLag.by_time(self.written_h, self.written_c)


@dataclass(frozen=True)
class LengthScores:
    """BLEU (0 to 100) of one model on the dev sentences of each length: `bounds` are the most words
    of a bin's sources, None without limit; `counts` its sentences; `whole` is BLEU on all."""

    model: str
    bounds: tuple[int | None, ...]
    counts: tuple[int, ...]
    bleu: tuple[float, ...]
    whole: float


@dataclass(frozen=True)
class Mistranslation:
    """A real dev error: what kind it is, what was to be translated, what came, what people wrote,
    and where the sentence is from."""

    kind: str
    source: str
    written: str
    reference: str
    corpus: str


TranslationFailures = FailureReport[Mistranslation]
"""How many dev translations have an error that can be counted, and the same for each kind."""
