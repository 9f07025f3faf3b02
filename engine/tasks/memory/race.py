"""A race: three cells learn the same task from the same sequences, step by step side by side."""

from __future__ import annotations

from collections.abc import Callable
from time import perf_counter, thread_time

import numpy as np
import torch

from engine.cells import CELLS
from engine.errors import InputError
from engine.models.memory import MemoryBatch, MemoryModel
from engine.results import Lane, RaceResult
from engine.tasks.memory.measure import gradient_by_lag, score
from engine.tasks.memory.plan import Plan
from engine.tasks.memory.sequences import batch
from engine.training import Settings, TrainingRun

EVERY = 20
"""Steps between two measurements."""

LEARNT = 0.95
"""Accuracy on fresh sequences at which a cell has learnt the task."""

FRESH, PROBED = 256, 32
"""Sequences that accuracy and gradient are measured on; they are never trained on."""


class Racer:
    """One cell of a race: its network, its training, and what was measured of it so far."""

    def __init__(self, plan: Plan, cell: str, device: torch.device) -> None:
        self.plan, self.cell, self.device = plan, cell, device
        self.model = network(plan, cell).to(device)
        settings = Settings(
            steps=plan.steps, learning_rate=plan.rate, clip=plan.clip, seed=plan.seed
        )
        self.run = TrainingRun(
            self.model, lambda step: self._batch("train", step, plan.batch), settings
        )
        self.outcome, self.seconds = "running", 0.0
        self._rows: list[tuple[int, float, float, float]] = []
        self._h: list[np.ndarray] = []
        self._c: list[np.ndarray] = []

    def step(self) -> None:
        """One training step and, every so often, a measurement; ends the racer's race if due."""
        start = thread_time()  # what others do on this machine meanwhile costs a racer nothing
        try:
            self.run.take()
        except InputError:
            self.outcome = "blew_up"
            return
        self.seconds += thread_time() - start
        spent = self.run.step >= self.plan.steps or self.seconds >= self.plan.seconds
        if self.run.step % EVERY == 0 or spent:
            self.measure()
            if self._rows[-1][2] >= LEARNT:
                self.outcome = "learnt"
            elif spent:
                self.outcome = "budget"

    def measure(self) -> None:
        """Accuracy, loss and gradient by lag at the present step, unless that is done already."""
        if self._rows and self._rows[-1][0] == self.run.step:
            return
        fresh = self._batch("fresh", self.run.step, FRESH)
        right, loss = score(self.model, self.plan.memory, fresh)
        probed = MemoryBatch(fresh.inputs[:, :PROBED], fresh.targets[:, :PROBED])
        h, *c = gradient_by_lag(self.model, probed)
        self._rows.append((self.run.step, self.seconds, right, loss))
        self._h.append(h)
        self._c.extend(c)

    def lane(self) -> Lane:
        """What was measured so far, as arrays of its own."""
        steps, seconds, right, loss = zip(*self._rows, strict=True)
        return Lane(
            cell=self.cell,
            hidden=self.plan.units(self.cell),
            parameters=self.plan.parameters(self.cell, self.plan.units(self.cell)),
            outcome=self.outcome,
            taken=self.run.step,
            steps=np.asarray(steps, dtype=np.float64),
            seconds=np.asarray(seconds, dtype=np.float64),
            accuracy=np.asarray(right, dtype=np.float64),
            loss=np.asarray(loss, dtype=np.float64),
            h=np.stack(self._h),
            c=np.stack(self._c) if self._c else None,
        )

    def _batch(self, stream: str, step: int, size: int) -> MemoryBatch:
        made = batch(self.plan.task, self.plan.lag, size, self.plan.seed, step, stream)
        return MemoryBatch(*(t.to(self.device) for t in made))


class Race:
    """Three racers in step with each other. Not for two threads at once: the caller holds a lock.

    `result` is replaced, never changed, so any thread may read it at any time.
    """

    def __init__(self, plan: Plan, device: torch.device | str = "cpu") -> None:
        self.plan = plan
        self.racers = [Racer(plan, cell, torch.device(device)) for cell in CELLS]
        for racer in self.racers:
            racer.measure()
        self.result = self._result()

    @property
    def finished(self) -> bool:
        return all(racer.outcome != "running" for racer in self.racers)

    def advance(self, seconds: float, stop: Callable[[], bool]) -> None:
        """Takes steps for about that long; one of every racer that is still in the race at least
        until `stop()`."""
        end = perf_counter() + seconds
        while not (self.finished or stop()):
            self._step()
            if perf_counter() >= end:
                break
        self.result = self._result()

    def step(self) -> None:
        """One step of every racer, and a measurement whatever the step's number."""
        self._step()
        for racer in self.racers:
            racer.measure()
        self.result = self._result()

    def give_up(self) -> None:
        """Ends the race for all who are still in it."""
        for racer in self.racers:
            if racer.outcome == "running":
                racer.outcome = "stopped"
        self.result = self._result()

    def _step(self) -> None:
        for racer in self.racers:
            if racer.outcome == "running":
                racer.step()

    def _result(self) -> RaceResult:
        plan = self.plan
        lanes = tuple(racer.lane() for racer in self.racers)
        return RaceResult(
            plan.task, plan.lag, plan.memory.chance_level, LEARNT, plan.steps, plan.seconds, lanes
        )


def network(plan: Plan, cell: str) -> MemoryModel:
    """A cell's network as it starts the race; every cell draws from a generator of its own."""
    task = plan.memory
    return MemoryModel(
        task.inputs,
        task.outputs,
        task.answers,
        plan.units(cell),
        cell,
        plan.keep,
        plan.lag,
        plan.orthogonal,
        plan.truncation,
        torch.Generator().manual_seed(plan.seed),
    )
