"""Mutated files: whatever came out, the answer is something usable or an InputError."""

from __future__ import annotations

import random
from collections.abc import Callable
from pathlib import Path

import pytest
import torch

from engine import checkpoints, training
from engine.errors import InputError
from engine.training import Settings, TrainingRun
from tests.engine.model_files import HEADER, saved
from tests.engine.small_model import SmallModel, batches


def mutated(data: bytes, rng: random.Random) -> bytes:
    """One of: some bytes changed, a piece cut out, doubled or moved, a digit or letter replaced."""
    changed, kind = bytearray(data), rng.randrange(5)
    begin = rng.randrange(len(data))
    end = min(len(data), begin + rng.choice((1, 2, 8, 64)))
    if kind == 0:
        for _ in range(rng.choice((1, 3, 30))):
            changed[rng.randrange(len(data))] = rng.randrange(256)
    elif kind == 1:
        del changed[begin:end]
    elif kind == 2:
        changed[begin:begin] = data[begin:end]
    elif kind == 3:
        place = rng.randrange(len(data))
        changed[place : place + end - begin] = data[begin:end]
    else:
        # What stays JSON gets further than noise does.
        length = int.from_bytes(data[:8], "little")
        places = [i for i in range(8, 8 + length) if data[i : i + 1].isalnum()]
        for _ in range(rng.choice((1, 2, 5))):
            changed[rng.choice(places)] = rng.choice(b"0123456789aeF-[")
    return bytes(changed)


def use_model(path: Path) -> None:
    header, tensors = checkpoints.load(path)
    assert header.format == HEADER.format
    assert all(bool(torch.isfinite(tensor).all()) for tensor in tensors.values())
    assert checkpoints.card(header).encode()


def use_training(path: Path) -> None:
    run = TrainingRun(SmallModel(), batches, Settings(steps=3, ema_decay=0.5))
    training.resume(run, path)
    assert all(bool(torch.isfinite(tensor).all()) for tensor in run.averaged().values())


def fuzz(originals: list[bytes], path: Path, count: int, use: Callable[[Path], None]) -> int:
    """How many of `count` mutated files could be used; what is no InputError is let through."""
    rng = random.Random(3)
    usable = 0
    for _ in range(count):
        path.write_bytes(mutated(rng.choice(originals), rng))
        try:
            use(path)
            usable += 1
        except InputError:
            pass
    return usable


def models(folder: Path) -> list[bytes]:
    return [saved(folder, dtype).read_bytes() for dtype in ("float32", "float16", "int8")]


def trainings(folder: Path) -> list[bytes]:
    run = TrainingRun(SmallModel(), batches, Settings(steps=3, ema_decay=0.5))
    run.take()
    training.save(run, folder / "x", seconds=1.0)
    return [(folder / "x").read_bytes()]


# Some files must stay usable, or the mutations would be too coarse to get past the first check.


def test_a_hundred_models(tmp_path: Path) -> None:
    assert 0 < fuzz(models(tmp_path), tmp_path / "mutated", 100, use_model) < 100


def test_a_hundred_training_states(tmp_path: Path) -> None:
    assert 0 < fuzz(trainings(tmp_path), tmp_path / "mutated", 100, use_training) < 100


@pytest.mark.slow
def test_thousands_of_each(tmp_path: Path) -> None:
    assert 0 < fuzz(models(tmp_path), tmp_path / "mutated", 10_000, use_model) < 10_000
    assert 0 < fuzz(trainings(tmp_path), tmp_path / "mutated", 1000, use_training) < 1000
