"""Films made by rule: what moves, where to, and that nothing else tells."""

from __future__ import annotations

import itertools
from pathlib import Path

import numpy as np
import pytest
import torch
from numpy.typing import NDArray

from engine import checkpoints
from engine.__main__ import main
from engine.commands import MODELS
from engine.tasks.frames import Recipe, load, rebuild
from engine.tasks.frames.data import grey
from engine.tasks.frames.motion import (
    LABELS,
    SIZE,
    MadeBatches,
    compose,
    draw_actions,
    path,
    photos,
)
from engine.training import Part
from tests.engine.images.films import moving, video

EXAMPLES = MODELS.parent / "examples"


def seeded(seed: int = 0) -> torch.Generator:
    return torch.Generator().manual_seed(seed)


@pytest.mark.parametrize("seed", range(5))
def test_the_path_does_what_its_labels_say_and_stays_inside(seed: int) -> None:
    actions = [(label, 6) for label in LABELS] + draw_actions(60, seeded(seed))
    labels = np.array([label for label, frames in actions for _ in range(frames)])
    place, size, angle = (part.numpy() for part in path(actions, seeded(seed)))
    assert ((place > 6.9) & (place < SIZE - 6.9)).all()
    assert ((size > 3.4) & (size < 12.1)).all()
    x, y = place.T
    changes = {"x": np.diff(x), "y": np.diff(y), "size": np.diff(size), "angle": np.diff(angle)}
    signs = {
        "left": ("x", -1), "right": ("x", 1), "up": ("y", -1), "down": ("y", 1),
        "nearer": ("size", 1), "farther": ("size", -1), "turning": ("angle", 0), "still": ("", 0),
    }  # fmt: skip
    for label, (moved, sign) in signs.items():
        at = labels[1:] == label
        for name, change in changes.items():
            if name != moved:
                assert np.abs(change[at]).max() < 1e-5
            else:
                assert (change[at] * sign > 0).all() if sign else (change[at] != 0).all()


def test_actions_fill_the_film() -> None:
    actions = draw_actions(600, seeded(1))
    assert sum(frames for _, frames in actions) == 600
    assert all(a[0] != b[0] for a, b in itertools.pairwise(actions))
    assert {label for label, _ in actions} == set(LABELS)


def shift(before: NDArray[np.float64], after: NDArray[np.float64]) -> tuple[int, int]:
    """By how many pixels (down, right) a picture has moved, by trying all."""
    tried = [(y, x) for y in range(-4, 5) for x in range(-4, 5)]
    return max(tried, key=lambda s: float((np.roll(before, s, (0, 1)) * after).sum()))


@pytest.mark.parametrize(("label", "axis", "sign"), [
    ("left", 1, -1), ("right", 1, 1), ("up", 0, -1), ("down", 0, 1),
])  # fmt: skip
def test_the_picture_moves_as_the_label_says(label: str, axis: int, sign: int) -> None:
    right = 0
    for seed in range(30):
        film = compose([("still", 12), (label, 12)], seeded(seed)).frames.astype(float)
        # The empty place is not known, so the film's own mean is taken for the background.
        moving = film - np.median(film, 0)
        right += sign * shift(moving[13], moving[16])[axis] > 0
    assert right >= 20


def test_a_film_is_a_function_of_its_generator_and_has_its_labels() -> None:
    pictures = photos(EXAMPLES)
    assert len(pictures) == 4
    film = compose([("left", 5), ("turning", 7)], seeded(3), pictures)
    again = compose([("left", 5), ("turning", 7)], seeded(3), pictures)
    other = compose([("left", 5), ("turning", 7)], seeded(4), pictures)
    assert np.array_equal(film.frames, again.frames)
    assert not np.array_equal(film.frames, other.frames)
    assert film.frames.shape == (12, SIZE, SIZE)
    assert film.labels.tolist() == [LABELS.index("left")] * 5 + [LABELS.index("turning")] * 7
    with pytest.raises(ValueError, match="sideways"):
        compose([("sideways", 5)], seeded())


def test_photos_are_what_can_be_read_as_such(tmp_path: Path) -> None:
    (tmp_path / "note.txt").write_text("no photo")
    assert photos(tmp_path) == photos(tmp_path / "missing") == []


def test_batches_are_functions_of_their_step() -> None:
    batches = MadeBatches([], 2, 10, 5, torch.device("cpu"))
    frames, targets = batches(3)
    assert frames.shape == (10, 2, SIZE, SIZE)
    assert targets.shape == (10, 2)
    for row in range(2):
        film = batches.film(6 + row)
        assert torch.equal(frames[:, row], grey(film.frames))
        assert targets[:, row].tolist() == film.labels.tolist()
    # Flickering light is taken off.
    assert torch.allclose(frames.mean((2, 3)), torch.zeros(10, 2), atol=1e-5)


def test_training_on_made_films_writes_a_model_of_films(tmp_path: Path) -> None:
    recipe = Recipe(
        recorded="grey", size=32, filters=(2, 2), features=4, hidden=4, layers=1, rows=2, steps=12,
        parts=(Part("", epochs=0.02, learning_rate=1e-3),), mixed_precision=False,
    )  # fmt: skip
    made = rebuild("motion", EXAMPLES, tmp_path, torch.device("cpu"), recipe=recipe)
    assert "made films, with another photo" in checkpoints.read_header(made).metrics
    predictor = load(made)
    assert predictor.labels == LABELS
    (found,) = predictor.label([compose([("left", 9)], seeded()).frames])
    assert found.probabilities.shape == (9, len(LABELS))


def test_the_command_line_labels_a_film_of_ones_own(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "hand.mp4"
    path.write_bytes(video("mp4", "libx264", moving(48)))
    options = ["--models", str(MODELS), "--device", "cpu"]
    assert main(["frames", "motion", str(path), *options]) == 0
    rows = [line.split("\t") for line in capsys.readouterr().out.splitlines()]
    assert rows[0][:2] == [str(path), "0"]
    assert rows[-1][2] == "23"
    assert {row[3] for row in rows} <= set(LABELS)
    # Films of the sensor are no videos.
    assert main(["frames", "frames", str(path), *options]) == 2
    assert capsys.readouterr().err == "error: hand.mp4 is no .npz file of films.\n"
    path.write_bytes(b"no film")
    assert main(["frames", "motion", str(path), *options]) == 2
    assert "is not a film that can be read here" in capsys.readouterr().err
