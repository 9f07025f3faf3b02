"""The photos as the network sees them halfway, computed once and kept: the trunk never changes.

Each training photo is looked at in several forms (mirrored, cropped): more photos for nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from random import Random
from typing import Any

import numpy as np
import torch
from numpy.lib.format import open_memmap
from PIL import Image, ImageOps

from engine import vision

FORMS = ("whole", "mirrored", "cropped", "cropped and mirrored")
SMALLEST_CROP = 0.75
_CHUNK = 32
Report = Callable[[int, int], None]


def feature_maps(
    paths: Sequence[Path],
    forms: int,
    cache: Path,
    device: str = "cpu",
    report: Report | None = None,
) -> Any:
    """Maps halfway of all photos in the first `forms` of FORMS: (forms, photos, 49, 208), float16.

    They lie in `cache`, a .npy file beside which a count says how far it is: an interrupted run
    goes on where it stopped. `report(done, all)` is called after every few photos.
    """
    done = _done(cache)
    shape = (forms, len(paths), vision.GRID**2, vision.HALFWAY)
    if not cache.exists() or open_memmap(cache, mode="r").shape != shape:
        done = 0
        open_memmap(cache, mode="w+", dtype=np.float16, shape=shape)
    maps = open_memmap(cache, mode="r+")
    while done < len(paths):
        chunk = paths[done : done + _CHUNK]
        for form in range(forms):
            maps[form, done : done + len(chunk)] = _look(chunk, form, done, device)
        maps.flush()
        done += len(chunk)
        _counter(cache).write_text(str(done), encoding="utf-8")
        if report:
            report(done, len(paths))
    return open_memmap(cache, mode="r")


@torch.inference_mode()
def _look(paths: Sequence[Path], form: int, first: int, device: str) -> Any:
    photos = [
        vision.pixels(np.array(_in_form(path, form, first + i))) for i, path in enumerate(paths)
    ]
    batch = torch.stack(photos).to(device, memory_format=torch.channels_last)
    return vision.encoder(device).trunk(batch).cpu().half().numpy()


def _in_form(path: Path, form: int, seed: int) -> Image.Image:
    with Image.open(path) as file:
        photo = file.convert("RGB").resize((vision.SIDE, vision.SIDE))
    if form >= 2:
        photo = _cropped(photo, Random(seed))
    return ImageOps.mirror(photo) if form % 2 else photo


def _cropped(photo: Image.Image, draw: Random) -> Image.Image:
    """A part of the photo, its place and size drawn, in full size again."""
    side = draw.uniform(SMALLEST_CROP, 1.0) * vision.SIDE
    left, top = draw.uniform(0, vision.SIDE - side), draw.uniform(0, vision.SIDE - side)
    box = (left, top, left + side, top + side)
    return photo.resize(photo.size, Image.Resampling.BICUBIC, box=box)


def _counter(cache: Path) -> Path:
    return cache.with_suffix(".count")


def _done(cache: Path) -> int:
    counter = _counter(cache)
    return int(counter.read_text(encoding="utf-8")) if cache.exists() and counter.exists() else 0
