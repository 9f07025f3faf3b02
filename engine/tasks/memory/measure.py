"""What a race measures of a network between two steps."""

from __future__ import annotations

import numpy as np
import torch

from engine.gradients import norms_through_time
from engine.models.memory import MemoryBatch, MemoryModel
from engine.results import Floats
from engine.tasks.memory.sequences import Memory


def score(model: MemoryModel, task: Memory, batch: MemoryBatch) -> tuple[float, float]:
    """Share of right answers, and the loss."""
    with torch.inference_mode():
        answers = model(batch.inputs)
        right = task.correct(answers, batch.targets).double().mean()
        return float(right), float(model.error(answers, batch.targets))


def gradient_by_lag(model: MemoryModel, batch: MemoryBatch) -> tuple[Floats, ...]:
    """‖∂e/∂h_t‖, for the LSTM also ‖∂e/∂c_t‖, by the number of steps back from the last: (T,) each.

    e is the loss of one sequence's *last* answer, so that lag 0 is where it is asked; the norms
    are means over the sequences. With truncation nothing arrives beyond the first cut.
    """
    steps, size, _ = batch.inputs.shape
    probe = model.probes(steps, size)
    answers = model(batch.inputs, probe)
    # The sum over sequences of each one's own loss: what comes out is each one's own gradient.
    e = model.error(answers[-1:], batch.targets[-1:]) * size
    norms = norms_through_time(e, probe)
    return tuple(np.asarray(n[0].mean(1).flip(0).double().cpu().numpy()) for n in norms)
