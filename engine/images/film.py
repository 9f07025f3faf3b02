"""Reads a film from bytes: small grey frames at an even pace, or in words what is wrong with it.

MP4, MOV and WebM are decoded by FFmpeg (PyAV), GIF and animated WebP by Pillow. Seconds, pixels and
bytes are limited by what the file's head says before anything is decoded, and counted once more
while it is, since a head may lie.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np
from jaxtyping import UInt8
from numpy.typing import NDArray
from PIL import Image

from engine.errors import N_, InputError
from engine.images.photo import MAX_SIDE, MIN_SIDE, to_rgb
from engine.images.reading import AT_ONCE, check_bytes, opened, safe_name, too_many_bytes

Stop = Callable[[], bool]

FILM_FORMATS = {
    "MP4": ("mp4", "m4v"),
    "MOV": ("mov",),
    "WebM": ("webm", "mkv"),
    "GIF": ("gif",),
    "WebP": ("webp",),
}
"""The formats of films that are read, by the name people know, and the endings of their files."""

MAX_FILM_BYTES = 25 * 2**20
MAX_SECONDS = 30
MAX_FILM_PIXELS = 9_500_000
"""Width × height of a frame: a telephone's 4K."""
MAX_DECODED = 30 * 60 * 1920 * 1088
"""Pixels of all frames together: 30 seconds of 1080p at 60 frames a second."""
MIN_FRAMES = 4

PACE = 12
"""Frames a second that are kept; a film of fewer keeps those it has."""

# Only these demuxers and decoders are ever used: others could open further files or addresses.
_SIGNATURES = {
    "mov": rb".{4}(ftyp|moov|mdat|wide|free|skip)",
    "matroska": rb"\x1a\x45\xdf\xa3",
    "GIF": rb"GIF8[79]a",
    "WebP": rb"RIFF.{4}WEBP",
}
_CODECS = ("h264", "hevc", "vp8", "vp9", "vpx", "vpx-vp9", "av1", "dav1d", "mpeg4", "mjpeg")
_GIF_PACE = 0.1  # seconds: what browsers take for a picture that says 0
_PHOTO_IN_MOV = rb".{4}ftyp(hei[cxms]|hev[cxms]|mif1|avif)"


@dataclass(frozen=True)
class Clip:
    """A film made small: frames (T, S, S) in grey, `pace` of them a second, upright and squashed to
    a square; `name` is safe to show."""

    name: str
    frames: UInt8[NDArray[np.uint8], "T S S"]
    pace: float

    @property
    def seconds(self) -> float:
        """How long it lasts."""
        return len(self.frames) / self.pace


def is_film(data: bytes) -> bool:
    """Whether the first bytes are those of a format that is read here."""
    return _format_of(data) is not None


def read_film(data: bytes, name: str, side: int, stop: Stop | None = None) -> Clip:
    """The film in `data` with frames of `side` × `side`; InputError says why there is none.

    Safe to call from any thread. InterruptedError once `stop()` is true.
    """
    name = safe_name(name)
    check_bytes(data, name, MAX_FILM_BYTES)
    kind = _format_of(data)
    if kind is None:
        raise InputError(
            N_("{name} is not a film that can be read here. These can: {formats}."),
            name=name,
            formats=", ".join(FILM_FORMATS),
        )
    try:
        with AT_ONCE:
            decode = _animation if kind in ("GIF", "WebP") else _video
            pictures, size = decode(data, kind, name, side)
            frames, pace = _sampled(pictures, size, name, stop or _never)
    except (InputError, InterruptedError):
        raise
    except Exception as fault:  # decoders meet damage with whatever they trip over
        raise InputError(
            N_("{name} is damaged, or ends too early. Save or download it once more."), name=name
        ) from fault
    if len(frames) < MIN_FRAMES:
        raise InputError(
            N_("{name} has {count} frames: at least {least} are needed to see a movement."),
            name=name,
            count=len(frames),
            least=MIN_FRAMES,
        )
    return Clip(name, np.stack(frames), pace)


def read_film_file(path: Path, side: int) -> Clip:
    """The film at `path`; its size is looked at before it is read."""
    name = safe_name(path.name)
    try:
        if path.stat().st_size > MAX_FILM_BYTES:
            raise too_many_bytes(path.stat().st_size, name, MAX_FILM_BYTES)
        data = path.read_bytes()
    except OSError as fault:
        raise InputError(N_("{name} cannot be opened."), name=name) from fault
    return read_film(data, name, side)


def _never() -> bool:
    return False


def _format_of(data: bytes) -> str | None:
    """The demuxer, or Pillow's format, by the first bytes; a HEIC or AVIF photo is no film."""
    if re.match(_PHOTO_IN_MOV, data, re.DOTALL):
        return None
    found = (name for name, start in _SIGNATURES.items() if re.match(start, data, re.DOTALL))
    return next(found, None)


