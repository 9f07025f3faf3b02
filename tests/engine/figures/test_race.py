"""The pictures of a race, and its sentences, from numbers written here."""

from __future__ import annotations

import json
from dataclasses import replace

import numpy as np
import pytest

from engine.figures import race
from engine.results import Lane, RaceResult, StepTiming


def plain(text: str) -> str:
    return text


def lane(cell: str = "rnn", factor: float = 0.08, outcome: str = "running") -> Lane:
    """Three measurements over 6 lags; the gradient falls by `factor` per lag, at last."""
    factors = np.asarray([0.5, 0.5, factor])
    h = 3.0 * factors[:, None] ** np.arange(6.0)
    return Lane(
        cell=cell,
        hidden=4,
        parameters=1234,
        outcome=outcome,
        taken=1234,
        steps=np.asarray([0.0, 20.0, 1234.0]),
        seconds=np.asarray([0.0, 1.0, 7.25]),
        accuracy=np.asarray([0.125, 0.5, 0.97]),
        loss=np.asarray([2.0, 1.0, 0.1]),
        h=h,
        c=h * 0 + 2.0 if cell == "lstm" else None,
    )


def result(*lanes: Lane) -> RaceResult:
    return RaceResult("recall", 5, 0.125, 0.95, 4000, 120.0, lanes)


RACE = result(lane("rnn"), lane("lstm"), lane("gru", 0.9))


def test_accuracy_grows_along_a_log_axis_of_the_whole_budget() -> None:
    figure = race.progress(RACE, plain)
    assert [line.name for line in figure.data] == ["RNN", "LSTM", "GRU"]
    np.testing.assert_array_equal(figure.data[0].y, [0.125, 0.5, 0.97])
    np.testing.assert_array_equal(figure.data[0].x, [1, 20, 1234])
    assert figure.layout.xaxis.type == "log"
    assert figure.layout.xaxis.range[1] >= np.log10(4000)
    assert {shape.y0 for shape in figure.layout.shapes} == {0.125, 0.95}
    assert [note.text for note in figure.layout.annotations] == ["learnt", "chance: 12.5%"]


def test_first_steps_are_seen_too() -> None:
    early = replace(RACE, lanes=tuple(replace(one, taken=3) for one in RACE.lanes))
    assert race.progress(early, plain).layout.xaxis.range[0] == 0
    assert race.progress(RACE, plain).layout.xaxis.range[0] == 1


def test_gradients_by_lag_are_relative_to_lag_0() -> None:
    figure = race.by_lag(RACE, plain)
    names = ["RNN ∂e/∂h", "LSTM ∂e/∂c", "LSTM ∂e/∂h", "GRU ∂e/∂h"]
    assert [curve.name for curve in figure.data] == names
    assert [curve.line.dash for curve in figure.data] == ["solid", "solid", "dash", "solid"]
    np.testing.assert_allclose(figure.data[0].y, 0.08 ** np.arange(6.0))
    np.testing.assert_allclose(figure.data[1].y, 1)
    assert figure.layout.yaxis.type == "log"


def test_an_earlier_moment_can_be_looked_at() -> None:
    for step in (20.0, 1233.0):
        figure = race.by_lag(RACE, plain, step)
        np.testing.assert_allclose(figure.data[0].y, 0.5 ** np.arange(6.0))


def test_zeros_are_gaps_on_the_log_axis() -> None:
    cut = replace(lane(), h=np.asarray([[1.0, 0.5, 0, 0, 0, 0]] * 3))
    (curve,) = race.by_lag(result(cut), plain).data
    assert np.isnan(curve.y).tolist() == [False, False, True, True, True, True]
    flat = replace(lane(), h=np.zeros((3, 6)))
    assert np.isnan(race.by_lag(result(flat), plain).data[0].y).all()


@pytest.mark.parametrize(
    ("last", "words"),
    [
        ([1, 0.1, 0.01, 1.1e-3, 9e-4, 0], "The gradient reaches 3 of 5 steps back."),
        ([1, 1, 1, 1, 1, 0.2], "The gradient reaches all 5 steps back, where 20% of it is left."),
        (
            [9, 9, 9, 9, 9, 0.02],
            "The gradient reaches all 5 steps back, where 1/450 of it is left.",
        ),
        (
            [1, 1, 1, 1, 1, 24.2],
            "The gradient reaches all 5 steps back, where it is 24 times as large.",
        ),
        ([0, 0, 0, 0, 0, 0], "The gradient reaches 0 of 5 steps back."),
    ],
)
def test_reach_in_words(last: list[float], words: str) -> None:
    one = replace(lane(), h=np.asarray([[1.0] * 6, [1.0] * 6, last]))
    assert race.reach_sentence(one, plain) == words


