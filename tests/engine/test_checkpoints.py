"""Model files: what is written comes back, within the stated tolerance, with a true header."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path

import pytest
import torch
from safetensors.torch import load_file
from torch import Tensor, nn

from engine import checkpoints
from engine.checkpoints import container
from engine.errors import InputError
from tests.engine.model_files import HEADER, weights


def test_float32_comes_back_as_it_was(tmp_path: Path) -> None:
    path = tmp_path / "small-model.safetensors"
    checkpoints.save(path, HEADER, weights())
    header, tensors = checkpoints.load(path)
    assert tensors.keys() == weights().keys()
    assert all(torch.equal(tensors[name], t) for name, t in weights().items())
    assert header == replace(
        HEADER, parameters=7 * 5 + 5 + 2 * 3 * 2, size=path.stat().st_size, path=path
    )
    assert checkpoints.read_header(path) == header


def test_float16_keeps_eleven_bits(tmp_path: Path) -> None:
    checkpoints.save(tmp_path / "x", HEADER, weights(), "float16")
    _, tensors = checkpoints.load(tmp_path / "x")
    assert {t.dtype for name, t in tensors.items() if name != "count"} == {torch.float32}
    for name, tensor in weights().items():
        torch.testing.assert_close(tensors[name], tensor, rtol=2**-11, atol=2**-25)
    assert not torch.equal(tensors["matrix"], weights()["matrix"])


def test_int8_is_off_by_a_254th_of_the_largest_in_the_row(tmp_path: Path) -> None:
    path = tmp_path / "x"
    saved = checkpoints.save(path, HEADER, weights(), "int8")
    stored = load_file(path)
    assert stored["matrix"].dtype == torch.int8
    assert stored["matrix.scale"].dtype == torch.float32
    assert stored["vector"].dtype == stored["cube"].dtype == torch.float16
    assert torch.equal(stored["count"], weights()["count"])
    assert bool((stored["matrix.scale"] > 0).all()), "0 / 0 is no byte"
    _, tensors = checkpoints.load(path)
    matrix = weights()["matrix"]
    allowed = matrix.abs().amax(dim=1, keepdim=True) / 254
    assert bool(((tensors["matrix"] - matrix).abs() <= allowed * (1 + 1e-5)).all())
    assert not bool(tensors["matrix"][0].any()), "a row of zeros stays one"
    assert "matrix.scale" not in tensors
    assert saved.parameters == 7 * 5 + 5 + 2 * 3 * 2, "scales are no parameters"


@pytest.mark.parametrize("dtype", ["float32", "float16", "int8"])
def test_weights_that_are_not_finite_are_not_saved(tmp_path: Path, dtype: str) -> None:
    too_much = {"vector": torch.tensor([1.0, 1e6 if dtype != "float32" else torch.inf])}
    with pytest.raises(ValueError, match="vector is not finite"):
        checkpoints.save(tmp_path / "x", HEADER, too_much, dtype)  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="not finite"):
        checkpoints.save(tmp_path / "x", HEADER, {"m": torch.full((2, 2), torch.nan)}, "int8")
    assert list(tmp_path.iterdir()) == []


def test_a_name_that_would_pass_for_a_scale_is_not_saved(tmp_path: Path) -> None:
    tensors = {"a": torch.ones(2, 2), "a.scale": torch.ones(2)}
    with pytest.raises(ValueError, match="kept for the scales"):
        checkpoints.save(tmp_path / "x", HEADER, tensors)
    assert list(tmp_path.iterdir()) == []


def test_a_header_that_could_not_be_read_is_not_written(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="unusable as its seed"):
        checkpoints.save(tmp_path / "x", replace(HEADER, seed=-1), weights())
    assert list(tmp_path.iterdir()) == []


def test_saving_is_atomic(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "x"
    checkpoints.save(path, HEADER, weights())
    before = path.read_bytes()

    def full_disk(handle: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full_disk)
    with pytest.raises(OSError, match="No space"):
        checkpoints.save(path, replace(HEADER, seed=2), weights())
    assert path.read_bytes() == before
    assert [p.name for p in tmp_path.iterdir()] == ["x"]


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such permissions")
def test_a_saved_model_can_be_read_by_others(tmp_path: Path) -> None:
    checkpoints.save(tmp_path / "x", HEADER, weights())
    (tmp_path / "plain").touch()
    assert (tmp_path / "x").stat().st_mode == (tmp_path / "plain").stat().st_mode


def test_rewriting_the_header_leaves_the_weights_as_stored(tmp_path: Path) -> None:
    path = tmp_path / "x.safetensors"
    checkpoints.save(path, HEADER, weights(), "int8")
    before = load_file(path)
    measured = replace(HEADER, metrics={"dev": {"accuracy": 0.75, "n": 4}})
    rewritten = checkpoints.rewrite_header(path, measured, with_card=True)
    assert rewritten.metrics == checkpoints.load(path)[0].metrics == measured.metrics
    after = load_file(path)
    assert before.keys() == after.keys()
    assert all(torch.equal(after[name], tensor) for name, tensor in before.items())
    assert "0.7500" in path.with_suffix(".md").read_text()


def test_the_index_lists_models_by_name(tmp_path: Path) -> None:
    for name in ("b", "a"):
        checkpoints.save(tmp_path / f"{name}.safetensors", replace(HEADER, name=name), weights())
    checkpoints.save_training(tmp_path / "a.training.safetensors", {"x": torch.ones(1)}, {}, 0.0)
    (tmp_path / "README.md").write_text("not a model")
    assert [header.name for header in checkpoints.index(tmp_path)] == ["a", "b"]


def test_the_index_reads_headers_only(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    checkpoints.save(tmp_path / "a.safetensors", HEADER, weights())
    monkeypatch.delattr(container, "tensors_from_bytes")
    assert len(checkpoints.index(tmp_path)) == 1


def test_the_index_hides_nothing(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no folder"):
        checkpoints.index(tmp_path / "missing")
    (tmp_path / "broken.safetensors").write_bytes(b"PK")
    with pytest.raises(InputError, match=r"broken\.safetensors is damaged"):
        checkpoints.index(tmp_path)


def test_the_card_says_everything_and_shows_markup_as_text() -> None:
    header = replace(HEADER, recipe={"note": "<b>*x*|[y](z)"}, size=1_234_567, parameters=1000)
    text = checkpoints.card(header)
    assert text.startswith("# small-model\n")
    for part in ("1,000 parameters", "1.23 MB", "in 2 min", "on a test bench", "seed 5"):
        assert part in text
    assert "| dev set | accuracy | 0.8125 | 0.5000 | 0.9000 |" in text
    assert "| dev set | n | 872 |" in text
    assert "Published on dev set: Somebody et al. 1999." in text
    assert "- **corpus**: somewhere. Terms: research only." in text
    assert r"| note | \<b\>\*x\*\|\[y\]\(z) |".replace(r"\(z", "(z") in text
    assert "## Scores" not in checkpoints.card(replace(header, metrics={}))
    assert "## What was tried" not in text


def test_the_card_tells_what_was_tried_in_words() -> None:
    text = checkpoints.card(replace(HEADER, recipe={"tried": "Twice *as* long.", "steps": 3}))
    assert "## What was tried\n\nTwice \\*as\\* long.\n" in text
    assert "| steps | 3 |" in text
    assert "| tried" not in text


@pytest.mark.parametrize(
    ("seconds", "message"), [(0.4, "0 s"), (29.0, "29 s"), (90.0, "2 min"), (3600.0, "1 h 0 min")]
)
def test_the_card_rounds_durations(seconds: float, message: str) -> None:
    assert f"trained in {message} on" in checkpoints.card(replace(HEADER, seconds=seconds))


def test_a_training_state_comes_back_exactly(tmp_path: Path) -> None:
    path = checkpoints.training_path(tmp_path / "small-model.safetensors")
    assert path == tmp_path / "small-model.training.safetensors"
    state = {"a": torch.tensor([1e-300, 2.5], dtype=torch.float64), "b": torch.tensor(7)}
    checkpoints.save_training(path, state, {"rate": 0.1, "name": "Kiều"}, 2.5)
    loaded, settings, seconds = checkpoints.load_training(path)
    assert settings == {"rate": 0.1, "name": "Kiều"}
    assert seconds == 2.5
    assert {n: (t.dtype, t.tolist()) for n, t in loaded.items()} == {
        n: (t.dtype, t.tolist()) for n, t in state.items()
    }


def test_fill_gives_a_model_its_weights() -> None:
    model, given = nn.Linear(3, 2), {"weight": torch.ones(2, 3), "bias": torch.zeros(2)}
    checkpoints.fill(model, given, "x")
    assert all(torch.equal(model.state_dict()[name], given[name]) for name in given)


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"weight": torch.ones(2, 3)}, "lacks the weights bias"),
        ({"weight": torch.ones(2, 3), "bias": torch.ones(3)}, "weights bias of a wrong shape"),
        (
            {"weight": torch.ones(2, 3), "bias": torch.ones(2), "c": torch.ones(1)},
            "weights c that the model does not",
        ),
    ],
)
def test_fill_refuses_what_is_not_exactly_the_models(
    given: dict[str, Tensor], message: str
) -> None:
    model = nn.Linear(3, 2)
    before = {name: tensor.clone() for name, tensor in model.state_dict().items()}
    with pytest.raises(InputError, match=message):
        checkpoints.fill(model, given, "x")
    for name, tensor in model.state_dict().items():
        assert torch.equal(tensor, before[name])


def test_sizes_that_a_file_only_claims_cost_no_memory() -> None:
    with torch.device("meta"):
        huge, small = nn.Linear(2**40, 2**20), nn.Linear(3, 2)
    given = {"weight": torch.ones(2, 3), "bias": torch.zeros(2)}
    with pytest.raises(InputError, match="weights bias of a wrong shape"):
        checkpoints.fill(huge, given, "x")
    checkpoints.fill(small, given, "x")
    assert small(torch.ones(3)).tolist() == [3, 3]
