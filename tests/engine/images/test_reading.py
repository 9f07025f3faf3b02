"""Photos in every format: what comes out is plain, small, and one's own to write to."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from io import BytesIO
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from engine import images
from engine.images import ENCODED, FORMATS, SHOWN
from engine.images.photo import reduce_strips
from tests.engine.images.pictures import (
    BLUE,
    ENCODERS,
    GREEN,
    RED,
    WHITE,
    close,
    corner_colours,
    corners,
    encoded,
    memory_of,
    noise,
)


@pytest.mark.parametrize("form", ENCODERS)
def test_every_format_is_read_whatever_the_file_is_called(form: str) -> None:
    photo = images.read(encoded(corners(), form), "a.txt")
    assert photo.size == (96, 64)
    assert photo.pixels.shape == (64, 96, 3)
    assert photo.squashed.shape == (ENCODED, ENCODED, 3)
    for pixels in (photo.pixels, photo.squashed):
        assert pixels.dtype == np.uint8
        assert pixels.flags.writeable
        assert pixels.flags.c_contiguous
        assert close(corner_colours(pixels), (RED, GREEN, BLUE, WHITE))
    assert photo.nbytes == 3 * (64 * 96 + ENCODED * ENCODED)


def test_every_format_that_is_named_is_tested() -> None:
    assert [name.upper().replace("HEIC", "HEIF") for name in FORMATS] == [*ENCODERS]


@pytest.mark.parametrize("form", ["GIF", "WEBP", "PNG", "AVIF"])
def test_of_a_moving_picture_the_first_is_read(form: str) -> None:
    second = Image.new("RGB", (96, 64), "black")
    data = encoded(corners(), form, save_all=True, append_images=[second], duration=50)
    assert Image.open(BytesIO(data)).is_animated  # type: ignore[attr-defined]
    pixels = images.read(data, "moving").pixels
    assert close(corner_colours(pixels), (RED, GREEN, BLUE, WHITE))


def test_a_gif_whose_first_picture_covers_only_a_part_is_read() -> None:
    frame = encoded(Image.new("L", (16, 16), 200), "GIF")
    data = frame[:6] + (48).to_bytes(2, "little") * 2 + frame[10:]
    assert images.read(data, "part.gif").size == (48, 48)


@pytest.mark.parametrize(("width", "height"), [(1500, 900), (900, 1500), (640, 640), (30_000, 8)])
def test_what_is_shown_keeps_its_shape(width: int, height: int) -> None:
    photo = images.read(encoded(Image.new("L", (width, height)), "PNG"), "a")
    assert photo.size == (width, height)
    shown = photo.pixels.shape
    assert max(shown) == SHOWN
    assert shown[0] == max(1, round(SHOWN * height / max(width, height)))


def test_a_small_photo_is_not_blown_up_for_the_screen() -> None:
    assert images.read(encoded(corners(8, 8), "PNG"), "a").pixels.shape == (8, 8, 3)


@pytest.mark.parametrize("form", ["JPEG", "PNG"])
def test_fine_stripes_become_grey_rather_than_a_pattern(form: str) -> None:
    stripes = np.zeros((2000, 3000), np.uint8)
    stripes[:, ::2] = 255
    photo = images.read(encoded(Image.fromarray(stripes), form), "a")
    for pixels in (photo.pixels, photo.squashed):
        assert np.abs(pixels[4:-4, 4:-4].astype(int) - 127).max() <= 4


@pytest.mark.parametrize("form", ["JPEG", "PNG"])
@pytest.mark.parametrize(("width", "height"), [(2950, 1730), (8000, 260)])
def test_the_whole_photo_is_squashed_as_if_in_one_step(form: str, width: int, height: int) -> None:
    picture = noise(0, width, height)
    wanted = picture.resize((ENCODED, ENCODED), Image.Resampling.BICUBIC)
    found = images.read(encoded(picture, form), "a").squashed
    assert np.abs(found.astype(int) - np.asarray(wanted)).max() <= 6


@pytest.mark.parametrize("factor", [1, 3, 4])
def test_means_taken_in_strips_are_those_of_the_whole(factor: int) -> None:
    picture = noise(2, 2003, 1501)
    found = reduce_strips(picture, factor)
    assert np.array_equal(np.asarray(found), np.asarray(picture.reduce(factor)))


def test_an_avif_that_first_says_only_that_it_is_an_image_file_is_one() -> None:
    data = encoded(corners(), "AVIF").replace(b"ftypavif", b"ftypmif1")
    assert images.read(data, "a").size == (96, 64)


def test_fifty_megapixels_take_neither_time_nor_memory() -> None:
    data = encoded(noise(1, 8160, 6120), "JPEG", quality=80, subsampling=2)
    start = time.perf_counter()
    assert memory_of(lambda: images.read(data, "a")) < 50 * 2**20  # all pixels would be 200 MB
    assert time.perf_counter() - start < 2  # 0.1 s on a free machine


def test_many_threads_read_the_same() -> None:
    files = [encoded(noise(seed, 300, 200), form) for seed, form in enumerate(ENCODERS)] * 4
    alone = [images.read(data, "a").pixels for data in files]
    with ThreadPoolExecutor(8) as threads:
        together = list(threads.map(lambda data: images.read(data, "a").pixels, files))
    assert all(np.array_equal(a, b) for a, b in zip(alone, together, strict=True))


def test_a_file_is_read_from_disk(tmp_path: Path) -> None:
    path = tmp_path / "my photo.jpg"
    path.write_bytes(encoded(corners(), "JPEG"))
    photo = images.read_file(path)
    assert photo.name == "my photo.jpg"
    assert photo.size == (96, 64)
