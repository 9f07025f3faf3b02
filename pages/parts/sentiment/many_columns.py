"""Which column of a table holds the texts and which the labels, and what a label means."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from engine.language import normalise, strip_accents

TEXT_NAMES = (
    *("text", "texts", "sentence", "review", "comment", "content", "noi dung", "binh luan", "cau"),
    *("van ban", "nhan xet", "danh gia", "phan hoi", "y kien", "feedback", "tweet", "message"),
)
LABEL_NAMES = ("label", "labels", "sentiment", "polarity", "nhan", "sac thai", "cam xuc", "class")

WORDS = {
    "positive": ("positive", "pos", "tich cuc", "khen"),
    "negative": ("negative", "neg", "tieu cuc", "che"),
    "neutral": ("neutral", "neu", "trung tinh"),
}
_MEANING = {word: label for label, words in WORDS.items() for word in words}

# Which numbers a set may use, and what each then means. Stars (1 to 5) are not among them.
SCHEMES: tuple[dict[str, str], ...] = (
    {"0": "negative", "1": "positive"},
    {"-1": "negative", "1": "positive"},
    {"-1": "negative", "0": "neutral", "1": "positive"},
    {"0": "negative", "1": "neutral", "2": "positive"},
)
_NUMBER = re.compile(r"([+-]?\d+)(?:[.,]0+)?")


def plain(name: str) -> str:
    """A name or label without accents, capitals and joining signs: "Nội_dung" -> "noi dung"."""
    words = re.sub(r"[_\s]+", " ", strip_accents(normalise(name)))
    return words.casefold().strip()


def is_known(name: str) -> bool:
    """Whether it is a name that columns of texts or labels have."""
    return plain(name) in (*TEXT_NAMES, *LABEL_NAMES)


def looks_like_names(records: Sequence[Sequence[str]]) -> bool:
    """Whether the first record holds names: a known one, or only short words that are no values."""
    first = records[0]
    if any(is_known(cell) for cell in first):
        return True
    words = 1 if len(first) == 1 else 3  # a short text alone may be a text
    return len(records) > 1 and all(_could_name(cell, words) for cell in first)


def _could_name(cell: str, words: int) -> bool:
    short = 0 < len(cell.split()) <= words and len(cell) <= 30
    return short and not re.search(r"\d|[.,!?…]", cell) and plain(cell) not in _MEANING


def guess_text(names: Sequence[str], body: Sequence[Sequence[str]]) -> int:
    """The column with a known name, else one whose name contains such a word, else the longest."""
    for known in TEXT_NAMES:
        if found := [k for k, name in enumerate(names) if plain(name) == known]:
            return found[0]
    named = [k for k, name in enumerate(names) if _contains(name, TEXT_NAMES)]
    return max(named or range(len(names)), key=lambda k: _length(body, k))


def guess_label(names: Sequence[str], body: Sequence[Sequence[str]], text: int) -> int | None:
    """The column with a known name, else one of label words only; None without either."""
    others = [k for k in range(len(names)) if k != text]
    for known in LABEL_NAMES:
        if found := [k for k in others if plain(names[k]) == known]:
            return found[0]
    for k in others:
        cells = {plain(record[k]) for record in body if k < len(record) and record[k].strip()}
        if cells and cells <= {*_MEANING}:
            return k
    return None


def _contains(name: str, words: Iterable[str]) -> bool:
    return any(f" {word} " in f" {plain(name)} " for word in words)


def _length(body: Sequence[Sequence[str]], column: int) -> int:
    return sum(len(record[column]) for record in body if column < len(record))


@dataclass(frozen=True)
class Labels:
    """What the cells of a label column mean: one of the three, or None, in the rows' order.

    `numbers` says what numbers were taken to mean, where there are any; `strange` counts the words
    that were not understood, `blank` the empty cells.
    """

    meant: tuple[str | None, ...]
    numbers: dict[str, str]
    strange: Counter[str]
    blank: int


def understand(cells: Sequence[str]) -> Labels:
    """Words in English or Vietnamese, with or without accents, and numbers of one of SCHEMES."""
    words = [_number(plain(cell)) or plain(cell) for cell in cells]
    numbers = {word for word in words if re.fullmatch(r"-?\d+", word)}
    scheme = next((s for s in SCHEMES if numbers and numbers <= {*s}), {})
    meaning = {**_MEANING, **scheme}
    return Labels(
        meant=tuple(meaning.get(word) for word in words),
        numbers=scheme,
        strange=Counter(
            c.strip() for c, w in zip(cells, words, strict=True) if w and w not in meaning
        ),
        blank=sum(not word for word in words),
    )


def _number(word: str) -> str | None:
    """ "1.0" and "+1" are 1, as spreadsheets and pandas write it."""
    found = _NUMBER.fullmatch(word)
    return str(int(found[1])) if found else None
