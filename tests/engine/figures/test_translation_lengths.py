"""BLEU by the length of the source: lines, words and the sentence that sums them up."""

from __future__ import annotations

import json

import pytest

from engine.figures.translation import comparison as figures
from engine.figures.translation.comparison import Kind, kind, line, marker, title
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
KINDS = {
    "translate-fr-en": Kind("lstm", attention=True, large=True),
    "translate-fr-en-lstm": Kind("lstm", attention=False),
    "translate-fr-en-lstm-attention": Kind("lstm", attention=True),
    "translate-fr-en-lstm-reversed": Kind("lstm", attention=False, reverse=True),
}


def test_bins_with_few_sentences_are_left_out() -> None:
    figure = figures.lengths(FOUND, KINDS, plain)
    assert [list(trace.x) for trace in figure.data] == [["1–4", "5–8", "over 12"]] * 4
    assert list(figure.data[1].y) == [38.4, 20.0, 9.0]
    assert list(figure.data[0].customdata)[1] == "1,300 sentences"
    assert list(figure.layout.xaxis.categoryarray) == ["1–4", "5–8", "over 12"]
    json.loads(figure.to_json())


def test_lines_differ_by_more_than_colour() -> None:
    traces = figures.lengths(FOUND, KINDS, plain).data
    assert [trace.name for trace in traces] == [
        "the large model",
        "LSTM",
        "LSTM with attention",
        "LSTM, source reversed",
    ]
    assert len({(trace.line.dash, trace.marker.symbol) for trace in traces}) == 4
    assert len({trace.line.color for trace in traces[1:]}) == 1


def test_the_sentence_is_computed() -> None:
    assert figures.lengths_sentence(FOUND, KINDS, plain) == (
        "From 1–4 to over 12 words the LSTM without attention goes from BLEU 38 to 9, the one with "
        "attention from 41 to 24. Without attention but with the source reversed it is 23.5 on "
        "all, not 20.0."
    )
    assert "reversed" not in figures.lengths_sentence(FOUND[:3], KINDS, plain)
    assert figures.lengths_sentence(FOUND[:2], KINDS, plain) == ""
    assert figures.lengths_sentence((), KINDS, plain) == ""


def test_the_lines_in_words() -> None:
    told = figures.lengths_alt(FOUND, KINDS, plain)
    assert "LSTM with attention: 1–4: 41.0, 5–8: 30.0, over 12: 24.0." in told
    assert told.endswith("1–4: 900, 5–8: 1,300, over 12: 20.")
    assert figures.counts((), plain) == ""
    assert not figures.lengths((), KINDS, plain).data


@pytest.mark.parametrize(
    ("arguments", "built", "called"),
    [
        (("lstm", True, False, 2), Kind("lstm", True, large=True), "the large model"),
        (("gru", False, False, 1), Kind("gru", False), "GRU"),
        (("rnn", True, False, 1), Kind("rnn", True), "RNN with attention"),
        (("lstm", False, True, 1), Kind("lstm", False, True), "LSTM, source reversed"),
    ],
)
def test_the_header_says_how_a_model_is_built(
    arguments: tuple[object, ...], built: Kind, called: str
) -> None:
    names = ("cell", "attention", "reverse", "layers")
    assert kind(dict(zip(names, arguments, strict=True))) == built
    assert title(built, plain) == called
    assert line(built)["color"]
    assert marker(built)["symbol"]
