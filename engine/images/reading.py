"""Reads a photo from bytes or from a file, or says in words what is wrong with it."""

from __future__ import annotations

import threading
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image
from PIL.ImageFile import ImageFile

from engine.errors import N_, InputError
from engine.images.formats import FORMATS, format_of, is_svg, opened
from engine.images.names import safe_name
from engine.images.photo import ENCODED, MAX_BYTES, MAX_PIXELS, MAX_SIDE, MIN_SIDE, SHOWN, Photo
from engine.images.plain import SIDEWAYS, plain, turn_of

_AT_ONCE = threading.BoundedSemaphore(2)
"""Photos that are decoded at a time: of all that happens here, only this takes much memory."""


def read(data: bytes, name: str) -> Photo:
    """The photo in `data`; InputError says why there is none. Safe to call from any thread."""
    name = safe_name(name)
    kind = _checked(data, name)
    try:
        with _AT_ONCE:
            return _decoded(data, kind, name)
    except InputError:
        raise
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as fault:
        raise _too_many_pixels(name) from fault
    except Exception as fault:  # decoders meet damage with whatever they trip over
        raise InputError(
            N_("{name} is damaged, or ends too early. Save or download it once more."), name=name
        ) from fault


def read_file(path: Path) -> Photo:
    """The photo at `path`; its size is looked at before it is read."""
    name = safe_name(path.name)
    try:
        if path.is_dir():
            raise InputError(N_("{name} is a folder, not a photo."), name=name)
        if not path.is_file():
            raise InputError(N_("There is no file {name}."), name=name)
        if path.stat().st_size > MAX_BYTES:
            raise _too_many_bytes(path.stat().st_size, name)
        with path.open("rb") as file:
            data = file.read(MAX_BYTES + 1)
    except InputError:
        raise
    except (OSError, ValueError) as fault:
        raise InputError(N_("{name} cannot be opened."), name=name) from fault
    return read(data, name)


def _checked(data: bytes, name: str) -> str:
    """The format, if this can be a photo at all."""
    if not data:
        raise InputError(N_("{name} is empty: there is not one byte in it."), name=name)
    if len(data) > MAX_BYTES:
        raise _too_many_bytes(len(data), name)
    if is_svg(data):
        raise InputError(
            N_("{name} is a vector drawing (SVG), not a photo. Save it as PNG first."), name=name
        )
    kind = format_of(data)
    if kind is None:
        raise InputError(
            N_("{name} is not a photo that can be read here. These can: {formats}."),
            name=name,
            formats=", ".join(FORMATS),
        )
    return kind


def _too_many_bytes(size: int, name: str) -> InputError:
    return InputError(
        N_("{name} has {size} MB; at most {limit} MB can be read."),
        name=name,
        size=f"{size / 2**20:.1f}",
        limit=MAX_BYTES // 2**20,
    )


def _too_many_pixels(name: str) -> InputError:
    return InputError(
        N_(
            "{name} has too many pixels: at most {limit} million can be read, and at most {side} "
            "from edge to edge. Save it smaller."
        ),
        name=name,
        limit=MAX_PIXELS // 1_000_000,
        side=f"{MAX_SIDE:,}",
    )


def _fits(image: ImageFile, name: str) -> None:
    """Raises InputError for a picture that is too large or too small; its head tells."""
    width, height = image.size
    if width * height > MAX_PIXELS or max(width, height) > MAX_SIDE:
        raise _too_many_pixels(name)
    if min(width, height) < MIN_SIDE:
        raise InputError(
            N_(
                "{name} has {width} × {height} pixels, too few to see anything: each side needs "
                "at least {least}."
            ),
            name=name,
            width=width,
            height=height,
            least=MIN_SIDE,
        )


def _decoded(data: bytes, kind: str, name: str) -> Photo:
    with opened(data, kind) as image:
        _fits(image, name)
        width, height = image.size
        picture = plain(image)
        turn = turn_of(image)
    if turn is not None:
        picture = picture.transpose(turn)
    return Photo(
        name,
        pixels=_array(picture, _shown(picture)),
        squashed=_array(picture, (ENCODED, ENCODED)),
        size=(height, width) if turn in SIDEWAYS else (width, height),
    )


def _shown(picture: Image.Image) -> tuple[int, int]:
    """The size on the screen: as it is, or with SHOWN as the longest side."""
    scale = min(1.0, SHOWN / max(picture.size))
    return max(1, round(picture.width * scale)), max(1, round(picture.height * scale))


def _array(picture: Image.Image, size: tuple[int, int]) -> NDArray[np.uint8]:
    """(height, width, 3), resampled with a filter as wide as the shrinking asks for."""
    resized = picture.resize(size, Image.Resampling.BICUBIC)
    return np.array(resized, dtype=np.uint8)
