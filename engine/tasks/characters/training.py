"""Rebuilds a shipped character model from its corpus: streams, training, early stopping, scores."""

from __future__ import annotations

import time
from collections.abc import Callable
from copy import deepcopy
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import torch
from torch import Tensor

from engine import checkpoints, distributed
from engine.checkpoints import Header
from engine.errors import N_, InputError
from engine.models.char_model import CharModel
from engine.tasks.characters import history
from engine.tasks.characters.data import TERMS, Corpus, Streams, corpus, encode
from engine.tasks.characters.judging import measure
from engine.tasks.characters.measure import glance
from engine.tasks.characters.recipe import RECIPES, Recipe
from engine.tasks.characters.renaming import Renaming
from engine.tasks.characters.scoring import alphabet, load
from engine.tasks.reports import Report
from engine.training import Run, resume, save, train

SAVE_EVERY = 250  # iterations, so that all processes save together
REPORT_EVERY = 50  # iterations
Weights = dict[str, Tensor]


@dataclass
class Job:
    """One model to be built, and what is known of it so far.

    `best` are the averaged weights that did best on the text to stop by, `moments` the weights at
    the iterations to be kept, `curve` rows of (iteration, loss in training, on the other text),
    `recent` the losses of the last iterations.
    """

    name: str
    recipe: Recipe
    path: Path
    device: torch.device
    seed: int
    report: Report
    least: float = float("inf")
    best: Weights = field(default_factory=dict)
    moments: dict[int, Weights] = field(default_factory=dict)
    curve: list[tuple[int, float, float]] = field(default_factory=list)
    recent: list[float] = field(default_factory=list)


def rebuild(
    name: str,
    data: Path,
    out: Path,
    device: torch.device,
    *,
    seed: int = 0,
    go_on: bool = False,
    report: Report,
    recipe: Recipe | None = None,
) -> Path:
    """Trains the model `name` on its corpus in `data` and writes it, with its card, to `out`.

    `go_on` continues an interrupted training exactly where its last save left it.
    """
    job = Job(name, recipe or RECIPES[name], out / f"{name}.safetensors", device, seed, report)
    text = corpus(job.recipe.corpus, data)
    arguments = _arguments(job.recipe, text)
    model = build(arguments, job.recipe, seed)
    if job.recipe.begins_with:
        begin_with(model, text.alphabet, out / f"{job.recipe.begins_with}.safetensors")
    model.to(device)
    seconds = _fit(job, model, text, go_on)
    if distributed.rank() == 0:
        kept = {f"at{k}.{n}": w for k, part in job.moments.items() for n, w in part.items()}
        header = _header(job, arguments, text, seconds)
        checkpoints.save(job.path, header, {**job.best, **kept}, job.recipe.dtype)
        history.write(job.path, job.curve)
        measure(job.path, text, report)
    distributed.wait()
    return job.path


def build(arguments: dict[str, Any], recipe: Recipe, seed: int) -> CharModel:
    """A fresh model of the recipe's shape."""
    return CharModel(
        len(arguments["alphabet"]),
        **{name: arguments[name] for name in ("hidden", "layers", "cell")},
        dropout=recipe.dropout,
        recurrent_dropout=recipe.recurrent_dropout,
        keep_bias=recipe.keep_bias,
        generator=torch.Generator().manual_seed(seed),
    )


@torch.no_grad()
def begin_with(model: CharModel, letters: str, path: Path) -> None:
    """Gives `model` the weights of the one at `path`, character by character: a character's column
    of W_x, its row of W_y. InputError when that model is missing or of another shape."""
    if not path.is_file():
        raise InputError(N_("{name} has to be trained first."), name=path.stem)
    header, other = load(path)
    known = {character: k for k, character in enumerate(alphabet(header))}
    pairs = [(k, known[character]) for k, character in enumerate(letters) if character in known]
    here, there = (torch.tensor(side) for side in zip(*pairs, strict=True))
    given = other.state_dict()
    if given["output.weight"].size(1) != model.output.in_features:
        raise InputError(N_("{name} has another shape."), name=path.stem)
    for name, weight in model.state_dict().items():
        if name == "recurrent.weight_ih_l0":
            weight[:, here] = given[name][:, there]
        elif name.startswith("output."):
            weight[here] = given[name][there]
        elif weight.shape == given[name].shape:
            weight.copy_(given[name])
        else:
            raise InputError(N_("{name} has another shape."), name=path.stem)


def _arguments(recipe: Recipe, text: Corpus) -> dict[str, Any]:
    return {
        "cell": recipe.cell,
        "hidden": recipe.hidden,
        "layers": recipe.layers,
        "alphabet": [ord(character) for character in text.alphabet],
        "moments": list(recipe.moments),
        "steps": recipe.steps,
        "rows": recipe.rows,
    }


