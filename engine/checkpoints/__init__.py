"""Models on disk: one `.safetensors` file with a JSON header each, and a readable card beside it.

What comes from outside is checked before it is believed: every way in raises InputError for a file
that is not exactly what this program writes. No pickle anywhere.
"""

from engine.checkpoints.container import Weights
from engine.checkpoints.header import FORMAT, Header, card
from engine.checkpoints.models import (
    build,
    check_shapes,
    fill,
    index,
    load,
    load_network,
    load_training,
    pack,
    peek,
    read_header,
    rewrite_header,
    save,
    save_training,
    training_path,
    unpack,
)

__all__ = [
    "FORMAT",
    "Header",
    "Weights",
    "build",
    "card",
    "check_shapes",
    "fill",
    "index",
    "load",
    "load_network",
    "load_training",
    "pack",
    "peek",
    "read_header",
    "rewrite_header",
    "save",
    "save_training",
    "training_path",
    "unpack",
]
