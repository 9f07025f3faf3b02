"""The training loop against torch's own parts in a plain loop, and its exact resume."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import replace
from itertools import islice
from pathlib import Path
from typing import Any

import pytest
import torch
from safetensors import safe_open
from torch import Tensor, nn

from engine import checkpoints, training
from engine.errors import InputError
from engine.training import Settings, Step, TrainingRun, train
from tests.engine.small_model import SmallModel, batches

State = dict[str, Tensor]

FULL = Settings(
    steps=6,
    learning_rate=0.05,
    clip=0.2,
    weight_decay=0.1,
    warmup=2,
    schedule="cosine",
    ema_decay=0.9,
    seed=7,
)


def same(ours: State, theirs: State) -> bool:
    return ours.keys() == theirs.keys() and all(torch.equal(ours[n], theirs[n]) for n in ours)


def plain_loop(settings: Settings) -> tuple[nn.Module, list[Step], list[Tensor]]:
    """The same training with torch's clipping, AdamW and schedule, without dropout."""
    model = SmallModel(dropout=0.0)
    decaying = [model.inner.weight, model.unused]
    sparing = [model.inner.bias, model.outer.bias]
    groups: list[dict[str, Any]] = [{"params": decaying}, {"params": sparing, "weight_decay": 0.0}]
    optimiser = torch.optim.AdamW(
        groups, lr=settings.learning_rate, weight_decay=settings.weight_decay, foreach=False
    )
    rise = torch.optim.lr_scheduler.LinearLR(optimiser, 0.5, 1.0, 1)
    fall = torch.optim.lr_scheduler.CosineAnnealingLR(optimiser, settings.steps - 2)
    schedule = torch.optim.lr_scheduler.SequentialLR(optimiser, [rise, fall], [2])
    steps, course, carry = [], [], None
    for k in range(settings.steps):
        optimiser.zero_grad()
        model.unused.grad = torch.zeros_like(model.unused)
        loss, state = model.loss(batches(k), carry)
        carry = tuple(t.detach() for t in state)
        loss.backward()
        gradients = [w.grad for w in (*decaying, *sparing) if w.grad is not None]
        norm = float(nn.utils.get_total_norm(gradients))
        torch._foreach_mul_(gradients, min(1, settings.clip / norm))
        rate = optimiser.param_groups[0]["lr"]
        optimiser.step()
        schedule.step()
        steps.append(Step(k + 1, float(loss.detach()), norm, min(norm, settings.clip), rate))
        course.append(model.inner.weight.detach().clone())
    return model, steps, course


def test_steps_equal_a_plain_loop_with_torchs_own_parts() -> None:
    model = SmallModel(dropout=0.0)
    start = model.inner.weight.detach().clone()
    run = TrainingRun(model, batches, FULL)
    steps = list(train(model, batches, FULL, run))
    oracle, wanted, course = plain_loop(FULL)
    assert any(s.norm > s.clipped for s in steps), "clipping must be part of what is compared"
    for ours, theirs in zip(steps, wanted, strict=True):
        assert vars(ours) == pytest.approx(vars(theirs), rel=1e-12)
    for name, weight in oracle.state_dict().items():
        torch.testing.assert_close(model.state_dict()[name], weight, rtol=0, atol=1e-12)
    average = start
    for k, weight in enumerate(course, start=1):
        decay = min(0.9, k / (k + 9))
        average = decay * average + (1 - decay) * weight
    averaged = run.averaged()
    torch.testing.assert_close(averaged["inner.weight"], average, rtol=0, atol=1e-12)
    assert torch.equal(averaged["inner.weight"], averaged["outer.weight"])
    assert not torch.equal(averaged["inner.weight"], model.inner.weight)


def test_the_clipped_gradient_has_the_norm_that_is_reported() -> None:
    model = SmallModel()
    run = TrainingRun(model, batches, replace(FULL, clip=0.01))
    for _ in range(2):
        step = run.take()
        assert step.norm > step.clipped == 0.01
        gradients = [p.grad for p in model.parameters() if p.grad is not None]
        assert len(gradients) == 4
        assert math.sqrt(sum(float(g.square().sum()) for g in gradients)) == pytest.approx(0.01)


def test_clipping_can_be_off_and_spares_what_is_short() -> None:
    unlimited = next(train(SmallModel(), batches, replace(FULL, clip=0.0)))
    roomy = next(train(SmallModel(), batches, replace(FULL, clip=1e6)))
    assert unlimited == roomy
    assert unlimited.clipped == unlimited.norm


@pytest.mark.parametrize(
    ("settings", "rates"),
    [
        (Settings(steps=3, learning_rate=1.0), [1, 1, 1]),
        (Settings(steps=4, learning_rate=1.0, schedule="linear"), [1, 0.75, 0.5, 0.25]),
        (Settings(steps=4, learning_rate=2.0, schedule="cosine", warmup=2), [1, 2, 2, 1]),
        (Settings(steps=2, learning_rate=1.0, warmup=2, schedule="linear"), [0.5, 1]),
    ],
)
def test_schedules_by_hand(settings: Settings, rates: list[float]) -> None:
    assert [settings.rate(k) for k in range(settings.steps)] == pytest.approx(rates)


def test_it_is_lazy() -> None:
    requested: list[int] = []

    def counted(step: int) -> Tensor:
        requested.append(step)
        return batches(step)

    steps = list(islice(train(SmallModel(), counted, FULL), 3))
    assert [s.step for s in steps] == [1, 2, 3]
    assert requested == [0, 1, 2]


