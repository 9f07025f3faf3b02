"""Where a model fails: errors counted by kind, some to look at, and a JSON file beside the model's.

Every task has its own kinds of error; what is counted and how it is kept is the same.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Any, TypeVar

from engine.results import ErrorShare, FailureReport

Quote = TypeVar("Quote")


class ErrorCounts:
    """Counts errors by kind; `kinds` in the order in which they are shown."""

    def __init__(self, kinds: Iterable[str]) -> None:
        self._kinds: dict[str, list[bool]] = {kind: [] for kind in kinds}
        self._examples: list[bool] = []

    def add(self, verdicts: Iterable[tuple[str, bool]]) -> None:
        """One example: each kind of error that it can have, and whether it has it."""
        verdicts = list(verdicts)
        for kind, wrong in verdicts:
            self._kinds[kind].append(wrong)
        self._examples.append(any(wrong for _, wrong in verdicts))

    def report(self, quotes: Iterable[Quote]) -> FailureReport[Quote]:
        """The counts, each kind's among the examples that can have it, with mistakes to look at."""
        kinds = tuple(
            ErrorShare(kind, len(wrong), sum(wrong)) for kind, wrong in self._kinds.items() if wrong
        )
        everything = ErrorShare("all", len(self._examples), sum(self._examples))
        return FailureReport(everything, kinds, tuple(quotes))


def choose_quotes(
    mistakes: Iterable[Quote],
    kind: Callable[[Quote], str],
    most: int,
    per_kind: int,
    key: Callable[[Quote], object] | None = None,
) -> Iterator[Quote]:
    """The first of the mistakes, at most `most` and `per_kind` of one kind; no `key` twice."""
    taken: Counter[str] = Counter()
    keys: set[object] = set()
    for mistake in mistakes:
        if taken[kind(mistake)] >= per_kind or (key and key(mistake) in keys):
            continue
        if taken.total() == most:
            return
        taken[kind(mistake)] += 1
        keys.add(key and key(mistake))
        yield mistake


def failures_path(model: Path) -> Path:
    """Where the failures of the model at `model` are written."""
    return model.with_suffix(".failures.json")


def write(path: Path, failures: FailureReport[Any]) -> None:
    """Writes the failures of a model to the file at `path`."""
    text = json.dumps(asdict(failures), ensure_ascii=False, indent=1)
    path.write_text(text + "\n", encoding="utf-8")


def read(path: Path, quote: Callable[..., Quote]) -> FailureReport[Quote]:
    """What `write` wrote; `quote` makes a quote of its fields, lists of which become tuples."""

    def frozen(value: Any) -> Any:
        return tuple(map(frozen, value)) if isinstance(value, list) else value

    found = json.loads(path.read_text(encoding="utf-8"))
    return FailureReport(
        ErrorShare(**found["everything"]),
        tuple(ErrorShare(**kind) for kind in found["kinds"]),
        tuple(quote(**{k: frozen(v) for k, v in each.items()}) for each in found["quotes"]),
    )
