"""A text cut into numbered records: which sign separates its cells, and which of its first lines
are titles above a table."""

from __future__ import annotations

import csv
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from io import StringIO
from itertools import islice

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
_LATE_QUOTE = re.compile(r'(?:^|[\t;,|]) +"(?:[^"]|"")*+" *(?=[\t;,|\r\n]|$)', re.MULTILINE)
"""A cell in quotation marks with a blank before it."""

_RULE = re.compile(r"[:-]{3,}")
"""What a drawn table has below its heading."""

# The limit is the whole process's; it is only ever raised, and no upload is longer than this.
csv.field_size_limit(max(csv.field_size_limit(), MAX_BYTES))

TEXT_NAMES = (
    *("text", "texts", "sentence", "review", "comment", "content", "noi dung", "binh luan", "cau"),
    *("van ban", "nhan xet", "danh gia", "phan hoi", "y kien", "feedback", "tweet", "message"),
)
LABEL_NAMES = (
    *("label", "labels", "sentiment", "polarity", "nhan", "sac thai", "cam xuc", "class", "target"),
)

Record = tuple[int, tuple[str, ...]]
"""Its number and its cells."""


def title_count(records: Sequence[Sequence[str]]) -> int:
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
            both = sum(map(is_known, record)) > 1  # texts and labels
            return k if filled > most or both else None
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


def parse(text: str, separator: str, quotes: bool = True) -> tuple[list[Record], int] | None:
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
    if separator != "|":
        return found
    drawn = ([c.strip(" ") for c in record] for record in found)
    return ([""] if _RULE.fullmatch("".join(record)) else record for record in drawn)


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
    regular = {s: regularity(h[0 if s == "," else title_count(h) :]) for s, h in heads.items()}
    best = max(named or SEPARATORS, key=regular.__getitem__)
    return best if named or regular[best] >= REGULAR else ONE_COLUMN


def _first_records(text: str, separator: str) -> list[list[str]]:
    """Those that a separator is judged by, without blank ones."""
    return [r for r in islice(_records(text, separator), SAMPLE) if "".join(r).strip()]


def regularity_at_best(text: str) -> float:
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
