"""How far one written piece's loss reaches: curves, their order in time, computed sentences."""

from __future__ import annotations

import json
from dataclasses import replace

import numpy as np
import pytest

from engine.figures.translation import reach as figures
from engine.results import STOP_WORD, TranslationReach

SOURCE, WRITTEN = ("la", "vie", "<b>"), ("START", "life")


def plain(text: str) -> str:
    return text


def reach(
    read: list[float],
    written: tuple[float, float] = (1.0, 2.0),
    *,
    cell: str = "rnn",
    attention: bool = False,
    reverse: bool = False,
) -> TranslationReach:
    norms = np.array(read), np.array(written)
    both = tuple(3 * each for each in norms) if cell == "lstm" else (None, None)
    return TranslationReach(
        f"translate-fr-en-{cell}",
        cell,
        attention,
        reverse,
        900_000,
        SOURCE,
        WRITTEN,
        "is",
        *norms,
        *both,
    )


FAR = reach([0.02, 0.1, 0.5])


def test_lags_count_steps_of_computing() -> None:
    assert figures.lags(FAR) == ([4, 3, 2], [1, 0])
    assert figures.lags(replace(FAR, reverse=True)) == ([2, 3, 4], [1, 0])


def test_the_sentence_tells_factor_and_distance() -> None:
    assert figures.sentence(FAR, plain) == (
        "At “la”, 4 steps back, the gradient is 100 times smaller than at the last step. Within "
        "the source, the piece read last, “<b>”, receives the largest gradient: 25% of that at the "
        "last decoder state."
    )
    turned = replace(FAR, reverse=True)
    assert figures.sentence(turned, plain) == (
        "At “<b>”, 4 steps back, the gradient is 4 times smaller than at the last step. Within the "
        "source, “<b>” receives the largest gradient: 25% of that at the last decoder state; "
        "pieces read after it: 2."
    )
    bridge = reach([6.0, 0.0001, 0.5], attention=True)
    assert "“la” receives the largest gradient: 3 times that at the last decoder" in (
        figures.sentence(bridge, plain)
    )
    assert "1/1,000 of that at the last" in figures.sentence(reach([0.0, 0.0, 0.002]), plain)


def test_what_is_zero_is_said() -> None:
    flat = reach([0.0, 0.0, 0.0], (0.0, 0.0))
    assert "the loss is flat" in figures.sentence(flat, plain)
    assert "Nothing that 64-bit" in figures.sentence(reach([0.0, 0.0, 0.0]), plain)
    json.loads(figures.curves([flat], plain).to_json())


def test_the_lstm_is_compared_along_c() -> None:
    lstm = reach([0.02, 0.1, 0.5], cell="lstm")
    assert lstm.decoder.path == "c"
    assert figures.along_h(lstm, plain) == "100 times smaller"
    c, h = figures.curves([lstm], plain).data
    assert (c.name, h.name) == ("LSTM ∂e/∂c", "LSTM ∂e/∂h")
    assert (c.line.dash, h.line.dash) == ("solid", "dash")


@pytest.mark.parametrize("by", ["token", "lag"])
def test_encoder_and_decoder_are_apart_and_all_end_at_one(by: str) -> None:
    turned = replace(FAR, reverse=True)
    figure = figures.curves([FAR, turned], plain, by)
    first, second = figure.data
    assert [trace.y[-1] for trace in figure.data] == [1, 1]
    assert np.isnan(first.y[3])
    assert first.x[3] is None
    (_one, border) = figure.layout.shapes
    if by == "token":
        assert list(first.x) == list(second.x) == [0, 1, 2, None, 3, 4]
        assert border.x0 == 2.5
        assert figure.layout.xaxis.ticktext == ("la", "vie", "&lt;b&gt;", "START", "life")
    else:
        assert list(first.x) == list(second.x) == [4, 3, 2, None, 1, 0]
        assert second.text[0] == "&lt;b&gt;"  # what the reversed reader began with
        assert border.x0 == 1.5
    assert figures.curves_alt([FAR, turned], plain).startswith("RNN: At “la”, 4 steps back,")


@pytest.mark.parametrize(
    ("text", "at"),
    [("Na", 0), ("Nature", 1), ("Natureis", 2), ("Nature is 12", 4), ("Nature is 12 and on", 5)],
)
def test_every_model_spells_the_marked_word_by_its_own_pieces(text: str, at: int) -> None:
    assert figures.end_of(["Na", "ture", "is", "␣", "12", STOP_WORD], text) == at


def test_a_long_sentence_has_only_so_many_names_on_its_axis() -> None:
    long = replace(FAR, source=("mot",) * 80, read_h=np.ones(80))
    assert len(figures.curves([long], plain).layout.xaxis.ticktext) <= 36
