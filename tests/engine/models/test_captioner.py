"""The captioner: what its equations say, step by step, and what its loss counts."""

from __future__ import annotations

from typing import Any

import pytest
import torch

from engine import vision
from engine.models.captioner import (
    PAD,
    START,
    STOP,
    UNKNOWN,
    UNWRITTEN,
    CaptionBatch,
    Captioner,
    EncodedPhotos,
)

VOCABULARY = 12


def small(cell: str = "lstm", attention: bool = True, **options: Any) -> Captioner:
    generator = torch.Generator().manual_seed(0)
    model = Captioner(VOCABULARY, 5, 6, cell, attention, generator=generator, **options)
    # Larger than where training starts, so that sentences differ.
    with torch.no_grad():
        model.output.weight.mul_(5)
        model.embedding.weight.mul_(10)
    return model


def feature_maps(photos: int = 2, seed: int = 1) -> torch.Tensor:
    generator = torch.Generator().manual_seed(seed)
    return torch.randn(photos, 49, vision.CHANNELS, generator=generator) * 3


def sentences() -> torch.Tensor:
    rows = [
        [START, 4, 5, STOP],
        [START, 6, STOP, PAD],
        [START, 7, 8, STOP],
        [START, 9, UNKNOWN, STOP],
    ]
    return torch.tensor(rows).T


@pytest.mark.parametrize("attention", [True, False])
@pytest.mark.parametrize("cell", ["rnn", "lstm", "gru"])
def test_step_by_step_is_the_whole_sentence(cell: str, attention: bool) -> None:
    model = small(cell, attention).eval()
    encoded = model.encode(feature_maps())
    words = sentences()
    whole, weights, _ = model(words, encoded, model.initial_states(encoded, 2))
    states = model.initial_states(encoded, 2)
    for t, word in enumerate(words):
        logits, share, states = model(word.unsqueeze(0), encoded, states)
        torch.testing.assert_close(logits[0], whole[t], atol=1e-5, rtol=1e-4)
        if weights is not None:
            torch.testing.assert_close(share[0], weights[t], atol=1e-5, rtol=1e-4)
    assert (weights is not None) == attention


def test_the_sentences_of_a_photo_look_at_that_photo() -> None:
    model = small().eval()
    both = model.encode(feature_maps())
    words = sentences()
    together, weights, _ = model(words, both, model.initial_states(both, 2))
    for photo in range(2):
        encoded = EncodedPhotos(*(part[photo : photo + 1] for part in both))
        mine = words[:, 2 * photo : 2 * photo + 2]
        alone, alone_weights, _ = model(mine, encoded, model.initial_states(encoded, 2))
        torch.testing.assert_close(alone, together[:, 2 * photo : 2 * photo + 2])
        torch.testing.assert_close(alone_weights, weights[:, 2 * photo : 2 * photo + 2])
    torch.testing.assert_close(weights.sum(-1), torch.ones(4, 4))


def test_the_first_state_comes_from_the_image() -> None:
    model = small(attention=False).eval()
    encoded = model.encode(feature_maps())
    h, c = model.initial_states(encoded)
    expected = torch.tanh(encoded.mean @ model.first.weight.T + model.first.bias)
    torch.testing.assert_close(torch.cat((h[0], c[0]), -1), expected)
    # Without attention nothing else of the image counts.
    other = EncodedPhotos(torch.zeros_like(encoded.regions), encoded.mean)
    words = sentences()
    first, second = (model(words, s, model.initial_states(s, 2))[0] for s in (encoded, other))
    assert torch.equal(first, second)
    with_attention = small().eval()
    first, second = (
        with_attention(words, s, with_attention.initial_states(s, 2))[0] for s in (encoded, other)
    )
    assert not torch.allclose(first, second)


