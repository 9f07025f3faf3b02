"""The same training step on every device of this machine, and whether the numbers agree."""

from __future__ import annotations

import statistics
from collections.abc import Iterator, Sequence
from time import perf_counter

import torch
from torch import Tensor

from engine import device
from engine.cells import CELLS
from engine.device import Device
from engine.models.memory import MemoryBatch
from engine.results import StepTiming
from engine.tasks.memory.race import Plan, network
from engine.tasks.memory.sequences import batch
from engine.training import Settings, TrainingRun

ROUNDS = 10


def timings(
    plan: Plan, devices: Sequence[Device] | None = None, rounds: int = ROUNDS
) -> Iterator[StepTiming]:
    """Every cell on every device: the weights, the batch and the steps are the same."""
    for cell in CELLS:
        wanted, _ = _gradient(plan, cell, "cpu", torch.float64)
        for known in devices or device.available():
            got, loss = _gradient(plan, cell, known.id, torch.float32)
            difference = float((got - wanted).norm() / wanted.norm())
            taken = _milliseconds(plan, cell, known.id, rounds)
            yield StepTiming(known.id, cell, taken, loss, difference)


def _batch(plan: Plan, step: int, place: str, dtype: torch.dtype) -> MemoryBatch:
    inputs, targets = batch(plan.task, plan.lag, plan.batch, plan.seed, step, "train")
    targets = targets.to(dtype) if targets.is_floating_point() else targets
    return MemoryBatch(inputs.to(place, dtype), targets.to(place))


def _gradient(plan: Plan, cell: str, place: str, dtype: torch.dtype) -> tuple[Tensor, float]:
    """The first step's gradient of all weights as one float64 vector, and its loss."""
    model = network(plan, cell).to(place, dtype)
    loss, _ = model.loss(_batch(plan, 0, place, dtype))
    parts = torch.autograd.grad(loss, list(model.parameters()))
    return torch.cat([part.flatten().cpu().double() for part in parts]), float(loss.detach())


def _milliseconds(plan: Plan, cell: str, place: str, rounds: int) -> float:
    """Median of `rounds` steps after two that warm up. A step ends with numbers read back."""
    model = network(plan, cell).to(place)
    settings = Settings(steps=rounds + 2, learning_rate=plan.rate, clip=plan.clip)
    fixed = _batch(plan, 0, place, torch.float32)
    run = TrainingRun(model, lambda _step: fixed, settings)
    times = []
    for _ in range(rounds + 2):
        start = perf_counter()
        run.take()
        times.append(perf_counter() - start)
    return statistics.median(times[2:]) * 1000
