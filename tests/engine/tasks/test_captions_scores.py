"""CIDEr-D on cases that were computed by hand, BLEU against its definition, rewards."""

from __future__ import annotations

import math

import numpy as np
import pytest
import torch

from engine.models.captioner import START, Captioner
from engine.tasks.captions.data import SPECIAL_NAMES, Batches, Vocabulary
from engine.tasks.captions.evaluation import Cider, scores
from engine.tasks.captions.self_critical import SelfCriticalBatches

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
