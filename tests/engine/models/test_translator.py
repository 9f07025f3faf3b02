"""The translator: what its equations say, step by step, and what its loss counts."""

from __future__ import annotations

import math
from itertools import product
from typing import Any

import pytest
import torch
from torch import Tensor, nn

from engine.models.translator import PAD, SPECIAL, START, STOP, EncodedSource, PairBatch, Translator
from engine.stacking import Recurrent

V, E, H = 14, 5, 6
KINDS = list(product(["rnn", "lstm", "gru"], [True, False], [True, False]))
kinds = pytest.mark.parametrize(("cell", "attention", "deep"), KINDS)


def small(seed: int = 0, **options: Any) -> Translator:
    """In float64, with larger weights than training starts with, so that sentences differ."""
    model = Translator(V, E, H, **options, generator=torch.Generator().manual_seed(seed)).double()
    with torch.no_grad():
        model.embedding.weight.mul_(10)
        model.bias.normal_(generator=torch.Generator().manual_seed(seed))
    return model.eval()


def table(*rows: list[int]) -> Tensor:
    """(T, B), padded."""
    return nn.utils.rnn.pad_sequence([torch.tensor(row) for row in rows], padding_value=PAD)


SENTENCES = ([5, 6, 7, 8, 9], [10, 11], [12], [13, 5, 6])
TARGETS = ([START, 9, 8, STOP], [START, 7, STOP], [START, 6, 5, 4, 3, STOP], [START, STOP])


def batch() -> PairBatch:
    return PairBatch(table(*SENTENCES), torch.tensor([len(s) for s in SENTENCES]), table(*TARGETS))


def read(model: Translator, *rows: list[int]) -> EncodedSource:
    return model.encode(table(*rows), torch.tensor([len(row) for row in rows]))


@kinds
@pytest.mark.parametrize("bidirectional", [True, False])
def test_shapes(cell: str, attention: bool, deep: bool, bidirectional: bool) -> None:
    model = small(cell=cell, attention=attention, deep=deep, bidirectional=bidirectional)
    source = read(model, *SENTENCES)
    assert source.memory.shape == (4, 5, H)
    assert source.mask.sum(1).tolist() == [5, 2, 1, 3]
    count = (2 if cell == "lstm" else 1) * (2 if deep else 1)
    assert [s.shape for s in source.states] == [(1, 4, H)] * count
    logits, shares, states = model(batch().target[:-1], source, source.states)
    assert logits.shape == (5, 4, V)
    assert [s.shape for s in states] == [(1, 4, H)] * count
    assert (shares is not None) == attention
    if shares is not None:
        assert shares.shape == (5, 4, 5)


@kinds
@pytest.mark.parametrize("reverse", [True, False])
def test_a_sentence_alone_is_the_same_as_among_longer_ones(
    cell: str, attention: bool, deep: bool, reverse: bool
) -> None:
    model = small(cell=cell, attention=attention, deep=deep, layers=2, reverse=reverse)
    together = read(model, *SENTENCES)
    logits, shares, _ = model(batch().target, together, together.states)
    for k, (sentence, target) in enumerate(zip(SENTENCES, TARGETS, strict=True)):
        alone = read(model, sentence)
        own, looked, _ = model(table(target), alone, alone.states)
        n, m = len(sentence), len(target)
        torch.testing.assert_close(logits[:m, k], own[:, 0], atol=1e-12, rtol=0)
        torch.testing.assert_close(together.memory[k, :n], alone.memory[0], atol=1e-12, rtol=0)
        if shares is not None and looked is not None:
            # Shares are taken in float32.
            torch.testing.assert_close(shares[:m, k, :n], looked[:, 0], atol=1e-7, rtol=0)
            assert not shares[:, k, n:].any()


