"""CIDEr-D on cases that were computed by hand, BLEU against its definition, rewards."""

from __future__ import annotations

import json
import math
from pathlib import Path

import numpy as np
import pytest
import torch

from engine.errors import InputError
from engine.models.captioner import START, Captioner
from engine.tasks import captions
from engine.tasks.captions.data import SPECIAL_NAMES, Batches, Vocabulary
from engine.tasks.captions.evaluation import (
    Cider,
    Look,
    attention_scores,
    look_at,
    read_boxes,
    scores,
)
from engine.tasks.captions.self_critical import SelfCriticalBatches
from tests.engine.tasks.test_captions_predictor import PHOTO, small

A_DOG, A_CAT = [("a", "dog")], [("a", "cat")]


@pytest.mark.parametrize(
    ("text", "score"),
    [
        # "a" is in both photos and weighs nothing; "dog" and "a dog" agree: orders 1 and 2 of 4.
        (("a", "dog"), 10 * (1 + 1) / 4),
        # One word fewer, and only order 1.
        (("dog",), 10 * 1 / 4 * math.exp(-1 / 72)),
        # A word said twice counts once against one: min(2, 1) · 1 / (2 · 1).
        (("dog", "dog"), 10 * 0.5 / 4),
        (("a", "cat"), 0.0),
        ((), 0.0),
    ],
)
def test_cider_as_computed_by_hand(text: tuple[str, ...], score: float) -> None:
    assert Cider([A_DOG, A_CAT]).score(text, A_DOG) == pytest.approx(score)


def test_cider_is_the_mean_over_people_and_photos() -> None:
    people = [[("a", "dog"), ("two", "birds")], A_CAT]
    cider = Cider(people)
    halves = cider.score(("a", "dog"), people[0][:1]), cider.score(("a", "dog"), people[0][1:])
    assert cider.score(("a", "dog"), people[0]) == pytest.approx(sum(halves) / 2)
    both = [("a", "dog"), ("a", "cat")]
    alone = [cider.score(s, p) for s, p in zip(both, people, strict=True)]
    assert cider.mean(both, people) == pytest.approx(sum(alone) / 2)


def test_bleu_is_clipped_precision_and_brevity() -> None:
    """Papineni et al. (2002), example 2: "the" seven times has a precision of 2/7."""
    first = ("the", "cat", "is", "on", "the", "mat")
    people = [[first, ("there", "is", "a", "cat", "on", "the", "mat")]]
    found = scores([("the",) * 7], people)
    assert found["bleu1"] == pytest.approx(2 / 7, abs=1e-4)
    assert found["bleu2"] == 0
    short = scores([first[:3]], people)
    assert short["bleu1"] == pytest.approx(math.exp(1 - 6 / 3), abs=1e-4)
    exact = scores([people[0][0]], people)
    assert exact["bleu4"] == 1


def test_what_is_said_again_and_again_is_noticed() -> None:
    people = [[("a", "dog")], [("a", "cat")], [("a", "cow")], [("a", "bee")]]
    found = scores([("a", "dog"), ("a", "cow"), ("a", "cow"), ("a", "cow")], people)
    assert (found["most_repeated"], found["n"]) == (0.75, 4)


@pytest.fixture
def rewarded() -> SelfCriticalBatches:
    vocabulary = Vocabulary([*SPECIAL_NAMES, "a", "dog", "cat"])
    sentences = [(("a", "dog"),), (("a", "cat"),)]
    maps = np.random.default_rng(0).normal(size=(1, 2, 49, 208))
    batches = Batches(maps, sentences, vocabulary, 2, 0, torch.device("cpu"))
    model = Captioner(len(vocabulary), 4, 4, generator=torch.Generator().manual_seed(0))
    return SelfCriticalBatches(model, batches, sentences, vocabulary, 6)


def test_rewards_are_measured_against_the_siblings(rewarded: SelfCriticalBatches) -> None:
    batch = rewarded(0)
    assert batch.weights is not None
    assert (batch.words[0] == START).all()
    weights = batch.weights.view(2, 6)
    torch.testing.assert_close(weights.sum(1), torch.zeros(2), atol=1e-5, rtol=0)
    assert weights.abs().max() > 0
    again = rewarded(0)
    assert torch.equal(batch.words, again.words)
    assert len(rewarded.rewards.recent) == 2


def test_training_on_rewards_raises_them(rewarded: SelfCriticalBatches) -> None:
    from engine.training import Settings, train

    steps = Settings(80, 4e-2)
    before = 0.0
    for step in train(rewarded._model, rewarded, steps):
        before = float(np.mean(rewarded.rewards.recent)) if step.step == 10 else before
    assert np.mean(list(rewarded.rewards.recent)[-20:]) > 1.2 * before


def boxes(path: Path, **changed: object) -> Path:
    """A table of boxes with one photo, 100 × 50 pixels; "a dog" is in its left half."""
    row = {
        "image": "a.jpg",
        "width": 100,
        "height": 50,
        "caption_text": "A dog runs in the snow.",
        "phrases": [{"text": "A dog", "boxes": [[0, 0, 20, 50], [10, 0, 50, 50]]}],
    }
    path.write_text(json.dumps(row | changed) + "\n", encoding="utf-8")
    return path


def test_boxes_cover_cells_of_the_squashed_photo(tmp_path: Path) -> None:
    ((region,),) = read_boxes(boxes(tmp_path / "boxes.jsonl")).values()
    assert (region.sentence[region.at], region.at) == ("dog", 1)
    np.testing.assert_allclose(region.covered, [[1, 1, 1, 0.5, 0, 0, 0]] * 7)


def test_photos_of_unsure_size_and_phrases_said_twice_are_left_out(tmp_path: Path) -> None:
    path = tmp_path / "boxes.jsonl"
    assert read_boxes(boxes(path, size_conf=0.89)) == {}
    assert read_boxes(boxes(path, caption_text="A dog and a dog.")) == {}
    for name, value in (("width", 0), ("phrases", 3), ("image", [])):
        with pytest.raises(InputError):
            read_boxes(boxes(path, **{name: value}))


def test_how_much_attention_lies_in_a_box(tmp_path: Path) -> None:
    predictor, photo = small(), captions.encode_photo(PHOTO)
    ((region,),) = read_boxes(boxes(tmp_path / "boxes.jsonl")).values()
    cells = predictor.score(photo, region.sentence).words[1].attention
    assert cells is not None
    inside = cells[:, :3].sum() + cells[:, 3].sum() / 2
    (look,) = look_at(predictor, photo, [region])
    assert look.inside == pytest.approx(inside)
    assert look.even == pytest.approx(0.5)
    assert look.hit == (int(cells.max(0).argmax()) <= 3)
    unknown = region._replace(sentence=("a", "zebra"))
    assert look_at(predictor, photo, [unknown]) == []
    assert look_at(small(attention=False), photo, [region]) == []


def test_scores_of_attention_are_means_over_words() -> None:
    looks = [Look(0.5, True, 0.2), Look(0.2, False, 0.2), Look(0.2, False, 0.3)]
    assert attention_scores(looks) == {"attention_in_box": 0.3, "pointing": 0.3333, "n_words": 3}
