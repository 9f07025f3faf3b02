"""The model of the long-memory tasks: one recurrent layer and a linear readout at the end."""

from __future__ import annotations

from typing import Any, NamedTuple

import torch
from jaxtyping import Float, Shaped
from torch import Tensor, nn

from engine.cells import DEFAULT_CELL, uniform_
from engine.gradients import probes
from engine.recurrent import build_layer, chrono_bias, init_chrono_bias_, init_keep_gate_bias_
from engine.stacking import Probes, as_tuple

CHRONO = "chrono"

SPREAD = 0.3
"""Standard deviation of W_x at the start where inputs are one-hot, so that W_x x is an embedding.

For cells with gates only: with it they learn in about half the steps. A plain RNN saturates by it
(slide 30) and keeps the smaller numbers that `torch.nn` starts with, its better start."""


class MemoryBatch(NamedTuple):
    """Sequences, and the answers at their last A steps: classes, or numbers."""

    inputs: Float[Tensor, "T B I"]
    targets: Shaped[Tensor, "A B"]


class MemoryModel(nn.Module):
    """Reads a sequence and answers at its last A steps.

    Args:
        inputs: I, numbers per step.
        outputs: K classes to answer with; 0 means that the answer is one number.
        answers: A, how many of the last steps are asked.
        hidden: H.
        cell: its name in `cells.CELLS`.
        keep: what the keeping gate's bias starts at, or "chrono" (`init_chrono_bias_`); a cell
            without such a gate takes none.
        lag: the longest memory that "chrono" prepares for, in steps.
        orthogonal: starts a cell without gates (the plain RNN) with an orthogonal W_h, all of
            whose eigenvalues have modulus 1.
        truncation: the gradient is cut every so many steps, counted back from the last one; 0
            never cuts (truncated back-propagation through time).
        generator: what initial weights are drawn from.
    """

    def __init__(
        self,
        inputs: int,
        outputs: int,
        answers: int,
        hidden: int,
        cell: str = DEFAULT_CELL,
        keep: float | str = 0.0,
        lag: int = 2,
        orthogonal: bool = False,
        truncation: int = 0,
        generator: torch.Generator | None = None,
    ) -> None:
        super().__init__()
        self.outputs, self.answers, self.truncation = outputs, answers, truncation
        self.recurrent = build_layer(cell, inputs, hidden, generator=generator)
        self.readout = nn.utils.skip_init(nn.Linear, hidden, max(outputs, 1))
        uniform_(self.readout.parameters(), hidden, generator)
        if self.recurrent.spec.keep_gate is None:
            if orthogonal:
                nn.init.orthogonal_(self.recurrent.weights().W_h, generator=generator)
            return
        if keep == CHRONO:
            init_chrono_bias_(self.recurrent, chrono_bias(hidden, max(lag, 2), generator))
        else:
            init_keep_gate_bias_(self.recurrent, float(keep), exact=True)
        if outputs > 0:
            nn.init.normal_(self.recurrent.weights().W_x, std=SPREAD, generator=generator)

    def forward(
        self, x: Float[Tensor, "T B I"], probe: Probes | None = None
    ) -> Float[Tensor, "A B K"]:
        """K scores for each answer, or one number. `probe` is what `probes` gave."""
        state: Any = None
        outputs = []
        for start, end in cuts(x.size(0), self.truncation):
            if state is not None:
                state = tuple(s.detach() for s in as_tuple(state))
            part = None if probe is None else tuple(p[:, start:end] for p in probe)
            states, state = self.recurrent(x[start:end], state, probe=part)
            outputs.append(states)
        states = outputs[0] if len(outputs) == 1 else torch.cat(outputs)
        answers: Tensor = self.readout(states[-self.answers :])
        return answers

    def loss(
        self,
        batch: MemoryBatch,
        carry: None = None,
        generator: torch.Generator | None = None,
    ) -> tuple[Float[Tensor, ""], None]:
        """Mean over all answers: cross-entropy in nats, or the squared error of a number."""
        return self.error(self(batch.inputs), batch.targets), None

    def error(
        self, answers: Float[Tensor, "A B K"], targets: Shaped[Tensor, "A B"]
    ) -> Float[Tensor, ""]:
        """The loss of answers as `forward` gives them."""
        if self.outputs == 0:
            return nn.functional.mse_loss(answers.squeeze(-1), targets)
        return nn.functional.cross_entropy(answers.flatten(0, 1), targets.flatten())

    def probes(self, steps: int, batch: int) -> Probes:
        """Zeros for `forward(probe=…)` with `batch` sequences of `steps` steps."""
        return probes(self.recurrent, steps, batch)


def cuts(steps: int, truncation: int) -> list[tuple[int, int]]:
    """The stretches within which the gradient flows: the last one has `truncation` steps."""
    if truncation <= 0 or truncation >= steps:
        return [(0, steps)]
    ends = list(range(steps, 0, -truncation))
    return [(max(0, end - truncation), end) for end in reversed(ends)]
