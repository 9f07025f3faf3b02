"""A character model that learns somebody's own text while they watch."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import replace
from time import perf_counter

import numpy as np
import torch

from engine.decoding import Choice
from engine.errors import N_, InputError
from engine.models.char_model import CharModel
from engine.results import Floats, OwnTrainingRecord, WrittenSample
from engine.tasks.characters.data import Streams, encode
from engine.tasks.characters.own_files import OwnModel, to_bytes
from engine.tasks.characters.own_plan import LEAST, OwnText, Plan
from engine.tasks.characters.own_snapshot import gradient_by_lag, write
from engine.training import Settings, Step, TrainingRun

EVERY = 50
"""Iterations between two samples, which come with the gradient by lag."""

WRITTEN = 160
"""Characters of a sample."""

KEEP_BIAS = 1.0
"""What the keeping gate's bias starts at."""


class OwnTraining:
    """One person's model in training; its network, optimiser and generators are its own.

    `record` is replaced, never changed, and `model()` copies the weights under a lock: any thread
    may ask for either at any time. `start` is a model to go on from: its cell, sizes and alphabet
    then take the plan's and the text's place, and what of the text it does not know is left out.
    """

    def __init__(
        self,
        text: OwnText,
        plan: Plan,
        device: torch.device | str = "cpu",
        start: OwnModel | None = None,
    ) -> None:
        if start is not None:
            plan = replace(plan, cell=start.cell, hidden=start.hidden, layers=start.layers)
        self.plan, self.alphabet = plan, text.alphabet if start is None else start.alphabet
        self.before = 0 if start is None else start.iterations
        ids = _known(text.text, self.alphabet)
        self._ids = torch.as_tensor(ids)
        streams = Streams(ids, plan.rows(len(ids)), plan.steps, plan.seed, torch.device(device))
        self.rows = streams.rows
        self._model = (
            _network(plan, self.alphabet).to(device) if start is None else start.build(device)
        )
        settings = Settings(
            steps=plan.iterations, learning_rate=plan.rate, clip=plan.clip, seed=plan.seed
        )
        self._run = TrainingRun(self._model, streams, settings)
        self._weights_lock = threading.Lock()
        self._outcome, self._seconds = "running", 0.0
        self._steps: list[Step] = []
        self._samples: list[WrittenSample] = []
        self._look()
        self.record = self._told()

    @property
    def finished(self) -> bool:
        return self._outcome != "running"

    def advance(self, seconds: float, stop: Callable[[], bool]) -> None:
        """Takes iterations for about that long, at least one, or until `stop()`."""
        end = perf_counter() + seconds
        while not (self.finished or stop()):
            self._take()
            if perf_counter() >= end:
                break
        self.record = self._told()

    def step(self) -> None:
        """One iteration, with a sample whatever its number."""
        if not self.finished:
            self._take()
            self.look()

    def give_up(self) -> None:
        """Ends it for good."""
        if not self.finished:
            self._outcome = "stopped"
            self.record = self._told()

    def look(self) -> None:
        """A sample and the gradient as they are now; for the thread that trains, or afterwards."""
        self._look()
        self.record = self._told()

    def model(self) -> OwnModel:
        """The model as it is now, a copy on the CPU."""
        with self._weights_lock:
            weights = {n: t.detach().cpu().clone() for n, t in self._model.state_dict().items()}
            iterations = self.before + self._run.step
        plan = self.plan
        return OwnModel(self.alphabet, plan.cell, plan.hidden, plan.layers, iterations, weights)

    def file(self) -> bytes:
        """The model as it is now, as the bytes of a .safetensors file."""
        return to_bytes(self.model(), self.plan, self.rows, self._seconds)

    def _take(self) -> None:
        """One iteration and, where it is due, a sample; ends the training if it is over."""
        begun = perf_counter()
        try:
            with self._weights_lock:
                self._steps.append(self._run.take())
        except InputError:  # the numbers blew up; the weights are those of the step before
            self._outcome = "blew_up"
        self._seconds += perf_counter() - begun
        if not self.finished and self._run.step >= self.plan.iterations:
            self._outcome = "finished"
        elif not self.finished and self._seconds >= self.plan.seconds:
            self._outcome = "time"
        if self.finished or self._run.step % EVERY == 0:
            self._look()

    def _look(self) -> None:
        """A sample and the gradient by lag at this iteration, unless that is done already."""
        now = self._run.step
        if self._samples and self._samples[-1].iteration == now:
            return
        self._h, *rest = gradient_by_lag(self._model, self._ids, self.plan.steps)
        self._c: Floats | None = rest[0] if rest else None
        model = self.model().build()
        text = "".join(write(model, self.alphabet, "", WRITTEN, Choice(), self.plan.seed))
        self._samples.append(WrittenSample(now, text))

    def _told(self) -> OwnTrainingRecord:
        plan, steps = self.plan, list(self._steps)
        return OwnTrainingRecord(
            cell=plan.cell,
            hidden=plan.hidden,
            layers=plan.layers,
            steps=plan.steps,
            rows=self.rows,
            rate=plan.rate,
            clip=plan.clip,
            seed=plan.seed,
            budget=plan.iterations,
            characters=len(self._ids),
            vocabulary=len(self.alphabet),
            parameters=sum(w.numel() for w in self._model.parameters()),
            outcome=self._outcome,
            seconds=self._seconds,
            loss=_array([step.loss for step in steps]),
            norm=_array([step.norm for step in steps]),
            clipped=_array([step.clipped for step in steps]),
            samples=tuple(self._samples),
            measured=self._samples[-1].iteration,
            h=self._h,
            c=self._c,
            before=self.before,
        )


def _network(plan: Plan, alphabet: str) -> CharModel:
    """A fresh network; it draws from a generator of its own."""
    return CharModel(
        len(alphabet),
        plan.hidden,
        plan.layers,
        plan.cell,
        keep_bias=KEEP_BIAS,
        generator=torch.Generator().manual_seed(plan.seed),
    )


def _known(text: str, alphabet: str) -> list[int]:
    """The text as numbers of the alphabet; InputError when too little of it is known."""
    ids = encode(text, alphabet)
    if len(ids) < LEAST:
        raise InputError(
            N_(
                "The model knows only {count} characters of this text; at least {least} are "
                "needed to go on training."
            ),
            count=len(ids),
            least=LEAST,
        )
    return ids


def _array(values: list[float]) -> Floats:
    return np.asarray(values, dtype=np.float64)
