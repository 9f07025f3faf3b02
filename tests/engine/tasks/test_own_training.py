"""Training on one's own text: what is refused, what is learnt, that two do not meet."""

from __future__ import annotations

import json
import threading
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch

from engine.decoding import Choice
from engine.errors import InputError
from engine.tasks.characters import own_training
from engine.tasks.characters.own_files import Plan, check
from engine.tasks.characters.own_training import OwnTraining, gradient_by_lag, write

VERSE = "The owl looked up, the owl looked down,\nand softly flew to London town.\n" * 8
SMALL = Plan(hidden=16, steps=10, iterations=12)


def never() -> bool:
    return False


def trained(plan: Plan = SMALL, text: str = VERSE) -> OwnTraining:
    training = OwnTraining(check(text), plan)
    while not training.finished:
        training.advance(5.0, never)
    return training


@pytest.mark.parametrize("cell", ["rnn", "lstm", "gru"])
def test_every_cell_learns(cell: str) -> None:
    record = trained(replace(SMALL, cell=cell, hidden=32, iterations=60, rate=0.02)).record
    assert record.outcome == "finished"
    assert record.loss[0] == pytest.approx(record.guess, abs=0.3)
    assert record.nats < 0.75 * record.guess
    assert [sample.iteration for sample in record.samples] == [0, 50, 60]
    assert len(record.h) == 20
    assert (record.c is not None) == (cell == "lstm")
    assert record.speed > 0
    assert record.taken == 60


def test_the_gradient_is_clipped_and_both_norms_are_kept() -> None:
    record = trained(replace(SMALL, clip=0.1)).record
    assert record.norm.max() > 0.1
    np.testing.assert_allclose(record.clipped, np.minimum(record.norm, 0.1))
    assert record.clipped_share == (record.norm > 0.1).mean()
    free = trained(replace(SMALL, clip=0.0)).record
    np.testing.assert_array_equal(free.clipped, free.norm)


