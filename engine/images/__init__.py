"""Photos as people hand them in: checked before they cost memory, and made plain."""

from engine.images.photo import ENCODED, MAX_BYTES, MAX_PIXELS, MAX_SIDE, MIN_SIDE, SHOWN, Photo
from engine.images.reading import FORMATS, read, read_file, safe_name

__all__ = [
    "ENCODED",
    "FORMATS",
    "MAX_BYTES",
    "MAX_PIXELS",
    "MAX_SIDE",
    "MIN_SIDE",
    "SHOWN",
    "Photo",
    "read",
    "read_file",
    "safe_name",
]
