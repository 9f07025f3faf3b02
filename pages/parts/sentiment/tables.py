"""Pasted text and uploaded files cut into rows, and what the columns of a table mean.

A text has one row a line. A CSV or TSV is a table: its separator is found, quoted fields may hold
line breaks, and rows keep the numbers that a spreadsheet would show beside them. Nothing here knows
the screen.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from engine.errors import N_, InputError
from pages.parts.sentiment.records import (
    LABEL_NAMES,
    MAX_BYTES,
    MAX_ROWS,
    SEPARATORS,
    TEXT_NAMES,
    Record,
    find_separator,
    is_known,
    parse,
    plain,
    regularity_at_best,
    title_count,
)

__all__ = [
    "MAX_BYTES",
    "MAX_ROWS",
    "Labels",
    "Row",
    "Sheet",
    "Table",
    "guess_label_column",
    "guess_text_column",
    "lines",
    "parse_labels",
    "possible_schemes",
    "table",
]

_BREAK = re.compile(r"\r\n|\r|\n")

_EXCELS = re.compile(r"\ufeff?\"?sep=([\t;,|])\"?(?:\r\n|\r|\n)", re.IGNORECASE)
"""A first line that Excel writes and hides: which separator the table has."""

WORDS = {
    "positive": (
        *("positive", "pos", "tich cuc", "khen", "good", "tot", "hai long", "👍", "😊", "🙂"),
        *("very positive", "extremely positive", "rat tich cuc", "rat tot"),
    ),
    "negative": (
        *("negative", "neg", "tieu cuc", "che", "bad", "xau", "khong hai long", "👎", "😡", "🙁"),
        *("very negative", "extremely negative", "rat tieu cuc", "rat xau"),
    ),
    "neutral": ("neutral", "neu", "trung tinh", "trung lap", "binh thuong", "😐"),
}
_MEANING = {word: label for label, words in WORDS.items() for word in words}

CODES = {
    **dict.fromkeys(("p", "true", "t", "yes", "y", "+", "hay"), "positive"),
    **dict.fromkeys(("n", "false", "f", "no", "-", "do"), "negative"),
}
"""Labels of a column that was chosen; elsewhere they mean other things."""

_SIGNS = {"-": "negative", "0": "neutral", "+": "positive"}
SCHEMES: tuple[dict[str, str], ...] = tuple(
    {number: _SIGNS[sign] for number, sign in zip(numbers.split(), signs, strict=True)}
    for numbers, signs in (
        ("0 1", "-+"),
        ("-1 1", "-+"),
        ("-1 0 1", "-0+"),
        ("1 2", "-+"),
        ("0 1 2", "-0+"),
        ("1 2 3", "-0+"),
        ("1 2 3 4 5", "--0++"),  # stars
        ("0 1 2 3 4", "--0++"),
    )
)
"""Which numbers a set may use, and what each then means; the likeliest first."""
_NUMBER = re.compile(r"(?:(?:label|class) )?([+-]?\d+)(?:[.,]0+)?(?: ?(?:stars?|sao)| ?/ ?5)?")


@dataclass(frozen=True)
class Row:
    """One text; `fault` says why it cannot be read, where that shows before any model is asked."""

    number: int
    text: str
    label: str = ""
    fault: InputError | None = None


@dataclass(frozen=True)
class Sheet:
    """The rows to be read; `total` counts those that were found, `rows` has at most MAX_ROWS."""

    rows: tuple[Row, ...]
    total: int


@dataclass(frozen=True)
class Table:
    """A file cut into numbered records without the blank ones, of which there are `total`.

    `heading` is a guess: the first record holds names. `titles` lines above it were left out.
    `literal_quotes` says that a quotation mark was never closed, so that all of them were taken as
    they stand; `escaped_quotes`, that a backslash before one was read as making it a plain sign.
    """

    name: str
    records: tuple[Record, ...]
    total: int
    heading: bool
    titles: int = 0
    literal_quotes: bool = False
    escaped_quotes: bool = False

    def names(self, heading: bool) -> list[str]:
        """Names of the columns; those without one are called "" here."""
        width = Counter(len(cells) for _, cells in self.records).most_common(1)[0][0]
        return list(self.records[0][1]) if heading else [""] * width

    def body(self, heading: bool) -> list[tuple[str, ...]]:
        """The cells of all records but the heading."""
        return [cells for _, cells in self.records[heading:]]

    def sheet(self, heading: bool, text: int, label: int | None) -> Sheet:
        """The rows, `text` and `label` being columns; InputError when there is nothing to read."""
        width = len(self.names(heading))
        found = [_row(record, width, text, label) for record in self.records[heading:]]
        if not found:
            raise InputError(N_("{file} has a heading and no rows below it."), file=self.name)
        if not any(row.text.strip() for row in found):
            raise InputError(N_("This column is empty. Please choose another one."))
        return Sheet(tuple(found[:MAX_ROWS]), self.total - heading)


def _row(record: Record, width: int, text: int, label: int | None) -> Row:
    """A record of another width is not guessed at, unless only blank cells are too many."""
    number, cells = record
    fault = None
    if any(cell.strip() for cell in cells[width:]):
        # Most likely a comma within a text that is not in quotation marks.
        fault = InputError(
            N_("This row has {found} cells, the table has {expected} columns."),
            found=len(cells),
            expected=width,
        )
    elif text >= len(cells) or not cells[text].strip():
        fault = InputError(N_("The cell is empty."))
    return Row(
        number,
        cells[text] if text < len(cells) else "",
        cells[label] if label is not None and label < len(cells) else "",
        fault,
    )


def lines(text: str) -> Sheet:
    """One row a line, blank ones left out; InputError when there is too much or nothing."""
    if len(text.encode("utf-8", "replace")) > MAX_BYTES:
        raise InputError(
            N_("This text is too long: at most {limit} MB are read at once."),
            limit=MAX_BYTES // 1024**2,
        )
    found = [Row(k, line) for k, line in enumerate(_BREAK.split(text), 1) if line.strip()]
    if not found:
        raise InputError(N_("There is no text yet. Type or paste one text a line."))
    return Sheet(tuple(found[:MAX_ROWS]), len(found))


def table(name: str, text: str) -> Table:
    """The records of a CSV or TSV. InputError when all of them are blank."""
    hint = _EXCELS.match(text)
    text = text[hint.end() :] if hint else text
    if '"' not in text and "“" in text:  # as word processors make them
        straight = re.sub("[“”]", '"', text)
        better = regularity_at_best(straight) > regularity_at_best(text)
        text = straight if better else text
    plain_text = text.replace('\\"', '""')
    escaped = plain_text != text and regularity_at_best(plain_text) > regularity_at_best(text)
    text = plain_text if escaped else text
    separator = hint[1] if hint else find_separator(text)
    found = parse(text, separator)
    closed = found is not None
    records, total = found or parse(text, separator, quotes=False) or ([], 0)
    if not records or not text.strip(f'{SEPARATORS}" \r\n'):
        raise InputError(N_("{file} is empty."), file=name)
    cells = [cells for _, cells in records]
    titles = title_count(cells)
    heading = looks_like_names(cells[titles:])
    kept = tuple(records[titles:])
    return Table(name, kept, total - titles, heading, titles, not closed, escaped)


def looks_like_names(records: Sequence[Sequence[str]]) -> bool:
    """Whether the first record holds names: a known one, or only short words that are no values."""
    first = records[0]
    if any(is_known(cell) for cell in first):
        return True
    words = 1 if len(first) == 1 else 3  # a short text alone may be a text
    return len(records) > 1 and all(
        0 < len(cell.split()) <= words
        and len(cell) <= 30
        and not re.search(r"\d|[.,!?…]", cell)
        and plain(cell) not in _MEANING
        for cell in first
    )


def guess_text_column(names: Sequence[str], body: Sequence[Sequence[str]]) -> int:
    """The column with a known name, else one whose name contains such a word, else the longest."""
    for known in TEXT_NAMES:
        if found := [k for k, name in enumerate(names) if plain(name) == known]:
            return found[0]
    padded = [f" {plain(name)} " for name in names]
    named = [k for k, name in enumerate(padded) if any(f" {word} " in name for word in TEXT_NAMES)]
    lengths = [sum(len(row[k]) for row in body if k < len(row)) for k in range(len(names))]
    return max(named or range(len(names)), key=lengths.__getitem__)


def guess_label_column(
    names: Sequence[str], body: Sequence[Sequence[str]], text: int
) -> int | None:
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


@dataclass(frozen=True)
class Labels:
    """What the cells of a label column mean: one of the three, or None, in the rows' order.

    `codes` says what numbers and single signs were taken to mean, where there are any; `unknown`
    counts the words that were not understood, `blank` the empty cells.
    """

    values: tuple[str | None, ...]
    codes: dict[str, str]
    unknown: Counter[str]
    blank: int


def parse_labels(cells: Sequence[str], scheme: Mapping[str, str] | None = None) -> Labels:
    """Words in English or Vietnamese, with or without accents, and numbers.

    Args:
        scheme: what the numbers mean; by default the likeliest of `possible_schemes`.
    """
    words = _label_words(cells)
    if scheme is None:
        scheme = next(iter(possible_schemes(cells)), {})
    codes = {**CODES, **scheme}
    meaning = {**_MEANING, **codes}
    return Labels(
        values=tuple(meaning.get(word) for word in words),
        codes={code: meant for code, meant in codes.items() if code in words},
        unknown=Counter(
            c.strip() for c, w in zip(cells, words, strict=True) if w and w not in meaning
        ),
        blank=sum(not word for word in words),
    )


def possible_schemes(cells: Sequence[str]) -> list[dict[str, str]]:
    """What the numbers among labels can mean, the likeliest first, each with these numbers only.

    There is but one answer where a 0 or a negative number says what the set is, and none where the
    numbers belong to no known set.
    """
    numbers = {word for word in _label_words(cells) if re.fullmatch(r"-?\d+", word)}
    fitting = [s for s in SCHEMES if numbers and numbers <= {*s} and _spreads(numbers, s)]
    found = [{n: s[n] for n in s if n in numbers} for s in fitting]
    sure = min(map(int, numbers), default=0) <= 0
    return found[:1] if sure else [s for k, s in enumerate(found) if s not in found[:k]]


def _spreads(numbers: set[str], scheme: Mapping[str, str]) -> bool:
    """Whether a set with these numbers can have the scheme: where numbers have grades (five of
    them), one of the last two that smaller sets lack has to be there."""
    return len(scheme) < 5 or bool(numbers & {"4", "5"})


def _label_words(cells: Sequence[str]) -> list[str]:
    """The labels, plain; "1.0", "+1", "LABEL_1" and "1 star" are "1"."""
    words = [plain(cell).strip("'\"“”‘’.!") for cell in cells]
    return [str(int(n[1])) if (n := _NUMBER.fullmatch(word)) else word for word in words]
