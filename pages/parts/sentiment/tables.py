"""Pasted text and uploaded files cut into rows, and what the columns of a table mean.

A text has one row a line. A CSV or TSV is a table: its separator is found, quoted fields may hold
line breaks, and rows keep the numbers that a spreadsheet would show beside them. Nothing here knows
the screen.
"""

from __future__ import annotations

import csv
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from io import StringIO
from itertools import islice

from engine.errors import N_, InputError
from engine.language import normalise, strip_accents

MAX_ROWS = 1_000
MAX_BYTES = 2 * 1024 * 1024

SEPARATORS = "\t;,|"
ONE_COLUMN = "\x1f"  # stands in no text: a table of one column
SAMPLE = 50  # records that the separator is judged by
REGULAR = 0.8  # share of records that have to be of the same width
TITLES = 10  # lines that may stand above a heading: a title, a date, who exported it

_END = "\x1e"
_BREAK = re.compile(r"\r\n|\r|\n")
_EXCELS = re.compile(r"\ufeff?\"?sep=([\t;,|])\"?(?:\r\n|\r|\n)", re.IGNORECASE)
"""A first line that Excel writes and hides: which separator the table has."""
_LATE_QUOTE = re.compile(r'(?:^|[\t;,|]) +"(?:[^"]|"")*+" *(?=[\t;,|\r\n]|$)', re.MULTILINE)
"""A cell in quotation marks with a blank before it."""

# The limit is the whole process's; it is only ever raised, and no upload is longer than this.
csv.field_size_limit(max(csv.field_size_limit(), MAX_BYTES))

TEXT_NAMES = (
    *("text", "texts", "sentence", "review", "comment", "content", "noi dung", "binh luan", "cau"),
    *("van ban", "nhan xet", "danh gia", "phan hoi", "y kien", "feedback", "tweet", "message"),
)
LABEL_NAMES = (
    *("label", "labels", "sentiment", "polarity", "nhan", "sac thai", "cam xuc", "class", "target"),
)

WORDS = {
    "positive": (
        *("positive", "pos", "tich cuc", "khen", "good", "tot"),
        *("very positive", "extremely positive", "rat tich cuc", "rat tot"),
    ),
    "negative": (
        *("negative", "neg", "tieu cuc", "che", "bad", "xau"),
        *("very negative", "extremely negative", "rat tieu cuc", "rat xau"),
    ),
    "neutral": ("neutral", "neu", "trung tinh", "trung lap"),
}
_MEANING = {word: label for label, words in WORDS.items() for word in words}

CODES = {"p": "positive", "n": "negative", "true": "positive", "false": "negative"} | {
    "+": "positive", "-": "negative",
}  # fmt: skip
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

Record = tuple[int, tuple[str, ...]]
"""Its number and its cells."""


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
    plain_text = text.replace('\\"', '""')
    escaped = plain_text != text and _regular(plain_text) > _regular(text)
    text = plain_text if escaped else text
    separator = hint[1] if hint else find_separator(text)
    found = _parsed(text, separator)
    closed = found is not None
    records, total = found or _parsed(text, separator, quotes=False) or ([], 0)
    if not records or not text.strip(f'{SEPARATORS}" \r\n'):
        raise InputError(N_("{file} is empty."), file=name)
    cells = [cells for _, cells in records]
    titles = _titles(cells)
    heading = looks_like_names(cells[titles:])
    kept = tuple(records[titles:])
    return Table(name, kept, total - titles, heading, titles, not closed, escaped)


def _titles(records: Sequence[Sequence[str]]) -> int:
    """How many of the first records are lines above the table: above a heading with a known name,
    or not cut into cells as most others are."""
    if (named := heading_row(records)) is not None:
        return named
    if (only := _only_heading(records)) is not None:
        return only
    cut = (k for k, record in enumerate(records[: TITLES + 1]) if len(record) > 1)
    first, wide = next(cut, 0), sum(len(record) > 1 for record in records)
    return first if wide > max(1, REGULAR * (len(records) - first)) else 0


