"""Gradient descent with and without clipping, against a loop of torch's own parts."""

from __future__ import annotations

from itertools import islice

import numpy as np
import pytest
import torch

from engine.errors import InputError
from engine.lab import exploding
from engine.lab.exploding import Trial

SMALL = Trial(length=8, steps=6, units=5, batch=4)


def judge(trial: Trial, clip: float, seed: int) -> list[tuple[float, float]]:
    """Loss and norm per step by torch.optim.SGD and clip_grad_norm_ on a torch.nn.RNN."""
    generator = torch.Generator().manual_seed(seed)
    ours = exploding.Recall(trial, generator)
    rnn = torch.nn.RNN(1, trial.units, bias=False, dtype=torch.float64)
    rnn.load_state_dict(ours.rnn.state_dict())
    out = torch.nn.Parameter(ours.out.detach().clone())
    weights = [*rnn.parameters(), out]
    optimiser = torch.optim.SGD(weights, lr=trial.rate)
    found = []
    for _ in range(trial.steps):
        x, answers = exploding.examples(trial, generator)
        states, _ = rnn(x)
        share = torch.sigmoid(states[-1] @ out[0])
        loss = -torch.where(answers > 0, share, 1 - share).log().mean()
        optimiser.zero_grad()
        loss.backward()
        norm = torch.nn.utils.clip_grad_norm_(weights, clip if clip > 0 else float("inf"))
        optimiser.step()
        found.append((float(loss.detach()), float(norm)))
    return found


@pytest.mark.parametrize("clip", [0.0, 0.5])
def test_each_step_is_torchs(clip: float) -> None:
    steps = exploding.descend(SMALL, clip, torch.Generator().manual_seed(2))
    ours = [(loss, norm) for loss, _, norm in steps]
    np.testing.assert_allclose(ours, judge(SMALL, clip, 2), rtol=1e-6)


def test_the_example_shown_first_explodes_and_clipping_saves_it() -> None:
    without, clipped = exploding.compare(Trial(steps=60), 1.0, 0)
    assert without.norm.max() > 1e6
    assert without.accuracy[-20:].mean() < 0.8
    assert clipped.accuracy[-20:].mean() > 0.95
    assert clipped.clipped.max() <= 1
    np.testing.assert_array_equal(without.clipped, without.norm)
    assert without.norm[0] == clipped.norm[0]  # same start, same examples


def test_the_answer_is_the_sign_of_the_first_input() -> None:
    x, answers = exploding.examples(SMALL, torch.Generator().manual_seed(0))
    assert x.shape == (8, 4, 1)
    torch.testing.assert_close(x[0, :, 0], 2 * answers - 1)


def test_a_generator_of_steps_can_be_left_at_any_step() -> None:
    assert len(list(islice(exploding.descend(SMALL, 1.0, torch.Generator()), 2))) == 2
    requested = iter([False, False, True, True])
    runs = list(exploding.compare(SMALL, 1.0, 0, stop=lambda: next(requested)))
    assert [len(run.loss) for run in runs] == [3, 1]


@pytest.mark.parametrize("bad", [{"radius": 0.0}, {"rate": float("nan")}, {"radius": 1e9}])
def test_what_cannot_be_trained_is_said(bad: dict[str, float]) -> None:
    with pytest.raises(InputError):
        Trial(**bad)  # type: ignore[arg-type]
