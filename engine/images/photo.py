"""A photo that can be shown and encoded by a network: what it may measure, and how packed pixels of
any kind become an RGB picture of moderate size."""

from __future__ import annotations

from dataclasses import dataclass
from io import BytesIO

import numpy as np
from jaxtyping import UInt8
from PIL import Image, ImageCms
from PIL.ImageFile import ImageFile

MAX_BYTES = 25 * 2**20
MAX_PIXELS = 60_000_000
"""Width × height: a telephone's 50 megapixels and its panoramas, at most 240 MB while decoding."""

MAX_SIDE = 30_000
MIN_SIDE = 8
SHOWN = 640
"""Longest side of what is shown, in pixels."""

ENCODED = 224
"""Both sides of what an encoder takes, in pixels."""

_ORIENTATION = 0x0112
_TURNS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
SIDEWAYS = {_TURNS[value] for value in (5, 6, 7, 8)}
"""Turns that exchange width and height."""

_STRIP = 2**20  # pixels that are converted at a time


@dataclass(frozen=True)
class Photo:
    """A photo made plain: upright, RGB, no larger than needed."""

    name: str
    """The file's name, safe to show."""

    pixels: UInt8[np.ndarray, "_ _ 3"]
    """(H, W, 3), longest side at most SHOWN: what is shown."""

    squashed: UInt8[np.ndarray, "_ _ 3"]
    """(ENCODED, ENCODED, 3), the whole photo without a crop: what an encoder takes."""

    size: tuple[int, int]
    """Width and height of the upright original."""

    @property
    def nbytes(self) -> int:
        """Bytes held."""
        return self.pixels.nbytes + self.squashed.nbytes


def to_rgb(image: ImageFile) -> Image.Image:
    """The picture in RGB, on white where it is transparent, in the colours of sRGB.

    Decodes, and leaves out early what neither the screen nor an encoder would resolve: sides stay
    at least twice what is needed of them.
    """
    width, height = image.size
    factor = _spare(width, height)
    image.draft(None, (width // factor, height // factor))  # JPEG only: decodes fewer pixels
    image.load()
    small = reduce_strips(image, _spare(*image.size))
    profile = image.info.get("icc_profile")
    return on_white(small, profile if isinstance(profile, bytes) else b"")


def _spare(width: int, height: int) -> int:
    """By how much both sides can be divided."""
    return max(1, min(max(width, height) // (2 * SHOWN), min(width, height) // (2 * ENCODED)))


def reduce_strips(image: Image.Image, factor: int) -> Image.Image:
    """Means of factor × factor pixels, a strip at a time: a conversion of all would be a copy."""
    width, height = image.size
    rows = factor * max(1, _STRIP // (width * factor))
    strips = [
        averageable(image.crop((0, top, width, min(height, top + rows)))).reduce(factor)
        for top in range(0, height, rows)
    ]
    joined = Image.new(strips[0].mode, (strips[0].width, sum(s.height for s in strips)))
    top = 0
    for strip in strips:
        joined.paste(strip, (0, top))
        top += strip.height
    return joined


def averageable(image: Image.Image) -> Image.Image:
    """The same colours in a mode whose numbers mean brightness: L, RGB, RGBA or CMYK."""
    if image.mode.startswith("I;16"):
        # Pillow would clip: white is 65535 here, and v/257 is what 8 bits would have said.
        wide = np.asarray(image).astype(np.float32)
        return Image.fromarray(np.round(wide / 257).astype(np.uint8))
    if image.has_transparency_data:
        return image.convert("RGBA")
    return image if image.mode in ("L", "RGB", "CMYK") else image.convert("RGB")


def on_white(image: Image.Image, profile: bytes) -> Image.Image:
    """RGB, with white behind what can be seen through."""
    if image.mode != "RGBA":
        return in_srgb(image, profile)
    white = Image.new("RGB", image.size, "white")
    white.paste(in_srgb(image.convert("RGB"), profile), mask=image.getchannel("A"))
    return white


def in_srgb(image: Image.Image, profile: bytes) -> Image.Image:
    """RGB as screens expect it: telephones keep Display P3, printers CMYK of their own.

    A profile that cannot be used is passed over, as browsers do.
    """
    try:
        source = ImageCms.ImageCmsProfile(BytesIO(profile)) if profile else None
        if source and "sRGB" not in (source.profile.profile_description or ""):
            target = ImageCms.createProfile("sRGB")
            turned = ImageCms.profileToProfile(image, source, target, outputMode="RGB")
            return turned or image.convert("RGB")
    except (ImageCms.PyCMSError, OSError, ValueError, TypeError):
        pass
    return image.convert("RGB")


def turn_of(image: Image.Image) -> Image.Transpose | None:
    """What sets the picture upright, by how the camera was held; None if nothing, or unreadable."""
    try:
        return _TURNS.get(image.getexif().get(_ORIENTATION, 1))
    except Exception:  # a photo is worth more than its notes, and these fail in many ways
        return None
