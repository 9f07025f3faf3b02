"""Pieces as people read them: a source's, and those of its translations."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from tokenizers import Tokenizer

from engine.models.translator import STOP
from engine.results import STOP_WORD, SourceWord
from engine.tasks.translation.copying import localised, show
from engine.tasks.translation.pieces import MARKS, SPACE, mark_numbers, text_of

BLANK = "␣"
"""What is shown of the piece that is a space and nothing else."""
JOINING = "'’-"
"""Signs that go on with the word before them."""
OVER, LONGEST_CYCLE = 4, 6
"""The same pieces, up to so many, so often in a row are a repetition without end."""


class Shape(NamedTuple):
    """A piece's text, whether it goes on with the word before it, and whether it is copied."""

    text: str
    continues: bool
    copied: bool


class Spelling:
    """How the pieces of one sentence and of its translations are written.

    Args:
        parts: what the sentence's marks stand for.
        languages: from which to which it is translated.
    """

    def __init__(
        self, tokenizer: Tokenizer, parts: tuple[str, ...], languages: tuple[str, str]
    ) -> None:
        self._tokenizer, self._parts, self._languages = tokenizer, parts, languages

    def text(self, symbols: Sequence[int]) -> str:
        """What the pieces spell, copied parts in their places."""
        spelled = text_of(self._tokenizer, symbols)
        return " ".join(show(spelled, self._parts, *self._languages).split())

    def read(self, numbers: Sequence[int]) -> tuple[SourceWord, ...]:
        """The pieces of the source."""
        return tuple(SourceWord(*shape) for shape in self._shapes(numbers, translated=False))

    def shapes(self, symbols: Sequence[int]) -> list[Shape]:
        """The pieces of a translation."""
        return self._shapes(symbols, translated=True)

    def unused(self) -> list[int]:
        """The numbers of the marks that stand for nothing in this sentence."""
        return mark_numbers(self._tokenizer)[len(self._parts) :]

    def labels(self, numbers: Sequence[int], *, translated: bool) -> tuple[str, ...]:
        """Each piece's text where it stands alone: a blank before a copied part says so."""
        words = [self._word(number, translated) for number in numbers]
        after = [*words[1:], ("", False)]
        return tuple(
            f"{text}{part}" if text == BLANK and copied else text
            for (text, _), (part, copied) in zip(words, after, strict=True)
        )

    def word(self, number: int) -> tuple[str, bool]:
        """A written piece's text, and whether it is copied."""
        return self._word(number, translated=True)

    def candidate(self, number: int) -> str:
        """The same where it stands alone: a piece that goes on with a word shows it by a hyphen."""
        raw = self._tokenizer.id_to_token(number) or ""
        text, _ = self.word(number)
        goes_on = number != STOP and not raw.startswith(SPACE) and raw[:1].isalnum()
        return f"-{text}" if goes_on else text

    def trouble(self, symbols: Sequence[int]) -> str:
        """What is wrong with a translation, as `Sentence.trouble` says it."""
        if not self.text(symbols):
            return "empty"
        if repeats(symbols):
            return "repeats"
        return "" if symbols[-1] == STOP else "cut"

    def _word(self, number: int, translated: bool) -> tuple[str, bool]:
        if number == STOP:
            return STOP_WORD, False
        raw = self._tokenizer.id_to_token(number) or ""
        if raw in MARKS:
            place = MARKS.index(raw)
            part = self._parts[place] if place < len(self._parts) else "?"
            return (localised(part, *self._languages) if translated else part), True
        return raw.removeprefix(SPACE) or BLANK, False

    def _shapes(self, numbers: Sequence[int], translated: bool) -> list[Shape]:
        shapes: list[Shape] = []
        before = ""
        for number in numbers:
            raw = self._tokenizer.id_to_token(number) or ""
            text, copied = self._word(number, translated)
            joins = before == SPACE or copied or raw[:1].isalnum() or raw[:1] in JOINING
            begins = raw.startswith(SPACE) or number == STOP or not shapes
            shapes.append(Shape(text, not begins and joins, copied))
            before = raw
        return shapes


def repeats(symbols: Sequence[int]) -> bool:
    """Whether somewhere the same pieces follow each other `OVER` times."""
    for length in range(1, LONGEST_CYCLE + 1):
        same = 0
        for k in range(length, len(symbols)):
            same = same + 1 if symbols[k] == symbols[k - length] else 0
            if same >= length * (OVER - 1) and (length > 1 or same >= OVER):
                return True
    return False
