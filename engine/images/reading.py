"""Reads a photo from bytes or from a file, or says in words what is wrong with it.

Which formats are read, how a file shows that it is one, and its head read without its pixels.
"""

from __future__ import annotations

import re
import threading
import unicodedata
from collections.abc import Callable
from io import BytesIO
from pathlib import Path

import numpy as np
import pillow_heif
from jaxtyping import UInt8
from PIL import Image
from PIL.AvifImagePlugin import AvifImageFile
from PIL.GifImagePlugin import GifImageFile
from PIL.ImageFile import ImageFile
from PIL.JpegImagePlugin import JpegImageFile
from PIL.PngImagePlugin import PngImageFile
from PIL.WebPImagePlugin import WebPImageFile

from engine.errors import N_, InputError
from engine.images.photo import (
    ENCODED,
    MAX_BYTES,
    MAX_PIXELS,
    MAX_SIDE,
    MIN_SIDE,
    SHOWN,
    SIDEWAYS,
    Photo,
    to_rgb,
    turn_of,
)

# What a HEIC holds beside its photo is never asked for.
pillow_heif.register_heif_opener(thumbnails=False, depth_images=False, aux_images=False)

FORMATS = {
    "JPEG": ("jpg", "jpeg"),
    "PNG": ("png",),
    "WebP": ("webp",),
    "GIF": ("gif",),
    "HEIC": ("heic", "heif"),
    "AVIF": ("avif",),
}
"""The formats that are read, by the name people know, and the endings of their files."""

# Each reads a head when it is made and the pixels at `load`. Called directly: `Image.open` would
# ask every plugin, and take a JPEG with several pictures for another format.
_OPENERS: dict[str, Callable[[BytesIO], ImageFile]] = {
    "JPEG": JpegImageFile,
    "PNG": PngImageFile,
    "WebP": WebPImageFile,
    "GIF": GifImageFile,
    "HEIC": pillow_heif.HeifImageFile,
    "AVIF": AvifImageFile,
}

_SIGNATURES = {
    "JPEG": rb"\xff\xd8\xff",
    "PNG": rb"\x89PNG\r\n\x1a\n",
    "WebP": rb"RIFF.{4}WEBP",
    "GIF": rb"GIF8[79]a",
    "AVIF": rb".{4}ftyp(avif|avis|mif1.{4}(.{4}){0,4}?avif)",
    "HEIC": rb".{4}ftyp(hei[cxms]|hev[cxms]|mif1|msf1)",
}
_SVG = re.compile(rb"\s*<(svg\b|(\?xml|!--|!doctype\s+svg).*<svg\b)", re.DOTALL | re.IGNORECASE)
_HEAD = 4096

MAX_SCANS = 100
"""Passes over one JPEG; cameras and web sites write about ten, an attack thousands."""


def format_of(data: bytes) -> str | None:
    """The format that the first bytes show, whatever the file is called; None if it is not read."""
    found = (name for name, start in _SIGNATURES.items() if re.match(start, data, re.DOTALL))
    return next(found, None)


def is_svg(data: bytes) -> bool:
    """Whether this is a drawing in text, in UTF-8 or UTF-16."""
    head = data[:_HEAD].replace(b"\0", b"").lstrip(b"\xef\xbb\xbf\xff\xfe")
    return _SVG.match(head) is not None


def opened(data: bytes, kind: str) -> ImageFile:
    """The image with its size known and its pixels still packed; raises whatever Pillow does."""
    return _OPENERS[kind](BytesIO(_jpeg_alone(data) if kind == "JPEG" else data))


_START_OF_SCAN, _END_OF_IMAGE, _PROGRESSIVE = 0xDA, 0xD9, 0xC2
_BARE_MARKERS = {0x01, *range(0xD0, 0xD9)}
"""Markers without a segment behind them, beside the end of the image."""
_NEXT_MARKER = re.compile(rb"\xff+([^\x00\xff])")
_NEXT_IN_SCAN = re.compile(rb"\xff+([^\x00\xff\xd0-\xd7])")
"""Within a scan a byte 0xFF is followed by 0, and restart markers belong to it."""
_PADDING = bytes(16)
"""What a decoder reads ahead of the last pixels: too little to stand for missing ones."""


def _jpeg_alone(data: bytes) -> bytes:
    """A JPEG from its first marker to its end mark, without what a telephone puts behind it: the
    film of a motion photo, other sizes of the picture. ValueError for one with too many scans.

    Where the end mark is missing (interrupted copies, old cameras) it is made up for, provided that
    the pixels are there: a progressive picture is whole, if less sharp, from its second scan on; of
    any other the decoder finds out that nothing but the end mark is missing.
    """
    scans, progressive, at = 0, False, 2
    while found := (_NEXT_IN_SCAN if scans else _NEXT_MARKER).search(data, at):
        marker, at = found[1][0], found.end()
        if marker == _END_OF_IMAGE:
            return data[:at]
        if marker in _BARE_MARKERS:
            continue
        progressive = progressive or marker == _PROGRESSIVE
        scans += marker == _START_OF_SCAN
        if scans > MAX_SCANS:
            raise ValueError("too many scans")
        at += int.from_bytes(data[at : at + 2], "big")
    data = data.rstrip(b"\xff")
    if progressive and scans > 1:
        return data + b"\xff\xd9"
    return data + _PADDING


