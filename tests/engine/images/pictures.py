"""Pictures made up for the tests of the photo reader, and files of them, all in memory."""

from __future__ import annotations

import ctypes
import struct
import zlib
from collections.abc import Callable, Sequence
from io import BytesIO
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

RED, GREEN, BLUE, WHITE = (220, 30, 30), (30, 180, 40), (30, 40, 200), (255, 255, 255)

# Pillow's names of the formats, and how each is asked to keep colours well.
ENCODERS: dict[str, dict[str, object]] = {
    "JPEG": {"quality": 95, "subsampling": 0},
    "PNG": {},
    "WEBP": {"lossless": True},
    "GIF": {},
    "HEIF": {"quality": 95, "chroma": 444},
    "AVIF": {"quality": 95, "subsampling": "4:4:4"},
}


def corners(width: int = 96, height: int = 64) -> Image.Image:
    """Red, green / blue, white: no turn or mirror image of it looks the same."""
    pixels = np.empty((height, width, 3), np.uint8)
    pixels[: height // 2, : width // 2] = RED
    pixels[: height // 2, width // 2 :] = GREEN
    pixels[height // 2 :, : width // 2] = BLUE
    pixels[height // 2 :, width // 2 :] = WHITE
    return Image.fromarray(pixels)


def noise(seed: int, width: int, height: int) -> Image.Image:
    """A smooth picture with some detail everywhere."""
    grains = np.random.default_rng(seed).integers(0, 256, (9, 9, 3), dtype=np.uint8)
    return Image.fromarray(grains).resize((width, height), Image.Resampling.BICUBIC)


def encoded(image: Image.Image, form: str, **options: object) -> bytes:
    out = BytesIO()
    image.save(out, form, **{**ENCODERS[form], **options})
    return out.getvalue()


def exif(orientation: int) -> bytes:
    """The camera's notes with how it was held."""
    notes = Image.Exif()
    notes[0x0112] = orientation
    return notes.tobytes()


def corner_colours(pixels: NDArray[np.uint8]) -> list[tuple[int, ...]]:
    """The colours in the middles of the quarters: top left, top right, bottom left and right."""
    height, width, _ = pixels.shape
    spots = [(y, x) for y in (height // 4, -height // 4) for x in (width // 4, -width // 4)]
    return [tuple(map(int, pixels[spot])) for spot in spots]


def close(found: Sequence[Sequence[int]], wanted: Sequence[Sequence[int]], by: int = 12) -> bool:
    return bool(np.abs(np.array(found, int) - np.array(wanted, int)).max() <= by)


MMAP_THRESHOLD = -3
"""glibc's number for the least size of a block that the system gives and takes back by itself."""


def memory_of(call: Callable[[], object]) -> int:
    """By how many bytes the most that the process holds at once grows; C's own memory counts."""

    def peak() -> int:
        status = Path("/proc/self/status").read_text(encoding="ascii")
        return 1024 * int(status.split("VmHWM:")[1].split()[0])

    try:
        # After a few large blocks C keeps such blocks when they are given back, and the peak would
        # depend on which tests came before.
        ctypes.CDLL(None).mallopt(MMAP_THRESHOLD, 2**17)
        ctypes.CDLL(None).malloc_trim(0)  # what earlier tests gave back would be used unseen
        Path("/proc/self/clear_refs").write_text("5", encoding="ascii")  # the peak starts anew
    except (OSError, TypeError, AttributeError):
        pytest.skip("this system does not tell how much memory was used")
    before = peak()
    call()
    return peak() - before


def png_chunk(name: bytes, content: bytes) -> bytes:
    check = zlib.crc32(name + content)
    return struct.pack(">I", len(content)) + name + content + struct.pack(">I", check)


def png(head: tuple[int, int, int, int], rows: bytes, *extra: bytes) -> bytes:
    """A PNG by hand: (width, height, bits, colour type), unfiltered rows, chunks before them."""
    start = png_chunk(b"IHDR", struct.pack(">IIBBBBB", *head, 0, 0, 0))
    body = png_chunk(b"IDAT", zlib.compress(rows, 9)) + png_chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + start + b"".join(extra) + body


def p3_profile() -> bytes:
    """A colour profile by hand: primaries of Display P3 (relative to D50), gamma 2.2."""

    def fixed(*values: float) -> bytes:
        return b"XYZ \0\0\0\0" + struct.pack(">3i", *(round(v * 65536) for v in values))

    curve = b"curv\0\0\0\0" + struct.pack(">IHH", 1, round(2.2 * 256), 0)
    text = b"Wide"
    description = b"desc\0\0\0\0" + struct.pack(">I", len(text) + 1) + text + bytes(79)
    tags = {
        b"desc": description + bytes(-len(description) % 4),
        b"cprt": b"text\0\0\0\0none",
        b"wtpt": fixed(0.9642, 1.0, 0.8249),
        **{name: fixed(*P3[i]) for i, name in enumerate((b"rXYZ", b"gXYZ", b"bXYZ"))},
        **dict.fromkeys((b"rTRC", b"gTRC", b"bTRC"), curve),
    }
    at, table = 128 + 4 + 12 * len(tags), b""
    for name, content in tags.items():
        table += name + struct.pack(">II", at, len(content))
        at += len(content)
    head = struct.pack(">I4sI4s4s4s12s4s", at, b"\0" * 4, 0x02100000, b"mntr", b"RGB ", b"XYZ ",
                       bytes(12), b"acsp")  # fmt: skip
    head += bytes(68 - len(head)) + struct.pack(">3i", 63190, 65536, 54061)
    count = struct.pack(">I", len(tags))
    return head + bytes(128 - len(head)) + count + table + b"".join(tags.values())


P3 = ((0.51512, 0.24120, -0.00105), (0.29198, 0.69225, 0.04189), (0.15710, 0.06657, 0.78407))
