"""The pictures of many verdicts, checked against counts written here."""

from __future__ import annotations

import tomllib

import numpy as np
import pytest

from engine.figures.drawing import INK
from engine.figures.sentiment import evaluation
from engine.figures.sentiment.evaluation import Confusion, tally
from tests.engine.figures.test_style import contrast
from tests.project import ROOT

PAIRS = [
    *[("negative", "negative")] * 6,
    *[("negative", "positive")] * 2,
    *[("positive", "positive")] * 3,
    ("positive", "neutral"),
]


def plain(text: str) -> str:
    return text


@pytest.fixture
def table() -> Confusion:
    return tally(PAIRS)


def test_counts_by_label_and_answer(table: Confusion) -> None:
    assert table.labels == ("negative", "positive")
    assert table.answers == ("negative", "neutral", "positive")
    np.testing.assert_array_equal(table.counts, [[6, 0, 2], [0, 1, 3]])
    np.testing.assert_allclose(table.shares(), [[0.75, 0, 0.25], [0, 0.25, 0.75]])
    assert (table.n, table.hits) == (12, 9)


def test_a_label_that_is_never_answered_has_its_column() -> None:
    one = tally([("neutral", "positive")])
    assert one.answers == ("neutral", "positive")
    assert one.hits == 0


def test_right_and_wrong_cells_differ_in_colour_and_in_sign(table: Confusion) -> None:
    figure = evaluation.confusion_table(table, plain)
    right, wrong = figure.data
    assert np.isnan(right.z[0][2])
    assert right.z[0][0] == 0.75
    assert np.isnan(wrong.z[0][0])
    assert wrong.z[0][2] == 0.25
    assert right.colorscale != wrong.colorscale
    message = {(a.y, a.x): a.text for a in figure.layout.annotations}
    assert message["negative", "negative"] == "<b>6</b> ✓<br>75%"
    assert message["negative", "positive"] == "2<br>25%"
    assert len(message) == 6


def test_the_first_label_is_on_top_and_answers_run_across(table: Confusion) -> None:
    layout = evaluation.confusion_table(table, plain).layout
    assert layout.yaxis.autorange == "reversed"
    assert layout.xaxis.title.text == "the model's answer"


def test_the_table_in_words(table: Confusion) -> None:
    assert evaluation.confusion_table_alt(table, plain) == (
        "Of 8 texts labelled negative the model answered: 6 negative, 2 positive. "
        "Of 4 texts labelled positive the model answered: 1 neutral, 3 positive."
    )


@pytest.mark.parametrize("colour", [*evaluation.RIGHT, *evaluation.WRONG])
def test_numbers_can_be_read_on_every_cell(colour: str) -> None:
    assert contrast(INK, colour) >= 4.5


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_segments_stand_out_from_the_background(theme: str) -> None:
    config = tomllib.loads((ROOT / ".streamlit" / "config.toml").read_text(encoding="utf-8"))
    figure = evaluation.shares({"positive": 1, "negative": 1, "uncertain": 1}, plain)
    for bar in figure.data:
        assert contrast(bar.marker.color, config["theme"][theme]["backgroundColor"]) >= 3


def test_shares_fill_the_bar_and_the_uncertain_are_hatched() -> None:
    figure = evaluation.shares({"positive": 3, "neutral": 0, "uncertain": 1}, plain)
    assert [bar.x[0] for bar in figure.data] == [0.75, 0, 0.25]
    assert [bar.marker.pattern.shape for bar in figure.data] == ["", "", "/"]
    assert [bar.name for bar in figure.data] == ["positive 75%", "neutral 0%", "uncertain 25%"]
    assert evaluation.shares_alt({"positive": 3, "uncertain": 1}, plain) == (
        "positive 3 (75%), uncertain 1 (25%)"
    )


def test_nothing_at_all_is_no_division_by_zero() -> None:
    assert len(evaluation.shares({}, plain).data) == 0
    assert evaluation.shares_alt({}, plain) == ""


def test_every_word_is_translated(table: Confusion) -> None:
    figure = evaluation.confusion_table(table, str.upper)
    assert {*figure.data[0].x, *figure.data[0].y} == {"NEGATIVE", "NEUTRAL", "POSITIVE"}
    assert figure.layout.yaxis.title.text == "LABEL"
    assert evaluation.verdict_name("uncertain", str.upper) == "UNCERTAIN"
