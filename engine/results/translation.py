"""What a translator reads and writes, word by word, and how its gradient runs."""

from __future__ import annotations

from dataclasses import dataclass

from engine.results.arrays import Floats
from engine.results.beam import STOP_WORD, BeamNode
from engine.results.gradients import NormsByLag
from engine.results.sentiment import ErrorShare


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
    attention: Floats | None


@dataclass(frozen=True)
class Translation:
    """One translation of a sentence. The last of `words` is STOP unless it was cut at the longest.

    `log_probability` is that of all words, in nats; `score` what the search ordered by.
    """

    text: str
    words: tuple[WrittenWord, ...]
    log_probability: float
    score: float

    @property
    def ended(self) -> bool:
        return bool(self.words) and self.words[-1].text == STOP_WORD


@dataclass(frozen=True)
class Sentence:
    """What the search found for one sentence: translations, best first, and its tree.

    `forced` pieces were given, not chosen. `trouble` is what is wrong with the best one: "" for
    nothing, "empty", "repeats" (the same words over and over) or "cut" (no end was found).
    """

    source: str
    read: tuple[SourceWord, ...]
    translations: tuple[Translation, ...]
    nodes: tuple[BeamNode, ...]
    width: int
    penalty: float
    forced: int = 0
    trouble: str = ""

    @property
    def best(self) -> Translation:
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
    read_h: Floats
    written_h: Floats
    read_c: Floats | None
    written_c: Floats | None

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


@dataclass(frozen=True)
class TranslationFailures:
    """How many dev translations have an error that can be counted, the same for each kind among the
    sentences in which it can occur, and errors to look at."""

    everything: ErrorShare
    kinds: tuple[ErrorShare, ...]
    quotes: tuple[Mistranslation, ...]
