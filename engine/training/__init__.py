"""One training loop for every model: a generator of steps that resumes exactly where it stopped.

A trainable model is an `nn.Module` with `loss(batch, carry=None, generator=None) -> (loss, carry)`;
`carry` is None or a tuple of tensors for the next batch (truncated back-propagation through time).
A batch is a pure function of its step number, and so are the random numbers of a step: together
with weights, moments, average and carry, the step number is all there is to know of a run.
"""

from engine.training.resume import resume, save
from engine.training.run import Carry, Run, Trainable, train
from engine.training.settings import Settings, Step

__all__ = ["Carry", "Run", "Settings", "Step", "Trainable", "resume", "save", "train"]
