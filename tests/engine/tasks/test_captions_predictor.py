"""A captioner in use: sentences, words, drift and gradients of a small untrained one."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

from engine import checkpoints
from engine.checkpoints import Header
from engine.decoding import Search
from engine.errors import InputError
from engine.models.captioner import Captioner
from engine.results import STOP_WORD
from engine.tasks import captions
from engine.tasks.captions import CaptionPredictor
from engine.tasks.captions.data import LONGEST, SPECIAL_NAMES

WORDS = [*SPECIAL_NAMES, *["a", "dog", "cat", "runs", "sits", "in", "the", "snow"]]
PHOTO = np.random.default_rng(0).integers(0, 256, (224, 224, 3), dtype=np.uint8)


def header(**changed: Any) -> Header:
    arguments = {"cell": "lstm", "attention": True, "head": False, "embedding": 5, "hidden": 6}
    arguments |= {"vocabulary": len(WORDS), **changed}
    return Header(
        model="captions",
        name="captions-small",
        arguments=arguments,
        recipe={},
        seed=0,
        data=[],
        metrics={},
        seconds=1.0,
        device="cpu",
        tokenizer="\n".join(WORDS),
    )


def small(**changed: Any) -> CaptionPredictor:
    described = header(**changed)
    model = Captioner(**described.arguments, generator=torch.Generator().manual_seed(1))
    with torch.no_grad():
        model.output.weight.mul_(6)
        model.embedding.weight.mul_(10)
        model.output.bias[0] = 2  # STOP, so that sentences end
    return CaptionPredictor(described, model.eval().requires_grad_(False))


@pytest.fixture(scope="module")
def features() -> captions.PhotoFeatures:
    return captions.encode_photo(PHOTO)


def test_sentences_come_best_first_with_all_that_belongs_to_a_word(
    features: captions.PhotoFeatures,
) -> None:
    found = small().caption(features, Search(4, 1.0, LONGEST))
    assert 1 <= len(found.captions) <= 4
    scores = [caption.score for caption in found.captions]
    assert scores == sorted(scores, reverse=True)
    for caption in found.captions:
        total = sum(np.log(word.probability) for word in caption.words)
        assert caption.log_probability == pytest.approx(total, abs=1e-3)
        assert caption.score == pytest.approx(total / len(caption.words), abs=1e-3)
        for word in caption.words:
            assert word.attention is not None
            assert word.attention.sum() == pytest.approx(1, abs=1e-4)
            chances = [draws for _, draws in word.candidates]
            assert chances == sorted(chances, reverse=True)
    assert found.nodes[-1].step <= LONGEST


def test_greedy_choice_takes_the_first_candidate(features: captions.PhotoFeatures) -> None:
    best = small().caption(features, Search(1, 0.0, LONGEST)).captions[0]
    assert all(word.text == word.candidates[0][0] for word in best.words)


def test_forced_words_come_first(features: captions.PhotoFeatures) -> None:
    predictor = small()
    found = predictor.caption(features, Search(3, 1.0, LONGEST), predictor.tokenize("The snow"))
    assert found.forced == 2
    assert all(caption.tokens[:2] == ("the", "snow") for caption in found.captions)


def test_reading_a_sentence_gives_what_the_search_gave(features: captions.PhotoFeatures) -> None:
    predictor = small()
    best = predictor.caption(features, Search(3, 1.0, LONGEST)).captions[0]
    assert best.words[-1].text == STOP_WORD
    again = predictor.score(features, best.tokens)
    assert again.log_probability == pytest.approx(best.log_probability, abs=1e-4)
    assert [w.text for w in again.words] == [w.text for w in best.words]


def test_words_that_are_not_known_are_refused() -> None:
    predictor = small()
    assert predictor.tokenize(" A DOG! ") == ("a", "dog")
    with pytest.raises(InputError, match="unicorn"):
        predictor.tokenize("a unicorn <b>")
    with pytest.raises(InputError, match="at most"):
        predictor.tokenize("a " * LONGEST)


def test_a_slip_changes_only_what_comes_after_it(features: captions.PhotoFeatures) -> None:
    predictor = small()
    drift = predictor.drift(features, ("a", "dog", "runs"), 1, "cat")
    np.testing.assert_allclose(drift.right[:2], drift.slipped[:2], rtol=1e-5)
    assert not np.allclose(drift.right[2:], drift.slipped[2:], rtol=1e-3)
    right = predictor.score(features, ("a", "dog", "runs"))
    np.testing.assert_allclose(drift.right, [w.probability for w in right.words], rtol=1e-4)
    assert drift.words == ("a", "dog", "runs", STOP_WORD)


@pytest.mark.parametrize("attention", [True, False])
@pytest.mark.parametrize("cell", ["rnn", "lstm", "gru"])
def test_the_reach_is_what_finite_differences_say(
    features: captions.PhotoFeatures, cell: str, attention: bool
) -> None:
    predictor = small(cell=cell, attention=attention)
    model = predictor._model
    found = predictor.reach(features, ("a", "dog", "runs"), 2)
    assert found.words == ("START", "a", "dog")
    assert found.target == "runs"
    assert found.h.shape == (4,)
    assert (found.c is not None) == (cell == "lstm")
    words = torch.tensor([[1], [4], [5]])
    with torch.no_grad():
        encoded = model.encode(features.feature_map)
        states = model.initial_states(encoded)

        def loss(change: torch.Tensor) -> float:
            moved = (states[0] + change, *states[1:])
            logits, _, _ = model(words, encoded, moved)
            return -float(
                logits[-1, 0].log_softmax(-1)[predictor.vocabulary.encode(["runs"])[0] - 3]
            )

        slopes = []
        for k in range(6):
            change = torch.zeros_like(states[0])
            change[0, 0, k] = 1e-2
            slopes.append((loss(change) - loss(-change)) / 2e-2)
    assert found.h[0] == pytest.approx(float(np.linalg.norm(slopes)), rel=5e-2)


def test_saliency_is_of_the_photo(features: captions.PhotoFeatures) -> None:
    found = small().saliency(PHOTO, ("a", "dog"), 1)
    assert found.shape == (7, 7)
    assert (found > 0).all()


def test_occlusion_is_the_probability_with_a_cell_covered(
    features: captions.PhotoFeatures,
) -> None:
    predictor, words = small(), ("a", "dog", "runs")
    caption = predictor.score(features, words)
    rows = list(predictor.occlusion(PHOTO, caption))
    assert [row.shape for _, row in rows] == [(7, 4)] * 7
    whole = [word.probability for word in caption.words]
    np.testing.assert_allclose(rows[0][0], whole, rtol=1e-3)
    covered = PHOTO.astype(np.float64)
    covered[32:64, 160:192] = covered.mean((0, 1))
    again = captions.encode_photo(covered.round().astype(np.uint8))
    there = [word.probability for word in predictor.score(again, words).words]
    np.testing.assert_allclose(rows[1][1][5], there, rtol=1e-3)
    assert not np.allclose(there, whole, rtol=2e-2)
    # What a word stands for counts as itself.
    both = replace(caption.words[1], stands_for=("dog", "cat"))
    changed = replace(caption, words=(caption.words[0], both, *caption.words[2:]))
    cat = predictor.score(features, ("a", "cat")).words[1].probability
    before, _ = next(predictor.occlusion(PHOTO, changed))
    np.testing.assert_allclose(before[1], caption.words[1].probability + cat, rtol=1e-3)
    np.testing.assert_allclose(before[[0, 2, 3]], rows[0][0][[0, 2, 3]])


def test_without_attention_there_are_no_shares(features: captions.PhotoFeatures) -> None:
    best = small(attention=False).caption(features).captions[0]
    assert all(word.attention is None for word in best.words)


def test_a_search_can_be_stopped(features: captions.PhotoFeatures) -> None:
    with pytest.raises(InterruptedError):
        small().caption(features, stop=lambda: True)


def test_files_that_are_no_captioner_are_refused(tmp_path: Path) -> None:
    weights = small()._model.state_dict()
    path = tmp_path / "some.safetensors"
    checkpoints.save(path, header(), weights)
    assert captions.load(path).attention
    checkpoints.save(path, header(cell="transformer"), weights)
    with pytest.raises(InputError, match="cannot be built"):
        captions.load(path)
    checkpoints.save(path, header(vocabulary=7), weights)
    with pytest.raises(InputError, match="cannot be built"):
        captions.load(path)
