"""A model as a file, and hostile files: the answer is always a model or an InputError."""

from __future__ import annotations

import json
import random
from dataclasses import replace
from typing import Any

import pytest
import torch
from safetensors.torch import load as read_tensors
from safetensors.torch import save as write_tensors

from engine import checkpoints
from engine.decoding import Choice
from engine.errors import InputError
from engine.tasks.characters import own_files
from engine.tasks.characters.own_files import OwnModel, Plan, check, from_bytes
from engine.tasks.characters.own_training import OwnTraining, write
from tests.engine.tasks.test_own_training import VERSE
from tests.engine.test_checkpoint_fuzz import mutated

PLAN = Plan(hidden=8, steps=10, iterations=3)


def training(cell: str = "lstm", layers: int = 1) -> OwnTraining:
    made = OwnTraining(check(VERSE), replace(PLAN, cell=cell, layers=layers))
    made.step()
    return made


def parts(data: bytes) -> tuple[dict[str, str], dict[str, torch.Tensor]]:
    length = int.from_bytes(data[:8], "little")
    return json.loads(data[8 : 8 + length])["__metadata__"], read_tensors(data)


def changed(data: bytes, **arguments: Any) -> bytes:
    """The file with other arguments in its header and the same weights."""
    metadata, tensors = parts(data)
    header = json.loads(metadata["header"])
    header["arguments"] |= arguments
    return write_tensors(tensors, {**metadata, "header": json.dumps(header)})


@pytest.mark.parametrize(("cell", "layers"), [("rnn", 1), ("lstm", 3), ("gru", 2)])
def test_a_model_survives_its_file(cell: str, layers: int) -> None:
    made = training(cell, layers)
    mine, again = made.model(), from_bytes("x.safetensors", made.file())
    for name in ("alphabet", "cell", "hidden", "layers", "iterations"):
        assert getattr(again, name) == getattr(mine, name)
    for name, weight in mine.weights.items():
        torch.testing.assert_close(
            again.weights[name].float(), weight.float(), atol=1e-3, rtol=1e-3
        )
    text = "".join(write(again.build(), again.alphabet, "The", 40, Choice(), 0))
    assert set(text) <= set(VERSE)


def test_the_text_is_not_in_the_file() -> None:
    assert b"London" not in training().file()


def test_training_goes_on_from_a_file_and_leaves_it_alone() -> None:
    before = from_bytes("x", training("gru").file())
    kept = before.weights["output.weight"].clone()
    text = check("A cat sat on London's mat. " * 30)
    later = OwnTraining(text, replace(PLAN, cell="rnn", hidden=32), start=before)
    assert (later.plan.cell, later.plan.hidden) == ("gru", 8)
    assert later.alphabet == before.alphabet
    later.step()
    assert later.record.before == 1
    assert later.model().iterations == 2
    assert later.record.characters < len(text.text)  # what it does not know is left out
    assert torch.equal(before.weights["output.weight"], kept)
    with pytest.raises(InputError, match="knows only"):
        OwnTraining(check("ЖШЩЮ" * 100), PLAN, start=before)


@pytest.mark.parametrize(
    "arguments",
    [
        {"hidden": 10**9},
        {"hidden": 9},
        {"hidden": -8},
        {"hidden": 8.0},
        {"hidden": None},
        {"hidden": True},
        {"layers": 2},
        {"layers": 10**6},
        {"layers": "1"},
        {"cell": "gru"},
        {"cell": "transformer"},
        {"cell": ["lstm"]},
        {"alphabet": "abc"},
        {"alphabet": []},
        {"alphabet": [97]},
        {"alphabet": [97] * 24},
        {"alphabet": list(range(1, 10**5))},
        {"alphabet": [0xD800, *range(97, 120)]},
        {"alphabet": [2**40, *range(97, 120)]},
        {"alphabet": [True, *range(97, 120)]},
        {"alphabet": [[97], *range(97, 120)]},
    ],
)
def test_a_header_that_lies_is_refused(arguments: dict[str, Any]) -> None:
    with pytest.raises(InputError):
        from_bytes("x", changed(training().file(), **arguments))


def test_sizes_are_refused_before_anything_is_made(monkeypatch: pytest.MonkeyPatch) -> None:
    def unreached(*_: object, **__: object) -> None:
        raise AssertionError

    data = changed(training().file(), hidden=10**9, layers=10**6)
    monkeypatch.setattr(own_files, "CharModel", unreached)
    monkeypatch.setattr(checkpoints, "unpack", unreached)
    with pytest.raises(InputError, match="whole number from 1 to 256"):
        from_bytes("x", data)
    with pytest.raises(InputError, match="at most 5 MB"):
        from_bytes("x", bytes(own_files.FILE_MEGABYTES * 2**20 + 1))


@pytest.mark.parametrize("change", ["missing", "extra", "shape", "whole numbers", "float32", "nan"])
def test_other_tensors_are_refused(change: str) -> None:
    metadata, tensors = parts(training().file())
    if change == "missing":
        del tensors["output.bias"]
    elif change == "extra":
        tensors["more"] = torch.zeros(2)
    elif change == "shape":
        tensors["output.bias"] = tensors["output.bias"][:-1].clone()
    elif change == "whole numbers":
        tensors["output.bias"] = torch.zeros(len(tensors["output.bias"]), dtype=torch.int64)
    elif change == "float32":  # in which numbers fit whose sums are infinite
        tensors["output.bias"] = tensors["output.bias"].float()
    else:
        tensors["output.bias"][0] = float("nan")
    with pytest.raises(InputError):
        from_bytes("x", write_tensors(tensors, metadata))


