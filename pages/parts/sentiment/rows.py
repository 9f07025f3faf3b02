"""Pasted text and uploaded files cut into rows: nothing here knows the screen.

A text has one row a line. A CSV or TSV is a table: its separator is found, quoted fields may hold
line breaks, and rows keep the numbers that a spreadsheet would show beside them.
"""

from __future__ import annotations

import csv
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from io import StringIO
from itertools import islice

from engine.errors import N_, InputError
from pages.parts.sentiment.many_columns import is_known, looks_like_names

MAX_ROWS = 1_000
MAX_BYTES = 2 * 1024 * 1024

SEPARATORS = "\t;,"
ONE_COLUMN = "\x1f"  # stands in no text: a table of one column
SAMPLE = 50  # records that the separator is judged by
REGULAR = 0.8  # share of records that have to be of the same width

_END = "\x1e"
_BREAK = re.compile(r"\r\n|\r|\n")

# The limit is the whole process's; it is only ever raised, and no upload is longer than this.
csv.field_size_limit(max(csv.field_size_limit(), MAX_BYTES))

Record = tuple[int, tuple[str, ...]]


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

    `heading` is a guess: the first record holds names. `literal_quotes` says that a quotation mark
    was never closed, so that all of them were taken as they stand.
    """

    name: str
    records: tuple[Record, ...]
    total: int
    heading: bool
    literal_quotes: bool = False

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
    shown = cells[text] if text < len(cells) else ""
    return Row(
        number, shown, cells[label] if label is not None and label < len(cells) else "", fault
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
    told = re.match(r"sep=([\t;,|])\r?\n", text)  # a line that Excel writes and hides
    text, separator = (text[told.end() :], told[1]) if told else (text, find_separator(text))
    found = _parsed(text, separator)
    closed = found is not None
    records, total = found or _parsed(text, separator, quotes=False) or ([], 0)
    if not records or not text.strip(f'{SEPARATORS}" \r\n'):
        raise InputError(N_("{file} is empty."), file=name)
    heading = looks_like_names([cells for _, cells in records])
    return Table(name, tuple(records), total, heading, literal_quotes=not closed)


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
    # newline="" leaves line breaks within quotation marks to the csv module
    source = StringIO(text, newline="")
    if quotes:
        return csv.reader(source, delimiter=separator)
    return csv.reader(source, delimiter=separator, quoting=csv.QUOTE_NONE)


def find_separator(text: str) -> str:
    """Tab, semicolon or comma: what cuts out a column with a known name, else what makes records of
    one width; ONE_COLUMN when neither does.
    """
    heads = {s: [r for r in islice(_records(text, s), SAMPLE) if any(r)] for s in SEPARATORS}
    if any(head and len(head[0]) == 1 and is_known(head[0][0]) for head in heads.values()):
        return ONE_COLUMN
    named = [
        s for s, head in heads.items() if head and len(head[0]) > 1 and any(map(is_known, head[0]))
    ]
    best = max(named or SEPARATORS, key=lambda s: regularity(heads[s]))
    return best if named or regularity(heads[best]) >= REGULAR else ONE_COLUMN


def regularity(records: Sequence[Sequence[str]]) -> float:
    """Share of the records that have the commonest width, 0 where this is one.

    A comma with a space behind it belongs to a sentence, so cells that all begin with one do not
    count as cells.
    """
    widths = [1 if all(c.startswith(" ") for c in r[1:]) else len(r) for r in records]
    width, times = Counter(widths).most_common(1)[0] if widths else (1, 0)
    return times / len(widths) if width > 1 else 0.0
