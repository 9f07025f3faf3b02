"""The model card: what a checkpoint's header says, as Markdown for people."""

from __future__ import annotations

import re
from collections.abc import Iterator

from engine.checkpoints.header import REFERENCES, Header


def card(header: Header) -> str:
    """What the model is, how good, from which data, under which terms, and how it was made."""
    settings = {**header.arguments, **header.recipe}
    tried = str(settings.pop("tried", ""))
    rows = [["setting", "value"], ["---", "---"], *([k, str(v)] for k, v in settings.items())]
    parts = [
        f"# {header.name}",
        f"A {header.model} model with {header.parameters:,} parameters in"
        f" {header.size / 1e6:.2f} MB, trained in {_duration(header.seconds)} on {header.device}"
        f" with seed {header.seed}.",
        f"`python -m engine train {header.name} --data DIR` rebuilds it."
        " The numbers below are this file's own, measured after its weights were stored.",
        *_scores(header),
        "## Training data and its terms",
        "\n".join(
            "- **{name}**: {source}. Terms: {terms}.".format(
                **{key: _plain(value) for key, value in corpus.items()}
            )
            for corpus in header.data
        ),
        "## How it was made",
        "\n".join(map(_row, rows)),
        *([f"## What was tried\n\n{_plain(tried)}"] if tried else []),
    ]
    return "\n\n".join(parts) + "\n"


def _scores(header: Header) -> Iterator[str]:
    if not header.metrics:
        return
    yield "## Scores"
    columns = ("test set", "metric", "this model", *REFERENCES)
    rows = [f"| {' | '.join(columns)} |", "|---" * len(columns) + "|"]
    for test, scores in header.metrics.items():
        others = [scores.get(name, {}) for name in REFERENCES]
        for metric in (name for name in scores if name not in REFERENCES):
            numbers = [scores[metric], *(other.get(metric) for other in others)]
            rows.append(_row([test, metric, *map(_number, numbers)]))
    yield "\n".join(rows)
    for test, scores in header.metrics.items():
        for name in REFERENCES:
            if "source" in scores.get(name, {}):
                source = _plain(scores[name]["source"])
                yield f"{name.capitalize()} on {_plain(test)}: {source}."


def _row(cells: list[str]) -> str:
    return f"| {' | '.join(map(_plain, cells))} |"


def _number(value: int | float | None) -> str:
    if value is None:
        return ""
    return f"{value:,}" if isinstance(value, int) else f"{value:.4f}"


def _duration(seconds: float) -> str:
    minutes = round(seconds / 60)
    if minutes < 1:
        return f"{seconds:.0f} s"
    return f"{minutes} min" if minutes < 60 else f"{minutes // 60} h {minutes % 60} min"


def _plain(text: str) -> str:
    """Text that Markdown shows as it is: a header may come from anyone's file."""
    return re.sub(r"([\\`*_\[\]<>|#$~])", r"\\\1", text)
