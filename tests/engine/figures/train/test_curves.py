"""The pictures of a training, and its sentences, from numbers written here."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from engine.figures.train import curves, window
from engine.results import OwnTrainingRecord, WrittenSample


def plain(text: str) -> str:
    return text


NORM = np.asarray([0.5, 4.0, 0.25, 2.0])
RECORD = OwnTrainingRecord(
    cell="lstm",
    hidden=8,
    layers=1,
    steps=3,
    rows=2,
    rate=0.01,
    clip=1.0,
    seed=0,
    budget=10,
    characters=100,
    vocabulary=20,
    parameters=1234,
    outcome="running",
    seconds=2.0,
    loss=np.asarray([3.0, 2.0, 1.0, 2.0]),
    norm=NORM,
    clipped=np.minimum(NORM, 1.0),
    samples=(WrittenSample(0, "abc"),),
    measured=0,
    h=2.0 * 0.08 ** np.arange(6.0),
    c=2.0 * 0.5 ** np.arange(6.0),
)
OTHER = replace(RECORD, cell="rnn", c=None, clip=0.0, clipped=NORM, loss=RECORD.loss + 0.5)


def test_a_record_adds_up() -> None:
    assert RECORD.taken == 4
    assert RECORD.nats == 2.0
    assert RECORD.guess == pytest.approx(np.log(20))
    assert RECORD.speed == 4 * 2 * 3 / 2.0
    assert RECORD.clipped_share == 0.5
    np.testing.assert_allclose(RECORD.average(2), [3.0, 2.5, 1.5, 1.5])
    assert RECORD.by_lag.reach == 5
    assert replace(RECORD, c=None).by_lag.reach == 2
    fresh = replace(RECORD, loss=np.empty(0), norm=np.empty(0), clipped=np.empty(0), seconds=0.0)
    assert (fresh.nats, fresh.speed, fresh.clipped_share) == (fresh.guess, 0.0, 0.0)
    for figure in (curves.losses, curves.norms):
        assert figure([fresh], ["this run"], plain).layout.xaxis.range[1] >= 10


def test_losses_of_two_runs_share_an_axis_with_guessing() -> None:
    figure = curves.losses([RECORD, OTHER], ["a", "b"], plain)
    bold = [line for line in figure.data if line.showlegend is None]
    assert [line.name for line in bold] == ["a", "b"]
    np.testing.assert_allclose(bold[0].y, RECORD.average())
    assert {shape.y0 for shape in figure.layout.shapes} == {RECORD.guess}
    words = curves.losses_alt([RECORD, OTHER], ["a", "b"], plain)
    assert "a: loss 2.00" in words
    assert "b: loss 2.50" in words


def test_norms_of_one_run_are_before_and_after_clipping() -> None:
    figure = curves.norms([RECORD], ["a"], plain)
    assert [line.name for line in figure.data] == ["before clipping", "after clipping"]
    np.testing.assert_allclose(figure.data[0].y, NORM)
    np.testing.assert_allclose(figure.data[1].y, [0.5, 1.0, 0.25, 1.0])
    assert [shape.y0 for shape in figure.layout.shapes] == [1.0]
    both = curves.norms([RECORD, OTHER], ["a", "b"], plain)
    assert [line.name for line in both.data] == ["a", "b"]


def test_a_long_training_keeps_its_end_and_its_largest_norm() -> None:
    norm = np.full(2999, 0.5)
    norm[1234] = 7.0
    long = replace(RECORD, loss=np.arange(2999.0), norm=norm, clipped=np.minimum(norm, 1.0))
    before, after = curves.norms([long], ["a"], plain).data
    assert len(before.x) == 600
    assert before.x[np.argmax(before.y)] == 1235
    assert (before.y.max(), after.y.max()) == (7.0, 1.0)
    thin, bold = curves.losses([long], ["a"], plain).data
    assert len(thin.x) == len(bold.x) == 600
    assert (thin.x[-1], thin.y[-1]) == (2999, 2998.0)


@pytest.mark.parametrize(
    ("low", "names"),
    [(0.25, ["0.2", "0.5", "1", "2", "5"]), (1e-9, ["10⁻⁸", "10⁻⁶", "10⁻⁴", "0.01", "1"])],
)
def test_the_log_axis_has_whole_numbers(low: float, names: list[str]) -> None:
    norm = np.asarray([low, 4.0])
    record = replace(RECORD, loss=np.ones(2), norm=norm, clipped=np.minimum(norm, 1.0))
    axis = curves.norms([record], ["a"], plain).layout.yaxis
    shown = [
        name
        for value, name in zip(axis.tickvals, axis.ticktext, strict=True)
        if axis.range[0] <= np.log10(value) <= axis.range[1]
    ]
    assert shown == names


@pytest.mark.usefixtures("vietnamese_numbers")
def test_numbers_are_written_as_in_the_language() -> None:
    figure = curves.norms([RECORD], ["a"], plain)
    assert "0,5" in figure.layout.yaxis.ticktext
    assert figure.layout.separators[0] == ","
    assert "2,50" in curves.losses_alt([OTHER], ["b"], plain)
    assert "2,00" in curves.comparison(RECORD, OTHER, plain)
    assert curves.measured_share(0.0) == "0%"
    assert curves.measured_share(0.001) == "0,1%"
    assert curves.measured_share(1.0) == "100%"


def test_the_gradient_is_shaded_beyond_the_window() -> None:
    figure = window.by_lag(RECORD, plain)
    assert [line.name for line in figure.data] == ["LSTM ∂e/∂c", "LSTM ∂e/∂h"]
    np.testing.assert_allclose(figure.data[0].y, 0.5 ** np.arange(6.0))
    (shade, edge) = figure.layout.shapes
    assert (shade.x0, shade.x1) == (2.5, 5.5)
    assert edge.x0 == 2.5


@pytest.mark.parametrize(
    ("factor", "says"),
    [
        (0.5, "25% of the gradient is left: what"),
        (0.05, "1/400 of the gradient is left: the cut"),
        (0.01, "within 2 characters"),
    ],
)
def test_the_sentence_follows_the_numbers(factor: float, says: str) -> None:
    record = replace(RECORD, c=factor ** np.arange(6.0))
    assert says in window.sentence(record, plain)
    assert says in window.by_lag_alt(record, plain)


def test_a_flat_loss_has_no_gradient() -> None:
    flat = replace(RECORD, h=np.zeros(6), c=np.zeros(6))
    assert "no gradient at all" in window.sentence(flat, plain)
    window.by_lag(flat, plain)


@pytest.mark.parametrize(
    ("outcome", "says"),
    [
        ("running", "Iteration 4 of 10"),
        ("finished", "Finished after 4"),
        ("time", "time is up after 4 of 10"),
        ("stopped", "Stopped after 4 of 10"),
        ("blew_up", "diverged at iteration 5 (NaN"),
    ],
)
def test_every_outcome_is_said(outcome: str, says: str) -> None:
    assert says in curves.outcome(replace(RECORD, outcome=outcome), plain)


def test_clipping_is_told() -> None:
    assert "4; 50% of the iterations" in curves.clip_sentence(RECORD, plain)
    assert "Never clipped" in curves.clip_sentence(OTHER, plain)
    assert "never had to act" in curves.clip_sentence(replace(RECORD, clip=9.0), plain)
    assert "a: The largest" in curves.norms_alt([RECORD], ["a"], plain)


def test_two_runs_are_compared_after_as_many_iterations() -> None:
    assert "this run is ahead" in curves.comparison(RECORD, OTHER, plain)
    assert "the other run is ahead" in curves.comparison(OTHER, RECORD, plain)
    assert "about the same loss" in curves.comparison(RECORD, RECORD, plain)
    shorter = replace(OTHER, loss=OTHER.loss[:1], norm=NORM[:1], clipped=NORM[:1])
    assert "After 1 iterations" in curves.comparison(RECORD, shorter, plain)
    none = replace(OTHER, loss=np.empty(0), norm=np.empty(0), clipped=np.empty(0))
    assert "not been trained" in curves.comparison(RECORD, none, plain)