@pytest.mark.parametrize(
    ("outcome", "words"),
    [
        ("running", "Step 1,234 so far."),
        ("learnt", "Learnt after 1,234 steps."),
        ("budget", "Has not learnt within this budget (1,234 steps, 7.2 s)."),
        ("stopped", "Stopped after 1,234 steps: had not learnt by then."),
        ("blew_up", "Training diverged at step 1,235 (NaN/∞): lower the rate or clip more."),
    ],
)
def test_no_outcome_says_that_a_cell_cannot(outcome: str, words: str) -> None:
    message = race.outcome(lane(outcome=outcome), plain)
    assert message == words
    assert "cannot" not in message


def test_reach_over_training() -> None:
    figure = race.reach(RACE, plain)
    np.testing.assert_array_equal(figure.data[0].y, [5, 5, 2])
    np.testing.assert_array_equal(figure.data[1].y, [5, 5, 5])  # along c
    assert race.reach_alt(RACE, plain).startswith("RNN: 5 steps back at the start, 2 at the end.")


def test_timings_have_one_bar_per_cell_and_device() -> None:
    rows = [
        StepTiming(device, cell, 2.0 if device == "cpu" else 6.5, 1.0, 1e-7)
        for cell in ("rnn", "lstm", "gru")
        for device in ("cpu", "cuda:0")
    ]
    figure = race.timing(rows, {"cpu": "CPU", "cuda:0": "a GPU"}, plain)
    assert [bars.name for bars in figure.data] == ["CPU", "a GPU"]
    assert list(figure.data[1].x) == [6.5] * 3
    assert list(figure.data[0].y) == ["GRU", "LSTM", "RNN"]
    alt = race.timing_alt(rows, {"cuda:0": "a GPU"}, plain)
    assert "LSTM on a GPU: 6.5 ms per training step." in alt


def test_words_for_those_who_do_not_see_it() -> None:
    said = race.progress_alt(RACE, plain)
    assert "chance is 12.5%" in said
    assert "GRU: 97% after 1,234 steps." in said
    assert "RNN: The gradient reaches 2 of 5" in race.by_lag_alt(RACE, plain)


def test_texts_are_translated() -> None:
    def marked(text: str) -> str:
        return f"§{text}"

    for figure in (race.progress(RACE, marked), race.by_lag(RACE, marked)):
        assert figure.layout.xaxis.title.text.startswith("§")
        assert figure.layout.yaxis.title.text.startswith("§")
        assert figure.layout.dragmode is False
        json.loads(figure.to_json())


@pytest.mark.parametrize(
    ("accuracy", "outcomes", "words"),
    [
        ((0.2, 0.84, 0.5), ("running",) * 3, "LSTM leads: 84% right."),
        ((0.13, 0.14, 0.12), ("running",) * 3, "Nobody leads yet: the best has 14% right"),
        ((0.2, 0.7, 0.96), ("budget", "running", "learnt"), "GRU is first: it learnt this after"),
        ((0.2, 0.84, 0.5), ("budget",) * 3, "LSTM led at the end: 84% right."),
    ],
)
def test_the_leader_is_named(
    accuracy: tuple[float, ...], outcomes: tuple[str, ...], words: str
) -> None:
    lanes = [
        replace(lane(cell, outcome=end), accuracy=np.asarray([0.125, 0.2, right]))
        for cell, right, end in zip(("rnn", "lstm", "gru"), accuracy, outcomes, strict=True)
    ]
    assert words in race.leader(result(*lanes), plain)


@pytest.mark.parametrize(
    ("outcomes", "first"),
    [
        (("running", "running"), None),
        (("running", "learnt"), "gru"),
        (("budget", "blew_up"), race.NOBODY),
        (("budget", "stopped"), None),
    ],
)
def test_who_wins(outcomes: tuple[str, str], first: str | None) -> None:
    lanes = [lane(cell, outcome=o) for cell, o in zip(("rnn", "gru"), outcomes, strict=True)]
    assert race.winner(result(*lanes)) == first


def test_nobody_leads_before_the_start() -> None:
    still = replace(lane(), taken=0)
    assert race.leader(result(still), plain) == "Nobody has started yet."
