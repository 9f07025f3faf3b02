"""Colours that can be told from either background, numbers that read the same in both languages."""

from __future__ import annotations

import tomllib

import pytest

from engine.figures import numbers, style
from tests.project import ROOT


def luminance(colour: str) -> float:
    """WCAG 2.1's relative luminance of #rrggbb."""
    channels = [int(colour[k : k + 2], 16) / 255 for k in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.03928 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


def test_contrast_formula_on_known_pairs() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_colours_stand_out_from_the_background(theme: str) -> None:
    config = tomllib.loads((ROOT / ".streamlit" / "config.toml").read_text(encoding="utf-8"))
    background = config["theme"][theme]["backgroundColor"]
    for colour in [*style.LABEL_COLOURS.values(), *(c.colour for c in style.CELL_STYLES.values())]:
        assert contrast(colour, background) >= 3, colour  # WCAG 1.4.11, graphical objects


def test_cells_differ_without_colour_too() -> None:
    assert len({cell.symbol for cell in style.CELL_STYLES.values()}) == len(style.CELL_STYLES)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("nhưng", "nhưng"),
        ("<img src=x>", "&lt;img src=x&gt;"),
        ("a & b", "a &amp; b"),
        ("x" * 30, "x" * 23 + "…"),
        ("<" * 30, "&lt;" * 23 + "…"),
    ],
)
def test_user_text_is_shortened_and_never_markup(text: str, shown: str) -> None:
    assert style.plain(text) == shown


@pytest.mark.parametrize(
    ("number", "words"),
    [
        (2.4, "2"),
        (238.0, "240"),
        (3_149.0, "3,100"),
        (996.0, "1,000"),
        (123_456.0, "120,000"),
        (1e6, "10⁶"),
        (3.2e17, "10¹⁷"),
    ],
)
def test_count(number: float, words: str) -> None:
    assert numbers.count(number) == words


def test_grouped() -> None:
    assert numbers.grouped(1_234_567) == "1,234,567"
    assert numbers.grouped(12) == "12"


@pytest.mark.parametrize(
    ("probability", "words"), [(0.934, "93%"), (0.9999, ">99%"), (1e-9, "<1%"), (0.5, "50%")]
)
def test_percent_never_claims_certainty(probability: float, words: str) -> None:
    assert numbers.percent(probability) == words


@pytest.mark.parametrize(
    ("share", "words"), [(0.0, "0%"), (1.0, "100%"), (1e-9, "<1%"), (0.9999, ">99%"), (0.5, "50%")]
)
def test_a_counted_share_may_be_none_or_all(share: float, words: str) -> None:
    assert numbers.rate(share) == words


@pytest.mark.parametrize(("text", "width"), [("tẻ", 2), ("te\u0309", 2), ("日本", 4), ("", 0)])
def test_cells_counts_columns(text: str, width: int) -> None:
    assert style.cells(text) == width


def test_label_names_are_translated_and_unknown_ones_kept() -> None:
    assert style.label_name("positive", str.upper) == "POSITIVE"
    assert style.label_name("joy", str.upper) == "joy"


def test_frame_scrolls_with_the_page_and_shows_the_theme() -> None:
    layout = style.frame(300).layout
    assert layout.dragmode is False
    assert layout.xaxis.fixedrange
    assert layout.yaxis.fixedrange
    assert layout.paper_bgcolor.endswith(",0)")
    assert layout.plot_bgcolor.endswith(",0)")


def test_config_saves_a_vector_picture() -> None:
    options = {"format": "svg", "filename": "name", "scale": 2}
    assert style.config("name")["toImageButtonOptions"] == options
    assert style.config("name", "png")["toImageButtonOptions"] == {**options, "format": "png"}
