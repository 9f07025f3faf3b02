"""Where a model fails, on disk: a JSON file beside the model's own."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import Any

from engine.results import FailureReport


def failures_path(model: Path) -> Path:
    """Where the failures of the model at `model` are written."""
    return model.with_suffix(".failures.json")


def write(path: Path, failures: FailureReport[Any]) -> None:
    text = json.dumps(asdict(failures), ensure_ascii=False, indent=1)
    path.write_text(text + "\n", encoding="utf-8")