def test_a_training_that_blows_up_says_so_and_keeps_its_weights(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    training = OwnTraining(check(VERSE), SMALL)
    training.step()
    before = training.model()

    def burst() -> None:
        raise InputError("blew up")

    monkeypatch.setattr(training._run, "take", burst)
    training.advance(1.0, never)
    assert training.record.outcome == "blew_up"
    assert training.record.taken == 1
    for name, weight in training.model().weights.items():
        assert torch.equal(weight, before.weights[name])


def test_steps_stop_and_time() -> None:
    training = OwnTraining(check(VERSE), SMALL)
    training.step()
    training.step()
    assert training.record.taken == 2
    assert training.record.samples[-1].iteration == 2
    training.advance(5.0, lambda: True)
    assert training.record.taken == 2
    training.give_up()
    training.advance(5.0, never)
    training.step()
    assert training.record.outcome == "stopped"
    assert training.record.taken == 2
    late = OwnTraining(check(VERSE), replace(SMALL, seconds=1e-6))
    late.advance(5.0, never)
    assert late.record.outcome == "time"
    assert late.record.taken == 1


def test_advancing_stops_at_its_time_and_takes_one_iteration_at_least() -> None:
    training = OwnTraining(check(VERSE), SMALL)
    training.advance(0.0, never)
    assert training.record.taken == 1
    training.advance(1e-9, never)
    assert training.record.taken == 2


def test_the_same_seed_learns_the_same_and_another_training_changes_nothing() -> None:
    one, other = OwnTraining(check(VERSE), SMALL), OwnTraining(check(VERSE[5:]), SMALL)
    for _ in range(SMALL.iterations):
        one.step()
        other.step()
    alone = trained()
    np.testing.assert_array_equal(one.record.loss, alone.record.loss)
    for name, weight in one.model().weights.items():
        assert torch.equal(weight, alone.model().weights[name])
    assert not torch.equal(other.model().weights["output.bias"], one.model().weights["output.bias"])


def test_a_model_that_is_taken_out_is_a_copy() -> None:
    training = OwnTraining(check(VERSE), SMALL)
    model = training.model()
    kept = model.weights["output.weight"].clone()
    training.step()
    assert torch.equal(model.weights["output.weight"], kept)
    network = model.build()
    network.output.weight.data.zero_()
    assert torch.equal(model.weights["output.weight"], kept)


def test_it_may_be_read_while_it_trains() -> None:
    training, faults = OwnTraining(check(VERSE), replace(SMALL, iterations=150)), []

    def train() -> None:
        while not training.finished:
            training.advance(0.02, never)

    thread = threading.Thread(target=train)
    thread.start()
    while thread.is_alive():
        record, data = training.record, training.file()
        if len(record.loss) != len(record.norm) or len(data) < 1000:
            faults.append(record)
    thread.join()
    assert not faults
    assert training.record.taken == 150


def test_a_window_sees_the_gradient_of_full_back_propagation_and_the_measure_sees_beyond() -> None:
    training = trained(replace(SMALL, cell="rnn"))
    ids = torch.tensor([training.alphabet.index(c) for c in VERSE])
    model = training.model().build()
    (h,) = gradient_by_lag(model, ids, 10)
    assert h.shape == (20,)
    assert (h > 0).all()
    # Independent: the state at one lag moved by a little, by finite differences in float64.
    model = model.double()
    places = np.linspace(0, len(ids) - 21, 8).astype(int)
    (h64,) = gradient_by_lag(model, ids, 10)
    lag, size = 7, 1e-6
    norms = []
    for place in places:
        piece = ids[place : place + 21].unsqueeze(1)
        with torch.no_grad():
            _, _, states = model(piece[: 20 - lag])
            found = []
            for unit in range(16):
                losses = []
                for sign in (1, -1):
                    moved = states[0].clone()
                    moved[0, 0, unit] += sign * size
                    rest = piece[20 - lag : 20]
                    logits, _, _ = model(rest, (moved,))
                    losses.append(float(torch.nn.functional.cross_entropy(logits[-1], piece[20])))
                found.append((losses[0] - losses[1]) / (2 * size))
        norms.append(np.linalg.norm(found))
    assert h64[lag] == pytest.approx(np.mean(norms), rel=1e-5)


def test_writing_repeats_with_its_seed_and_leaves_unknown_characters_out() -> None:
    training = trained()
    model = training.model().build()

    def text(prompt: str, seed: int) -> str:
        return "".join(write(model, training.alphabet, prompt, 60, Choice(), seed))

    assert text("The", 3) == text("The", 3) == text("TЖhe", 3)
    assert text("The", 3) != text("The", 4)
    assert len(text("", 0)) == 60
    with pytest.raises(InputError, match="none of the characters"):
        text("Ж", 0)


def test_a_short_text_is_refused_for_a_long_window() -> None:
    with pytest.raises(InputError, match="needs more"):
        OwnTraining(check("abcd" * 50), replace(SMALL, steps=200))


@pytest.mark.parametrize("name", ["jack", "rhymes"])
def test_the_examples_were_trained_on_the_texts_that_are_here(name: str) -> None:
    folder = Path(__file__).resolve().parents[3] / "assets" / "own_text"
    text = check((folder / f"{name}.txt").read_text(encoding="utf-8"))
    records = own_training.load_records(folder / f"{name}.json")
    for record, plan in zip(records, own_training.EXAMPLES, strict=True):
        assert (record.characters, record.vocabulary) == (len(text.text), len(text.alphabet))
        assert (record.cell, record.hidden, record.steps) == (plan.cell, plan.hidden, plan.steps)
        assert record.outcome == "finished"
        assert set(record.samples[-1].text) <= set(text.alphabet)


def test_a_record_survives_its_file(tmp_path: Path) -> None:
    record = trained().record
    own_training.save_records([record], tmp_path / "x.json")
    (again,) = own_training.load_records(tmp_path / "x.json")
    assert again.samples == record.samples
    np.testing.assert_allclose(again.loss, record.loss, rtol=1e-3)
    summary = json.loads((tmp_path / "x.json").read_text(encoding="utf-8"))
    (tmp_path / "x.json").write_text(json.dumps({**summary, "format": 9}), encoding="utf-8")
    with pytest.raises(ValueError, match="unknown format"):
        own_training.load_records(tmp_path / "x.json")
