"""Colours of both themes: text can be read (WCAG AA), marks can be seen."""

from __future__ import annotations

import tomllib
from itertools import product

import pytest

from tests.project import ROOT

CONFIG = tomllib.loads((ROOT / ".streamlit" / "config.toml").read_text(encoding="utf-8"))
HUES = ("red", "orange", "yellow", "green", "blue", "violet", "gray")
SURFACES = ("backgroundColor", "secondaryBackgroundColor")


def luminance(colour: str) -> float:
    """Relative luminance of "#RRGGBB" after WCAG 2."""
    channels = (int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5))
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return sum(w * c for w, c in zip((0.2126, 0.7152, 0.0722), linear, strict=True))


def contrast(one: str, other: str) -> float:
    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


def test_contrast_is_known() -> None:
    assert contrast("#000000", "#FFFFFF") == pytest.approx(21)
    assert contrast("#777777", "#FFFFFF") == pytest.approx(4.48, abs=0.005)


@pytest.mark.parametrize("mode", ["light", "dark"])
def test_text_can_be_read(mode: str) -> None:
    theme = CONFIG["theme"][mode]
    words = ["textColor", "linkColor", "primaryColor", *(f"{hue}TextColor" for hue in HUES)]
    pairs = [*product(words, SURFACES)]
    pairs += [(f"{hue}TextColor", f"{hue}BackgroundColor") for hue in HUES]
    poor = {pair: contrast(theme[pair[0]], theme[pair[1]]) for pair in pairs}
    assert {pair: value for pair, value in poor.items() if value < 4.5} == {}


@pytest.mark.parametrize("mode", ["light", "dark"])
def test_marks_can_be_seen(mode: str) -> None:
    theme = CONFIG["theme"][mode]
    marks = [*(theme[f"{hue}Color"] for hue in HUES), *theme["chartCategoricalColors"]]
    assert {m for m in marks if contrast(m, theme["backgroundColor"]) < 3} == set()


@pytest.mark.parametrize("mode", ["light", "dark"])
def test_scales_have_ten_colours(mode: str) -> None:
    theme = CONFIG["theme"][mode]
    assert {len(theme[f"chart{kind}Colors"]) for kind in ("Sequential", "Diverging")} == {10}


def test_nothing_is_sent_home_and_errors_stay_in_the_console() -> None:
    assert CONFIG["browser"]["gatherUsageStats"] is False
    assert CONFIG["client"]["showErrorDetails"] == "none"
    assert CONFIG["server"]["enableXsrfProtection"] is True
    assert CONFIG["server"]["maxUploadSize"] == 25
