"""The pictures and sentences of where a captioner fails."""

from __future__ import annotations

import pytest

from engine.figures.captions import errors as figures
from engine.results import CaptionFailures, CaptionMistake, ErrorShare
from engine.tasks.captions.failures import KINDS

FAILURES = CaptionFailures(
    ErrorShare("all", 1200, 300),
    (ErrorShare("gender", 400, 40), ErrorShare("colour", 200, 60), ErrorShare("animal", 100, 5)),
    (CaptionMistake("colour", "a black dog", "black", (("white", 4), ("brown", 1)), 5),),
)


def plain(text: str) -> str:
    return text


def test_bars_stand_in_order_with_their_numbers() -> None:
    figure = figures.error_rates(FAILURES, plain)
    assert list(figure.data[0].y) == ["animal", "gender", "colour"]
    assert list(figure.data[0].x) == [0.05, 0.1, 0.3]
    texts = [note.text for note in figure.layout.annotations]
    assert [text.split()[0] for text in texts] == ["5%", "10%", "30%"]
    assert figure.layout.xaxis.range[1] > 0.3
    assert figures.error_rates_alt(FAILURES, plain) == "colour 30%, gender 10%, animal 5%"


def test_the_sentence_names_the_worst_kind() -> None:
    message = figures.failures_sentence(FAILURES, plain)
    assert "25%" in message
    assert "colour, 30% of 200" in message


def test_people_are_counted() -> None:
    (mistake,) = FAILURES.quotes
    message = figures.disagreement(mistake, plain)
    assert message == "4 of 5 people: white; 1 of 5 people: brown"


@pytest.mark.parametrize("kind", list(KINDS))
def test_every_kind_has_a_name(kind: str) -> None:
    assert figures.kind_name(kind, plain)
