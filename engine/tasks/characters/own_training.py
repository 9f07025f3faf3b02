"""A character model that learns somebody's own text while they watch.

`python -m engine.tasks.characters.own_training TEXT.txt` trains on TEXT and writes TEXT.json, the
records that the page shows before anybody has started a training.
"""

from __future__ import annotations

import json
import sys
import threading
import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import asdict, replace
from pathlib import Path
from time import perf_counter
from typing import Any

import numpy as np
import torch
from jaxtyping import Float, Int
from torch import Tensor, nn

from engine.cells import PLAIN_CELL
from engine.decoding import Choice
from engine.device import share_cores
from engine.errors import N_, InputError
from engine.gradients import norms_through_time, probes
from engine.models.char_model import CharModel
from engine.models.char_step import Stepper
from engine.results import Floats, OwnTrainingRecord, WrittenSample
from engine.tasks.characters.data import Streams, encode, read
from engine.tasks.characters.own_files import LEAST, OwnModel, OwnText, Plan, check, to_bytes
from engine.tasks.characters.predictor import sample
from engine.training import Settings, Step, TrainingRun

EVERY = 50
"""Iterations between two samples, which come with the gradient by lag."""

WRITTEN = 160
"""Characters of a sample."""

KEEP_BIAS = 1.0
"""What the keeping gate's bias starts at."""

PLACES = 8
"""Places of the text whose gradients are averaged."""

FARTHEST = 200
"""Lags that are measured."""

FORMAT = 1
DIGITS = 4
EXAMPLES = (Plan(), Plan(cell=PLAIN_CELL))
"""The training that is shown at first, and the one to compare it with."""


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
        ids = encode(text.text, self.alphabet)
        if len(ids) < LEAST:
            raise InputError(
                N_(
                    "The model knows only {count} characters of this text; at least {least} are "
                    "needed to go on training."
                ),
                count=len(ids),
                least=LEAST,
            )
        self._ids = torch.as_tensor(ids)
        streams = Streams(ids, plan.rows(len(ids)), plan.steps, plan.seed, torch.device(device))
        self.rows = streams.rows
        if start is None:  # a fresh network; it draws from a generator of its own
            self._model = CharModel(
                len(self.alphabet),
                plan.hidden,
                plan.layers,
                plan.cell,
                keep_bias=KEEP_BIAS,
                generator=torch.Generator().manual_seed(plan.seed),
            ).to(device)
        else:
            self._model = start.build(device)
        settings = Settings(
            steps=plan.iterations, learning_rate=plan.rate, clip=plan.clip, seed=plan.seed
        )
        self._run = TrainingRun(self._model, streams, settings)
        self._weights_lock = threading.Lock()
        self._outcome, self._seconds = "running", 0.0
        self._steps: list[Step] = []
        self._samples: list[WrittenSample] = []
        self._snapshot()
        self.record = self._record()

    @property
    def finished(self) -> bool:
        """Whether no iteration is left to take, for whatever reason."""
        return self._outcome != "running"

    def advance(self, seconds: float, stop: Callable[[], bool]) -> None:
        """Takes iterations for about that long, at least one, or until `stop()`."""
        end = perf_counter() + seconds
        while not (self.finished or stop()):
            self._take()
            if perf_counter() >= end:
                break
        self.record = self._record()

    def step(self) -> None:
        """One iteration, with a sample whatever its number."""
        if not self.finished:
            self._take()
            self.snapshot()

    def give_up(self) -> None:
        """Ends it for good."""
        if not self.finished:
            self._outcome = "stopped"
            self.record = self._record()

    def snapshot(self) -> None:
        """A sample and the gradient as they are now; for the thread that trains, or afterwards."""
        self._snapshot()
        self.record = self._record()

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
        started = perf_counter()
        try:
            with self._weights_lock:
                self._steps.append(self._run.take())
        except InputError:  # the numbers blew up; the weights are those of the step before
            self._outcome = "blew_up"
        self._seconds += perf_counter() - started
        if not self.finished and self._run.step >= self.plan.iterations:
            self._outcome = "finished"
        elif not self.finished and self._seconds >= self.plan.seconds:
            self._outcome = "time"
        if self.finished or self._run.step % EVERY == 0:
            self._snapshot()

    def _snapshot(self) -> None:
        """A sample and the gradient by lag at this iteration, unless that is done already."""
        now = self._run.step
        if self._samples and self._samples[-1].iteration == now:
            return
        self._h, *rest = gradient_by_lag(self._model, self._ids, self.plan.steps)
        self._c: Floats | None = rest[0] if rest else None
        model = self.model().build()
        text = "".join(write(model, self.alphabet, "", WRITTEN, Choice(), self.plan.seed))
        self._samples.append(WrittenSample(now, text))

    def _record(self) -> OwnTrainingRecord:
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
            loss=_floats([step.loss for step in steps]),
            norm=_floats([step.norm for step in steps]),
            clipped=_floats([step.clipped for step in steps]),
            samples=tuple(self._samples),
            measured=self._samples[-1].iteration,
            h=self._h,
            c=self._c,
            before=self.before,
        )