def heading_row(records: Sequence[Sequence[str]]) -> int | None:
    """The record in which a column has a known name: the first, or the first below a few titles,
    which fill fewer cells than it; None where there is none."""
    most = 0
    for k, record in enumerate(records[: TITLES + 1]):
        filled = sum(bool(cell.strip()) for cell in record)
        if any(map(is_known, record)) and (k == 0 or _heads(record, records[k + 1 :])):
            return k if filled > most else None
        most = max(most, filled)
    return None


def _only_heading(records: Sequence[Sequence[str]]) -> int | None:
    """The record that heads a table of one column: the first that is a known name of texts and
    nothing else; None where there is none among the first few."""
    filled = [[cell for cell in map(plain, record) if cell] for record in records[: TITLES + 1]]
    named = [k for k, cells in enumerate(filled) if len(cells) == 1 and cells[0] in TEXT_NAMES]
    return named[0] if named and len(records) > named[0] + 1 else None


def _heads(record: Sequence[str], below: Sequence[Sequence[str]]) -> bool:
    """Whether a record has short cells only, as names are, and is as wide as those below it."""
    short = all(len(cell.split()) <= 3 and len(cell) <= 30 for cell in record)
    return short and 0 < len(below) * REGULAR <= sum(len(each) == len(record) for each in below)


def _parsed(text: str, separator: str, quotes: bool = True) -> tuple[list[Record], int] | None:
    """The first MAX_ROWS records and a heading, and how many there are; None when a quotation mark
    is still open at the end.
    """
    kept: list[Record] = []
    total, last = 0, [""]
    for number, record in enumerate(_records(f"{text}\n{_END}\n", separator, quotes), 1):
        last = record
        if "".join(record).strip() and record != [_END]:
            total += 1
            if len(kept) <= MAX_ROWS:
                kept.append((number, tuple(record)))
    return (kept, total) if last == [_END] else None


def _records(text: str, separator: str, quotes: bool = True) -> Iterator[list[str]]:
    """All records, blank ones too. Blanks around the cells of a table drawn with | are left out."""
    # newline="" leaves line breaks within quotation marks to the csv module
    source = StringIO(text, newline="")
    late = quotes and _LATE_QUOTE.search(text, 0, 2**16) is not None
    if quotes:
        found = csv.reader(source, delimiter=separator, skipinitialspace=late)
    else:
        found = csv.reader(source, delimiter=separator, quoting=csv.QUOTE_NONE)
    return ([c.strip(" ") for c in record] for record in found) if separator == "|" else found


def find_separator(text: str) -> str:
    """Tab, semicolon, comma or |: what cuts out a column with a known name, else what makes records
    of one width; ONE_COLUMN when neither does.
    """
    heads = {s: _first_records(text, s) for s in SEPARATORS}
    rows = {s: heading_row(head) for s, head in heads.items()}
    named = [s for s, k in rows.items() if k is not None and len(heads[s][k]) > 1]
    if any(head and len(head[0]) == 1 and is_known(head[0][0]) for head in heads.values()):
        return ONE_COLUMN
    if not named and _only_heading(_first_records(text, ONE_COLUMN)) is not None:
        return ONE_COLUMN
    # A comma may well begin below a first sentence without one.
    regular = {s: regularity(h[0 if s == "," else _titles(h) :]) for s, h in heads.items()}
    best = max(named or SEPARATORS, key=regular.__getitem__)
    return best if named or regular[best] >= REGULAR else ONE_COLUMN


def _first_records(text: str, separator: str) -> list[list[str]]:
    """Those that a separator is judged by, without blank ones."""
    return [r for r in islice(_records(text, separator), SAMPLE) if "".join(r).strip()]


def _regular(text: str) -> float:
    """How regular the first records are with the best of the separators."""
    return max(regularity(_first_records(text, s)) for s in SEPARATORS)


def regularity(records: Sequence[Sequence[str]]) -> float:
    """Share of the records that have the commonest width, 0 where this is one.

    A comma with a space behind it belongs to a sentence, so cells that all begin with one do not
    count as cells.
    """
    widths = [1 if all(c.startswith(" ") for c in r[1:]) else len(r) for r in records]
    width, times = Counter(widths).most_common(1)[0] if widths else (1, 0)
    return times / len(widths) if width > 1 else 0.0


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
    words = [plain(cell) for cell in cells]
    return [str(int(n[1])) if (n := _NUMBER.fullmatch(word)) else word for word in words]
