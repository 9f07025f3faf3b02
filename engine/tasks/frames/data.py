"""Films with a label for every frame: the files, the background, and batches of varied windows."""

from __future__ import annotations

import math
import random
import zipfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
import torch
from jaxtyping import Float, UInt8
from numpy.typing import NDArray
from torch import Tensor, nn

from engine import distributed
from engine.errors import N_, InputError
from engine.models.frames import NO_LABEL, FrameBatch

CLASSES = ("walk", "sitdown", "sit", "standup", "stand", "fall", "lie")
"""What a person does, in the order of the data's labels."""

SIZE = 16
FRAMES_PER_SECOND = 10

SOURCE = {
    "name": "frames",
    "source": "Nagoya University Extremely Low-resolution FIR Image Action Dataset, version 2018 "
    "(Kawashima et al. 2017)",
    "terms": "CC BY-NC-SA 4.0; cite the paper",
}

WARM_UP = 15
"""Frames at the beginning that hold the room without a person: the sensor warms up."""
UNIT = 10.0
"""What a network sees as 1: half a degree, the data's steps being .05 °C."""

MOST_FRAMES, MOST_BYTES = 20_000, 1 << 28
"""Frames of the longest film that is read, and bytes of a file once it is unpacked."""


@dataclass(frozen=True)
class Film:
    """Frames (T, 16, 16) in steps of .05 °C above 18 °C, and their labels (T,), `NO_LABEL` where
    there is none."""

    name: str
    frames: UInt8[NDArray[np.uint8], "T S S"]
    labels: UInt8[NDArray[np.uint8], " T"]


def read(path: Path, size: int = SIZE, classes: int = len(CLASSES)) -> list[Film]:
    """The films of an .npz file with `frames` and, where known, `lengths`, `labels` and `names`.

    InputError for a file that is not one, whose arrays do not fit together, or whose frames are not
    `size` pixels high and wide or have labels from `classes` on.
    """
    arrays = _arrays(path)
    frames = arrays.get("frames")
    if frames is None or frames.dtype != np.uint8 or frames.shape[1:] != (size, size):
        raise InputError(
            N_("{file} needs frames of {size} × {size} bytes."), file=path.name, size=size
        )
    count = len(frames)
    lengths = arrays.get("lengths", np.array([count]))
    labels = arrays.get("labels", np.full(count, NO_LABEL, np.uint8))
    fits = lengths.ndim == 1 and lengths.dtype.kind in "iu" and labels.shape == (count,)
    if not (fits and count and lengths.size and lengths.min() > 0 and lengths.sum() == count):
        raise InputError(N_("The arrays of {file} do not fit together."), file=path.name)
    if labels.dtype != np.uint8 or ((labels >= classes) & (labels != NO_LABEL)).any():
        raise InputError(N_("{file} has labels that are not known."), file=path.name)
    if lengths.max() > MOST_FRAMES:
        raise InputError(
            N_("{file} has a film of {count} frames; at most {most} can be read."),
            file=path.name,
            count=int(lengths.max()),
            most=MOST_FRAMES,
        )
    names = arrays.get("names", np.array([]))
    if names.shape != lengths.shape or names.dtype.kind != "U":
        names = np.array([f"film {k}" for k in range(1, len(lengths) + 1)])
    cuts = np.cumsum(lengths)[:-1]
    parts = zip(names, np.split(frames, cuts), np.split(labels, cuts), strict=True)
    return [Film(str(name), *part) for name, *part in parts]


_ARRAYS = ("frames", "lengths", "labels", "names")
_HEADERS = {
    (1, 0): np.lib.format.read_array_header_1_0,
    (2, 0): np.lib.format.read_array_header_2_0,
}


def _arrays(path: Path) -> dict[str, NDArray[Any]]:
    """The arrays of an .npz file, without code in them.

    How large each is stands in the file twice, in the archive's list and in the array's own head.
    Both are looked at before room is made for one: a file of a few bytes may speak of terabytes.
    """
    found: dict[str, NDArray[Any]] = {}
    try:
        with zipfile.ZipFile(path) as packed:
            if sum(part.file_size for part in packed.infolist()) > MOST_BYTES:
                raise InputError(
                    N_("{file} holds more than {most} MB."), file=path.name, most=MOST_BYTES >> 20
                )
            for name in _ARRAYS:
                if (part := f"{name}.npy") not in packed.namelist():
                    continue
                with packed.open(part) as file:
                    shape, _, dtype = _HEADERS[np.lib.format.read_magic(file)](file)
                if math.prod(shape) * dtype.itemsize > packed.getinfo(part).file_size:
                    raise ValueError("the array is larger than its file")
                with packed.open(part) as file:
                    found[name] = np.lib.format.read_array(file, allow_pickle=False)
    except InputError:
        raise
    except Exception as fault:  # archives and arrays are broken in many ways
        raise InputError(N_("{file} is no .npz file of films."), file=path.name) from fault
    return found


