"""A trained frame model in use: films in, a label for every frame out."""

from __future__ import annotations

import zipfile
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import torch
from jaxtyping import UInt8
from numpy.typing import NDArray
from torch import nn

from engine import checkpoints
from engine.checkpoints import Header
from engine.errors import N_, InputError
from engine.gradients import exact, norms_through_time
from engine.images.film import read_film_file
from engine.models.frames import NO_LABEL, STILL, FrameTagger
from engine.padding import batches_by_length
from engine.recurrent import fuse_
from engine.results import FrameGradients, LabelledFilm
from engine.tasks.frames.data import PREPARE, Film, read

Stop = Callable[[], bool]

CHUNK = 16
"""Films that are seen side by side."""


def load(path: Path, device: str = "cpu") -> FramePredictor:
    """The frame model in a checkpoint; InputError for a file that is not one."""
    header, model = checkpoints.load_network(
        path,
        "frames",
        network,
        InputError(N_("{file} is not a model of films."), file=path.name),
        device=device,
    )
    return FramePredictor(header, model)


def network(labels: list[str], recorded: str = "heat", **shape: Any) -> FrameTagger:
    """The network that a header's arguments describe. ValueError for films of an unknown kind."""
    if recorded not in PREPARE:
        raise ValueError(f"recorded must be one of {[*PREPARE]}")
    return FrameTagger(len(labels), **shape)


class FramePredictor:
    """Films in, labels out. Read-only: any number of threads may use it at once.

    Args:
        header: of the checkpoint.
        model: the network, weights in place, frozen.
    """

    def __init__(self, header: Header, model: FrameTagger) -> None:
        self.header = header
        self.device = model.output.weight.device
        self.cell: str = header.arguments["cell"]
        """The cell's name in `cells.CELLS`; "none" for a network that sees each frame alone."""
        self.bidirectional = self.cell != STILL and bool(header.arguments["bidirectional"])
        self.labels: tuple[str, ...] = tuple(header.arguments["labels"])
        self._prepare = PREPARE[header.arguments.get("recorded", "heat")]
        self._model, self._exact = model, exact(model)
        fuse_(self._model)

    @property
    def size(self) -> int:
        """S, height and width of the frames that it reads."""
        return self._model.size

    def read(self, path: Path) -> list[Film]:
        """The films of an .npz file or, for a model of films in grey, the film in a video file.

        InputError unless they are of the size and have the labels that the model knows.
        """
        if self.header.arguments.get("recorded") != "grey" or zipfile.is_zipfile(path):
            return read(path, self.size, len(self.labels))
        clip = read_film_file(path, self.size)
        return [Film(clip.name, clip.frames, np.full(len(clip.frames), NO_LABEL, np.uint8))]

    def label(
        self, films: Sequence[UInt8[NDArray[np.uint8], "_ _ _"]], stop: Stop | None = None
    ) -> Iterator[LabelledFilm]:
        """What each film shows, frame by frame: films (T, S, S) of bytes, in order, computed in
        batches of like length. Ends early once `stop()` is true."""
        size = CHUNK if stop is not None else max(1, len(films))
        for start in range(0, len(films), size):
            if stop is not None and stop():
                return
            part, found = films[start : start + size], dict[int, LabelledFilm]()
            for numbers in batches_by_length([len(film) for film in part], CHUNK):
                found |= zip(numbers, self._label([part[k] for k in numbers]), strict=True)
            yield from (found[k] for k in range(len(part)))

    def _label(self, films: Sequence[UInt8[NDArray[np.uint8], "_ _ _"]]) -> Iterator[LabelledFilm]:
        lengths = torch.tensor([len(film) for film in films], device=self.device)
        frames = nn.utils.rnn.pad_sequence([self._prepare(film) for film in films]).to(self.device)
        with torch.inference_mode():
            rows = self._model(frames, lengths).double().softmax(-1).cpu().numpy()
        for k, film in enumerate(films):
            yield LabelledFilm(self.labels, rows[: len(film), k])

    def gradients(
        self, film: UInt8[NDArray[np.uint8], "T S S"], frame: int, label: str | None = None
    ) -> FrameGradients:
        """‖∂e/∂h_t‖ (and ‖∂e/∂c_t‖) of every frame, e being the loss of frame number `frame` if
        `label` were right: by default the likeliest. ValueError for a network without states."""
        probe = self._exact.probes(len(film))
        logits = self._exact(self._prepare(film).double().unsqueeze(1), probe=probe)[frame, 0]
        answer = int(logits.argmax()) if label is None else self.labels.index(label)
        loss = nn.functional.cross_entropy(logits.unsqueeze(0), torch.tensor([answer]))
        recurrent = self._exact.recurrent
        assert recurrent is not None
        top = -recurrent.directions
        norms = [n[top:, :, 0].numpy() for n in norms_through_time(loss, probe)]
        return FrameGradients(
            self.cell,
            self.header.name,
            self.header.parameters,
            frame,
            self.labels[answer],
            norms[0],
            norms[1] if len(norms) > 1 else None,
        )
