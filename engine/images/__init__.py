"""Photos and films as people hand them in: checked before they cost memory, and made plain."""

from engine.images.film import FILM_FORMATS, MAX_FILM_BYTES, MAX_SECONDS, Clip, is_film, read_film
from engine.images.photo import ENCODED, MAX_BYTES, MAX_PIXELS, MAX_SIDE, MIN_SIDE, SHOWN, Photo
from engine.images.reading import FORMATS, read, read_file, safe_name

__all__ = [
    "ENCODED",
    "FILM_FORMATS",
    "FORMATS",
    "MAX_BYTES",
    "MAX_FILM_BYTES",
    "MAX_PIXELS",
    "MAX_SECONDS",
    "MAX_SIDE",
    "MIN_SIDE",
    "SHOWN",
    "Clip",
    "Photo",
    "is_film",
    "read",
    "read_file",
    "read_film",
    "safe_name",
]
