"""Files as telephones, cameras and broken copies leave them: more or less than one photo."""

from __future__ import annotations

import struct
from collections.abc import Callable

import numpy as np
import pytest
from PIL import Image

from engine import images
from engine.errors import InputError
from engine.images.reading import MAX_SCANS
from tests.engine.images.pictures import corners, encoded, noise

PLAIN = encoded(noise(3, 400, 300), "JPEG")
PROGRESSIVE = encoded(noise(3, 400, 300), "JPEG", progressive=True)
FILM = b"\0\0\0\x18ftypmp42" + np.random.default_rng(0).bytes(8 * 2**20)
"""It holds some hundred places that look like the start of a scan."""


def segment(marker: int, content: bytes) -> bytes:
    return b"\xff" + bytes([marker]) + struct.pack(">H", len(content) + 2) + content


def with_notes(*segments: bytes) -> bytes:
    return PLAIN[:2] + b"".join(segments) + PLAIN[2:]


WHOLE: dict[str, bytes] = {
    "a film behind it": PLAIN + FILM,
    "a film behind a progressive one": PROGRESSIVE + FILM,
    "zeros behind it": PLAIN + bytes(100_000),
    "more photos behind it": PLAIN + PROGRESSIVE * MAX_SCANS,
    "scans in a comment": with_notes(segment(0xFE, b"\xff\xda" * 300)),
    "scans and ends in its notes": with_notes(
        segment(0xE1, b"Exif\0\0" + b"\xff\xd9\xff\xda" * 99)
    ),
    "fill bytes": PLAIN[:2] + b"\xff" * 9 + PLAIN[2:],
    "no end mark": PLAIN[:-2],
    "half an end mark": PLAIN[:-1],
    "no end mark, progressive": PROGRESSIVE[:-2],
}


@pytest.mark.parametrize("name", WHOLE)
def test_a_jpeg_is_read_whatever_is_around_it(name: str) -> None:
    found = images.read(WHOLE[name], "a").pixels
    plain = images.read(PROGRESSIVE if "progressive" in name else PLAIN, "a").pixels
    np.testing.assert_array_equal(found, plain)


@pytest.mark.parametrize("share", [0.3, 0.5, 0.8, 0.95])
def test_a_jpeg_that_lacks_pixels_is_still_refused(share: float) -> None:
    with pytest.raises(InputError, match="ends too early"):
        images.read(PLAIN[: round(share * len(PLAIN))], "a")


def test_a_progressive_jpeg_is_read_from_its_second_scan_on() -> None:
    second = PROGRESSIVE.index(b"\xff\xda", PROGRESSIVE.index(b"\xff\xda") + 2)
    with pytest.raises(InputError, match="ends too early"):
        images.read(PROGRESSIVE[: second - 50], "a")
    found = images.read(PROGRESSIVE[: second + 200], "a").pixels.astype(int)
    whole = images.read(PROGRESSIVE, "a").pixels.astype(int)
    assert np.abs(found - whole).mean() < 12


BLANKS: dict[str, Callable[[], Image.Image]] = {
    "white": lambda: Image.new("RGB", (96, 64), "white"),
    "transparent": lambda: Image.new("RGBA", (96, 64), (0, 0, 0, 0)),
}


@pytest.mark.parametrize("blank", BLANKS)
@pytest.mark.parametrize("form", ["GIF", "WEBP", "PNG"])
def test_of_an_animation_the_first_picture_that_shows_something_is_read(
    form: str, blank: str
) -> None:
    first, black = BLANKS[blank](), Image.new(BLANKS[blank]().mode, (96, 64), "black")
    shown = corners().convert(first.mode)
    data = encoded(first, form, save_all=True, append_images=[black, shown, black], duration=50)
    found = images.read(data, "a").pixels.astype(int)
    assert np.abs(found - np.asarray(corners()).astype(int)).mean() < 6


@pytest.mark.parametrize("form", ["GIF", "WEBP", "PNG"])
def test_of_an_animation_without_any_the_first_is_read(form: str) -> None:
    white, black = BLANKS["white"](), Image.new("RGB", (96, 64), "black")
    data = encoded(white, form, save_all=True, append_images=[black] * 3, duration=50)
    assert images.read(data, "a").pixels.min() == 255
