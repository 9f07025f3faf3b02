"""Models on disk: one `.safetensors` file with a JSON header each, and a readable card beside it.

What comes from outside is checked before it is believed: every way in raises InputError for a file
that is not exactly what this program writes. No pickle anywhere.
"""

from engine.checkpoints.card import card
from engine.checkpoints.header import FORMAT, Header
from engine.checkpoints.models import (
    describe,
    fill,
    index,
    load,
    look,
    pack,
    read_header,
    save,
    unpack,
)
from engine.checkpoints.training_state import load_training, save_training, training_path

__all__ = [
    "FORMAT",
    "Header",
    "card",
    "describe",
    "fill",
    "index",
    "load",
    "load_training",
    "look",
    "pack",
    "read_header",
    "save",
    "save_training",
    "training_path",
    "unpack",
]
