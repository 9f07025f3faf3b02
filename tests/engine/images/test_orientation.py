"""A photo stands upright however the camera was held."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from engine import images
from tests.engine.images.pictures import (
    BLUE,
    GREEN,
    RED,
    WHITE,
    close,
    corner_colours,
    corners,
    encoded,
    exif,
)

Pixels = NDArray[np.uint8]

# How a picture was kept that looks like `corners` when it is set upright, by the words of the
# standard: where its first row and its first column belong.
KEPT: dict[int, Callable[[Pixels], Pixels]] = {
    1: lambda upright: upright,  # row: top, column: left
    2: lambda upright: upright[:, ::-1],  # top, right
    3: lambda upright: upright[::-1, ::-1],  # bottom, right
    4: lambda upright: upright[::-1],  # bottom, left
    5: lambda upright: upright.swapaxes(0, 1),  # left, top
    6: lambda upright: upright[:, ::-1].swapaxes(0, 1),  # right, top
    7: lambda upright: upright[::-1, ::-1].swapaxes(0, 1),  # right, bottom
    8: lambda upright: upright[::-1].swapaxes(0, 1),  # left, bottom
}


def kept(orientation: int) -> Image.Image:
    return Image.fromarray(np.ascontiguousarray(KEPT[orientation](np.asarray(corners()))))


@pytest.mark.parametrize("orientation", KEPT)
@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP", "HEIF", "AVIF"])
def test_every_orientation_is_set_upright(form: str, orientation: int) -> None:
    data = encoded(kept(orientation), form, exif=exif(orientation))
    assert form != "HEIF" or orientation == 1 or b"irot" in data or b"imir" in data
    photo = images.read(data, "a")
    assert photo.size == (96, 64)
    assert photo.pixels.shape == (64, 96, 3)
    for pixels in (photo.pixels, photo.squashed):
        assert close(corner_colours(pixels), (RED, GREEN, BLUE, WHITE))


def test_a_sideways_photo_that_is_decoded_smaller_keeps_its_size() -> None:
    data = encoded(kept(6).resize((2000, 3000)), "JPEG", exif=exif(6))
    photo = images.read(data, "a")
    assert photo.size == (3000, 2000)
    assert photo.pixels.shape == (427, 640, 3)
    assert close(corner_colours(photo.squashed), (RED, GREEN, BLUE, WHITE))


@pytest.mark.filterwarnings("ignore::UserWarning:PIL")  # Pillow says so, and goes on
@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP", "HEIF"])
@pytest.mark.parametrize(
    "notes",
    [
        b"Exif\0\0",
        b"Exif\0\0MM\0*\xff\xff\xff\xff",
        b"Exif\0\0II*\0\x08\0\0\0\xff\xff" + b"\x12\x01\x03" * 30,
        b"Exif\0\0MM\0*\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0\x63\0\0\0\0\0\0",
        b"\xff" * 60_000,
    ],
)
def test_notes_that_make_no_sense_do_not_cost_the_photo(form: str, notes: bytes) -> None:
    pixels = images.read(encoded(corners(), form, exif=notes), "a").pixels
    assert close(corner_colours(pixels), (RED, GREEN, BLUE, WHITE))
