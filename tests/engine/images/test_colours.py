"""Transparency, greys, palettes, inks, 16 bits and wide colours become the RGB that one expects."""

from __future__ import annotations

import struct

import numpy as np
import pytest
from PIL import Image

from engine import images
from tests.engine.images.pictures import (
    GREEN,
    P3,
    RED,
    WHITE,
    close,
    corner_colours,
    corners,
    encoded,
    p3_profile,
    png,
    png_chunk,
)


def one_colour(data: bytes) -> tuple[int, ...]:
    """The colour of a picture that has only one."""
    photo = images.read(data, "a")
    colours = {tuple(map(int, c)) for a in (photo.pixels, photo.squashed) for c in a.reshape(-1, 3)}
    assert len(colours) == 1
    return colours.pop()


@pytest.mark.parametrize("form", ["PNG", "WEBP", "HEIF", "AVIF"])
def test_white_shines_through_what_is_transparent(form: str) -> None:
    picture = corners().convert("RGBA")
    opacity = np.full((64, 96), 255, np.uint8)
    opacity[:, 48:] = 0  # the right half is not there
    opacity[32:, :48] = 128
    picture.putalpha(Image.fromarray(opacity))
    blue = tuple(round(128 / 255 * c + 127 / 255 * 255) for c in (30, 40, 200))
    found = corner_colours(images.read(encoded(picture, form), "a").pixels)
    assert close(found, (RED, WHITE, blue, WHITE))


def test_what_is_transparent_does_not_bleed_when_made_smaller() -> None:
    """Red dots on nothing whose hidden colour is green: the mean holds no green."""
    pixels = np.zeros((1400, 1400, 4), np.uint8)
    pixels[:] = (0, 255, 0, 0)
    pixels[::2, ::2] = (255, 0, 0, 255)
    photo = images.read(encoded(Image.fromarray(pixels), "PNG"), "a")
    red, green, blue = photo.squashed[100, 100].astype(int)
    assert red >= 253
    assert abs(green - 191) <= 2
    assert abs(green - blue) <= 2


@pytest.mark.parametrize("form", ["PNG", "GIF"])
def test_a_palette_with_a_transparent_colour(form: str) -> None:
    picture = Image.new("P", (20, 20), 1)
    picture.putpalette([*RED, *GREEN])
    assert one_colour(encoded(picture, form, transparency=0)) == GREEN
    assert one_colour(encoded(picture, form, transparency=1)) == WHITE


@pytest.mark.parametrize(
    ("mode", "value", "wanted"),
    [
        ("1", 1, (255, 255, 255)),
        ("L", 77, (77, 77, 77)),
        ("LA", (100, 0), (255, 255, 255)),
        ("LA", (100, 255), (100, 100, 100)),
        ("RGBA", (10, 20, 30, 255), (10, 20, 30)),
    ],
)
def test_greys_and_alpha(
    mode: str, value: float | tuple[int, ...], wanted: tuple[int, int, int]
) -> None:
    assert one_colour(encoded(Image.new(mode, (20, 20), value), "PNG")) == wanted


def test_a_single_transparent_grey_or_colour() -> None:
    grey = png((9, 9, 8, 0), (b"\0" + b"\x40" * 9) * 9, png_chunk(b"tRNS", b"\0\x40"))
    assert one_colour(grey) == WHITE
    colour = png((9, 9, 8, 2), (b"\0" + bytes(RED) * 9) * 9, png_chunk(b"tRNS", bytes(6)))
    assert one_colour(colour) == RED


@pytest.mark.parametrize("value", [0, 255, 256, 12_850, 32_767, 65_535])
def test_sixteen_bits_are_scaled(value: int) -> None:
    wide = np.full((16, 16), value, np.uint16)
    assert one_colour(encoded(Image.fromarray(wide), "PNG")) == (round(value / 257),) * 3


@pytest.mark.parametrize(("kind", "channels"), [(2, 3), (4, 2), (6, 4)])
def test_sixteen_bits_a_channel(kind: int, channels: int) -> None:
    values = (51_400, 25_700, 12_850, 65_535)[-channels:] if channels != 3 else (51_400, 25_700, 0)
    row = b"\0" + struct.pack(f">{channels}H", *values) * 16
    wanted = {2: (200, 100, 0), 4: (50, 50, 50), 6: (200, 100, 50)}[kind]
    assert one_colour(png((16, 16, 16, kind), row * 16)) == wanted


def test_a_large_picture_is_converted_in_strips_without_seams() -> None:
    slope = np.linspace(0, 65_535, 3000).astype(np.uint16)[:, None].repeat(3000, axis=1)
    column = images.read(encoded(Image.fromarray(slope), "PNG"), "a").pixels[:, 100, 0].astype(int)
    assert np.abs(column - np.linspace(0, 255, 640)).max() <= 1.5


@pytest.mark.parametrize(
    ("inks", "wanted"),
    [
        ((0, 0, 0, 0), (255, 255, 255)),
        ((0, 255, 255, 0), (255, 0, 0)),
        ((255, 0, 255, 0), (0, 255, 0)),
        ((0, 0, 0, 255), (0, 0, 0)),
        ((0, 128, 255, 0), (255, 127, 0)),
    ],
)
def test_printing_inks_are_near_right(inks: tuple[int, ...], wanted: tuple[int, ...]) -> None:
    """JPEG keeps them inverted, with Adobe's mark."""
    data = encoded(Image.new("CMYK", (16, 16), inks), "JPEG")
    assert b"Adobe" in data
    assert close([one_colour(data)], [wanted], by=4)


def in_srgb(colour: tuple[int, int, int]) -> tuple[int, ...]:
    """A colour of Display P3 (gamma 2.2) in sRGB by its definition: matrices relative to D50."""
    srgb = ((0.43607, 0.22249, 0.01392), (0.38515, 0.71687, 0.09708), (0.14307, 0.06061, 0.71410))
    linear = (np.array(colour) / 255) ** 2.2
    light = np.clip(np.linalg.solve(np.array(srgb).T, np.array(P3).T @ linear), 0, 1)
    curved = np.where(light <= 0.0031308, 12.92 * light, 1.055 * light ** (1 / 2.4) - 0.055)
    return tuple(round(float(c) * 255) for c in curved)


@pytest.mark.parametrize("form", ["JPEG", "PNG", "HEIF", "AVIF"])
def test_a_telephones_wide_colours_become_srgb(form: str) -> None:
    colour = (200, 120, 90)
    wanted = in_srgb(colour)
    assert max(abs(a - b) for a, b in zip(colour, wanted, strict=True)) > 8
    data = encoded(Image.new("RGB", (64, 64), colour), form, icc_profile=p3_profile())
    pixels = images.read(data, "a").pixels
    assert close([pixels[32, 32].tolist()], [wanted], by=4)


@pytest.mark.parametrize("profile", [b"junk", b"\0" * 200, p3_profile()[:200], bytes(2**23)])
def test_a_profile_that_cannot_be_used_is_passed_over(profile: bytes) -> None:
    data = encoded(corners(), "JPEG", icc_profile=profile)
    found = corner_colours(images.read(data, "a").pixels)
    assert close(found[:2], [RED, GREEN], by=3)


def test_a_profile_for_other_inks_is_passed_over() -> None:
    data = encoded(Image.new("L", (16, 16), 90), "PNG", icc_profile=p3_profile())
    assert one_colour(data) == (90, 90, 90)