def _fit(job: Job, model: CharModel, text: Corpus, go_on: bool) -> float:
    """Takes all iterations; returns the seconds, earlier sittings included."""
    recipe, device = job.recipe, job.device
    ids = encode(text.train, text.alphabet)
    varied = _varied(text, recipe.renamed, job.seed) if recipe.renamed else None
    streams = Streams(ids, recipe.rows, recipe.steps, job.seed, device, varied)
    iterations = max(1, round(recipe.epochs * streams.per_epoch))
    judge = deepcopy(model).eval().requires_grad_(False)
    run = Run(model, streams, recipe.settings(iterations, job.seed))
    state, seconds = checkpoints.training_path(job.path), 0.0
    if go_on and state.exists():
        seconds = resume(run, state)
        _recall(job)
    started = time.monotonic() - seconds
    job.report(f"{job.name}: {len(ids):,} characters, {iterations:,} iterations")
    stop = encode(text.stop, text.alphabet)
    for step in train(model, streams, run.settings, run):
        job.recent = [*job.recent[-(REPORT_EVERY - 1) :], step.loss]
        loss, seconds = sum(job.recent) / len(job.recent), time.monotonic() - started
        if step.step % REPORT_EVERY == 0:
            job.report(f"{step.step:,} of {iterations:,}  loss {loss:.4f}  {seconds:.0f} s")
        if step.step in recipe.moments:
            job.moments[step.step] = {n: w.clone() for n, w in model.state_dict().items()}
        last = step.step == iterations
        if last or step.step % recipe.judge_every == 0 or step.step in recipe.moments:
            judge.load_state_dict(run.averaged())
            _look(job, run, glance(judge, stop, device), loss)
        if step.step % SAVE_EVERY == 0 and not last:
            save(run, state, seconds)
            _remember(job)
    if distributed.rank() == 0:
        state.unlink(missing_ok=True)
        _kept_path(job).unlink(missing_ok=True)
    return time.monotonic() - started


def _varied(text: Corpus, share: float, seed: int) -> Callable[[int], list[int]]:
    renaming = Renaming(text.train, share, seed)
    return lambda epoch: encode(renaming(epoch), text.alphabet)


def _look(job: Job, run: Run, nats: float, loss: float) -> None:
    """Keeps the averaged weights if they are the best so far."""
    job.curve.append((run.step, round(loss, 4), round(nats, 4)))
    if nats < job.least:
        job.least, job.best = nats, run.averaged()
    job.report(f"iteration {run.step:,}: held-out text {nats:.4f} nats, best {job.least:.4f}")


def _kept_path(job: Job) -> Path:
    return job.path.with_suffix(".kept.training.safetensors")


def _remember(job: Job) -> None:
    """Writes what early stopping and time travel need beside the run's own state."""
    if distributed.rank():
        return
    tensors = {f"best.{n}": w.cpu() for n, w in job.best.items()}
    for moment, weights in job.moments.items():
        tensors |= {f"at{moment}.{n}": w.cpu() for n, w in weights.items()}
    curve = {f"{k}": list(row) for k, row in enumerate(job.curve)}
    told = {"least": job.least if job.best else None, "curve": curve, "recent": job.recent}
    checkpoints.save_training(_kept_path(job), tensors, told, 0.0)


def _recall(job: Job) -> None:
    if not _kept_path(job).exists():
        return
    tensors, told, _ = checkpoints.load_training(_kept_path(job))
    job.least = float("inf") if told["least"] is None else float(told["least"])
    job.recent = list(told["recent"])
    job.curve = [(int(k), float(a), float(b)) for k, a, b in told["curve"].values()]
    for name, weight in tensors.items():
        where, _, rest = name.partition(".")
        if where == "best":
            job.best[rest] = weight
        else:
            job.moments.setdefault(int(where[2:]), {})[rest] = weight


def _header(job: Job, arguments: dict[str, Any], text: Corpus, seconds: float) -> Header:
    read = [text.name]
    if job.recipe.begins_with:
        read.append(RECIPES[job.recipe.begins_with].corpus)
    named = {name: TERMS.get(name, (name, "not stated")) for name in read}
    recipe = asdict(job.recipe)
    return Header(
        model="characters",
        name=job.name,
        arguments=arguments,
        recipe={**recipe, "moments": list(job.recipe.moments)},
        seed=job.seed,
        data=[{"name": n, "source": s, "terms": t} for n, (s, t) in named.items()],
        metrics={},
        seconds=round(seconds, 1),
        device=str(job.device),
    )
