"""A model file may come from anyone: whatever it holds, the answer is a model or an InputError."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import torch

from engine import checkpoints
from engine.checkpoints import container
from engine.errors import InputError
from tests.engine.model_files import HEADER, assemble, parts, saved

Entries = dict[str, Any]


def refusal(path: Path) -> str:
    with pytest.raises(InputError) as caught:
        checkpoints.load(path)
    return str(caught.value)


def test_an_unknown_format_is_refused_by_name(tmp_path: Path) -> None:
    path = saved(tmp_path)
    entries, tensors = parts(path)
    entries["__metadata__"]["format"] = "7"
    assemble(path, entries, tensors)
    assert refusal(path) == (
        "small-model.safetensors was written by another version of this program: its format 7 "
        "is unknown; this version reads format 1."
    )
    with pytest.raises(InputError, match="format 7 is unknown"):
        checkpoints.read_header(path)


def test_a_huge_header_is_refused_before_it_is_read(tmp_path: Path) -> None:
    path = tmp_path / "x"
    for length in (container.HEADER_LIMIT + 1, 2**63, 2**64 - 1):
        path.write_bytes(length.to_bytes(8, "little") + b"{}")
        assert f"claims a header of {length} bytes" in refusal(path)
        with pytest.raises(InputError, match="claims a header"):
            checkpoints.read_header(path)


def test_every_truncation_is_refused(tmp_path: Path) -> None:
    path = saved(tmp_path)
    data = path.read_bytes()
    header = 8 + int.from_bytes(data[:8], "little")
    for length in [*range(40), *range(40, len(data), 61), len(data) - 1]:
        path.write_bytes(data[:length])
        # A file whose header is whole is told how much of it is missing.
        text = "only a part of a file" if length >= header else "damaged"
        assert text in refusal(path), length
        with pytest.raises(InputError, match=text):
            checkpoints.read_header(path)
    path.write_bytes(data + b"\0")
    assert "damaged" in refusal(path)


def test_what_cannot_be_read_is_said(tmp_path: Path) -> None:
    assert refusal(tmp_path / "missing") == "missing cannot be read: No such file or directory."
    assert "cannot be read" in refusal(tmp_path)
    with pytest.raises(InputError, match="cannot be read"):
        checkpoints.read_header(tmp_path)


@pytest.mark.parametrize("value", [float("nan"), float("inf"), float("-inf")])
@pytest.mark.parametrize("name", ["vector", "cube", "matrix.scale"])
def test_numbers_that_are_not_finite_are_refused(tmp_path: Path, name: str, value: float) -> None:
    path = saved(tmp_path)
    entries, tensors = parts(path)
    dtype = torch.float32 if name.endswith(".scale") else torch.float16
    number = bytes(torch.tensor([value], dtype=dtype).view(torch.uint8).tolist())
    begin = entries[name]["data_offsets"][0]
    assemble(path, entries, tensors[:begin] + number + tensors[begin + len(number) :])
    assert f"infinite or undefined, in {name}" in refusal(path)


def test_a_scale_may_not_overflow(tmp_path: Path) -> None:
    path = saved(tmp_path)
    entries, tensors = parts(path)
    begin = entries["matrix.scale"]["data_offsets"][0]
    huge = bytes(torch.full((7,), 3e38).view(torch.uint8).tolist())
    assemble(path, entries, tensors[:begin] + huge + tensors[begin + len(huge) :])
    assert "infinite or undefined, in matrix" in refusal(path)


@pytest.mark.parametrize(
    "scaled", [torch.ones(7, 5), torch.ones(7, dtype=torch.int8), torch.ones(7, dtype=torch.int64)]
)
def test_only_an_int8_matrix_may_have_scales(tmp_path: Path, scaled: torch.Tensor) -> None:
    path = tmp_path / "x"
    checkpoints.save(path, HEADER, {"a": scaled, "b": torch.ones(7)})
    entries, tensors = parts(path)
    entries["a.scale"] = entries.pop("b")
    assemble(path, entries, tensors)
    assert "damaged" in refusal(path)


def test_a_training_state_is_no_model_and_a_model_no_training_state(tmp_path: Path) -> None:
    checkpoints.save_training(tmp_path / "x", {"a": torch.ones(1)}, {}, 0.0)
    assert refusal(tmp_path / "x") == "x is the state of an unfinished training, not a model."
    with pytest.raises(InputError, match="holds a model, not a training"):
        checkpoints.load_training(saved(tmp_path))


@pytest.mark.parametrize(
    "fields",
    [
        {"settings": {}},
        {"seconds": 1.0},
        {"settings": [], "seconds": 1.0},
        {"settings": {}, "seconds": "1"},
        {"settings": {}, "seconds": -1.0},
    ],
)
def test_a_training_state_without_its_settings_is_refused(tmp_path: Path, fields: Entries) -> None:
    path = tmp_path / "x"
    checkpoints.save_training(path, {"a": torch.ones(1)}, {}, 0.0)
    entries, tensors = parts(path)
    entries["__metadata__"]["header"] = json.dumps(fields)
    assemble(path, entries, tensors)
    with pytest.raises(InputError, match="damaged"):
        checkpoints.load_training(path)


def edited(path: Path, edit: Callable[[Entries], object]) -> None:
    """Lets `edit` change the fields of our own header."""
    entries, tensors = parts(path)
    fields = json.loads(entries["__metadata__"]["header"])
    edit(fields)
    entries["__metadata__"]["header"] = json.dumps(fields)
    assemble(path, entries, tensors)


@pytest.mark.parametrize("field", ["model", "name", "arguments", "recipe", "seed", "data"])
def test_a_missing_field_is_named(tmp_path: Path, field: str) -> None:
    path = saved(tmp_path)
    edited(path, lambda fields: fields.pop(field))
    assert refusal(path) == f"small-model.safetensors does not say its {field}."


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("name", "../../etc/passwd"),
        ("name", "UPPER"),
        ("name", "a" * 65),
        ("name", ["a"]),
        ("model", ""),
        ("arguments", ["hidden"]),
        ("arguments", {"hidden": {"deep": {"deeper": {}}}}),
        ("arguments", {"hidden": 10**30}),
        ("arguments", {"hidden": "\x1b[31m"}),
        ("arguments", {"hid\u202eden": 1}),
        ("recipe", None),
        ("seed", 1.5),
        ("seed", True),
        ("seed", -1),
        ("data", [{"name": "corpus"}]),
        ("data", ["corpus"]),
        ("data", {}),
        ("metrics", {"dev": 3}),
        ("metrics", {"dev": {"accuracy": "high"}}),
        ("metrics", {"dev": {"accuracy": True}}),
        ("metrics", {"dev": {"baseline": 0.5}}),
        ("metrics", {"dev": {"published": {"accuracy": "x"}}}),
        ("metrics", {"dev": {"published": {"source": 3}}}),
        ("seconds", -1),
        ("seconds", "1"),
        ("device", "x" * 2000),
        ("device", 0),
    ],
)
def test_an_unusable_field_is_named(tmp_path: Path, field: str, value: object) -> None:
    path = saved(tmp_path)
    edited(path, lambda fields: fields.update({field: value}))
    assert refusal(path) == f"small-model.safetensors has something unusable as its {field}."


STRANGE_HEADERS = {
    "no JSON": "{",
    "no object": "[1]",
    "not a number": '{"seconds": NaN}',
    "too large a number": '{"seconds": 1e999}',
    "a lone surrogate": '{"device": "\\ud800"}',
    "deep": "[" * 100_000,
    "long number": '{"seed": ' + "9" * 5000 + "}",
}


@pytest.mark.parametrize("name", STRANGE_HEADERS)
def test_a_strange_header_is_refused(tmp_path: Path, name: str) -> None:
    path = saved(tmp_path)
    entries, tensors = parts(path)
    entries["__metadata__"]["header"] = STRANGE_HEADERS[name]
    assemble(path, entries, tensors)
    assert "is damaged" in refusal(path)


STRANGE_FILES: dict[str, Callable[[Entries], object]] = {
    "a list": lambda entries: [entries],
    "a number": lambda _: 7,
    "metadata no object": lambda entries: entries | {"__metadata__": "x"},
    "metadata no strings": lambda entries: entries | {"__metadata__": {"format": 1}},
    "no metadata": lambda entries: {n: e for n, e in entries.items() if n != "__metadata__"},
    "somebody else's": lambda entries: entries | {"__metadata__": {"format": "pt"}},
    "a tensor no object": lambda entries: entries | {"vector": "x"},
    "a tensor without shape": lambda entries: entries | {"vector": {"dtype": "F16"}},
    "an unknown dtype": lambda entries: entries | {"vector": entries["vector"] | {"dtype": "F4"}},
    "a list as dtype": lambda entries: entries | {"vector": entries["vector"] | {"dtype": []}},
    "a negative shape": lambda entries: entries | {"vector": entries["vector"] | {"shape": [-5]}},
    "a shape of words": lambda entries: entries | {"vector": entries["vector"] | {"shape": "5"}},
    "overlap": lambda entries: entries | {"vector": entries["vector"] | {"data_offsets": [0, 10]}},
    "far away": lambda entries: (
        entries | {"vector": entries["vector"] | {"data_offsets": [10**9, 10**9 + 10]}}
    ),
    "a scale as a matrix": lambda entries: (
        entries | {"matrix.scale": entries["matrix.scale"] | {"shape": [7, 1]}}
    ),
    "another number of scales": lambda entries: (
        entries | {"matrix": entries["matrix"] | {"shape": [5, 7]}}
    ),
    "scales for a vector": lambda entries: (
        {n: e for n, e in entries.items() if n != "matrix.scale"}
        | {"vector.scale": entries["matrix.scale"]}
    ),
    "utf-16": lambda entries: json.dumps(entries).encode("utf-16"),
    "deep": lambda _: b'{"a":' + b"[" * 100_000,
}


@pytest.mark.parametrize("name", STRANGE_FILES)
def test_a_strange_file_is_refused(tmp_path: Path, name: str) -> None:
    path = saved(tmp_path)
    entries, tensors = parts(path)
    assemble(path, STRANGE_FILES[name](entries), tensors)
    assert "damaged" in refusal(path) or "not written by this program" in refusal(path)
