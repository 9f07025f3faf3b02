"""Models on disk: saving with fewer bits, loading with every check, building, listing a folder.

Also the state of a training that can be resumed: NAME.training.safetensors, which is never shipped.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any, Literal, TypeVar

import torch
from torch import nn

from engine.checkpoints import container
from engine.checkpoints.container import Weights
from engine.checkpoints.header import (
    EARLIER,
    FORMAT,
    Header,
    card,
    check,
    from_contents,
    parsed,
    to_metadata,
)
from engine.device import resolve
from engine.errors import N_, InputError

SUFFIX = ".safetensors"
TRAINING_SUFFIX = ".training.safetensors"
SCALE = ".scale"

Precision = Literal["float32", "float16", "int8"]
Network = TypeVar("Network", bound=nn.Module)


def save(
    path: Path,
    header: Header,
    tensors: Weights,
    dtype: Precision = "float32",
    with_card: bool = False,
) -> Header:
    """Writes the model atomically, its card beside it if asked; returns the header as read back.

    float16 keeps 11 bits of every weight. int8 keeps a matrix as bytes with one scale per row, so
    each weight is off by at most 1/254 of its row's largest; what is no matrix becomes float16.
    ValueError for weights that are not finite, or not once they have fewer bits, or named like the
    scales of others; InputError for a header that could not be read back.
    """
    return _write(path, header, _all_stored(tensors, dtype), with_card)


def pack(header: Header, tensors: Weights, dtype: Precision = "float32") -> bytes:
    """The bytes of the file that `save` would write, for a model that goes to no disk."""
    check(Path(header.name), vars(header))
    return container.to_bytes(_all_stored(tensors, dtype), to_metadata(header))


def rewrite_header(path: Path, header: Header, with_card: bool = False) -> Header:
    """Gives the file another header and leaves its weights as they are stored.

    So a model can be measured as it is shipped, its weights rounded, and then say its scores.
    """
    _, stored = container.tensors(path)
    return _write(path, header, stored, with_card)


def read_header(path: Path) -> Header:
    """What the model's file says of it, without reading the weights."""
    return from_contents(path, container.contents(path))


def load(path: Path) -> tuple[Header, Weights]:
    """The header and the weights, all floats as float32; InputError if anything is wrong."""
    return _loaded(path, *container.tensors(path))


def peek(name: str, data: bytes) -> tuple[Header, container.Contents]:
    """What the bytes of a file called `name` say of the model, and dtype and shape of each of its
    tensors, none of which is read: so a page can refuse a size before anything is made of it."""
    described = container.described(Path(name), data)
    return from_contents(Path(name), described), described


def unpack(name: str, data: bytes) -> tuple[Header, Weights]:
    """As `load`, for a file called `name` that is in memory already."""
    return _loaded(Path(name), *container.from_bytes(Path(name), data))


def _loaded(path: Path, described: container.Contents, stored: Weights) -> tuple[Header, Weights]:
    header = from_contents(path, described)
    tensors = {}
    for name, tensor in stored.items():
        if name.endswith(SCALE) and name.removesuffix(SCALE) in stored:
            continue
        scale = stored.get(name + SCALE)
        if scale is not None:
            matrix = tensor.dtype == torch.int8 and tensor.dim() == 2
            if not matrix or scale.dtype != torch.float32 or scale.shape != tensor.shape[:1]:
                container.damaged(path)
            tensor = tensor.float() * scale[:, None]
        tensors[name] = tensor.float() if tensor.is_floating_point() else tensor
        container.require_finite(path, name, tensors[name])
    return header, tensors


def load_network(
    path: Path,
    kind: str,
    network: Callable[..., Network],
    refusal: InputError | None = None,
    fits: Callable[[Header], bool] | None = None,
    iteration: int | None = None,
    former_names: Mapping[str, str] | None = None,
    device: str = "cpu",
) -> tuple[Header, Network]:
    """The header of the model at `path` and its network with its weights, frozen, on the device.

    Every `load` of a task begins so: what is loaded is shared by threads and never trained. With
    `iteration` the weights are those that the network had then, for a header whose `moments` list
    iterations whose weights are kept: KeyError for another. `former_names` says how names of
    weights and arguments began in earlier files, and how they do now; the first that fits counts.
    InputError for a file that holds no model of this `kind` (the one given as `refusal`), or whose
    header describes a network that cannot be built or does not `fit`.
    """
    header, tensors = load(path)
    if header.model != kind:
        raise refusal or InputError(
            N_("{file} holds a {found}, not a {wanted}."),
            file=path.name,
            found=header.model,
            wanted=kind,
        )
    for old, new in (former_names or {}).items():
        former = re.compile(f"^{re.escape(old)}")
        tensors = {former.sub(new, name): tensor for name, tensor in tensors.items()}
        arguments = {former.sub(new, name): value for name, value in header.arguments.items()}
        header = replace(header, arguments=arguments)
    model = build(header, network, fits)
    moments = header.arguments.get("moments", [])
    if iteration is not None:
        if iteration not in moments:
            raise KeyError(iteration)
        prefix = f"at{iteration}."
        tensors = {n.removeprefix(prefix): t for n, t in tensors.items() if n.startswith(prefix)}
    elif moments:
        tensors = {name: t for name, t in tensors.items() if not EARLIER.match(name)}
    fill(model, tensors, path.name)
    return header, model.to(resolve(device)).eval().requires_grad_(False)


