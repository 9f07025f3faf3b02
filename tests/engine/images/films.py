"""Films made up for tests, in memory: a white square that goes to the right before black."""

from __future__ import annotations

from io import BytesIO
from typing import Any

import av
import numpy as np
from numpy.typing import NDArray
from PIL import Image


def moving(count: int = 24, width: int = 96, height: int = 64) -> list[NDArray[np.uint8]]:
    """The pictures, in colour."""
    pictures = np.zeros((count, height, width, 3), np.uint8)
    for k in range(count):
        left = k * (width - 16) // max(1, count - 1)
        pictures[k, 8:24, left : left + 16] = 255
    return list(pictures)


def video(form: str, codec: str, pictures: list[NDArray[np.uint8]], pace: int = 24) -> bytes:
    """The pictures as a film of this container and codec."""
    out = BytesIO()
    with av.open(out, "w", format=form) as container:
        stream: Any = container.add_stream(codec, rate=pace)
        stream.height, stream.width = pictures[0].shape[:2]
        stream.pix_fmt = "yuv420p"
        for picture in pictures:
            for packet in stream.encode(av.VideoFrame.from_ndarray(picture, format="rgb24")):
                container.mux(packet)
        for packet in stream.encode():
            container.mux(packet)
    return out.getvalue()


def animation(form: str, pictures: list[NDArray[np.uint8]], milliseconds: int = 40) -> bytes:
    """The pictures as an animated GIF or WebP."""
    first, *rest = map(Image.fromarray, pictures)
    out = BytesIO()
    first.save(out, form, save_all=True, append_images=rest, duration=milliseconds, loop=0)
    return out.getvalue()