@kinds
def test_step_by_step_is_the_whole_sentence(cell: str, attention: bool, deep: bool) -> None:
    model = small(cell=cell, attention=attention, deep=deep)
    source, text = read(model, *SENTENCES), batch().target
    whole, looked, last = model(text, source, source.states)
    states = source.states
    for t, pieces in enumerate(text):
        logits, shares, states = model(pieces.unsqueeze(0), source, states)
        torch.testing.assert_close(logits[0], whole[t], atol=1e-12, rtol=0)
        if shares is not None and looked is not None:
            torch.testing.assert_close(shares[0], looked[t], atol=1e-7, rtol=0)
    for state, expected in zip(states, last, strict=True):
        torch.testing.assert_close(state, expected, atol=1e-12, rtol=0)


@pytest.mark.parametrize("bidirectional", [True, False])
def test_a_reversed_source_keeps_its_places_in_the_sentences_order(bidirectional: bool) -> None:
    """What is read in reverse is what reads the reversed sentence, its places turned round."""
    forth, back = (small(reverse=r, bidirectional=bidirectional) for r in (False, True))
    turned = [sentence[::-1] for sentence in SENTENCES]
    there, here = read(forth, *turned), read(back, *SENTENCES)
    for k, sentence in enumerate(SENTENCES):
        n = len(sentence)
        torch.testing.assert_close(here.memory[k, :n], there.memory[k, :n].flip(0))
    for state, expected in zip(here.states, there.states, strict=True):
        torch.testing.assert_close(state, expected)
    assert not torch.allclose(here.memory[0], read(forth, *SENTENCES).memory[0])


