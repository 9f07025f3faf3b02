"""A label for every frame of a film: a small CNN sees each frame, recurrent layers see the order.

Slide 15's kind n → n, aligned: the label of frame t is read off the state h_t. With two directions
(slide 49) h_t knows the frames that follow as well as those before.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import torch
from jaxtyping import Float, Int
from torch import Tensor, nn

from engine.cells import CELLS, DEFAULT_CELL
from engine.dropout import dropout
from engine.gradients import probes
from engine.recurrent import build_layer, init_keep_gate_bias_

STILL = "none"
"""The cell of a network that sees each frame alone."""

NO_LABEL = 255
"""Stands at frames that nobody labelled: they count neither in the loss nor in a score."""


MOST_MEMORY = 64
"""Frames before the present one that a network may look back on directly."""


class FrameBatch(NamedTuple):
    """Films of one length as columns: frames (T, B, S, S), background taken off; targets (T, B),
    `NO_LABEL` where there is none."""

    frames: Tensor
    targets: Tensor


class FrameTagger(nn.Module):
    """Sees a film frame by frame and scores K classes at each.

    Each frame is read with its change: channel 1 is the frame, channel 2 its difference to the
    frame before, channel 3 its difference to the mean of the `memory` frames before. Every value
    comes from now or before, so a network of one direction could run while the film is being made.

    Args:
        classes: K.
        size: S, height and width of a frame; a multiple of 4 from 16 on.
        filters: number of filters of each convolution; each halves height and width.
        features: size of the vector that the CNN makes of a frame.
        hidden, layers: sizes; `hidden` is per direction.
        cell: its name in `cells.CELLS`; "none" sees each frame alone, without its change.
        bidirectional: whether a second direction reads from the end.
        memory: frames that the mean is taken over.
        dropout: share of units dropped before, between and after the recurrent layers.
        smoothing: share of belief that training gives to all classes alike.
        keep_bias: what the bias of the gate that keeps the old state starts at; see
            `init_keep_gate_bias_`.
        fused: hand whole sequences to torch's kernel where the layer can, for training.
        generator: what initial weights are drawn from.
    """

    def __init__(
        self,
        classes: int,
        size: int = 16,
        filters: Sequence[int] = (16, 32),
        features: int = 64,
        hidden: int = 64,
        layers: int = 2,
        cell: str = DEFAULT_CELL,
        bidirectional: bool = True,
        memory: int = 8,
        dropout: float = 0.0,
        smoothing: float = 0.0,
        keep_bias: float = 0.0,
        fused: bool = False,
        generator: torch.Generator | None = None,
    ) -> None:
        super().__init__()
        if cell not in (STILL, *CELLS):
            raise ValueError(f"cell must be one of {[STILL, *CELLS]}")
        if size % 2 ** len(filters) or size < 2 ** len(filters):
            raise ValueError(f"size must be a multiple of {2 ** len(filters)}")
        if not 1 <= memory <= MOST_MEMORY:
            raise ValueError(f"memory must lie between 1 and {MOST_MEMORY}")
        self.cell, self.size, self.memory = cell, size, memory
        self.dropout, self.smoothing = dropout, smoothing
        channels = (1 if cell == STILL else 3, *filters)
        self.convolutions = nn.ModuleList(
            nn.utils.skip_init(nn.Conv2d, *pair, 3, padding=1)
            for pair in zip(channels, filters, strict=False)
        )
        area = (size // 2 ** len(filters)) ** 2
        self.features = nn.utils.skip_init(nn.Linear, filters[-1] * area, features)
        width = features
        self.recurrent = None
        if cell != STILL:
            self.recurrent = build_layer(
                cell,
                features,
                hidden,
                layers,
                dropout=dropout if layers > 1 else 0.0,
                bidirectional=bidirectional,
                generator=generator,
            )
            if hasattr(self.recurrent, "fused"):
                self.recurrent.fused = fused
            width = hidden * self.recurrent.directions
        self.output = nn.utils.skip_init(nn.Linear, width, classes)
        self._initialise(keep_bias, generator)

    @torch.no_grad()
    def _initialise(self, keep_bias: float, generator: torch.Generator | None) -> None:
        """He et al. 2015 before rectifiers, and a small start for the classifier."""
        for layer in (*self.convolutions, self.features):
            fan_in = layer.weight[0].numel()
            layer.weight.normal_(0, (2 / fan_in) ** 0.5, generator=generator)
            layer.bias.zero_()
        width = self.output.weight.size(1)
        self.output.weight.normal_(0, width**-0.5, generator=generator)
        self.output.bias.zero_()
        if keep_bias and self.recurrent is not None:
            init_keep_gate_bias_(self.recurrent, keep_bias)

    def forward(
        self,
        frames: Float[Tensor, "T B S S"],
        lengths: Int[Tensor, " B"] | None = None,
        *,
        probe: tuple[Float[Tensor, " ..."], ...] | None = None,
        generator: torch.Generator | None = None,
    ) -> Float[Tensor, "T B K"]:
        """Logits at every frame. `probe` is what `probes` gave; `generator` is dropout's."""
        steps, batch = frames.shape[:2]
        x = self._channels(frames).flatten(0, 1)
        for convolution in self.convolutions:
            x = nn.functional.max_pool2d(convolution(x).relu(), 2)
        x = self.features(x.flatten(1)).relu().view(steps, batch, -1)
        if self.training:
            x = dropout(x, self.dropout, generator)
        if self.recurrent is not None:
            x, _ = self.recurrent(x, lengths=lengths, probe=probe, generator=generator)
            if self.training:
                x = dropout(x, self.dropout, generator)
        logits: Tensor = self.output(x)
        return logits.float()

    def _channels(self, frames: Float[Tensor, "T B S S"]) -> Float[Tensor, "T B C S S"]:
        """A frame, its change since the frame before, its change since the mean of some before."""
        if self.cell == STILL:
            return frames.unsqueeze(2)
        steps = len(frames)
        before = torch.cat([frames[:1], frames[:-1]])
        # Before the film begins its first frame is thought to stand still.
        past = torch.cat([frames[:1].expand(self.memory, -1, -1, -1), frames[:-1]])
        total = past.cumsum(0)
        total = total[self.memory - 1 :] - torch.cat(
            [torch.zeros_like(total[:1]), total[: steps - 1]]
        )
        return torch.stack([frames, frames - before, frames - total / self.memory], 2)

    def probes(self, steps: int) -> tuple[Float[Tensor, " ..."], ...]:
        """Zeros for `forward(probe=…)` with one film of `steps` frames; ValueError for a network
        without recurrence."""
        if self.recurrent is None:
            raise ValueError("a network that sees each frame alone has no states")
        return probes(self.recurrent, steps)

    def loss(
        self,
        batch: FrameBatch,
        carry: tuple[Float[Tensor, " ..."], ...] | None = None,
        generator: torch.Generator | None = None,
    ) -> tuple[Float[Tensor, ""], None]:
        """Mean cross-entropy, in nats, over the frames that have a label."""
        logits = self(batch.frames, generator=generator)
        loss = nn.functional.cross_entropy(
            logits.flatten(0, 1),
            batch.targets.flatten(),
            ignore_index=NO_LABEL,
            label_smoothing=self.smoothing,
        )
        return loss, None
