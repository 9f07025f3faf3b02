"""The picture of a kind of problem: its words, its ways back, what it says in numbers."""

from __future__ import annotations

import gettext

import plotly.graph_objects as go
import pytest

from engine.figures import home as figures
from engine.lab import architectures

_ = gettext.NullTranslations().gettext


def texts(drawn: go.Figure) -> list[str]:
    scatters = [trace for trace in drawn.data if trace.type == "scatter"]
    return [text for trace in scatters if trace.mode == "text" for text in trace.text]


@pytest.mark.parametrize("name", architectures.KINDS)
def test_every_word_and_every_share_is_drawn(name: str) -> None:
    found = architectures.run(name)
    drawn = figures.unrolled(found, _)
    written = [
        t
        for trace in drawn.data
        if trace.type == "scatter" and trace.mode == "text"
        for t in trace.text
    ]
    for word in {*found.reads, *found.answers} - {"", "Correspondances"}:
        assert word in written
    strongest = max(found.norms.max(), found.image_norm or 0)
    assert f"{found.norms[0] / strongest:.2f}" in written
    violet = [
        trace
        for trace in drawn.data
        if trace.type == "scatter" and trace.line.color == figures.TURN
    ]
    assert len(violet) == found.loops
    if found.loops:
        ways = sum(x is None for x in violet[0].x)
        assert ways == sum(bool(a) for a in found.answers[:-1])


def test_the_sentence_is_computed() -> None:
    assert "One step" in figures.sentence(architectures.run("one_to_one"), _)
    found = architectures.run("many_to_one")
    message = figures.sentence(found, _)
    assert found.ratio == pytest.approx(9.4, abs=0.1)
    assert message == "The state of step 1 hears 9 times less of the loss than the state of step 5."
    assert "as much" in figures.sentence(architectures.run("aligned"), _)
    assert message in figures.unrolled_alt(found, _)
    assert figures.title("loop", _).startswith("in a loop")


def test_a_long_word_stands_on_two_lines() -> None:
    drawn = figures.unrolled(architectures.run("many_to_many"), _)
    written = [
        t
        for trace in drawn.data
        if trace.type == "scatter" and trace.mode == "text"
        for t in trace.text
    ]
    assert "Corresp-<br>ondances" in written
