"""A model that somebody trained here as a file, and the way back in, which trusts nothing."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, NoReturn

import torch
from torch import Tensor

from engine import checkpoints
from engine.cells import CELLS
from engine.checkpoints import Header
from engine.errors import N_, InputError
from engine.models.char_model import CharModel
from engine.tasks.characters.own_plan import (
    MOST_HIDDEN,
    MOST_KINDS,
    MOST_LAYERS,
    Plan,
    check_size,
)

KIND, NAME = "characters", "own-text"
FILE_MEGABYTES = 5
"""Megabytes of an uploaded model: more than the largest that can be trained here."""

WEIGHT, MARK = "F16", "U8"
"""Types that `to_bytes` writes, as safetensors calls them. Sums of such weights stay finite."""


@dataclass(frozen=True, eq=False)
class OwnModel:
    """A character model at rest: what builds it, its weights in float32, iterations it had."""

    alphabet: str
    cell: str
    hidden: int
    layers: int
    iterations: int
    weights: dict[str, Tensor] = field(repr=False)

    def build(self, device: torch.device | str = "cpu") -> CharModel:
        """A network of its own with these weights: training it leaves the weights here alone."""
        model = _empty(self.alphabet, self.cell, self.hidden, self.layers)
        copies = {name: w.detach().clone() for name, w in self.weights.items()}
        checkpoints.fill(model, copies, NAME)
        return model.to(device)


def to_bytes(model: OwnModel, plan: Plan, rows: int, seconds: float) -> bytes:
    """The model as a .safetensors file with our header, in float16. The text is not in it."""
    header = Header(
        model=KIND,
        name=NAME,
        arguments={
            "cell": model.cell,
            "hidden": model.hidden,
            "layers": model.layers,
            "alphabet": [ord(character) for character in model.alphabet],
            "moments": [],
            "steps": plan.steps,
            "rows": rows,
        },
        recipe={
            "iterations": model.iterations,
            "learning_rate": plan.rate,
            "clip": plan.clip,
        },
        seed=plan.seed,
        data=[{"name": "own text", "source": "whoever trained it", "terms": "theirs"}],
        metrics={},
        seconds=round(seconds, 1),
        device="RNN Lab",
    )
    try:
        return checkpoints.pack(header, model.weights, "float16")
    except ValueError as error:
        raise InputError(N_("The weights have become too large to be stored.")) from error


def from_bytes(name: str, data: bytes) -> OwnModel:
    """The model in a file that came from anywhere; InputError, saying what is wrong, for any file
    but one that `to_bytes` could have written. Nothing is made before all sizes are known."""
    if len(data) > FILE_MEGABYTES * 2**20:
        raise InputError(
            N_("{file} has {size} MB; a model from here has at most {most} MB."),
            file=name,
            size=f"{len(data) / 2**20:.1f}",
            most=FILE_MEGABYTES,
        )
    if len(data) < 8 or int.from_bytes(data[:8], "little") > len(data) - 8:
        raise InputError(N_("{file} is no .safetensors file, or only a part of one."), file=name)
    header, found = checkpoints.peek(name, data)
    if header.model != KIND:
        raise InputError(
            N_("{file} holds a {found}, not a {wanted}."),
            file=name,
            found=header.model,
            wanted=KIND,
        )
    arguments = _arguments(name, header)
    _check_shapes(name, arguments, found.shapes)
    _, weights = checkpoints.unpack(name, data)
    return OwnModel(**arguments, weights=weights)


def _arguments(name: str, header: Header) -> dict[str, Any]:
    """What builds the model, each value within the bounds of this page."""
    told = header.arguments
    if told.get("cell") not in tuple(CELLS):
        _refuse(name, "cell")
    iterations = header.recipe.get("iterations", 0)
    return {
        "alphabet": _alphabet(name, told.get("alphabet")),
        "cell": told["cell"],
        "hidden": check_size("hidden", told.get("hidden"), MOST_HIDDEN),
        "layers": check_size("layers", told.get("layers"), MOST_LAYERS),
        "iterations": iterations if type(iterations) is int and 0 <= iterations < 10**9 else 0,
    }


def _alphabet(name: str, codes: Any) -> str:
    if not isinstance(codes, list) or not 2 <= len(codes) <= MOST_KINDS:
        _refuse(name, "alphabet")
    fits = all(type(c) is int and 0 < c < 0x110000 and not 0xD800 <= c < 0xE000 for c in codes)
    if not fits or len(set(codes)) < len(codes):
        _refuse(name, "alphabet")
    return "".join(map(chr, codes))


def _check_shapes(
    name: str, arguments: dict[str, Any], found: dict[str, tuple[str, tuple[int, ...]]]
) -> None:
    """InputError unless the file has exactly the tensors of such a model, by name, shape, type."""
    shape = {key: arguments[key] for key in ("alphabet", "cell", "hidden", "layers")}
    own = _empty(**shape).state_dict()
    wanted = {key: tuple(tensor.shape) for key, tensor in own.items()}
    checkpoints.check_shapes(name, wanted, {key: shape for key, (_, shape) in found.items()})
    for key, (dtype, _) in sorted(found.items()):
        due = WEIGHT if own[key].is_floating_point() else MARK
        if dtype != due:
            raise InputError(
                N_("{file} has weights {key} as {found}; a model from here has {wanted}."),
                file=name,
                key=key,
                found=dtype,
                wanted=due,
            )


def _empty(alphabet: str, cell: str, hidden: int, layers: int) -> CharModel:
    """The network without memory for its weights."""
    with torch.device("meta"):
        return CharModel(len(alphabet), hidden, layers, cell)


def _refuse(name: str, what: str) -> NoReturn:
    raise InputError(N_("{file} has something unusable as its {field}."), file=name, field=what)
