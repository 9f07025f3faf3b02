"""A race: bounded, repeatable, undisturbed by others; the file it is kept in; the timings."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch

from engine.device import Device
from engine.errors import InputError
from engine.tasks.memory import EVERY, Plan, Race, load, save, timings
from engine.tasks.memory.race import network
from engine.tasks.memory.sequences import TASKS
from tests.project import ROOT

SMALL = Plan(lag=4, hidden=8, batch=16, steps=2 * EVERY)


def never() -> bool:
    return False


def run(plan: Plan) -> Race:
    race = Race(plan)
    while not race.finished:
        race.advance(10.0, never)
    return race


def same(one: Race, other: Race) -> bool:
    pairs = zip(one.result.lanes, other.result.lanes, strict=True)
    return all(np.array_equal(a.loss, b.loss) and np.array_equal(a.h, b.h) for a, b in pairs)


def test_a_race_ends_with_its_budget() -> None:
    race = run(SMALL)
    for lane in race.result.lanes:
        assert lane.taken == 2 * EVERY
        assert lane.steps.tolist() == [0, EVERY, 2 * EVERY]
        assert lane.h.shape == (3, 5)
        assert lane.outcome == "budget"
    assert [lane.c is not None for lane in race.result.lanes] == [False, True, False]


def test_a_race_ends_with_its_seconds() -> None:
    race = run(replace(SMALL, seconds=1e-9))
    assert [lane.taken for lane in race.result.lanes] == [1, 1, 1]
    assert {lane.outcome for lane in race.result.lanes} == {"budget"}


def test_a_gated_cell_learns_a_short_memory() -> None:
    lane = run(Plan(lag=4, hidden=24, rate=1e-2, steps=400)).result.lanes[1]
    assert lane.outcome == "learnt"
    assert lane.accuracy[-1] >= 0.95
    assert lane.accuracy[0] < 0.3


def test_two_races_at_once_do_not_disturb_each_other() -> None:
    alone = run(SMALL), run(replace(SMALL, seed=1))
    together = Race(SMALL), Race(replace(SMALL, seed=1))
    while not all(race.finished for race in together):
        for race in together:
            torch.rand(7)  # the process's generator is drawn from meanwhile
            race.advance(0.0, never)
    assert same(alone[0], together[0])
    assert same(alone[1], together[1])
    assert not same(alone[0], alone[1])


def test_stop_is_asked_before_every_step_and_results_are_not_changed_later() -> None:
    race = Race(SMALL)
    before = race.result
    race.advance(10.0, lambda: True)
    assert race.result.lanes[0].taken == 0
    race.step()
    assert [lane.taken for lane in race.result.lanes] == [1, 1, 1]
    assert race.result.moments == [0, 1]
    assert before.moments == [0]


def test_giving_up_ends_it() -> None:
    race = Race(SMALL)
    race.step()
    race.give_up()
    assert race.finished
    assert {lane.outcome for lane in race.result.lanes} == {"stopped"}


def test_numbers_that_blow_up_end_one_lane_only(monkeypatch: pytest.MonkeyPatch) -> None:
    race = Race(SMALL)

    def blow_up() -> None:
        raise InputError("Training blew up at step {step}.", step=1)

    monkeypatch.setattr(race.racers[0].run, "take", blow_up)
    race.step()
    assert [lane.outcome for lane in race.result.lanes] == ["blew_up", "running", "running"]


@pytest.mark.parametrize("task", TASKS)
def test_parameters_are_counted_and_can_be_matched(task: str) -> None:
    for plan in (Plan(task=task), Plan(task=task, matched=True)):
        counted = {}
        for cell in ("rnn", "lstm", "gru"):
            counted[cell] = sum(p.numel() for p in network(plan, cell).parameters())
            assert counted[cell] == plan.parameters(cell, plan.units(cell))
        if plan.matched:
            for cell in ("rnn", "gru"):
                assert counted[cell] == pytest.approx(counted["lstm"], rel=0.03)
    layers = [Plan().parameters(cell, 32) - 8 * 33 for cell in ("rnn", "gru", "lstm")]
    assert [n / layers[0] for n in layers] == [1, 3, 4]


def test_a_race_is_kept_in_a_file(tmp_path: Path) -> None:
    race = run(replace(SMALL, steps=EVERY))
    save(race.plan, race.result, tmp_path / "race.json")
    plan, result = load(tmp_path / "race.json")
    assert plan == race.plan
    for was, is_now in zip(race.result.lanes, result.lanes, strict=True):
        assert (was.cell, was.outcome, was.taken) == (is_now.cell, is_now.outcome, is_now.taken)
        np.testing.assert_allclose(is_now.h, was.h, rtol=5e-3)
        assert is_now.steps.tolist() == was.steps.tolist()
        assert (was.c is None) == (is_now.c is None)
    (tmp_path / "race.json").write_text('{"format": 99}', encoding="utf-8")
    with pytest.raises(ValueError, match="format 99"):
        load(tmp_path / "race.json")


def test_the_shipped_example_is_the_default_race_computed() -> None:
    plan, kept = load(ROOT / "assets" / "races" / "recall.json")
    assert plan == Plan()
    assert {lane.cell: lane.outcome for lane in kept.lanes}["lstm"] == "learnt"
    race = Race(plan)
    for _ in range(EVERY):
        race.step()
    for ours, shipped in zip(race.result.lanes, kept.lanes, strict=True):
        assert ours.accuracy[-1] == pytest.approx(shipped.accuracy[1], abs=0.02)
        # rounding differs from one processor to the next
        np.testing.assert_allclose(ours.loss[[0, -1]], shipped.loss[:2], rtol=0.01)
        np.testing.assert_allclose(ours.h[-1][:10], shipped.h[1][:10], rtol=0.05)


@pytest.mark.slow
def test_the_shipped_example_is_reproduced() -> None:
    plan, kept = load(ROOT / "assets" / "races" / "recall.json")
    race = run(plan)
    for ours, shipped in zip(race.result.lanes, kept.lanes, strict=True):
        assert ours.outcome == shipped.outcome
        assert ours.taken == pytest.approx(shipped.taken, rel=0.5)


def test_every_device_takes_the_same_step() -> None:
    rows = list(timings(SMALL, [Device("cpu", "one"), Device("cpu", "other")], rounds=2))
    assert [row.cell for row in rows] == ["rnn", "rnn", "lstm", "lstm", "gru", "gru"]
    for row in rows:
        assert row.milliseconds > 0
        assert 0 < row.difference < 1e-5
    assert rows[0].loss == rows[1].loss


@pytest.mark.gpu
@pytest.mark.skipif(not torch.cuda.is_available(), reason="there is no CUDA device here")
def test_the_gpu_agrees_with_the_cpu() -> None:
    rows = list(timings(SMALL, rounds=2))
    assert {row.device for row in rows} >= {"cpu", "cuda:0"}
    assert all(row.difference < 1e-4 for row in rows)
    assert Race(SMALL, "cuda:0").result.lanes[0].taken == 0