def heat(frames: UInt8[NDArray[np.uint8], "T S S"]) -> Float[Tensor, "T S S"]:
    """Heat above the empty room, as a network reads it.

    The room is the mean of the first `WARM_UP` frames. It warms and cools as a whole, so the median
    of each frame's pixels is taken off too; a person covers far fewer than half of them. Nothing
    here looks ahead.
    """
    film = torch.from_numpy(frames.astype(np.float32)) / UNIT
    film = film - film[:WARM_UP].mean(0)
    return film - film.flatten(1).median(1).values[:, None, None]


def grey(frames: UInt8[NDArray[np.uint8], "T S S"]) -> Float[Tensor, "T S S"]:
    """Brightness above the frame's mean, as a network reads it: 1 is a quarter of the way from
    black to white. So light that flickers is no movement."""
    film = torch.from_numpy(frames.astype(np.float32)) / 64
    return film - film.flatten(1).mean(1)[:, None, None]


PREPARE: dict[str, Callable[[NDArray[np.uint8]], Tensor]] = {"heat": heat, "grey": grey}
"""From a film's bytes to what a network reads, by what the bytes stand for."""


class Batches:
    """Batch of step k, a pure function of k: windows of films, each turned, mirrored, moved, made
    faster or slower, warmer or cooler, blurred and made noisy.

    Args:
        films: to learn from.
        size: windows per batch over all processes; each gets its share.
        steps: frames of a window.
        varied: False leaves the windows as they are.
    """

    def __init__(
        self,
        films: Sequence[Film],
        size: int,
        steps: int,
        seed: int,
        device: torch.device,
        varied: bool = True,
    ) -> None:
        if not films or min(len(film.frames) for film in films) < 2:
            raise InputError(N_("There are no films to learn from."))
        self.seed, self.device, self.steps, self.varied = seed, device, steps, varied
        self.size = min(size, len(films))
        self.per_epoch = len(films) // self.size
        self._films = [heat(film.frames) for film in films]
        self._labels = [torch.from_numpy(film.labels.astype(np.int64)) for film in films]
        self._order = lru_cache(maxsize=2)(self._shuffled)

    def _shuffled(self, epoch: int) -> list[int]:
        return random.Random(self.seed * 1_000_003 + epoch).sample(
            range(len(self._films)), len(self._films)
        )

    def __call__(self, step: int) -> FrameBatch:
        epoch, index = divmod(step, self.per_epoch)
        rows = self._order(epoch)[index * self.size : (index + 1) * self.size]
        rows = rows[distributed.share(len(rows))]
        seed = (self.seed * 1_000_003 + step) * 64 + distributed.rank()
        generator = torch.Generator().manual_seed(seed)
        parts = [self._window(row, generator) for row in rows]
        frames, targets = (torch.stack(part, 1) for part in zip(*parts, strict=True))
        return FrameBatch(frames.to(self.device), targets.to(self.device))

    def _window(self, row: int, generator: torch.Generator) -> tuple[Tensor, Tensor]:
        """(T, S, S) and (T,): a window with labels in it, varied."""
        film, labels = self._films[row], self._labels[row]
        draws = torch.rand(8, generator=generator).tolist()
        pace = (0.8 + 0.45 * draws[0]) if self.varied else 1.0
        labelled = torch.nonzero(labels != NO_LABEL).flatten()
        first, last = (int(labelled[0]), int(labelled[-1])) if len(labelled) else (0, len(film))
        span = pace * (self.steps - 1)
        # The window may begin 40 frames before the first label, and end 40 after the last.
        low, high = max(0, first - 40), max(0, min(len(film) - 1, last + 40) - span)
        start = low + draws[1] * max(0.0, high - low)
        place = (start + pace * torch.arange(self.steps)).clamp_(max=len(film) - 1)
        targets = labels[place.round().long()].clone()
        targets[start + pace * torch.arange(self.steps) > len(film) - 1] = NO_LABEL
        below = place.long()
        part = (place - below)[:, None, None]
        above = (below + 1).clamp_(max=len(film) - 1)
        x = film[below] * (1 - part) + film[above] * part
        return (vary(x, generator) if self.varied else x), targets


def vary(frames: Float[Tensor, "T S S"], generator: torch.Generator) -> Float[Tensor, "T S S"]:
    """The film turned, mirrored, moved by up to two pixels, up to a third warmer or cooler, perhaps
    blurred, with noise."""
    draws = torch.rand(8, generator=generator).tolist()
    frames = torch.rot90(frames, int(4 * draws[0]), (1, 2))
    if draws[1] < 0.5:
        frames = frames.flip(2)
    moved = nn.functional.pad(frames, (2, 2, 2, 2))
    down, right = int(5 * draws[2]), int(5 * draws[3])
    size = frames.size(-1)
    frames = moved[:, down : down + size, right : right + size]
    frames = frames * (0.7 + 0.6 * draws[4])
    if draws[5] < 0.3:
        frames = nn.functional.avg_pool2d(frames, 3, 1, 1)
    noise = torch.randn(frames.shape, generator=generator)
    noisy: Tensor = frames + noise * (0.05 * draws[6])
    return noisy