def test_it_starts_from_the_last_state_of_both_directions_of_the_top_layer() -> None:
    model = small(layers=2)
    source = read(model, *SENTENCES)
    h, c = source.states[:2]
    for k, sentence in enumerate(SENTENCES):
        # Forwards, the last place was written last; backwards, the first one.
        expected = torch.cat((source.memory[k, len(sentence) - 1, : H // 2],
                              source.memory[k, 0, H // 2 :]))  # fmt: skip
        torch.testing.assert_close(h[0, k], expected)
    assert not torch.allclose(c, h)
    assert not any(state.any() for state in source.states[2:])  # the upper layer's


def test_some_rows_can_be_named_again_and_again() -> None:
    model = small()
    source = read(model, *SENTENCES)
    chosen = source.select(torch.tensor([3, 0, 0]))
    torch.testing.assert_close(chosen.memory, source.memory[[3, 0, 0]])
    assert chosen.mask.sum(1).tolist() == [3, 5, 5]


@pytest.mark.parametrize("smoothing", [0.0, 0.2])
def test_the_loss_is_the_mean_over_all_pieces_that_are_due(smoothing: float) -> None:
    model, given = small(smoothing=smoothing), batch()
    loss, _ = model.loss(given)
    source = model.encode(given.source, given.lengths)
    logits, _, _ = model(given.target[:-1], source, source.states)
    terms = []
    for k, target in enumerate(TARGETS):
        for t, due in enumerate(target[1:]):
            log_p = logits[t, k].log_softmax(-1)
            terms.append(-(1 - smoothing) * log_p[due] - smoothing * log_p.mean())
    assert len(terms) == 3 + 2 + 5 + 1
    torch.testing.assert_close(loss, torch.stack(terms).mean(), atol=1e-6, rtol=1e-6)


@kinds
def test_several_targets_of_a_source_count_as_much_as_they_weigh(
    cell: str, attention: bool, deep: bool
) -> None:
    """Two targets for each source: what counts 0 changes nothing, and what counts against does."""
    model, given = small(cell=cell, attention=attention, deep=deep, smoothing=0.2), batch()
    twice = given.target.repeat_interleave(2, 1)
    twice[1:-1, 1::2] = twice[1:-1, 1::2].where(twice[1:-1, 1::2] < SPECIAL, 7)
    weights = torch.tensor([1.0, 0.0] * 4).double()
    loss, _ = model.loss(given._replace(target=twice, weights=weights))
    model.smoothing = 0.0
    single, _ = model.loss(given)
    torch.testing.assert_close(2 * loss, single)
    against, _ = model.loss(given._replace(weights=-torch.ones(4).double()))
    torch.testing.assert_close(against, -single)


OPTIONS = [
    dict(zip(("cell", "attention", "deep", "bidirectional", "reverse"), each, strict=True))
    for each in product(["rnn", "lstm", "gru"], *[[True, False]] * 4)
]


@pytest.mark.parametrize("options", OPTIONS, ids=lambda o: "-".join(map(str, o.values())))
def test_every_kind_learns_to_copy(options: dict[str, Any]) -> None:
    draws = torch.Generator().manual_seed(0)
    model = Translator(8, 8, 16, **options, generator=draws)
    words = torch.randint(SPECIAL, 8, (2, 8), generator=draws)
    ends = [torch.full((1, 8), sign) for sign in (START, STOP)]
    given = PairBatch(words, torch.full((8,), 2), torch.cat((ends[0], words, ends[1])))
    optimiser = torch.optim.Adam(model.parameters(), 3e-2)
    losses = []
    for _ in range(30):
        loss, _ = model.loss(given)
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
        losses.append(float(loss.detach()))
    assert losses[0] == pytest.approx(math.log(8), rel=0.1)
    assert losses[-1] < 0.9  # 1.07 for who knows only how often each piece comes


def test_dropout_draws_from_its_generator_and_only_in_training() -> None:
    model = small(dropout=0.5)
    quiet = model.loss(batch())[0].item()
    model.train()
    losses = [
        model.loss(batch(), generator=torch.Generator().manual_seed(seed))[0].item()
        for seed in (1, 1, 2)
    ]
    assert losses[0] == losses[1]
    assert len({quiet, *losses}) == 3


@pytest.mark.parametrize("cell", ["rnn", "lstm", "gru"])
@pytest.mark.parametrize("reverse", [True, False])
def test_probes_are_zeros_for_every_state(cell: str, reverse: bool) -> None:
    model = small(cell=cell, layers=2, reverse=reverse)
    reading, writing = model.probes(5, 4)
    states = 2 if cell == "lstm" else 1
    assert [p.shape for p in reading] == [(4, 5, 1, H // 2)] * states
    assert [p.shape for p in writing] == [(1, 4, 1, H)] * states
    source = model.encode(table(SENTENCES[0]), torch.tensor([5]), probe=reading)
    logits, _, _ = model(table(TARGETS[0]), source, source.states, probe=writing)
    plain = read(model, SENTENCES[0])
    torch.testing.assert_close(logits, model(table(TARGETS[0]), plain, plain.states)[0])
    found = torch.autograd.grad(logits.square().sum(), [*reading, *writing])
    assert all(bool(g.any()) for g in found)


def test_the_same_seed_gives_the_same_network() -> None:
    first, again, other = (small(seed).state_dict() for seed in (0, 0, 1))
    assert all(torch.equal(first[name], again[name]) for name in first)
    assert not all(torch.equal(first[name], other[name]) for name in first)


def test_the_keeping_gates_start_open() -> None:
    for model in (small(keep_bias=0.5), small(keep_bias=0.5, deep=False)):
        layers = [m for m in model.modules() if isinstance(m, Recurrent)]
        assert len(layers) == 2 + (model.upper is not None)
        for layer in layers:
            b = layer.weights().b_x
            assert b is not None
            forget = b[layer.hidden_size : 2 * layer.hidden_size]
            assert forget.tolist() == [0.5] * len(forget)


@pytest.mark.parametrize("given", [{"cell": "transformer"}, {"cell": "LSTM"}, {"hidden": 7}])
def test_what_cannot_be_built_is_refused(given: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="cell must be one of"):
        Translator(**{"vocabulary": V, "embedding": E, "hidden": H, **given})
