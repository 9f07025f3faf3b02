"""The pooling view and its table of scores, on a classifier of known numbers."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Any

import pytest

from pages.shared import models
from tests.pages.fake_sentiment_predictor import FakeSentimentPredictor
from tests.pages.opened import widget
from tests.pages.test_sentiment_views import charts, page, said

pytestmark = pytest.mark.usefixtures("fake_models", "temperature", "no_table")


@pytest.fixture
def temperature(monkeypatch: pytest.MonkeyPatch) -> None:
    """The stand-in's probabilities are its logits' softmax as it is."""
    monkeypatch.setattr(FakeSentimentPredictor, "temperature", 1.0, raising=False)


@pytest.fixture
def no_table(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """A folder without the table of scores, where a test may put one."""
    monkeypatch.setattr(models, "FOLDER", tmp_path)
    return tmp_path


# The stand-in's steps add up to 5.3 for each of the three.


@pytest.mark.parametrize(("pooling", "bars"), [("last", 1), ("sum", 1), ("both", 2)])
def test_pooling_shows_the_chosen_network_and_its_sum(pooling: str, bars: int) -> None:
    at = page("pooling", sentiment_pooling=pooling)
    words = said(at)
    assert words.count("Steps +5.30, bias +0.00, together +5.30; the network's margin +5.30.") == 1
    # 8 + 5 + 1 + 1.3 = 15.3 is moved in all
    assert words.count("“worth” (step 15 of 16) weighs most with +8.00, 52% of all") == 1
    assert "compare shapes, not single values" in words
    slide = {"last": "last state (slide 51)", "sum": "sum of states (slide 52)"}
    (figure,) = charts(at, slide.get(pooling, "sum over both directions (slide 53)"))
    assert len([trace for trace in figure["data"] if trace["type"] == "bar"]) == bars


def test_the_difference_is_computed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(FakeSentimentPredictor, "temperature", 2.0, raising=False)
    words = said(page("pooling"))
    assert "the network's margin +10.60. Difference: 5·10⁰." in words


@pytest.mark.parametrize("lang", ["en", "vi"])
def test_the_chosen_cell_and_pooling_are_in_the_link_and_their_model_is_asked(
    lang: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []
    plain = FakeSentimentPredictor.contributions

    def watched(self: FakeSentimentPredictor, text: str) -> Any:
        asked.append(self.name)
        return plain(self, text)

    monkeypatch.setattr(FakeSentimentPredictor, "contributions", watched)
    at = page("pooling", lang)
    widget(at, "sentiment_pooling").set_value("both").run()
    widget(at, "sentiment_cell").set_value("gru").run()
    small = f"sentiment-{lang}"
    assert asked == [f"{small}-lstm-last", f"{small}-lstm-both", f"{small}-gru-both"]
    assert widget(page("pooling", lang, sentiment_cell="gru"), "sentiment_cell").value == "gru"
    assert widget(page("pooling", lang, sentiment_cell="<b>"), "sentiment_cell").value == "lstm"


def write_table(folder: Path, language: str = "en") -> None:
    """RNN: last 80 ± 2, sum 86 ± 1, both 87 ± 3; long texts: all 60, no spread told apart."""
    means = {"last": (0.78, 0.80, 0.82), "sum": (0.85, 0.86, 0.87), "both": (0.84, 0.87, 0.90)}
    head = "language cell pooling seed parameters seconds accuracy up_to_16 17_to_48 over_48"
    lines = [
        [language, "rnn", pooling, seed, 345_678, 9.5, value, value, value, 0.6]
        for pooling, values in means.items()
        for seed, value in enumerate(values)
    ]
    with (folder / "sentiment-pooling.csv").open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([head.split(), *lines])


def test_without_the_table_the_view_says_so() -> None:
    assert models.pooling_table() == ()
    assert "The table of scores is not installed here." in said(page("pooling"))


def test_the_table_says_what_the_seeds_tell_apart(no_table: Path) -> None:
    write_table(no_table)
    at = page("pooling")
    words = said(at)
    assert (
        "**All texts.** By more than the seeds' spread: both directions above last state (RNN 7.0 "
        "points); sum above last state (RNN 6.0 points). Within the spread: both directions above "
        "sum (RNN 1.0 points)."
    ) in words
    assert "**Texts over 48 pieces.** No two poolings of a cell differ by more than" in words
    (table,) = [frame.value for frame in at.dataframe if "accuracy" in frame.value]
    assert list(table["accuracy"]) == ["80.0% ± 2.0", "86.0% ± 1.0", "87.0% ± 3.0"]
    assert list(table["over 48 pieces"]) == ["60.0% ± 0.0"] * 3
    (figure,) = charts(at, "RNN, last state: up to 16 80%")
    assert len(figure["data"]) == 3
    assert "3 seeds" in words
    assert "not installed" in said(page("pooling", sentiment_language="vi"))


def test_a_changed_table_is_read_again(no_table: Path) -> None:
    write_table(no_table)
    assert len(models.pooling_table()) == 9
    path = no_table / "sentiment-pooling.csv"
    path.write_text(path.read_text(encoding="utf-8").splitlines()[0], encoding="utf-8")
    assert models.pooling_table() == ()


def test_markup_in_the_text_stays_text() -> None:
    at = page("pooling", sentiment_text="[good](javascript:0) <img src=x>")
    raw = "\n".join(str(e.value) for e in [*at.markdown, *at.caption])
    assert "](javascript" not in raw
    assert "<img" not in raw
