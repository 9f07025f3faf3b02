"""A photo that can be shown and looked at by a network, and what a photo may measure."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

MAX_BYTES = 25 * 2**20
MAX_PIXELS = 60_000_000
"""Width × height: a telephone's 50 megapixels and its panoramas, at most 240 MB while decoding."""

MAX_SIDE = 30_000
MIN_SIDE = 8
SHOWN = 640
"""Longest side of what is shown, in pixels."""

ENCODED = 224
"""Both sides of what an encoder sees, in pixels."""


@dataclass(frozen=True)
class Photo:
    """A photo made plain: upright, RGB, no larger than needed."""

    name: str
    """The file's name, safe to show."""

    pixels: NDArray[np.uint8]
    """(H, W, 3), longest side at most SHOWN: what is shown."""

    squashed: NDArray[np.uint8]
    """(ENCODED, ENCODED, 3), the whole photo without a crop: what an encoder sees."""

    size: tuple[int, int]
    """Width and height of the upright original."""

    @property
    def nbytes(self) -> int:
        """Bytes held."""
        return self.pixels.nbytes + self.squashed.nbytes
