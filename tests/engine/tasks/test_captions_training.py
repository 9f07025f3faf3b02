"""A captioner is rebuilt from a small corpus, resumed, measured and used."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch

from engine import checkpoints, vision
from engine.images import read_file
from engine.tasks import captions
from engine.tasks.captions import Part
from engine.tasks.captions.data import FORMS, feature_maps
from tests.engine.tasks.captions_small import COLOURS, RECIPE, corpus

CPU = torch.device("cpu")


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return corpus(tmp_path_factory.mktemp("corpus") / "photos")


@pytest.fixture(scope="module")
def trained(data: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("trained")
    return captions.rebuild("captions-en", data, out, CPU, recipe=RECIPE)


def test_it_learns_what_is_in_the_photos(trained: Path, data: Path) -> None:
    predictor = captions.load(trained)
    for colour in COLOURS:
        collected = captions.encode_photo(read_file(data / "images" / f"{colour}2.jpg").squashed)
        best = predictor.caption(collected).captions[0]
        assert colour in best.tokens
        assert "square" in best.tokens


def test_the_file_says_how_good_it_is_and_where_it_fails(trained: Path, data: Path) -> None:
    header = checkpoints.read_header(trained)
    beam, greedy = header.metrics.values()
    assert beam["n"] == greedy["n"] == 3
    assert beam["baseline"]["bleu1"] == pytest.approx(0.8, abs=0.2)
    assert beam["published"]["bleu4"] == 0.195
    assert trained.with_suffix(".md").is_file()
    failures = captions.read_failures(captions.failures_path(trained))
    assert failures.everything.n == 3
    found = captions.evaluate(trained, data)
    assert found.keys() == {"bleu1", "bleu2", "bleu3", "bleu4", "cider", "most_repeated", "n"}
    assert found["n"] == 9


def test_an_interrupted_training_goes_on_as_if_nothing_had_been(
    data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    parts = (Part("words", 4.0, 1e-2), Part("rewarded", 3.0, 1e-3, samples=2))
    recipe = replace(RECIPE, parts=parts)
    monkeypatch.setattr("engine.training.job.SAVE_EVERY", 2)
    whole = captions.rebuild("captions-en", data, tmp_path / "whole", CPU, recipe=recipe)
    lines: list[str] = []

    def interrupt(line: str) -> None:
        lines.append(line)
        if sum("rewarded" in collected for collected in lines) == 2:
            raise KeyboardInterrupt

    monkeypatch.setattr("engine.training.job.REPORT_EVERY", 3)
    out = tmp_path / "parts"
    with pytest.raises(KeyboardInterrupt):
        captions.rebuild("captions-en", data, out, CPU, recipe=recipe, report=interrupt)
    assert not (out / "captions-en.safetensors").exists()
    again = captions.rebuild("captions-en", data, out, CPU, recipe=recipe, resume=True)
    (_, first), (_, second) = (checkpoints.load(path) for path in (whole, again))
    assert all(torch.equal(first[name], second[name]) for name in first)
    assert [path.name for path in out.glob("*.training.*")] == []


def test_the_last_blocks_are_trained_only_in_their_part(data: Path, tmp_path: Path) -> None:
    learnt = replace(RECIPE, head=True, ema_decay=0.0)
    for head in (False, True):
        parts = (Part("words", 0.5, 1e-3, head=head),)
        recipe = replace(learnt, parts=parts)
        path = captions.rebuild("captions-en", data, tmp_path / str(head), CPU, recipe=recipe)
        _, tensors = checkpoints.load(path)
        own = vision.pretrained_head().state_dict()
        same = [
            torch.equal(tensors[f"head.{name}"], weight.half().float())
            for name, weight in own.items()
        ]
        assert all(same) is not head


def test_maps_are_kept_and_gone_on_with(
    data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    paths = sorted((data / "images").iterdir())[:5]
    cache = tmp_path / "maps.npy"
    monkeypatch.setattr("engine.tasks.captions.data.CHUNK", 2)

    def stop(done: int, _: int) -> None:
        if done == 4:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        feature_maps(paths, 4, cache, progress=stop)
    collected: list[int] = []
    maps = feature_maps(paths, 4, cache, progress=lambda done, _: collected.append(done))
    assert collected == [5]
    assert maps.shape == (len(FORMS), 5, 49, vision.CHANNELS)
    whole = captions.encode_photo(read_file(paths[4]).squashed).feature_map[0]
    np.testing.assert_allclose(maps[0, 4], whole.numpy(), atol=0.05, rtol=0.05)


def test_a_mirrored_photo_gives_other_maps(tmp_path: Path) -> None:
    from PIL import Image

    photo = Image.new("RGB", (224, 224))
    photo.paste((255, 0, 0), (0, 0, 112, 224))
    photo.save(tmp_path / "half.png")
    maps = feature_maps([tmp_path / "half.png"], 2, tmp_path / "maps.npy").astype(float)
    left, right = (maps[0, 0].reshape(7, 7, -1)[:, k].mean() for k in (0, 6))
    mirrored = maps[1, 0].reshape(7, 7, -1)
    assert abs(mirrored[:, 6].mean() - left) < abs(mirrored[:, 6].mean() - right)
