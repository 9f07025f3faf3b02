"""Sequences of different lengths in one batch: nothing beyond a length counts, whatever it is."""

from __future__ import annotations

from collections.abc import Callable

import pytest
import torch
from torch import Tensor
from torch.nn.utils.rnn import pack_padded_sequence

import engine
from engine.dropout import dropout
from engine.padding import Padding, batches_by_length
from engine.stacking import Recurrent

T, B, N, H = 6, 3, 4, 5
LENGTHS = torch.tensor([3, 6, 1])
LAYERS: dict[str, Callable[[], Recurrent]] = {
    "RNN": lambda: engine.RNN(N, H, 2, bidirectional=True),
    "RNN, relu": lambda: engine.RNN(N, H, 2, "relu", bidirectional=True),
    "LSTM": lambda: engine.LSTM(N, H, 2, bidirectional=True),
    "LSTM, fused": lambda: engine.LSTM(N, H, 2, bidirectional=True, fused=True),
    "GRU": lambda: engine.GRU(N, H, 2, bidirectional=True),
    "GRU, reset_after": lambda: engine.GRU(N, H, 2, bidirectional=True, reset_after=True),
}


def draw(*shape: int) -> Tensor:
    generator = torch.Generator().manual_seed(0)
    return torch.randn(shape, generator=generator, dtype=torch.float64)


def built(name: str) -> Recurrent:
    """Always with the same weights: of others, a ReLU's might all be silent at some step."""
    with torch.random.fork_rng():
        torch.manual_seed(0)
        return LAYERS[name]().double()


def measured(layer: Recurrent, x: Tensor) -> list[Tensor]:
    x = x.clone().requires_grad_()
    output, final = layer(x, lengths=LENGTHS)
    finals = [final] if isinstance(final, Tensor) else list(final)
    loss = output.square().sum() + sum(f.square().sum() for f in finals)
    return [output, *finals, *torch.autograd.grad(loss, [x, *layer.parameters()])]


@pytest.mark.parametrize("name", LAYERS)
@pytest.mark.parametrize("garbage", [1e300, torch.inf, torch.nan])
def test_what_lies_beyond_changes_nothing_even_if_it_is_no_number(
    name: str, garbage: float
) -> None:
    layer = built(name)
    x = draw(T, B, N)
    beyond = torch.arange(T).unsqueeze(1) >= LENGTHS
    spoilt = x.clone()
    spoilt[beyond] = garbage
    clean, found = measured(layer, x), measured(layer, spoilt)
    for a, b in zip(clean, found, strict=True):
        assert torch.equal(a, b)
    assert not found[0][beyond].any()
    gradient = found[3 if "LSTM" in name else 2]
    assert not gradient[beyond].any()
    assert gradient[~beyond].all()


@pytest.mark.parametrize("name", LAYERS)
def test_each_sequence_alone_gives_what_it_gives_in_the_batch(name: str) -> None:
    layer = built(name)
    x = draw(T, B, N)
    output, final = layer(x, lengths=LENGTHS)
    finals = [final] if isinstance(final, Tensor) else list(final)
    for b, length in enumerate(LENGTHS.tolist()):
        alone, last = layer(x[:length, b : b + 1])
        assert torch.allclose(output[:length, b], alone[:, 0], atol=1e-12)
        lasts = [last] if isinstance(last, Tensor) else list(last)
        for together, own in zip(finals, lasts, strict=True):
            assert torch.allclose(together[:, b], own[:, 0], atol=1e-12)


def test_short_integers_are_lengths_too() -> None:
    layer, x = LAYERS["GRU"]().double(), draw(T, B, N)
    assert torch.equal(layer(x, lengths=LENGTHS.int())[0], layer(x, lengths=LENGTHS)[0])


@pytest.mark.parametrize(
    ("lengths", "message"),
    [
        (torch.tensor([1, 0, 2]), "between 1 and 6"),
        (torch.tensor([1, 7, 2]), "between 1 and 6"),
        (torch.tensor([2]), "expected 3 lengths"),
        (torch.tensor([[1], [2], [3]]), "expected 3 lengths"),
    ],
)
def test_lengths_that_do_not_fit_are_refused(lengths: Tensor, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        engine.RNN(N, H)(torch.zeros(T, B, N), lengths=lengths)


def test_lengths_and_probes_are_never_ignored_in_silence() -> None:
    layer = engine.RNN(N, H)
    packed = pack_padded_sequence(torch.zeros(T, B, N), LENGTHS, enforce_sorted=False)
    for given in (packed, torch.zeros(T, N)):
        with pytest.raises(ValueError, match="padded batch"):
            layer(given, lengths=LENGTHS)
        with pytest.raises(ValueError, match="padded batch"):
            layer(given, probe=(torch.zeros(1, T, B, H),))


def test_reversing_stays_within_each_length() -> None:
    padding = Padding(LENGTHS, T)
    x = torch.arange(T).view(T, 1, 1).expand(T, B, 1)
    turned = padding.reverse(x)
    assert turned[:, 0, 0].tolist() == [2, 1, 0, 3, 4, 5]
    assert turned[:, 1, 0].tolist() == [5, 4, 3, 2, 1, 0]
    assert turned[:, 2, 0].tolist() == [0, 1, 2, 3, 4, 5]
    assert torch.equal(padding.reverse(turned), x)
    assert padding.last(x).flatten().tolist() == [2, 5, 0]


def test_dropout_zeroes_a_share_and_scales_the_rest() -> None:
    x = torch.ones(100, 100)

    def dropped(seed: int) -> Tensor:
        return dropout(x, 0.2, torch.Generator().manual_seed(seed))

    before = torch.get_rng_state()
    found = dropped(3)
    assert torch.equal(before, torch.get_rng_state())
    assert found.unique().tolist() == pytest.approx([0, 1 / 0.8], rel=0.002)
    assert 0.18 < float((found == 0).double().mean()) < 0.22
    assert torch.equal(found, dropped(3))
    assert not torch.equal(found, dropped(4))
    assert dropout(x, 0.0, None) is x
    assert not dropout(x, 1.0, None).any()


def test_sequences_of_like_length_share_a_batch() -> None:
    assert list(batches_by_length([5, 1, 4, 1, 3], 2)) == [[1, 3], [4, 2], [0]]
    assert list(batches_by_length([], 2)) == []
