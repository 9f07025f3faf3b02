"""Trains a character model on its corpus: streams of text, early stopping, moments to keep."""

from __future__ import annotations

from collections import deque
from copy import deepcopy
from functools import partial
from pathlib import Path

import torch

from engine import checkpoints, training
from engine.checkpoints import Weights
from engine.errors import N_, InputError
from engine.models.char_model import CharModel
from engine.tasks.characters.data import TERMS, Streams, corpus, encode
from engine.tasks.characters.evaluation import (
    evaluate_trained,
    quick_cross_entropy,
    write_curve,
)
from engine.tasks.characters.predictor import alphabet_of, load_network, network
from engine.tasks.characters.recipe import RECIPES, Recipe
from engine.tasks.characters.renaming import Renaming
from engine.training import Part, Stage, Step, Training, TrainingJob, TrainingRun, untrained

RECENT = 50
"""Iterations whose mean loss is compared with that on held-out text."""


def prepare(job: TrainingJob[Recipe]) -> Training:
    """Reads the corpus; what the model is trained on and which of its weights are stored."""
    recipe, text = job.recipe, corpus(job.recipe.corpus, job.data)
    arguments = {
        **{name: getattr(recipe, name) for name in ("cell", "hidden", "layers", "steps", "rows")},
        "alphabet": [ord(character) for character in text.alphabet],
        "moments": list(recipe.moments),
    }
    model = untrained(network, arguments, job)
    if recipe.pretrained:
        load_pretrained(model, text.alphabet, job.out / f"{recipe.pretrained}.safetensors")
    model.to(job.device)
    stopping = EarlyStopping(job, model, encode(text.held_out, text.alphabet))

    def stage(_: Part) -> Stage:
        ids = encode(text.train, text.alphabet)
        renaming = Renaming(text.train, recipe.renamed, job.seed) if recipe.renamed else None
        # Where people are renamed every epoch reads a text of its own.
        epoch_ids = (lambda epoch: encode(renaming(epoch), text.alphabet)) if renaming else None
        streams = Streams(ids, recipe.rows, recipe.steps, job.seed, job.device, epoch_ids)
        job.report(f"{job.name}: {len(ids):,} characters")
        return Stage(model, streams, stopping)

    def evaluate(path: Path) -> None:
        write_curve(path, stopping.curve)
        evaluate_trained(path, text, job.report)

    read = [text.name]
    if recipe.pretrained:
        read.append(RECIPES[recipe.pretrained].corpus)
    terms = {name: TERMS.get(name, (name, "not stated")) for name in read}
    return Training(
        "characters",
        model,
        stage,
        evaluate,
        arguments,
        data=[{"name": n, "source": s, "terms": t} for n, (s, t) in terms.items()],
        weights=stopping.weights,
    )


rebuild = partial(training.rebuild, RECIPES, prepare)


class EarlyStopping:
    """Keeps the averaged weights that did best on held-out text, and those of some iterations.

    `best` are these weights and `least` their nats per character, `moments` the weights as they
    were at the recipe's moments, `curve` rows of (iteration, loss in training, on held-out text).
    """

    def __init__(self, job: TrainingJob[Recipe], model: CharModel, held_out: list[int]) -> None:
        self._job, self._held_out = job, held_out
        self._copy = deepcopy(model).eval().requires_grad_(False)
        self._recent: deque[float] = deque(maxlen=RECENT)
        self.least = float("inf")
        self.best: Weights = {}
        self.moments: dict[int, Weights] = {}
        self.curve: list[tuple[int, float, float]] = []

    def weights(self) -> Weights:
        """What is stored: the best weights, and those of each moment k under `atk.`."""
        kept = {f"at{k}.{n}": w for k, part in self.moments.items() for n, w in part.items()}
        return {**self.best, **kept}

    def after(self, run: TrainingRun, step: Step) -> None:
        """Evaluates the averaged weights where that is due."""
        recipe, k = self._job.recipe, step.step
        self._recent.append(step.loss)
        if k in recipe.moments:
            self.moments[k] = {n: w.clone() for n, w in run.model.state_dict().items()}
        if not (k == run.settings.steps or k % recipe.evaluate_every == 0 or k in recipe.moments):
            return
        averaged = run.averaged()
        self._copy.load_state_dict(averaged)
        nats = quick_cross_entropy(self._copy, self._held_out, self._job.device)
        loss = sum(self._recent) / len(self._recent)
        self.curve.append((k, round(loss, 4), round(nats, 4)))
        if nats < self.least:
            self.least, self.best = nats, averaged
        self._job.report(f"iteration {k:,}: held-out text {nats:.4f} nats, best {self.least:.4f}")

    def save(self, path: Path) -> None:
        """Writes everything that it keeps."""
        tensors = {f"best.{n}": w.cpu() for n, w in self.best.items()}
        for k, weights in self.moments.items():
            tensors |= {f"at{k}.{n}": w.cpu() for n, w in weights.items()}
        fields = {
            "least": self.least if self.best else None,
            "curve": {f"{k}": list(row) for k, row in enumerate(self.curve)},
            "recent": list(self._recent),
        }
        checkpoints.save_training(_kept_path(path), tensors, fields, 0.0)

    def restore(self, path: Path) -> None:
        """Continues with what was kept."""
        if not _kept_path(path).exists():
            return
        tensors, fields, _ = checkpoints.load_training(_kept_path(path))
        self.least = float("inf") if fields["least"] is None else float(fields["least"])
        self._recent.extend(fields["recent"])
        self.curve = [(int(k), float(a), float(b)) for k, a, b in fields["curve"].values()]
        for name, weight in tensors.items():
            where, _, rest = name.partition(".")
            if where == "best":
                self.best[rest] = weight
            else:
                self.moments.setdefault(int(where[2:]), {})[rest] = weight

    def forget(self, path: Path) -> None:
        """Removes what was kept."""
        _kept_path(path).unlink(missing_ok=True)


def _kept_path(path: Path) -> Path:
    return path.with_name(path.name.replace(".training.", ".kept.training."))


@torch.no_grad()
def load_pretrained(model: CharModel, alphabet: str, path: Path) -> None:
    """Gives `model` the weights of the one at `path`, character by character: a character's column
    of W_x, its row of W_y. InputError when that model is missing or of another shape."""
    if not path.is_file():
        raise InputError(N_("{name} has to be trained first."), name=path.stem)
    header, other = load_network(path)
    known = {character: k for k, character in enumerate(alphabet_of(header))}
    pairs = [(k, known[character]) for k, character in enumerate(alphabet) if character in known]
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
