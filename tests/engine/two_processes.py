"""What test_distributed starts twice: the command line with a task that trains the small model.

Every process begins with other weights, takes three steps, stops, goes on from the file in a fresh
run and takes three more. Rank 0 leaves its steps; every process leaves its weights.
"""

from __future__ import annotations

import json
import sys
from dataclasses import asdict
from itertools import islice
from pathlib import Path

import torch

from engine import distributed, tasks, training
from engine.__main__ import main
from engine.tasks import Task
from engine.training import Report, Settings, TrainingRun, train
from tests.engine.small_model import SmallModel, batches

SETTINGS = Settings(steps=6, learning_rate=0.05, clip=0.2, weight_decay=0.1, ema_decay=0.9)


def rebuild(
    name: str,
    data: Path,
    out: Path,
    device: torch.device,
    *,
    seed: int,
    resume: bool,
    report: Report,
) -> Path:
    rank, path = distributed.rank(), out / f"{name}.training.safetensors"
    first = TrainingRun(SmallModel(seed=rank, dropout=0.0), batches, SETTINGS)
    steps = list(islice(train(first.model, batches, SETTINGS, first), 3))
    training.save(first, path, seconds=1.0)
    second = TrainingRun(SmallModel(seed=rank + 10, dropout=0.0), batches, SETTINGS)
    training.resume(second, path)
    steps += train(second.model, batches, SETTINGS, second)
    training.save(second, path, seconds=2.0)
    weights = {name: tensor.tolist() for name, tensor in second.model.state_dict().items()}
    (out / f"weights-{rank}.json").write_text(json.dumps(weights))
    if rank == 0:
        (out / "steps.json").write_text(json.dumps([asdict(step) for step in steps]))
    report(f"rank {rank} of {distributed.world()} on {device}: {data} {resume=} {seed=}")
    return path


if __name__ == "__main__":
    tasks.REGISTRY["small"] = Task(
        "small", "sentiment", rebuild, tasks.sentiment.evaluate, tasks.sentiment.load
    )
    sys.exit(main(sys.argv[1:]))