def test_the_loss_is_the_mean_surprise_of_what_can_be_said() -> None:
    model = small().eval()
    batch = CaptionBatch(feature_maps(), sentences())
    loss, carry = model.loss(batch)
    loss = loss.detach()
    encoded = model.encode(batch.feature_maps)
    logits, _, _ = model(batch.words[:-1], encoded, model.initial_states(encoded, 2))
    surprises = [
        -float(logits[t, b].detach().log_softmax(-1)[int(batch.words[t + 1, b]) - UNWRITTEN])
        for t in range(3)
        for b in range(4)
        if int(batch.words[t + 1, b]) not in (PAD, UNKNOWN)
    ]
    assert len(surprises) == 10
    assert float(loss) == pytest.approx(sum(surprises) / 10, rel=1e-5)
    assert carry is None


def test_weights_turn_the_loss_towards_better_sentences() -> None:
    model = small(smoothing=0.3).eval()
    batch = CaptionBatch(feature_maps(), sentences(), torch.tensor([2.0, 0.0, -1.0, 0.0]))
    loss = model.loss(batch)[0].detach()
    each = []
    for b in (0, 2):
        only = CaptionBatch(feature_maps()[b // 2 : b // 2 + 1], sentences()[:, b : b + 1])
        plain = small(smoothing=0.0).eval()
        each.append(3 * float(plain.loss(only)[0].detach()))
    assert float(loss) == pytest.approx((2 * each[0] - each[1]) / 10, rel=1e-4)


def test_a_draw_is_seeded_ends_with_stop_and_never_says_what_is_no_word() -> None:
    model = small().eval()
    first, again, other = (
        model.sample(feature_maps(), 8, 10, torch.Generator().manual_seed(seed))
        for seed in (1, 1, 2)
    )
    assert torch.equal(first, again)
    assert not torch.equal(first, other)
    assert (first[0] == START).all()
    for row in first[1:].T.tolist():
        text = row[: row.index(STOP) + 1] if STOP in row else row
        assert not {PAD, START, UNKNOWN} & set(text)
        assert set(row[len(text) :]) <= {PAD}


def test_draws_follow_the_probabilities() -> None:
    model = small().eval()
    photo = feature_maps(1)
    drawn = model.sample(photo, 4000, 1, torch.Generator().manual_seed(3))[1]
    encoded = model.encode(photo)
    logits, _, _ = model(torch.tensor([[START]]), encoded, model.initial_states(encoded))
    weights = torch.bincount(drawn - UNWRITTEN, minlength=VOCABULARY - UNWRITTEN) / 4000
    torch.testing.assert_close(weights, logits[0, 0].softmax(-1), atol=0.03, rtol=0)


def test_the_greedy_draw_takes_the_likeliest() -> None:
    model = small().eval()
    drawn = model.sample(feature_maps(), 0, 6)
    encoded = model.encode(feature_maps())
    logits, _, _ = model(drawn[:-1], encoded, model.initial_states(encoded))
    for photo in range(2):
        for t, word in enumerate(drawn[1:, photo].tolist()):
            if word == PAD:
                break
            assert word == int(logits[t, photo].argmax()) + UNWRITTEN


def test_a_tip_of_its_own_learns_with_it() -> None:
    model = small(head=True)
    assert model.head is not None
    model.head.load_state_dict(vision.pretrained_head().state_dict())
    model.loss(CaptionBatch(feature_maps() / 10, sentences()))[0].backward()
    assert all(w.grad is not None and w.grad.any() for w in model.head.conv.parameters())
    assert not any(name.startswith("head") for name in small().state_dict())


def test_dropout_draws_from_the_generator_it_is_given() -> None:
    model = small(dropout=0.5)
    batch = CaptionBatch(feature_maps(), sentences())
    first, again, other = (
        float(model.loss(batch, generator=torch.Generator().manual_seed(s))[0].detach())
        for s in (1, 1, 2)
    )
    assert first == again != other


def test_an_unknown_cell_is_refused() -> None:
    with pytest.raises(ValueError, match="cell"):
        Captioner(9, 2, 2, "transformer")