@pytest.mark.parametrize("cell", ["rnn", "lstm", "gru"])
def test_the_largest_weights_that_fit_into_a_file_break_nothing(cell: str) -> None:
    metadata, tensors = parts(training(cell, 2).file())
    largest = torch.finfo(torch.float16).max
    signs = torch.Generator().manual_seed(0)
    for weight in filter(torch.is_floating_point, tensors.values()):
        weight.copy_(largest * torch.randn(weight.shape, generator=signs).sign())
    model = from_bytes("x", write_tensors(tensors, metadata))
    text = "".join(write(model.build(), model.alphabet, "The", 20, Choice(temperature=0.2), 0))
    assert len(text) == 20
    later = OwnTraining(check(VERSE), PLAN, start=model)
    later.step()
    assert later.record.taken + (later.record.outcome == "blew_up") == 1


def test_other_files_are_refused() -> None:
    metadata, tensors = parts(training().file())
    other = json.loads(metadata["header"])
    other["model"] = "sentiment"
    for data in (
        b"",
        b"hello",
        b"\xff" * 100,
        write_tensors(tensors, {}),
        write_tensors(tensors, {**metadata, "format": "2"}),
        write_tensors(tensors, {**metadata, "kind": "training"}),
        write_tensors(tensors, {**metadata, "header": "[" * 10_000}),
        write_tensors(tensors, {**metadata, "header": json.dumps(other)}),
    ):
        with pytest.raises(InputError):
            from_bytes("x", data)


@pytest.mark.parametrize("data", [b"", b"pickle", b"not a model at all" * 9])
def test_what_is_no_such_file_at_all_is_called_so(data: bytes) -> None:
    with pytest.raises(InputError, match=r"no \.safetensors file"):
        from_bytes("x", data)


def fuzz(count: int) -> int:
    """How many of `count` mutated files could be used; what is no InputError is let through."""
    rng = random.Random(5)
    originals = [training(cell).file() for cell in ("rnn", "lstm", "gru")]
    usable = 0
    for _ in range(count):
        try:
            model = from_bytes("x", mutated(rng.choice(originals), rng))
        except InputError:
            continue
        usable += 1
        assert isinstance(model, OwnModel)
        assert all(bool(torch.isfinite(w.float()).all()) for w in model.weights.values())
        network = model.build()
        assert len("".join(write(network, model.alphabet, "", 3, Choice(), 0))) == 3
    return usable


def test_mutated_files_are_a_model_or_an_input_error() -> None:
    assert 0 < fuzz(150) < 150


@pytest.mark.slow
def test_many_mutated_files() -> None:
    assert fuzz(5000)


def shipped_like(data: bytes, **fields: str) -> bytes:
    """The same file under another name, or of another task."""
    metadata, tensors = parts(data)
    header = json.dumps({**json.loads(metadata["header"]), **fields})
    return write_tensors(tensors, {**metadata, "header": header})


@pytest.mark.parametrize(
    ("model", "name", "says"),
    [
        ("characters", "chars-kieu", "is the model chars-kieu. It writes on the page Characters"),
        ("sentiment", "sentiment-en", "is the model sentiment-en. It reads sentiment"),
        ("captions", "captions-en", "is the model captions-en. It describes photos"),
        ("translation", "translate-fr-en", "is the model translate-fr-en. It translates"),
        ("frames", "motion", "is the model motion of another kind (frames)."),
    ],
)
def test_another_model_is_called_by_its_name(model: str, name: str, says: str) -> None:
    with pytest.raises(InputError) as error:
        from_bytes("x", shipped_like(training().file(), model=model, name=name))
    assert says in str(error.value)


def test_a_large_model_is_called_by_its_name_too() -> None:
    metadata, _ = parts(training().file())
    fields = {**json.loads(metadata["header"]), "model": "accents", "name": "accents-vi"}
    header = json.dumps(fields)
    data = write_tensors({"x": torch.zeros(2 * 10**6)}, {**metadata, "header": header})
    assert len(data) > own_files.FILE_MEGABYTES * 2**20
    with pytest.raises(InputError, match=r"is the model accents-vi\. It adds accents"):
        from_bytes("x", data)
    with pytest.raises(InputError, match="at most 5 MB"):
        from_bytes("x", write_tensors({"x": torch.zeros(2 * 10**6)}, metadata))


def test_what_kind_of_file_it_is_is_said() -> None:
    data = training().file()
    metadata, tensors = parts(data)
    for other, says in (
        (data[:-100], "x is only a part of a file: "),
        (data[:200], r"no .safetensors file, or only a part of one"),
        (write_tensors(tensors, {**metadata, "format": "2"}), "another version of this program"),
        (write_tensors(tensors, {**metadata, "kind": "training"}), "unfinished training"),
        (write_tensors(tensors, {}), "was not written by this program"),
    ):
        with pytest.raises(InputError) as error:
            from_bytes("x", other)
        assert says in str(error.value)
