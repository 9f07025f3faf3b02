"""The sequence classifier: what reaches the classifier, and what training draws on."""

import pytest
import torch
from torch import Tensor

from engine.models.sentiment import SentimentModel, TextBatch

IDS = torch.tensor([[3, 4], [5, 6], [7, 0]])
LENGTHS = torch.tensor([3, 2])


def model(**options: object) -> SentimentModel:
    sizes = {"vocabulary": 9, "classes": 2, "embedding": 4, "hidden": 5}
    seeded = torch.Generator().manual_seed(0)
    return SentimentModel(**(sizes | options), generator=seeded).eval()  # type: ignore[arg-type]


def by_hand(network: SentimentModel, ids: Tensor, reverse: bool = False) -> Tensor:
    """(T, H): the states of one text by a loop over the cell, in the text's order."""
    cell = network.recurrent.cell(reverse=reverse)
    state, states = cell.initial_state(1), []
    for x in network.embedding(ids.flip(0) if reverse else ids):
        h, state = cell(x.unsqueeze(0), state)
        states.append(h[0])
    return torch.stack(states[::-1] if reverse else states)


@pytest.mark.parametrize("cell", ["rnn", "lstm", "gru"])
@pytest.mark.parametrize("bidirectional", [False, True])
@pytest.mark.parametrize("pooling", ["last", "sum", "mean"])
def test_pooling_against_a_loop_over_the_cell(cell: str, bidirectional: bool, pooling: str) -> None:
    network = model(cell=cell, bidirectional=bidirectional, pooling=pooling)
    logits = network(IDS, LENGTHS).logits
    for b, length in enumerate(LENGTHS):
        ids = IDS[:length, b]
        forward, parts = by_hand(network, ids), []
        pool = {"last": lambda h: h[-1], "sum": lambda h: h.sum(0), "mean": lambda h: h.mean(0)}
        parts.append(pool[pooling](forward))
        if bidirectional:
            backward = by_hand(network, ids, reverse=True)
            parts.append(pool[pooling](backward.flip(0)))
        expected = network.classifier(torch.cat(parts))
        assert torch.allclose(logits[b], expected, atol=1e-6)


@pytest.mark.parametrize("pooling", ["last", "sum", "mean"])
def test_after_each_step_is_the_verdict_on_the_prefix(pooling: str) -> None:
    network = model(pooling=pooling)
    after = network.after_each(network(IDS[:, :1]).states)
    for n in (1, 2, 3):
        assert torch.allclose(after[n - 1], network(IDS[:n, :1]).logits[0], atol=1e-6)
    with pytest.raises(ValueError, match="prefix"):
        model(bidirectional=True).after_each(torch.zeros(3, 1, 10))


@pytest.mark.parametrize("cell", ["rnn", "lstm", "gru"])
@pytest.mark.parametrize("bidirectional", [False, True])
@pytest.mark.parametrize("pooling", ["last", "sum", "mean"])
def test_without_a_span_is_the_text_read_anew(cell: str, bidirectional: bool, pooling: str) -> None:
    network = model(cell=cell, bidirectional=bidirectional, pooling=pooling)
    ids = torch.tensor([3, 5, 7, 2, 8, 4])
    spans = [(a, b) for a in range(7) for b in range(a, 7) if b - a < 6][::-1]
    for (a, b), logits in zip(spans, network.without(ids, spans), strict=True):
        anew = network(torch.cat([ids[:a], ids[b:]]).unsqueeze(1)).logits[0]
        assert torch.allclose(logits, anew, atol=1e-6)
    with pytest.raises(ValueError, match="leave something"):
        network.without(ids, [(0, 6)])
    with pytest.raises(InterruptedError):
        network.without(ids, spans, stop=lambda: True)


def test_the_first_order_is_the_slope_along_each_embedding() -> None:
    network, ids = model(bidirectional=True, pooling="mean"), IDS[:, 0]
    way = torch.tensor([-1.0, 1.0])
    found = network.first_order(ids, way)
    x = network.embedding(ids)
    for t in range(3):
        scores = []
        for step in (1e-2, -1e-2):
            moved = x.clone()
            moved[t] += step * x[t]
            states, _ = network.recurrent(moved.unsqueeze(1))
            scores.append((network.classifier(states.mean(0))[0] @ way).item())
        assert float(found[t]) == pytest.approx((scores[0] - scores[1]) / 2e-2, abs=1e-4)


def test_gates_start_by_keeping() -> None:
    lstm, gru = model(cell="lstm", keep_bias=4.0), model(cell="gru", keep_bias=4.0)
    rows = slice(5, 10)
    assert torch.equal(lstm.recurrent.get_parameter("bias_ih_l0")[rows], torch.full((5,), 4.0))
    assert torch.equal(gru.recurrent.get_parameter("bias_ih_l0")[rows], torch.full((5,), -4.0))


def test_loss_is_the_mean_cross_entropy_and_dropout_is_drawn_from_the_generator() -> None:
    network = model(dropout=0.3, word_dropout=0.3)
    batch = TextBatch(IDS, LENGTHS, torch.tensor([[1.0, 0.0], [0.25, 0.75]]))
    surprise = -network(IDS, LENGTHS).logits.log_softmax(-1)
    by_hand = (surprise[0, 0] + 0.25 * surprise[1, 0] + 0.75 * surprise[1, 1]) / 2
    assert network.loss(batch)[0].item() == pytest.approx(by_hand.item())
    network.train()
    process = torch.get_rng_state()
    drawn = [
        network.loss(batch, None, torch.Generator().manual_seed(s))[0].item() for s in (1, 1, 2)
    ]
    assert drawn[0] == drawn[1] != drawn[2]
    assert torch.equal(torch.get_rng_state(), process)


def test_unknown_choices_are_refused() -> None:
    for wrong in ({"cell": "tree"}, {"pooling": "max"}):
        with pytest.raises(ValueError, match="must be one of"):
            model(**wrong)
