"""Translations that the model draws itself, and what they are worth."""

from __future__ import annotations

import pytest
import torch

from engine.language.placeholders import PLACEHOLDERS
from engine.models.translator import PAD, START, STOP, Translator
from engine.tasks.self_critical import ngrams
from engine.tasks.translation.data import Batches, Pair
from engine.tasks.translation.self_critical import (
    PEOPLE,
    PieceJoiner,
    SelfCriticalBatches,
    gleu,
    sample,
)
from engine.tasks.translation.tokenizer import SPACE, encode
from engine.training import Settings, train
from tests.engine.models.test_translator import SENTENCES, V, batch, small, table
from tests.engine.tasks.translation_small import pairs, tokenizer

CPU = torch.device("cpu")


def score(written: str, wanted: str) -> float:
    words = PieceJoiner(tokenizer())
    ids = encode(tokenizer(), [written, wanted])
    one, other = (ngrams(words([*row, STOP])) for row in ids)
    return gleu(one, other)


def test_gleu_is_the_smaller_of_precision_and_recall() -> None:
    assert score("the lazy dog", "the lazy dog") == 1.0
    # [the lazy STOP] has 3 + 2 + 1 runs, [the lazy dog STOP] 4 + 3 + 2 + 1; in common: the, lazy,
    # STOP, "the lazy".
    assert score("the lazy", "the lazy dog") == pytest.approx(4 / 10)
    assert score("the lazy dog", "the lazy") == pytest.approx(4 / 10)
    assert score("fox", "dog") == pytest.approx(1 / 3)  # the end alone
    assert gleu(ngrams([]), ngrams([])) == 0.0


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("the quick brown fox", 4),
        ("doesn't it?", 5),  # doesn ' t it ?
        ("1984", 4),
        (f"{PLACEHOLDERS[0]} dog", 2),
        ("", 0),
    ],
)
def test_pieces_are_put_together_to_words(text: str, count: int) -> None:
    (ids,) = encode(tokenizer(), [text])
    words = PieceJoiner(tokenizer())(ids)
    assert len(words) == count
    space = tokenizer().token_to_id(SPACE)
    assert [n for word in words for n in word] == [n for n in ids if n != space]


def test_what_is_drawn_follows_the_models_probabilities() -> None:
    model = small()
    source, lengths = table(SENTENCES[0]), torch.tensor([5])
    read = model.encode(source, lengths)
    logits, _, _ = model(torch.tensor([[START]]), read, read.states)
    for temperature in (1.0, 0.5):
        draws = torch.Generator().manual_seed(0)
        drawn = sample(model, source, lengths, 4000, 1, temperature, draws)
        assert drawn.shape == (2, 4000)
        assert (drawn[0] == START).all()
        share = torch.bincount(drawn[1], minlength=V) / 4000
        p = (logits[0, 0] / temperature).softmax(-1)
        torch.testing.assert_close(share.double(), p, atol=0.03, rtol=0)


def test_a_drawn_translation_ends_with_its_stop() -> None:
    model, given = small(), batch()
    drawn = sample(model, given.source, given.lengths, 50, 9, 1.0, torch.Generator().manual_seed(1))
    assert drawn.size(1) == 200
    ended = 0
    for row in drawn[1:].T.tolist():
        after = row[row.index(STOP) + 1 :] if STOP in row else []
        assert not any(after)
        ended += STOP in row
    assert 0 < ended < 200


@pytest.fixture
def rewarded() -> SelfCriticalBatches:
    chosen = [Pair(french, english) for english, french in pairs()[:8]]
    model = Translator(
        tokenizer().get_vocab_size(), 16, 24, generator=torch.Generator().manual_seed(0)
    )
    batches = Batches(chosen, tokenizer(), ("fr", "en"), 120, 0.0, 0, CPU)
    return SelfCriticalBatches(model, batches, tokenizer(), 4)


def test_each_sentence_has_its_drawn_translations_and_peoples(
    rewarded: SelfCriticalBatches,
) -> None:
    plain, batch = rewarded._batches(0), rewarded(0)
    count = plain.source.size(1)
    assert torch.equal(batch.source, plain.source)
    assert batch.target.size(1) == 5 * count
    assert (batch.target[0] == START).all()
    peoples = batch.target[:, 4::5]
    assert torch.equal(peoples[: len(plain.target)], plain.target)
    assert (peoples[len(plain.target) :] == PAD).all()
    assert batch.weights is not None
    weights = batch.weights.view(count, 5)
    torch.testing.assert_close(weights[:, :4].sum(1), torch.zeros(count), atol=1e-5, rtol=0)
    torch.testing.assert_close(weights[:, 4], torch.full((count,), PEOPLE))
    assert weights[:, :4].abs().max() > 0
    again = rewarded(0)
    assert torch.equal(batch.target, again.target)
    assert rewarded._model.training


def test_training_on_rewards_raises_them(rewarded: SelfCriticalBatches) -> None:
    for step in range(10):
        rewarded(step)
    first = list(rewarded.rewards.recent)
    for _ in train(rewarded._model, rewarded, Settings(150, 1e-2)):
        pass
    last = list(rewarded.rewards.recent)[-10:]
    assert sum(last) > 2 * sum(first)
