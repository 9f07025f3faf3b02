"""A task and a predictor that learn nothing but remember what they were asked."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import torch

from engine.results import Verdict


class FakePredictor:
    """Calls a text positive by as much as it is long; knows in which pieces texts arrived."""

    def __init__(self) -> None:
        self.chunks: list[int] = []

    def check(self, text: str) -> str:
        return text

    def classify(self, texts: Sequence[str]) -> Iterator[Verdict]:
        self.chunks.append(len(texts))
        for text in texts:
            positive = min(1.0, len(text) / 20)
            yield Verdict(("negative", "positive"), np.array([1 - positive, positive]))


class FakeTask:
    """A task that remembers what it was asked, or raises what it was given."""

    def __init__(self) -> None:
        self.calls: list[tuple[Any, ...]] = []
        self.predictor = FakePredictor()
        self.trouble: BaseException | None = None

    def train(self, data: Path, device: torch.device, out: Path, **rest: Any) -> None:
        if self.trouble:
            raise self.trouble
        report: Callable[[str], None] = rest.pop("report")
        report("step 1 of 2")
        self.calls.append((data, device, out, rest))

    def evaluate(self, path: Path, data: Path, *, device: str) -> dict[str, float | int]:
        self.calls.append((path, data, device))
        return {"accuracy": 0.75, "n": 4}

    def load(self, path: Path, device: str) -> FakePredictor:
        self.calls.append((path, device))
        return self.predictor
