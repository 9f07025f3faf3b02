"""A race: cells learn the same task from the same sequences, step by step side by side.

What it is run with, one step of it, what is measured between two steps, and its result as a file;
the same training step timed on every device of this machine.
"""

from __future__ import annotations

import json
import statistics
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from time import perf_counter, thread_time
from typing import Any

import numpy as np
import torch
from jaxtyping import Float
from torch import Tensor

from engine import device
from engine.cells import CELLS
from engine.device import Device
from engine.errors import InputError
from engine.gradients import norms_through_time
from engine.models.memory import CHRONO, MemoryBatch, MemoryModel
from engine.results import Floats, Lane, RaceResult, StepTiming
from engine.tasks.memory.sequences import TASKS, MemoryTask, batch
from engine.training import Settings, TrainingRun

EVERY = 20
"""Steps between two measurements."""

LEARNT = 0.95
"""Accuracy on fresh sequences at which a cell has learnt the task."""

FRESH, PROBED = 256, 32
"""Sequences that accuracy and gradient are measured on; they are never trained on."""

ROUNDS = 10
"""Steps that are timed."""

FORMAT = 1
DIGITS = 3
STORED = {"chance_level": "chance", "threshold": "learnt"}
"""What fields of a result are called in the file, where the names differ."""


@dataclass(frozen=True)
class Plan:
    """One race: the task, how the networks start, how they are trained, and the budget.

    `keep` is the keep bias, a number or "chrono"; `truncation` and `clip` are off at 0;
    `matched` gives every cell as many units as make up the parameters of the one with most gates;
    `orthogonal` concerns the plain RNN only. A cell is out after `steps` steps or `seconds` of
    its own computing, whichever comes first.
    """

    task: str = "recall"
    lag: int = 50
    keep: float | str = CHRONO
    rate: float = 3e-3
    truncation: int = 0
    clip: float = 1.0
    hidden: int = 32
    seed: int = 0
    orthogonal: bool = False
    matched: bool = False
    batch: int = 64
    steps: int = 4000
    seconds: float = 120.0

    @property
    def memory_task(self) -> MemoryTask:
        """The task itself."""
        return TASKS[self.task]

    def units(self, cell: str) -> int:
        """H of one cell."""
        largest = max(CELLS, key=lambda name: len(CELLS[name].gates))
        if not self.matched or cell == largest:
            return self.hidden
        goal = self.parameters(largest, self.hidden)
        return min(
            range(self.hidden, 4 * self.hidden), key=lambda h: abs(self.parameters(cell, h) - goal)
        )

    def parameters(self, cell: str, hidden: int) -> int:
        """How many numbers a network of this cell learns: the layer's and the readout's."""
        layer = CELLS[cell].parameters(self.memory_task.inputs, hidden)
        return layer + max(self.memory_task.outputs, 1) * (hidden + 1)


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
        right, loss = evaluate(self.model, self.plan.memory_task, fresh)
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
        """Whether nobody is in the race any more."""
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
            plan.task,
            plan.lag,
            plan.memory_task.chance_level,
            LEARNT,
            plan.steps,
            plan.seconds,
            lanes,
        )


def network(plan: Plan, cell: str) -> MemoryModel:
    """A cell's network as it starts the race; every cell draws from a generator of its own."""
    task = plan.memory_task
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


def evaluate(model: MemoryModel, task: MemoryTask, batch: MemoryBatch) -> tuple[float, float]:
    """Share of right answers, and the loss."""
    with torch.inference_mode():
        answers = model(batch.inputs)
        right = task.correct(answers, batch.targets).double().mean()
        return float(right), float(model.error(answers, batch.targets))


def gradient_by_lag(model: MemoryModel, batch: MemoryBatch) -> tuple[Float[Floats, " T"], ...]:
    """‖∂e/∂h_t‖, for the LSTM also ‖∂e/∂c_t‖, by the number of steps back from the last.

    e is the loss of one sequence's *last* answer, so that lag 0 is where it is asked; the norms
    are means over the sequences. With truncation nothing arrives beyond the first cut.
    """
    steps, size, _ = batch.inputs.shape
    probe = model.probes(steps, size)
    answers = model(batch.inputs, probe)
    # The sum over sequences of each one's own loss: what comes out is each one's own gradient.
    e = model.error(answers[-1:], batch.targets[-1:]) * size
    norms = norms_through_time(e, probe)
    return tuple(np.asarray(n[0].mean(1).flip(0).double().cpu().numpy()) for n in norms)


def save(plan: Plan, result: RaceResult, path: Path) -> None:
    """Writes plan and result as JSON, fractions to three significant digits."""
    lanes = [{k: _short(v) for k, v in asdict(lane).items()} for lane in result.lanes]
    fields = {STORED.get(name, name): value for name, value in asdict(result).items()}
    found = {"format": FORMAT, "plan": asdict(plan), "result": {**fields, "lanes": lanes}}
    path.write_text(json.dumps(found) + "\n", encoding="utf-8")


def load(path: Path) -> tuple[Plan, RaceResult]:
    """What `save` wrote."""
    found = json.loads(path.read_text(encoding="utf-8"))
    if found.get("format") != FORMAT:
        raise ValueError(f"{path.name}: unknown format {found.get('format')!r}")
    result = found["result"] | {name: found["result"].pop(old) for name, old in STORED.items()}
    lanes = []
    for fields in result.pop("lanes"):
        arrays: dict[str, Any] = {
            k: np.asarray(v, float) if isinstance(v, list) else v for k, v in fields.items()
        }
        lanes.append(Lane(**arrays))
    return Plan(**found["plan"]), RaceResult(**result, lanes=tuple(lanes))


def _short(value: Any) -> Any:
    if not isinstance(value, np.ndarray):
        return value
    rounded = [int(n) if n == int(n) else float(f"{n:.{DIGITS}g}") for n in value.flat]
    return np.asarray(rounded, dtype=object).reshape(value.shape).tolist()


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
