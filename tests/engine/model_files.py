"""A small model file, whole and taken apart, for the tests of checkpoints and command line."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import torch
from torch import Tensor

from engine import checkpoints
from engine.checkpoints import Header

HEADER = Header(
    model="sentiment",
    name="small-model",
    arguments={"hidden": 3, "labels": ["negative", "positive"], "cell": "lstm"},
    recipe={"steps": 10, "rate": 0.1, "schedule": "cosine"},
    seed=5,
    data=[{"name": "corpus", "source": "somewhere", "terms": "research only"}],
    metrics={
        "dev set": {
            "accuracy": 0.8125,
            "n": 872,
            "baseline": {"accuracy": 0.5, "source": "always the same"},
            "published": {"accuracy": 0.9, "source": "Somebody et al. 1999"},
        }
    },
    seconds=90.0,
    device="a test bench",
    tokenizer='{"vocabulary": ["rất", "ngon"]}',
)


def weights() -> dict[str, Tensor]:
    """A tensor of each kind; the matrix has a row of zeros and one of small numbers."""
    generator = torch.Generator().manual_seed(0)
    matrix = torch.randn(7, 5, generator=generator)
    matrix[0] = 0
    matrix[1] *= 1e-3
    return {
        "matrix": matrix,
        "vector": torch.randn(5, generator=generator),
        "cube": torch.randn(2, 3, 2, generator=generator),
        "count": torch.tensor([3, 1, 2]),
    }


def parts(path: Path) -> tuple[dict[str, Any], bytes]:
    """The JSON that the file begins with, and the bytes of its tensors."""
    data = path.read_bytes()
    length = int.from_bytes(data[:8], "little")
    return json.loads(data[8 : 8 + length]), data[8 + length :]


def assemble(path: Path, entries: Any, tensors: bytes) -> None:
    """Writes a file from parts, whatever they are; bytes are taken for JSON that is ready."""
    start = entries if isinstance(entries, bytes) else json.dumps(entries).encode()
    path.write_bytes(len(start).to_bytes(8, "little") + start + tensors)


def saved(folder: Path, dtype: Any = "int8") -> Path:
    """A good file to begin with."""
    path = folder / "small-model.safetensors"
    checkpoints.save(path, HEADER, weights(), dtype)
    return path
