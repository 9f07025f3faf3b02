"""BLEU by the length of the source: lines, words and the sentence that sums them up."""

from __future__ import annotations

import json

import pytest

from engine.figures import translation_lengths as figures
from engine.figures.translation_models import Kind, kind, line, marker, title
from engine.results import LengthScores


def plain(text: str) -> str:
    return text


def decimal(value: float, digits: int) -> str:
    return f"{value:.{digits}f}"


def scores(name: str, *bleu: float, whole: float = 20.0) -> LengthScores:
    return LengthScores(
        f"translate-fr-en{name}", (4, 8, 12, None), (900, 1300, 19, 20), bleu, whole
    )


FOUND = (
    scores("", 60.0, 55.0, 1.0, 50.0),
    scores("-lstm", 38.4, 20.0, 1.0, 9.0),
    scores("-lstm-attention", 41.0, 30.0, 1.0, 24.0),
    scores("-lstm-reversed", 39.0, 22.0, 1.0, 12.0, whole=23.5),
)


def test_bins_with_few_sentences_are_left_out() -> None:
    figure = figures.lines(FOUND, plain)
    assert [list(trace.x) for trace in figure.data] == [["1–4", "5–8", "over 12"]] * 4
    assert list(figure.data[1].y) == [38.4, 20.0, 9.0]
    assert list(figure.data[0].customdata)[1].replace("\u202f", " ") == "1 300 sentences"
    assert list(figure.layout.xaxis.categoryarray) == ["1–4", "5–8", "over 12"]
    json.loads(figure.to_json())


def test_lines_differ_by_more_than_colour() -> None:
    traces = figures.lines(FOUND, plain).data
    assert [trace.name for trace in traces] == [
        "the large model",
        "LSTM",
        "LSTM with attention",
        "LSTM, source reversed",
    ]
    assert len({(trace.line.dash, trace.marker.symbol) for trace in traces}) == 4
    assert len({trace.line.color for trace in traces[1:]}) == 1


def test_the_sentence_is_computed() -> None:
    assert figures.sentence(FOUND, plain, decimal) == (
        "From 1–4 to over 12 words the LSTM without attention goes from BLEU 38 to 9, the one with "
        "attention from 41 to 24. Without attention but with the source reversed it is 23.5 on "
        "all, not 20.0."
    )
    assert "reversed" not in figures.sentence(FOUND[:3], plain, decimal)
    assert figures.sentence(FOUND[:2], plain, decimal) == ""
    assert figures.sentence((), plain, decimal) == ""


def test_the_lines_in_words() -> None:
    told = figures.lines_alt(FOUND, plain, decimal)
    assert "LSTM with attention: 1–4: 41.0, 5–8: 30.0, over 12: 24.0." in told
    assert told.replace("\u202f", " ").endswith("1–4: 900, 5–8: 1 300, over 12: 20.")
    assert figures.counts((), plain) == ""
    assert not figures.lines((), plain).data


@pytest.mark.parametrize(
    ("name", "built", "called"),
    [
        ("translate-en-vi", Kind("lstm", True, large=True), "the large model"),
        ("translate-fr-en-gru", Kind("gru", False), "GRU"),
        ("translate-fr-en-rnn-attention", Kind("rnn", True), "RNN with attention"),
        ("translate-fr-en-lstm-reversed", Kind("lstm", False, True), "LSTM, source reversed"),
    ],
)
def test_names_say_how_a_model_is_built(name: str, built: Kind, called: str) -> None:
    assert kind(name) == built
    assert title(built, plain) == called
    assert line(built)["color"]
    assert marker(built)["symbol"]