def _floats(values: list[float]) -> Floats:
    return np.asarray(values, dtype=np.float64)


def write(
    model: CharModel,
    alphabet: str,
    prompt: str,
    length: int,
    choice: Choice,
    seed: int,
    stop: Callable[[], bool] | None = None,
) -> Iterator[str]:
    """Yields `length` characters after `prompt`, one by one; the same for the same seed.

    What of the prompt the alphabet lacks is left out; InputError when nothing is left of it. An
    empty prompt begins after a line end, or after the first character there is.
    """
    known = {character: k for k, character in enumerate(alphabet)}
    composed = unicodedata.normalize("NFC", prompt)  # as the alphabet's letters are
    ids = [known[c] for c in composed if c in known]
    if prompt and not ids:
        raise InputError(N_("The model knows none of the characters of this beginning."))
    ids = [known.get("\n", 0), *ids]
    for token, _ in sample(Stepper(model), ids, length, choice, seed, stop):
        yield alphabet[token]


def gradient_by_lag(
    model: CharModel, ids: Int[Tensor, " N"], steps: int
) -> tuple[Float[Floats, " L"], ...]:
    """‖∂e/∂h‖ and, for the LSTM, ‖∂e/∂c‖ of all layers' states by lag (L,), lag 0 first.

    e is the loss of one character; nothing is cut within L = twice `steps`, at most `FARTHEST`
    characters. Mean over `PLACES` places spread over the text `ids` (N,).
    """
    lags = min(2 * steps, FARTHEST, len(ids) - 1)
    places = np.linspace(0, len(ids) - 1 - lags, PLACES).astype(int)
    window = torch.as_tensor(places) + torch.arange(lags + 1).unsqueeze(1)
    piece = ids[window].to(model.output.weight.device)
    added = probes(model.recurrent, lags, PLACES)
    logits, _, _ = model(piece[:-1], probe=added)
    loss = nn.functional.cross_entropy(logits[-1], piece[-1], reduction="sum")
    # All layers' states as one vector, the mean over the places.
    return tuple(
        norms.double().square().sum(0).sqrt().mean(-1).flip(0).cpu().numpy()
        for norms in norms_through_time(loss, added)
    )


def save_records(records: list[OwnTrainingRecord], path: Path) -> None:
    """Writes the records as JSON, numbers to a few significant digits."""
    rounded = [
        {
            name: [float(f"{number:.{DIGITS}g}") for number in value]
            if isinstance(value, np.ndarray)
            else value
            for name, value in asdict(record).items()
        }
        for record in records
    ]
    text = json.dumps({"format": FORMAT, "records": rounded}, ensure_ascii=False)
    path.write_text(text + "\n", encoding="utf-8")


def load_records(path: Path) -> list[OwnTrainingRecord]:
    """What `save_records` wrote."""
    fields = json.loads(path.read_text(encoding="utf-8"))
    if fields.get("format") != FORMAT:
        raise ValueError(f"{path.name}: unknown format {fields.get('format')!r}")
    return [_record(each) for each in fields["records"]]


def _record(fields: dict[str, Any]) -> OwnTrainingRecord:
    samples = tuple(WrittenSample(**sample) for sample in fields.pop("samples"))
    arrays: dict[str, Any] = {
        k: np.asarray(v, float) if isinstance(v, list) else v for k, v in fields.items()
    }
    return OwnTrainingRecord(**arrays, samples=samples)


def main(path: Path) -> None:
    """Trains the examples on the text at `path` and writes their records beside it."""
    share_cores(2)  # as in the app
    trainings = [OwnTraining(check(read(path)), plan) for plan in EXAMPLES]
    for training in trainings:
        while not training.finished:
            training.advance(60.0, lambda: False)
    save_records([training.record for training in trainings], path.with_suffix(".json"))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
