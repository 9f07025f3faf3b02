"""The safetensors container, read with distrust and written atomically.

Eight bytes with the length n of the header, n bytes of JSON, then the tensors' bytes without gaps
(https://huggingface.co/docs/safetensors). The JSON names dtype, shape and place of each tensor;
its entry `__metadata__` maps strings to strings, and there this program's own header lies.
"""

from __future__ import annotations

import json
import math
import os
import secrets
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NoReturn

import torch
from jaxtyping import Shaped
from safetensors import SafetensorError
from safetensors.torch import load as tensors_from_bytes
from safetensors.torch import save as bytes_from_tensors
from torch import Tensor

from engine.errors import N_, InputError

Weights = dict[str, Shaped[Tensor, "..."]]
"""Tensors of any shape under their names, as in a state dict."""

HEADER_LIMIT = 16 * 2**20
"""Bytes a header may have: tokenisers lie in it, so it is megabytes, but not more."""

# Bit patterns that are no number exist only in floats, and those are checked; a bool could hold a
# byte that is neither 0 nor 1, so there are none.
WIDTHS = {"F64": 8, "F32": 4, "F16": 2, "I64": 8, "I32": 4, "I8": 1, "U8": 1}


@dataclass(frozen=True)
class Contents:
    """What a file says of itself: metadata, (dtype, shape) of each tensor, its size in bytes."""

    metadata: dict[str, str]
    shapes: dict[str, tuple[str, tuple[int, ...]]]
    size: int

    def shapes_only(self) -> dict[str, tuple[int, ...]]:
        """The shape of each tensor."""
        return {name: shape for name, (_, shape) in self.shapes.items()}


def contents(path: Path) -> Contents:
    """Reads and checks the header alone; InputError if the file is damaged or too long for it."""
    try:
        with path.open("rb") as file:
            size = os.fstat(file.fileno()).st_size
            start = file.read(8)
            return _parse(path, file.read(_length(path, start)), size)
    except OSError as error:
        _refuse_unreadable(path, error)


def tensors(path: Path) -> tuple[Contents, Weights]:
    """Reads the whole file; the tensors are as stored, every float among them finite."""
    try:
        data = path.read_bytes()
    except OSError as error:
        _refuse_unreadable(path, error)
    return from_bytes(path, data)


def described(path: Path, data: bytes) -> Contents:
    """What a file's bytes say of themselves; allocates nothing that they claim."""
    return _parse(path, data[8 : 8 + _length(path, data[:8])], len(data))


def from_bytes(path: Path, data: bytes) -> tuple[Contents, Weights]:
    """The same as `tensors` for a file that is in memory already; `path` is what errors call it."""
    found = described(path, data)
    try:
        loaded = tensors_from_bytes(data)
    except (SafetensorError, ValueError, AssertionError, RuntimeError):
        damaged(path)
    if {name: tuple(t.shape) for name, t in loaded.items()} != found.shapes_only():
        damaged(path)
    for name, tensor in loaded.items():
        require_finite(path, name, tensor)
    return found, loaded


def write(path: Path, tensors: Weights, metadata: dict[str, str]) -> None:
    """Writes tensors and metadata to `path`, atomically."""
    write_bytes(path, to_bytes(tensors, metadata))


def to_bytes(tensors: Weights, metadata: dict[str, str]) -> bytes:
    """The bytes that such a file has."""
    stored = {name: t.detach().cpu().contiguous() for name, t in tensors.items()}
    return bytes_from_tensors(stored, metadata)


def write_bytes(path: Path, data: bytes) -> None:
    """Writes beside `path`, then moves: readers see the old file or the new one, never half."""
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    try:
        with beside.open("xb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        beside.replace(path)
    finally:
        beside.unlink(missing_ok=True)


def parse_json(text: str) -> Any:
    """Strict JSON; ValueError for NaN, lone surrogates, or nesting that exhausts the stack too."""
    try:
        value = json.loads(text, parse_constant=_refuse_constant)
        json.dumps(value, ensure_ascii=False, allow_nan=False).encode()
    except RecursionError as error:
        raise ValueError("nested too deeply") from error
    return value


def require_finite(path: Path, name: str, tensor: Shaped[Tensor, " ..."]) -> None:
    """InputError for a tensor with numbers that are infinite or undefined."""
    if tensor.is_floating_point() and not bool(torch.isfinite(tensor).all()):
        raise InputError(
            N_("{file} holds numbers that are infinite or undefined, in {name}."),
            file=path.name,
            name=name,
        )


def damaged(path: Path) -> NoReturn:
    """Raises the InputError for a file that is not what a container has to be."""
    raise InputError(N_("{file} is damaged or is not a safetensors file."), file=path.name)


def _length(path: Path, start: bytes) -> int:
    """The header's length, from the file's first 8 bytes; only believed while it is small."""
    length = int.from_bytes(start, "little")
    if length > HEADER_LIMIT:
        raise InputError(
            N_("{file} claims a header of {length} bytes; at most {limit} are read."),
            file=path.name,
            length=str(length),
            limit=HEADER_LIMIT,
        )
    return length


def _parse(path: Path, raw: bytes, size: int) -> Contents:
    try:
        entries = parse_json(raw.decode())
        metadata = entries.pop("__metadata__", {})
        shapes = {name: _shape(entry) for name, entry in entries.items()}
        strings = all(isinstance(value, str) for value in metadata.values())
    except (ValueError, TypeError, KeyError, AttributeError):
        damaged(path)
    stored = sum(WIDTHS[dtype] * math.prod(shape) for dtype, shape in shapes.values())
    whole = 8 + len(raw) + stored
    if strings and whole > size:
        raise InputError(
            N_("{file} is only a part of a file: {size} of its {whole} bytes are there."),
            file=path.name,
            size=size,
            whole=whole,
        )
    if not strings or whole != size:
        damaged(path)
    return Contents(metadata, shapes, size)


def _shape(entry: dict[str, Any]) -> tuple[str, tuple[int, ...]]:
    """(dtype, shape) of one entry; ValueError, TypeError or KeyError unless they make sense."""
    dtype, shape = entry["dtype"], tuple(entry["shape"])
    sensible = len(shape) <= 8 and all(type(n) is int and 0 <= n < 2**40 for n in shape)
    if dtype not in WIDTHS or not sensible:
        raise ValueError("a dtype or shape that is not ours")
    return dtype, shape


def _refuse_constant(name: str) -> NoReturn:
    raise ValueError(name)


def _refuse_unreadable(path: Path, error: OSError) -> NoReturn:
    raise InputError(
        N_("{file} cannot be read: {reason}."), file=path.name, reason=error.strerror or "?"
    ) from error
