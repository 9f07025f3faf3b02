"""What a model's file says of the model, the check that it says so in the right form, and the model
card: the same as Markdown for people."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from engine.checkpoints.container import Contents, damaged, parse_json
from engine.errors import N_, InputError

FORMAT = 1
EARLIER = re.compile(r"at[0-9]{1,9}\.")
"""Before the name of a weight as it was at that iteration of its training."""
NAME = re.compile(r"[a-z0-9][a-z0-9-]{0,63}")

REFERENCES = ("baseline", "published")
"""What a score may be compared with."""


@dataclass(frozen=True, kw_only=True)
class Header:
    """One model: how to build it, where it comes from, how good it is.

    `model` is the kind ("sentiment"), `name` the shipped one ("sentiment-en"). `arguments` rebuild
    the network: scalars and lists of scalars. `data` has `name`, `source` and `terms` per corpus.
    `metrics` maps a test set to its numbers (`accuracy`, `n`, …) and, to compare with, to the same
    under `baseline` and `published`, each with a `source`. `lexicon` holds words of which a task
    has something to remember. The last four come from the file.
    """

    model: str
    name: str
    arguments: dict[str, Any]
    recipe: dict[str, Any]
    seed: int
    data: list[dict[str, str]]
    metrics: dict[str, Any]
    seconds: float
    device: str
    tokenizer: str | None = field(default=None, repr=False)
    lexicon: tuple[str, ...] = field(default=(), repr=False)
    format: int = FORMAT
    parameters: int = 0
    size: int = 0
    path: Path = Path()


def to_metadata(header: Header) -> dict[str, str]:
    """The header as safetensors metadata: strings by name."""
    fields = {name: getattr(header, name) for name in _CHECKS}
    metadata = {"kind": "model", "format": str(FORMAT)}
    metadata["header"] = json.dumps(fields, ensure_ascii=False, allow_nan=False)
    if header.tokenizer is not None:
        metadata["tokenizer"] = header.tokenizer
    if header.lexicon:
        metadata["lexicon"] = " ".join(header.lexicon)
    return metadata


def from_contents(path: Path, described: Contents) -> Header:
    """The header that the file carries; InputError unless it is complete and well-formed."""
    fields = parsed(path, described.metadata, "model")
    check(path, fields)
    # Parameters are counted from the shapes, so that a file cannot lie about them; scales are none,
    # and the weights of earlier iterations, `at100.…`, are the same ones at another time.
    now = {name: shape for name, shape in described.shapes.items() if not EARLIER.match(name)}
    floats = {name for name, (dtype, _) in now.items() if dtype.startswith("F")}
    scaled = {name for name in now if f"{name}.scale" in floats}
    counted = (floats | scaled) - {f"{name}.scale" for name in scaled}
    return Header(
        **{name: fields[name] for name in _CHECKS if name != "seconds"},
        seconds=float(fields["seconds"]),
        tokenizer=described.metadata.get("tokenizer"),
        lexicon=tuple(described.metadata.get("lexicon", "").split()),
        parameters=sum(math.prod(described.shapes[name][1]) for name in counted),
        size=described.size,
        path=path,
    )


def check(path: Path, fields: Mapping[str, Any]) -> None:
    """InputError, naming the field, unless every field is there and has its form."""
    for name, fits in _CHECKS.items():
        if name not in fields:
            raise InputError(N_("{file} does not say its {field}."), file=path.name, field=name)
        if not fits(fields[name]):
            raise InputError(
                N_("{file} has something unusable as its {field}."), file=path.name, field=name
            )


def parsed(path: Path, metadata: Mapping[str, str], kind: str) -> dict[str, Any]:
    """The JSON fields of a file of this program; InputError for another kind, format or program."""
    if not {"kind", "format", "header"} <= metadata.keys():
        raise InputError(N_("{file} was not written by this program."), file=path.name)
    if metadata["format"] != str(FORMAT):
        raise InputError(
            N_(
                "{file} was written by another version of this program: its format {found} is "
                "unknown; this version reads format {known}."
            ),
            file=path.name,
            found=metadata["format"][:20],
            known=FORMAT,
        )
    if metadata["kind"] == "training" != kind:
        raise InputError(
            N_("{file} is the state of an unfinished training, not a model."), file=path.name
        )
    if metadata["kind"] != kind:
        raise InputError(
            N_("{file} holds a {found}, not a {wanted}."),
            file=path.name,
            found=metadata["kind"][:20],
            wanted=kind,
        )
    try:
        fields = parse_json(metadata["header"])
    except ValueError:
        damaged(path)
    if not isinstance(fields, dict):
        damaged(path)
    return fields


def _is_text(value: object, limit: int = 1000) -> bool:
    return isinstance(value, str) and len(value) <= limit and value.isprintable()


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and abs(value) < 1e15


def _is_tree(value: object, depth: int = 4) -> bool:
    """Scalars in lists and dicts, not nested deeper than anything here needs."""
    if isinstance(value, dict):
        values = list(value.values())
        return (
            depth > 0 and all(map(_is_text, value)) and all(_is_tree(v, depth - 1) for v in values)
        )
    if isinstance(value, list):
        return depth > 0 and all(_is_tree(v, depth - 1) for v in value)
    return value is None or isinstance(value, bool) or _is_number(value) or _is_text(value)


def _is_data(value: object) -> bool:
    wanted = {"name", "source", "terms"}
    return isinstance(value, list) and all(
        isinstance(d, dict) and d.keys() == wanted and all(map(_is_text, d.values())) for d in value
    )


def _is_metrics(value: object) -> bool:
    return isinstance(value, dict) and all(
        _is_text(test) and isinstance(scores, dict) and all(_is_score(*s) for s in scores.items())
        for test, scores in value.items()
    )


def _is_score(name: str, value: object) -> bool:
    if name not in REFERENCES:
        return _is_text(name) and _is_number(value)
    return isinstance(value, dict) and all(
        _is_text(k) and (_is_text(v) if k == "source" else _is_number(v)) for k, v in value.items()
    )


_CHECKS: dict[str, Callable[[Any], bool]] = {
    "model": lambda v: isinstance(v, str) and NAME.fullmatch(v) is not None,
    "name": lambda v: isinstance(v, str) and NAME.fullmatch(v) is not None,
    "arguments": lambda v: isinstance(v, dict) and _is_tree(v, depth=2),
    "recipe": lambda v: isinstance(v, dict) and _is_tree(v),
    "seed": lambda v: type(v) is int and 0 <= v < 2**63,
    "data": _is_data,
    "metrics": _is_metrics,
    "seconds": lambda v: _is_number(v) and v >= 0,
    "device": _is_text,
}


RULES = {
    "sentiment": "Before the model reads a text, rules put it into the spelling that it has learnt:"
    " apostrophes, contractions, chat words, drawn-out words, styled letters, composed accents. A"
    " text that is hardly more than a rating (2 out of 10) is answered by a rule.",
    "translation": "Before the model reads a sentence, rules put it into the spelling that it has"
    " learnt and add a final mark where it lacks one. List marks, emoji, tags, addresses and fields"
    " around and in it are kept; names and numbers are copied, larger numbers in words and ordinals"
    " are translated by rule, and afterwards the numbers of both sentences are compared.",
    "characters": "Before the model reads a prompt, rules compose its accents and leave out the"
    " characters that the model does not know.",
    "captions": "Before the model sees a photo, rules turn it upright, convert its colours to sRGB,"
    " put white behind what is transparent and take an animation's first picture that shows"
    " something. What captions-en says is more than its network's own words: of a photo outside its"
    " corpus, and where it takes one animal for another, the name of a thing that the image"
    " classifier recognises with a probability of at least .7 is put into the sentence by"
    " constrained beam search with rules for articles, plurals and what fits a thing; outside its"
    " corpus “person” takes the place of a gender whose share is below .6; and a photo that is"
    " unlike all that was learnt from is said to be one. These thresholds were chosen on the first"
    " 500 dev photos, 127 photos of one thing each and 154 generated pictures. The networks that"
    " are there to be compared say their own words only.",
    "accents": "Before the model reads a text, rules join letters with their marks. It chooses"
    " among the forms of the letters a, d, e, i, o, u and y only: every other character, capitals,"
    " spaces, line ends and the marks that are there already are kept by rule.",
    "frames": "Before the model sees a film, rules make it small and even: of a heat sensor's films"
    " the empty room and each frame's median are taken off; other films are turned upright, made"
    " into small grey frames at an even pace, and each frame's mean is taken off.",
}
"""What is done by rules beside the network, by kind of model."""


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
        *([RULES[header.model]] if header.model in RULES else []),
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
