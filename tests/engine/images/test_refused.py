"""What cannot be read is refused in words of its own, and before it has cost memory."""

from __future__ import annotations

import gzip
import struct
import zlib
from pathlib import Path

import pytest

from engine import images
from engine.errors import InputError
from engine.images import MAX_BYTES, MAX_PIXELS, MAX_SIDE, reading
from engine.images.reading import MAX_SCANS
from tests.engine.images.pictures import corners, encoded, memory_of, noise, png, png_chunk

EMPTY = r"^a is empty"
BYTES = r"^a has 2\d\.\d MB; at most 25 MB can be read\.$"
PIXELS = r"^a has too many pixels: at most 60 million can be read, and at most 30,000 from edge"
SMALL = r"^a has \d+ × \d+ pixels, too few to see anything: each side needs at least 8\.$"
DAMAGED = r"^a is damaged, or ends too early\."
VECTOR = r"^a is a vector drawing \(SVG\)"
OTHER = r"^a is not a photo that can be read here\. These can: JPEG, PNG, WebP, GIF, HEIC, AVIF\.$"

SVG = b'<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><path d="M0 0"/></svg>'
PROLOGUE = b'<?xml version="1.0"?>\n<!-- made by hand -->\n'
DOCTYPE = b'<!DOCTYPE svg PUBLIC "-//W3C//DTD SVG 1.1//EN" "svg11.dtd">\n'


def refused(data: bytes, words: str) -> None:
    with pytest.raises(InputError, match=words):
        images.read(data, "a")


def with_size(form: str, width: int, height: int) -> bytes:
    """A small picture whose head claims another size."""
    data = bytearray(encoded(corners(64, 64), form))
    if form == "JPEG":
        at = data.index(b"\xff\xc0") + 5
        data[at : at + 4] = struct.pack(">HH", height, width)
    elif form == "GIF":
        data[6:10] = struct.pack("<HH", width, height)
    elif form == "WEBP":
        flags = struct.pack("<II", 10, 2) + (width - 1).to_bytes(3, "little")
        head = b"VP8X" + flags + (height - 1).to_bytes(3, "little")
        frame = bytes(6) + (63).to_bytes(3, "little") * 2 + bytes(4) + data[12:]
        body = head + b"ANIM" + struct.pack("<I", 6) + bytes(6)
        body = b"WEBP" + body + b"ANMF" + struct.pack("<I", len(frame)) + frame
        return b"RIFF" + struct.pack("<I", len(body)) + body
    else:
        at = data.index(b"ispe") + 8
        data[at : at + 8] = struct.pack(">II", width, height)
    return bytes(data)


