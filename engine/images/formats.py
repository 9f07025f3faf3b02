"""Which formats are read, how a file shows that it is one, and its head read without its pixels."""

from __future__ import annotations

import re
from collections.abc import Callable
from io import BytesIO

import pillow_heif
from PIL.AvifImagePlugin import AvifImageFile
from PIL.GifImagePlugin import GifImageFile
from PIL.ImageFile import ImageFile
from PIL.JpegImagePlugin import JpegImageFile
from PIL.PngImagePlugin import PngImageFile
from PIL.WebPImagePlugin import WebPImageFile

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
    if kind == "JPEG" and data.count(b"\xff\xda") > MAX_SCANS:
        raise ValueError("too many scans")
    return _OPENERS[kind](BytesIO(data))