Pictures = Iterator[tuple[float, Callable[[], UInt8[NDArray[np.uint8], "S S"]]]]
"""When a picture is shown, in seconds, and what makes it small."""


def _video(data: bytes, kind: str, name: str, side: int) -> tuple[Pictures, tuple[int, int]]:
    """The pictures of an MP4, MOV or WebM, decoded as they are taken, and their size."""
    # Imported here, since it takes as much memory as a page: few visitors bring a film.
    import av
    import av.logging

    av.logging.set_level(av.logging.PANIC)
    container: Any = av.open(BytesIO(data), format=kind, metadata_errors="ignore")
    if not container.streams.video:
        raise InputError(N_("{name} has no pictures in it, only sound."), name=name)
    stream = container.streams.video[0]
    codec, size = stream.codec_context.name, (stream.codec_context.width, stream.height)
    if codec.removeprefix("lib") not in _CODECS:
        raise InputError(
            N_("{name} is coded as {codec}, which cannot be read here. Save it as MP4 (H.264)."),
            name=name,
            codec=codec,
        )
    seconds = float(stream.duration * stream.time_base) if stream.duration else 0.0
    seconds = max(seconds, (container.duration or 0) / av.time_base)
    _check(size, seconds, stream.frames, name)
    stream.thread_type = "NONE"

    def pictures() -> Pictures:
        for frame in container.decode(stream):
            yield float(frame.time or 0.0), partial(_small, frame, side)

    return pictures(), size


def _small(frame: Any, side: int) -> UInt8[NDArray[np.uint8], "S S"]:
    """A decoded picture upright, in grey, as large as is wanted."""
    if frame.width * frame.height > MAX_FILM_PIXELS:
        raise ValueError("a picture is larger than the head says")
    grey = frame.reformat(side, side, format="gray", interpolation="AREA").to_ndarray()
    return np.ascontiguousarray(np.rot90(grey, round(frame.rotation / 90) % 4))


def _animation(data: bytes, kind: str, name: str, side: int) -> tuple[Pictures, tuple[int, int]]:
    """The pictures of a GIF or WebP, decoded as they are taken, and their size."""
    image: Any = opened(data, kind)
    count = image.n_frames if image.width * image.height <= MAX_FILM_PIXELS else 1
    _check(image.size, 0.0, count, name)

    def pictures() -> Pictures:
        time = 0.0
        for number in range(count):
            image.seek(number)
            small = to_rgb(image).convert("L").resize((side, side), Image.Resampling.BOX)
            yield time, partial(np.array, small)
            time += max(0.0, image.info.get("duration", 0) / 1000) or _GIF_PACE

    return pictures(), image.size


def _sampled(
    pictures: Pictures, size: tuple[int, int], name: str, stop: Stop
) -> tuple[list[NDArray[np.uint8]], float]:
    """At most `PACE` pictures a second, and how many a second they are."""
    frames: list[NDArray[np.uint8]] = []
    times: list[float] = []
    start, due = None, 0.0
    for count, (time, small) in enumerate(pictures, 1):
        if stop():
            raise InterruptedError("stopped")
        start = time if start is None else start
        _check(size, time - start, count, name)
        if time - start >= due - 1e-3:
            frames.append(small())
            times.append(time - start)
            due = max(due + 1 / PACE, time - start + 0.5 / PACE)
    pace = (len(times) - 1) / times[-1] if times and times[-1] > 0 else float(PACE)
    return frames, pace


def _check(size: tuple[int, int], seconds: float, frames: int, name: str) -> None:
    """InputError for a film that is too large, too small or too long."""
    width, height = size
    if width * height > MAX_FILM_PIXELS or max(size) > MAX_SIDE:
        raise InputError(
            N_(
                "{name} has pictures of {width} × {height} pixels; at most {limit} million can be "
                "read. Save it smaller."
            ),
            name=name,
            width=str(width),
            height=str(height),
            limit=round(MAX_FILM_PIXELS / 1e6, 1),
        )
    if min(size) < MIN_SIDE:
        raise InputError(
            N_(
                "{name} has {width} × {height} pixels, too few to see anything: each side needs at "
                "least {least}."
            ),
            name=name,
            width=str(width),
            height=str(height),
            least=MIN_SIDE,
        )
    if seconds > MAX_SECONDS:
        raise InputError(
            N_("{name} is {seconds} seconds long; at most {limit} can be read. Cut it shorter."),
            name=name,
            seconds=round(seconds),
            limit=MAX_SECONDS,
        )
    if frames * width * height > MAX_DECODED:
        raise InputError(
            N_("{name} has more pictures than can be read. Cut it shorter or save it smaller."),
            name=name,
        )
