"""What exact resume needs, in a file that is never shipped: NAME.training.safetensors."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from torch import Tensor

from engine.checkpoints import container
from engine.checkpoints.header import FORMAT, parsed

TRAINING_SUFFIX = ".training.safetensors"


def training_path(model: Path) -> Path:
    """Where the training state of the model at `model` lies."""
    return model.with_name(model.name.removesuffix(".safetensors") + TRAINING_SUFFIX)


def save_training(
    path: Path, state: dict[str, Tensor], settings: dict[str, Any], seconds: float
) -> None:
    """Writes the tensors exactly as they are, atomically, with what they were trained with."""
    fields = {"settings": settings, "seconds": seconds}
    header = json.dumps(fields, ensure_ascii=False, allow_nan=False)
    metadata = {"kind": "training", "format": str(FORMAT), "header": header}
    container.write(path, state, metadata)


def load_training(path: Path) -> tuple[dict[str, Tensor], dict[str, Any], float]:
    """State, settings and seconds as `save_training` wrote them; InputError for any other file."""
    described, state = container.tensors(path)
    fields = parsed(path, described.metadata, "training")
    settings, seconds = fields.get("settings"), fields.get("seconds")
    if not isinstance(settings, dict) or type(seconds) is not float or seconds < 0:
        container.damaged(path)
    return state, settings, seconds