def large_png(width: int, height: int) -> bytes:
    """All of its pixels are there, in white, black or nothing."""
    return png((width, height, 1, 0), bytes((1 + (width + 7) // 8) * height))


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", EMPTY),
        (bytes(MAX_BYTES + 1), BYTES),
        (b"just some text", OTHER),
        (b"<!doctype html><html><body><svg></svg></body></html>", OTHER),
        (b"%PDF-1.7\n", OTHER),
        (b"\0" * 1000, OTHER),
        (b"\xff\xd8", OTHER),
        (b"BM" + bytes(100), OTHER),
        (b"II*\0" + bytes(100), OTHER),
        (b"\0\0\0\x18ftypmp42" + bytes(100), OTHER),
        (gzip.compress(SVG, mtime=0), OTHER),
        (SVG, VECTOR),
        (b"\xef\xbb\xbf \n" + PROLOGUE + DOCTYPE + SVG, VECTOR),
        (DOCTYPE + SVG, VECTOR),
        (SVG.decode().encode("utf-16"), VECTOR),
        (b"\xff\xd8\xff" + b"x" * 100, DAMAGED),
        (b"\x89PNG\r\n\x1a\n", DAMAGED),
        (b"GIF89a", DAMAGED),
        (b"RIFF\x10\0\0\0WEBPVP8 ", DAMAGED),
        (b"\0\0\0\x18ftypheic" + bytes(100), DAMAGED),
        (b"\0\0\0\x18ftypavif" + bytes(100), DAMAGED),
        (encoded(corners(2, 2).resize((1, 1)), "PNG"), SMALL),
        (encoded(corners(7, 400), "JPEG"), SMALL),
    ],
)
def test_what_is_no_photo_is_told_why(data: bytes, words: str) -> None:
    refused(data, words)


LARGE = {
    "png": large_png(30_000, 30_000),
    "png, long": large_png(MAX_SIDE + 1, 8),
    "png, a little": large_png(10_000, MAX_PIXELS // 10_000 + 1),
    "jpeg": with_size("JPEG", 65_500, 65_500),
    "gif": with_size("GIF", 65_535, 65_535),
    "gif, a little": with_size("GIF", 10_000, 9_000),
    "webp": with_size("WEBP", 16_383, 16_383),
    "webp, a little": with_size("WEBP", 10_000, 9_000),
    "heic": with_size("HEIF", 20_000, 20_000),
    "avif": with_size("AVIF", 9_000, 9_000),
}


@pytest.mark.parametrize("name", LARGE)
def test_too_many_pixels_are_refused_from_the_head(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reading, "to_rgb", lambda image: pytest.fail(f"decodes {image}"))
    refused(LARGE[name], PIXELS)


@pytest.mark.parametrize("name", LARGE)
def test_too_many_pixels_cost_no_memory(name: str) -> None:
    assert memory_of(lambda: refused(LARGE[name], PIXELS)) < 50 * 2**20


def test_a_photo_at_the_limit_takes_little_more_memory_than_its_pixels() -> None:
    data = png((10_000, 6_000, 8, 6), bytes(40_001 * 6_000))
    taken = memory_of(lambda: images.read(data, "a"))
    assert 4 * MAX_PIXELS < taken < 4 * MAX_PIXELS + 100 * 2**20


def test_a_jpeg_with_thousands_of_passes_is_refused() -> None:
    """Each costs a walk over all pixels, for a few bytes."""
    data = encoded(noise(0, 64, 64), "JPEG", progressive=True)
    last = data.rindex(b"\xff\xda")
    refused(data[:-2] + data[last:-2] * MAX_SCANS + data[-2:], DAMAGED)
    assert images.read(data, "a").size == (64, 64)


@pytest.mark.parametrize("count", [1, 100])
def test_notes_that_unpack_to_megabytes_are_refused(count: int) -> None:
    text = png_chunk(b"zTXt", b"note\0\0" + zlib.compress(bytes(2**20 + (count == 1)), 9))
    refused(png((16, 16, 8, 0), bytes(17 * 16), *[text] * count), DAMAGED)


def test_out_of_memory_is_no_crash(monkeypatch: pytest.MonkeyPatch) -> None:
    def exhausted(image: object) -> None:
        raise MemoryError

    monkeypatch.setattr(reading, "to_rgb", exhausted)
    refused(encoded(corners(), "PNG"), DAMAGED)


def test_files_that_cannot_be_opened(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(InputError, match=r"^There is no file gone\.jpg\.$"):
        images.read_file(tmp_path / "gone.jpg")
    folder = tmp_path / "holiday"
    folder.mkdir()
    with pytest.raises(InputError, match=r"^holiday is a folder, not a photo\.$"):
        images.read_file(folder)
    with pytest.raises(InputError, match=r"cannot be opened\.$|^There is no file"):
        images.read_file(tmp_path / ("x" * 5000))
    path = tmp_path / "locked.jpg"
    path.touch()

    def locked(*_: object) -> None:
        raise PermissionError

    monkeypatch.setattr(Path, "open", locked)
    with pytest.raises(InputError, match=r"^locked\.jpg cannot be opened\.$"):
        images.read_file(path)


def test_a_file_too_large_is_not_even_opened(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "a"
    with path.open("wb") as file:
        file.truncate(MAX_BYTES + 2**20)
    monkeypatch.setattr(Path, "open", lambda *_: pytest.fail("opens it"))
    with pytest.raises(InputError, match=BYTES):
        images.read_file(path)