AT_ONCE = threading.BoundedSemaphore(2)
"""Photos and films that are decoded at a time: only this takes much memory."""

MAX_FRAMES = 100
"""Pictures of an animation that are looked at, as far as MAX_PIXELS in all allows."""
BLANK = 8
"""By how much the values of a channel may differ in a picture that shows nothing."""

LONGEST_NAME = 80
"""Characters of a file's name that are shown."""
_TAIL = 24  # of a name too long: enough to keep its number and its ending
_HIDDEN = {"Cc", "Cf", "Cs", "Co", "Cn"}


def safe_name(name: str) -> str:
    """The last part of the path, on one line, without what cannot be seen; "…" if nothing is left.

    Control characters and bidirectional overrides could make a name read as another one. What is
    too long loses its middle.
    """
    last = re.split(r"[/\\]", name)[-1]
    spaced = re.sub(r"\s+", " ", unicodedata.normalize("NFC", last))
    plain = "".join(c for c in spaced if unicodedata.category(c) not in _HIDDEN).strip()
    if len(plain) > LONGEST_NAME:
        plain = f"{plain[: LONGEST_NAME - _TAIL - 1]}…{plain[-_TAIL:]}"
    return plain or "…"


def read(data: bytes, name: str) -> Photo:
    """The photo in `data`; InputError says why there is none. Safe to call from any thread."""
    name = safe_name(name)
    kind = _checked(data, name)
    try:
        with AT_ONCE:
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
            raise too_many_bytes(path.stat().st_size, name, MAX_BYTES)
        with path.open("rb") as file:
            data = file.read(MAX_BYTES + 1)
    except InputError:
        raise
    except (OSError, ValueError) as fault:
        raise InputError(N_("{name} cannot be opened."), name=name) from fault
    return read(data, name)


def _checked(data: bytes, name: str) -> str:
    """The format, if this can be a photo at all."""
    check_bytes(data, name, MAX_BYTES)
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


def check_bytes(data: bytes, name: str, most: int) -> None:
    """InputError for a file of no bytes, or of more than `most`."""
    if not data:
        raise InputError(N_("{name} is empty: there is not one byte in it."), name=name)
    if len(data) > most:
        raise too_many_bytes(len(data), name, most)


def too_many_bytes(size: int, name: str, most: int) -> InputError:
    """The refusal of a file of `size` bytes where at most `most` are read."""
    return InputError(
        N_("{name} has {size} MB; at most {limit} MB can be read."),
        name=name,
        size=round(size / 2**20, 1),
        limit=most // 2**20,
    )


def _too_many_pixels(name: str) -> InputError:
    return InputError(
        N_(
            "{name} has too many pixels: at most {limit} million can be read, and at most {side} "
            "from edge to edge. Save it smaller."
        ),
        name=name,
        limit=MAX_PIXELS // 1_000_000,
        side=MAX_SIDE,
    )


def _decoded(data: bytes, kind: str, name: str) -> Photo:
    """The photo; InputError for a picture that is too large or too small, which its head tells."""
    with opened(data, kind) as image:
        width, height = image.size
        if width * height > MAX_PIXELS or max(width, height) > MAX_SIDE:
            raise _too_many_pixels(name)
        if min(width, height) < MIN_SIDE:
            raise InputError(
                N_(
                    "{name} has {width} × {height} pixels, too few to see anything: each side "
                    "needs at least {least}."
                ),
                name=name,
                width=width,
                height=height,
                least=MIN_SIDE,
            )
        picture = _first_not_blank(image)
        turn = turn_of(image)
    if turn is not None:
        picture = picture.transpose(turn)
    scale = min(1.0, SHOWN / max(picture.size))
    shown = max(1, round(picture.width * scale)), max(1, round(picture.height * scale))
    return Photo(
        name,
        pixels=_array(picture, shown),
        squashed=_array(picture, (ENCODED, ENCODED)),
        size=(height, width) if turn in SIDEWAYS else (width, height),
    )


def _first_not_blank(image: ImageFile) -> Image.Image:
    """The picture in RGB; of an animation the first one that is not all of one colour.

    The first of all is taken where there is no other among those that may be decoded.
    """
    first = to_rgb(image)
    if not _is_blank(first):
        return first
    for number in range(1, min(MAX_FRAMES, MAX_PIXELS // (image.width * image.height))):
        try:
            image.seek(number)
            picture = to_rgb(image)
        except Exception:  # there are no more, or they are damaged
            break
        if not _is_blank(picture):
            return picture
    return first


def _is_blank(picture: Image.Image) -> bool:
    return int(np.ptp(np.asarray(picture), axis=(0, 1)).max()) <= BLANK


def _array(picture: Image.Image, size: tuple[int, int]) -> UInt8[np.ndarray, "H W 3"]:
    """The picture at (width, height), resampled with a filter as wide as the shrinking asks for."""
    resized = picture.resize(size, Image.Resampling.BICUBIC)
    return np.array(resized, dtype=np.uint8)
