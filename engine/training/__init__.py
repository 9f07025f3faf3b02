"""One way to train every model: a recipe, a loop that resumes exactly, a file at the end.

`recipe` says how steps are taken, `run` takes them, and `job` trains the parts of a recipe one
after the other, saves, reports and writes the model.

A trainable model is an `nn.Module` with `loss(batch, carry=None, generator=None) -> (loss, carry)`;
`carry` is None or a tuple of tensors for the next batch (truncated back-propagation through time).
A batch is a pure function of its step number, and so are the random numbers of a step: together
with weights, moments, average and carry, the step number is all there is to know of a run.
"""

from engine.training.job import (
    Observer,
    Report,
    Stage,
    Training,
    TrainingJob,
    fit,
    rebuild,
    silent,
    untrained,
)
from engine.training.recipe import Part, Recipe, Settings, Step
from engine.training.run import Carry, Trainable, TrainingRun, resume, save, train

__all__ = [
    "Carry",
    "Observer",
    "Part",
    "Recipe",
    "Report",
    "Settings",
    "Stage",
    "Step",
    "Trainable",
    "Training",
    "TrainingJob",
    "TrainingRun",
    "fit",
    "rebuild",
    "resume",
    "save",
    "silent",
    "train",
    "untrained",
]