def test_trainings_do_not_disturb_each_other_or_the_process() -> None:
    alone = [step.loss for step in train(SmallModel(), batches, FULL)]
    model, other = SmallModel(), train(SmallModel(seed=1), batches, replace(FULL, seed=8))
    before = torch.get_rng_state()
    together = []
    for step in train(model, batches, FULL):
        together.append(step.loss)
        next(other)
    assert together == alone
    assert torch.equal(torch.get_rng_state(), before)


def test_the_seed_decides_the_dropout() -> None:
    losses = {next(train(SmallModel(), batches, replace(FULL, seed=k))).loss for k in (1, 1, 2)}
    assert len(losses) == 2


def test_resume_is_exact(tmp_path: Path) -> None:
    straight = TrainingRun(SmallModel(), batches, FULL)
    wanted = list(train(straight.model, batches, FULL, straight))

    first = TrainingRun(SmallModel(), batches, FULL)
    steps = list(islice(train(first.model, batches, FULL, first), 3))
    training.save(first, tmp_path / "small.training.safetensors", seconds=1.5)
    second = TrainingRun(SmallModel(seed=99), batches, FULL)
    assert training.resume(second, tmp_path / "small.training.safetensors") == 1.5
    steps += train(second.model, batches, FULL, second)

    assert steps == wanted
    assert second.step == 6
    assert int(second.model.get_buffer("seen")) == 6
    assert same(second.state(), straight.state())
    assert same(second.averaged(), straight.averaged())


def test_a_run_that_has_not_begun_can_be_resumed(tmp_path: Path) -> None:
    training.save(TrainingRun(SmallModel(), batches, FULL), tmp_path / "x", seconds=0.0)
    run = TrainingRun(SmallModel(seed=99), batches, FULL)
    training.resume(run, tmp_path / "x")
    assert list(train(run.model, batches, FULL, run)) == list(train(SmallModel(), batches, FULL))


def test_the_training_file_is_safetensors_with_json(tmp_path: Path) -> None:
    run = TrainingRun(SmallModel(), batches, FULL)
    run.take()
    path = tmp_path / "x.training.safetensors"
    training.save(run, path, seconds=2.0)
    with safe_open(path, "pt") as file:
        assert {"step", "carry.0.0", "carry.0.1", "average.inner.bias"} <= set(file.keys())
        assert file.metadata().keys() == {"kind", "format", "header"}
    assert checkpoints.load_training(path)[2] == 2.0


def test_other_settings_are_refused(tmp_path: Path) -> None:
    training.save(TrainingRun(SmallModel(), batches, FULL), tmp_path / "x", seconds=0.0)
    with pytest.raises(InputError, match="other settings"):
        training.resume(TrainingRun(SmallModel(), batches, replace(FULL, seed=1)), tmp_path / "x")


def test_settings_of_earlier_states_are_read_under_their_old_names(tmp_path: Path) -> None:
    run = TrainingRun(SmallModel(), batches, FULL)
    run.take()
    old = {"ema_decay": "average", "mixed_precision": "mixed"}
    settings = {old.get(name, name): value for name, value in vars(FULL).items()}
    checkpoints.save_training(tmp_path / "x", run.state(), settings, 1.5)
    again = TrainingRun(SmallModel(seed=99), batches, FULL)
    assert training.resume(again, tmp_path / "x") == 1.5
    assert same(again.state(), run.state())


MOMENTS = "moments.inner.bias.exp_avg"
BREAK: dict[str, Callable[[State], State]] = {
    "no step": lambda s: {n: t for n, t in s.items() if n != "step"},
    "two steps": lambda s: s | {"step": torch.ones(2, dtype=torch.int64)},
    "a negative step": lambda s: s | {"step": torch.tensor(-1)},
    "a step beyond the end": lambda s: s | {"step": torch.tensor(7)},
    "no moments": lambda s: {n: t for n, t in s.items() if n != MOMENTS},
    "another shape": lambda s: s | {MOMENTS: torch.zeros(4, dtype=torch.float64)},
    "another dtype": lambda s: s | {MOMENTS: torch.zeros(3)},
    "something more": lambda s: s | {"model.more": torch.zeros(1)},
    "two processes": lambda s: s | {"carry.1.0": s["carry.0.0"]},
    "a carry with a gap": lambda s: {n: t for n, t in s.items() if n != "carry.0.0"},
    "a carry with a strange name": lambda s: s | {"carry.": torch.zeros(1)},
    "nothing": lambda _: {},
}


@pytest.mark.parametrize("name", BREAK)
def test_a_state_that_does_not_fit_is_refused_and_changes_nothing(name: str) -> None:
    trained = TrainingRun(SmallModel(), batches, FULL)
    trained.take()
    run = TrainingRun(SmallModel(seed=3), batches, FULL)
    before = run.state()
    with pytest.raises(InputError):
        run.restore(BREAK[name](trained.state()))
    assert same(run.state(), before)
    run.restore(trained.state())
    assert same(run.state(), trained.state())


def test_numbers_that_blow_up_are_named_before_they_do_harm() -> None:
    def poisoned(step: int) -> Tensor:
        return batches(step) * (math.inf if step == 1 else 1)

    run = TrainingRun(SmallModel(), poisoned, FULL)
    run.take()
    before = run.state()
    before.pop("model.seen")
    with pytest.raises(InputError, match="step 2"):
        run.take()
    after = run.state()
    after.pop("model.seen")
    assert same(after, before)


def test_training_switches_the_model_to_training() -> None:
    run = TrainingRun(SmallModel().eval(), batches, FULL)
    run.take()
    assert run.model.training


def test_gradients_stay_views_of_one_vector() -> None:
    model = SmallModel()
    TrainingRun(model, batches, FULL).take()
    storages = {
        p.grad.untyped_storage().data_ptr() for p in model.parameters() if p.grad is not None
    }
    assert len(storages) == 1
