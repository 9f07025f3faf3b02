"""Films with a label for every frame: reading them, learning them, scoring falls."""

from __future__ import annotations

import itertools
import json
import tracemalloc
import zipfile
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

from engine import checkpoints
from engine.__main__ import main
from engine.errors import InputError
from engine.models.frames import NO_LABEL
from engine.results import LabelledFilm, MislabelledStretch, Stretch
from engine.tasks.frames import (
    RECIPES,
    FramePredictor,
    Recipe,
    failures,
    failures_path,
    load,
    read_failures,
    rebuild,
)
from engine.tasks.frames.data import CLASSES, MOST_BYTES, SIZE, UNIT, Batches, Film, heat, read
from engine.tasks.frames.evaluation import confusion, falls, scores
from engine.training import Part

Output = pytest.CaptureFixture[str]
WALK, FALL, LIE = (CLASSES.index(name) for name in ("walk", "fall", "lie"))

SMALL = Recipe(
    hidden=8, layers=1, filters=(4, 8), features=16, dropout=0.0, rows=4, steps=32,
    mixed_precision=False, parts=(Part("", epochs=30.0, learning_rate=1e-2),), fused=False,
    ema_decay=0.9,
)  # fmt: skip


def film(number: int) -> tuple[Any, Any]:
    """40 frames: nobody, then a warm spot that moves, then one that stands still."""
    draws = np.random.default_rng(number)
    frames = np.full((40, SIZE, SIZE), 100) + draws.integers(-1, 2, (40, SIZE, SIZE))
    labels = np.full(40, NO_LABEL)
    row, column = draws.integers(3, 12, 2)
    for t in range(16, 40):
        column += t < 28 and t % 2
        frames[t, row : row + 3, column % 12 : column % 12 + 3] += 30
    labels[17:28], labels[30:40] = WALK, LIE
    return frames.astype(np.uint8), labels.astype(np.uint8)


def write(path: Path, numbers: range) -> Path:
    frames, labels = map(np.concatenate, zip(*map(film, numbers), strict=True))
    lengths = np.full(len(numbers), 40)
    np.savez(path, frames=frames, labels=labels, lengths=lengths)
    return path


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("data")
    (folder / "frames").mkdir()
    write(folder / "frames" / "train.npz", range(24))
    write(folder / "frames" / "dev.npz", range(100, 108))
    return folder


