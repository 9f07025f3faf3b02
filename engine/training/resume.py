"""A run on disk: stops and goes on as if it had never stopped."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path

from engine import checkpoints, distributed
from engine.errors import N_, InputError
from engine.training.run import Run


def save(run: Run, path: Path, seconds: float) -> None:
    """Writes the run to `path`, with the seconds it has trained. Every process must call it."""
    state = run.state()
    if distributed.rank() == 0:
        checkpoints.save_training(path, state, asdict(run.settings), seconds)
    distributed.wait()


def resume(run: Run, path: Path) -> float:
    """Continues what `save` wrote; returns its seconds. InputError if it was another training."""
    state, settings, seconds = checkpoints.load_training(path)
    if settings != asdict(run.settings):
        raise InputError(
            N_("{file} was trained with other settings, so it cannot be resumed."), file=path.name
        )
    run.restore(state)
    return seconds