def build(
    header: Header,
    network: Callable[..., Network],
    fits: Callable[[Header], bool] | None = None,
) -> Network:
    """The network that a header describes, not yet with its weights: `network(**arguments)`.

    `network` is its class, or a function where a header's arguments are not those of the class.
    It is made on the meta device: whatever size the header claims, only the weights themselves take
    memory. InputError where it cannot be built or the header does not `fit`.
    """
    try:
        if fits and not fits(header):
            raise ValueError(header.name)
        with torch.device("meta"):
            return network(**header.arguments)
    except (TypeError, ValueError, KeyError):
        raise InputError(
            N_("{file} describes a network that cannot be built."), file=header.path.name
        ) from None


def fill(model: nn.Module, tensors: Weights, name: str) -> None:
    """Gives the model its weights; InputError, saying which, unless they are exactly its own.

    `name` is what the error calls the file. A model on the meta device has no memory yet and takes
    the tensors themselves.
    """
    own = model.state_dict()
    shapes = {key: tuple(tensor.shape) for key, tensor in tensors.items()}
    check_shapes(name, {key: tuple(tensor.shape) for key, tensor in own.items()}, shapes)
    model.load_state_dict(tensors, assign=any(tensor.is_meta for tensor in own.values()))


def check_shapes(
    name: str, wanted: dict[str, tuple[int, ...]], found: dict[str, tuple[int, ...]]
) -> None:
    """InputError, saying which, unless a file called `name` has weights of exactly these shapes."""
    for key in sorted(wanted.keys() | found.keys()):
        if key not in found:
            raise InputError(N_("{file} lacks the weights {key}."), file=name, key=key)
        if key not in wanted:
            raise InputError(
                N_("{file} has weights {key} that the model does not."), file=name, key=key[:60]
            )
        if wanted[key] != found[key]:
            raise InputError(N_("{file} has weights {key} of a wrong shape."), file=name, key=key)


def index(folder: Path) -> list[Header]:
    """The headers of all models in the folder, sorted by name.

    InputError if there is no such folder or a file in it is no model, rather than a silent gap.
    """
    if not folder.is_dir():
        raise InputError(N_("There is no folder {folder}."), folder=folder.name)
    paths = [p for p in folder.glob(f"*{SUFFIX}") if not p.name.endswith(TRAINING_SUFFIX)]
    return sorted(map(read_header, paths), key=lambda header: header.name)


def training_path(model: Path) -> Path:
    """Where the training state of the model at `model` lies."""
    return model.with_name(model.name.removesuffix(SUFFIX) + TRAINING_SUFFIX)


def save_training(path: Path, state: Weights, settings: dict[str, Any], seconds: float) -> None:
    """Writes the tensors exactly as they are, atomically, with what they were trained with."""
    fields = {"settings": settings, "seconds": seconds}
    header = json.dumps(fields, ensure_ascii=False, allow_nan=False)
    metadata = {"kind": "training", "format": str(FORMAT), "header": header}
    container.write(path, state, metadata)


def load_training(path: Path) -> tuple[Weights, dict[str, Any], float]:
    """State, settings and seconds as `save_training` wrote them; InputError for any other file."""
    described, state = container.tensors(path)
    fields = parsed(path, described.metadata, "training")
    settings, seconds = fields.get("settings"), fields.get("seconds")
    if not isinstance(settings, dict) or type(seconds) is not float or seconds < 0:
        container.damaged(path)
    return state, settings, seconds


def _write(path: Path, header: Header, stored: Weights, with_card: bool) -> Header:
    check(path, vars(header))
    container.write(path, stored, to_metadata(header))
    written = read_header(path)
    if with_card:
        container.write_bytes(path.with_suffix(".md"), card(written).encode())
    return written


def _all_stored(tensors: Weights, dtype: Precision) -> Weights:
    """The tensors as `dtype`, checked; ValueError as in `save`."""
    if any(name + SCALE in tensors for name in tensors):
        raise ValueError(f"names in {SCALE!r} are kept for the scales of int8")
    stored: Weights = {}
    for name, tensor in tensors.items():
        weight = tensor.detach()
        if not weight.is_floating_point():
            stored[name] = weight
        elif dtype == "int8" and weight.dim() == 2:
            matrix = weight.float()
            # A row of zeros would otherwise be divided by 0.
            scale = (matrix.abs().amax(dim=1) / 127).clamp_min(torch.finfo(torch.float32).tiny)
            stored[name] = (matrix / scale[:, None]).round().to(torch.int8)
            stored[name + SCALE] = scale
        else:
            stored[name] = weight.to(torch.float32 if dtype == "float32" else torch.float16)
    for name, tensor in stored.items():
        if tensor.is_floating_point() and not bool(torch.isfinite(tensor).all()):
            raise ValueError(f"{name} is not finite as {dtype}")
    return stored
