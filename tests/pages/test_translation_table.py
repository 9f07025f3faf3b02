"""The table of lines, and the file that is taken along."""

from __future__ import annotations

from pages.parts.translation import inside as table
from pages.parts.translation.inside import Row

ROWS = (
    Row(1, "Il pleut.", "It is raining."),
    Row(3, "=HYPERLINK(1)\tici", "=HYPERLINK(1)\there"),
    Row(4, "à", None),
)


def test_a_tab_between_and_none_within_and_no_formula() -> None:
    lines = table.as_tsv(ROWS).decode("utf-8-sig").split("\r\n")
    assert lines == [
        "Il pleut.\tIt is raining.",
        "'=HYPERLINK(1) ici\t'=HYPERLINK(1) here",
        "à\t",
        "",
    ]


def test_on_the_screen_what_is_missing_is_open_and_nothing_is_a_formula() -> None:
    columns = {"line": "n", "source": "s", "translation": "t"}
    found = table.screen(ROWS, columns)
    assert list(found["n"]) == [1, 3, 4]
    assert found["t"][2] == "…"
    assert not found["s"][1].startswith("=")
