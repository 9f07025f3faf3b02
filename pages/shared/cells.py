"""Text in the cells of tables and of files for spreadsheets: shown, never computed."""

from __future__ import annotations

SHOWN = 500
"""Characters of a text that the table on the screen shows; the file has all."""

_FORMULA = "=+-@＝＋－＠"


def starts_formula(cell: str) -> bool:
    """Whether a spreadsheet might compute the cell instead of showing it."""
    return cell.lstrip()[:1] in tuple(_FORMULA) or cell[:1] in ("\t", "\r", "\n")


def harmless(cell: str) -> str:
    """The cell for a file that a spreadsheet will open: never a formula.

    A leading apostrophe makes Excel, LibreOffice and Google Sheets take a cell that begins with
    = + - @ (or with a tab or line break, which some skip) as text, as OWASP advises against
    "CSV injection": a review "=HYPERLINK(…)" stays a review.
    """
    return f"'{cell}" if starts_formula(cell) else cell


def displayed(text: str) -> str:
    """A text for the table on the screen, shortened.

    The table's own menu can save it too, without `harmless`: there a no-break space, which cannot
    be seen, keeps a formula from being one.
    """
    short = text if len(text) <= SHOWN else f"{text[: SHOWN - 1]}…"
    return f"\u00a0{short}" if starts_formula(short) else short