@pytest.fixture(scope="module")
def trained(data: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("models")
    return rebuild("frames", data, out, torch.device("cpu"), recipe=SMALL)


@pytest.fixture(scope="module")
def predictor(trained: Path) -> FramePredictor:
    return load(trained)


def test_films_are_read_one_by_one(data: Path) -> None:
    films = read(data / "frames" / "dev.npz")
    assert [f.name for f in films[:2]] == ["film 1", "film 2"]
    assert all(np.array_equal(f.frames, film(100 + k)[0]) for k, f in enumerate(films))
    assert np.array_equal(films[3].labels, film(103)[1])


@pytest.mark.parametrize(
    "arrays",
    [
        {"labels": np.zeros(4, np.uint8)},
        {"frames": np.zeros((4, 8, 8), np.uint8)},
        {"frames": np.zeros((4, SIZE, SIZE), np.float32)},
        {"frames": np.zeros((0, SIZE, SIZE), np.uint8)},
        {"frames": np.zeros((4, SIZE, SIZE), np.uint8), "lengths": np.array([1, 2])},
        {"frames": np.zeros((4, SIZE, SIZE), np.uint8), "lengths": np.array([5, -1])},
        {"frames": np.zeros((4, SIZE, SIZE), np.uint8), "labels": np.full(4, 7, np.uint8)},
        {"frames": np.zeros((4, SIZE, SIZE), np.uint8), "labels": np.zeros(3, np.uint8)},
        {"frames": np.array([{}], dtype=object)},
        {"frames": np.zeros((20_001, SIZE, SIZE), np.uint8)},
    ],
)
def test_what_is_no_file_of_films_is_refused(tmp_path: Path, arrays: dict[str, Any]) -> None:
    np.savez(tmp_path / "x.npz", **arrays)
    with pytest.raises(InputError, match=r"x\.npz"):
        read(tmp_path / "x.npz")
    (tmp_path / "x.npz").write_bytes(b"PK\x03\x04 no zip")
    with pytest.raises(InputError, match=r"x\.npz is no"):
        read(tmp_path / "x.npz")


def test_the_empty_room_is_taken_off_and_nothing_looks_ahead() -> None:
    frames, _ = film(0)
    warmer = frames + np.arange(40, dtype=np.uint8)[:, None, None]
    whole = heat(frames)
    assert float(whole[:15].abs().mean()) < 1 / UNIT
    assert float(whole[30].max()) == pytest.approx(30 / UNIT, abs=3 / UNIT)
    # A room that warms as a whole is the same room.
    assert torch.allclose(heat(warmer), whole, atol=1e-4)
    assert torch.equal(heat(frames[:25]), whole[:25])


def test_a_batch_is_a_function_of_its_step(data: Path) -> None:
    films = read(data / "frames" / "train.npz")
    first, again = (Batches(films, 4, 32, 1, torch.device("cpu")) for _ in range(2))
    assert first.per_epoch == 6
    for step in (0, 7):
        frames, targets = first(step)
        assert frames.shape == (32, 4, SIZE, SIZE)
        assert targets.shape == (32, 4)
        assert torch.equal(frames, again(step).frames)
        assert {*targets.unique().tolist()} <= {WALK, LIE, NO_LABEL}
    plain = Batches(films, 4, 40, 1, torch.device("cpu"), varied=False)
    frames, targets = plain(0)
    known = [heat(f.frames) for f in films]
    for k in range(4):
        row = next(i for i, x in enumerate(known) if torch.equal(x, frames[:, k]))
        assert targets[:, k].tolist() == films[row].labels.tolist()
    with pytest.raises(InputError, match="no films"):
        Batches([], 4, 32, 1, torch.device("cpu"))


def labelled(labels: list[int]) -> Film:
    return Film("x", np.zeros((len(labels), SIZE, SIZE), np.uint8), np.array(labels, np.uint8))


def test_scores_by_hand() -> None:
    films = [labelled([0, 0, 1, NO_LABEL]), labelled([NO_LABEL, 1])]
    found = [np.array([0, 1, 1, 5]), np.array([5, 1])]
    # F1 of class 0: 2·1 / (1 + 2); of class 1: 2·2 / (3 + 2).
    expected = round((2 / 3 + 4 / 5) / 2, 4)
    assert scores(found, films) == {"frame_accuracy": 0.75, "macro_f1": expected, "n": 4}
    table = confusion(found, films)
    assert table[:2, :2].tolist() == [[1, 1], [0, 2]]
    assert table.sum() == 4
    with pytest.raises(InputError, match="No frame has a label"):
        scores([np.zeros(2, np.int64)], [labelled([NO_LABEL] * 2)])


def test_falls_found_late_missed_and_invented() -> None:
    N = NO_LABEL
    late = labelled([WALK] * 10 + [FALL] * 10 + [N] * 20)
    missed = labelled([N] * 5 + [FALL] * 5 + [LIE] * 20)
    answers = [np.full(40, LIE), np.full(30, LIE)]
    answers[0][14:16] = FALL
    answers[1][26:28] = FALL
    found = falls(answers, [late, missed])
    assert found == {
        "fall_recall": 0.5, "fall_delay": 0.4, "n": 2,
        "false_falls_per_minute": round(1 / (45 / 10 / 60), 4),
    }  # fmt: skip
    assert falls(answers, [labelled([WALK] * 40), labelled([WALK] * 30)]) == {}


def test_stretches_of_a_film() -> None:
    probabilities = np.array([[0.75, 0.25], [0.85, 0.15], [0.2, 0.8]])
    found = LabelledFilm(("a", "b"), probabilities)
    assert found.stretches == (Stretch(0, 1, "a", 0.8), Stretch(2, 2, "b", 0.8))
    assert LabelledFilm(("a",), np.zeros((0, 1))).stretches == ()


def test_a_trained_model_labels_films(predictor: FramePredictor, data: Path) -> None:
    films = read(data / "frames" / "dev.npz")
    together = list(predictor.label([f.frames for f in films] + [films[0].frames[:25]]))
    assert scores([f.answers for f in together[:-1]], films)["frame_accuracy"] > 0.9
    (alone,) = predictor.label([films[0].frames[:25]])
    assert np.allclose(together[-1].probabilities, alone.probabilities, atol=1e-6)
    assert np.allclose(alone.probabilities.sum(1), 1)
    assert list(predictor.label([films[0].frames], stop=lambda: True)) == []


def test_gradients_of_one_frame_to_both_sides(predictor: FramePredictor) -> None:
    found = predictor.gradients(film(0)[0], 20)
    assert found.h.shape == (2, 40)
    assert found.c is not None
    assert (found.h[0, :21] > 0).all()
    assert (found.h[0, 21:] == 0).all()
    assert (found.h[1, 20:] > 0).all()
    assert (found.h[1, :20] == 0).all()
    other = predictor.gradients(film(0)[0], 20, "fall")
    assert other.label == "fall" != found.label


def test_its_header_says_how_good_it_is(trained: Path) -> None:
    header = checkpoints.read_header(trained)
    found = header.metrics["persons 5 and 6, another day"]
    assert found["frame_accuracy"] > found["baseline"]["frame_accuracy"]
    assert header.data[0]["terms"].startswith("CC BY-NC-SA 4.0")
    assert trained.with_suffix(".md").is_file()


def test_failures_are_counted_by_label(trained: Path) -> None:
    film = labelled([0, 0, 0, 0, 1, NO_LABEL, 1])
    answers = np.eye(2)[[0, 1, 1, 1, 0, 0, 1]]
    report = failures.collect([film], [LabelledFilm(("a", "b"), answers)])
    assert (report.everything.n, report.everything.errors) == (6, 4)
    assert [(k.name, k.n, k.errors) for k in report.kinds] == [("a", 4, 3), ("b", 2, 1)]
    assert report.quotes == (MislabelledStretch("x", 1, 3, "a", "b", 1.0),)
    assert read_failures(failures_path(trained)).everything.n == 8 * 21


def test_the_command_line(trained: Path, data: Path, tmp_path: Path, capsys: Output) -> None:
    options = ["--models", str(trained.parent), "--device", "cpu"]
    path = str(data / "frames" / "dev.npz")
    assert main(["frames", "frames", "missing.npz", path, *options]) == 2
    written = capsys.readouterr()
    assert written.err == "error: missing.npz does not exist.\n"
    rows = [line.split("\t") for line in written.out.splitlines()]
    assert {row[0] for row in rows} == {path}
    assert {row[3] for row in rows} <= set(CLASSES)
    # The stretches follow each other without a gap through all films of the file.
    edges = [(int(row[1]), int(row[2])) for row in rows]
    assert edges[0][0] == 0
    assert edges[-1][1] == 8 * 40 - 1
    assert all(b[0] == a[1] + 1 for a, b in itertools.pairwise(edges))
    assert main(["frames", "frames", path, "--json", *options]) == 0
    records = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [r["first"] for r in records] == [40 * k for k in range(8)]
    assert np.array(records[0]["probabilities"]).shape == (40, 7)
    assert main(["evaluate", "frames", "--data", path, *options]) == 0
    found = json.loads(capsys.readouterr().out)
    assert found.keys() == {"frame_accuracy", "macro_f1", "n"}
    assert found["n"] == 8 * 21
    assert main(["evaluate", "frames", "--data", str(trained), *options]) == 2
    assert capsys.readouterr().err == "error: frames.safetensors is no .npz file of films.\n"


def test_every_recipe_is_there() -> None:
    compared = {f"frames-{kind}" for kind in ("still", "rnn", "lstm", "gru")}
    assert set(RECIPES) == {"frames", "motion", "motion-forward"} | compared


def small_file_of_huge_arrays(path: Path, head: bytes, size: int | None = None) -> Path:
    """An .npz whose only array has this head and no contents; `size` is what the archive's list
    says of it."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("frames.npy", head)
        if size is not None:
            packed.getinfo("frames.npy").file_size = size
    return path


def array_head(shape: str, dtype: str = "|u1") -> bytes:
    text = f"{{'descr': '{dtype}', 'fortran_order': False, 'shape': {shape}, }}\n".encode()
    return b"\x93NUMPY\x01\x00" + len(text).to_bytes(2, "little") + text


@pytest.mark.parametrize(
    ("head", "size"),
    [
        (array_head("(1000000000000, 16, 16)"), None),
        (array_head("(1000000000000, 16, 16)"), 10**15),
        (array_head("(1000000000, 16, 16)"), 200 << 20),
        (array_head("(2, 16, 16)", "|O") + b"cos\nsystem\n(S'true'\ntR.", None),
        (array_head("(-4, 16, 16)"), None),
        (array_head("(4, 16, 'x')"), None),
        (b"\x93NUMPY\x09\x00" + bytes(100), None),
        (b"", None),
    ],
)
def test_a_small_file_that_speaks_of_much_is_refused(
    tmp_path: Path, head: bytes, size: int | None
) -> None:
    path = small_file_of_huge_arrays(tmp_path / "x.npz", head, size)
    tracemalloc.start()
    with pytest.raises(InputError, match=r"^x\.npz (is no \.npz|holds more)"):
        read(path)
    assert tracemalloc.get_traced_memory()[1] < 2**20
    tracemalloc.stop()


def test_a_file_that_unpacks_to_more_than_is_held_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "x.npz"
    np.savez_compressed(path, frames=np.zeros((MOST_BYTES // SIZE**2 + 1, SIZE, SIZE), np.uint8))
    assert path.stat().st_size < 1 << 20
    with pytest.raises(InputError, match=r"^x\.npz holds more than 256 MB\.$"):
        read(path)


def test_lengths_of_nothing_are_refused(tmp_path: Path) -> None:
    frames = np.zeros((4, SIZE, SIZE), np.uint8)
    np.savez(tmp_path / "x.npz", frames=frames, lengths=np.array([], np.int64))
    with pytest.raises(InputError, match="do not fit together"):
        read(tmp_path / "x.npz")
