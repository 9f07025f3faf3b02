"""Language modelling before the first label."""

import pytest
import torch
from torch import nn

from engine.models.sentiment import Pretraining, SentimentModel, TextBatch
from engine.training import Settings, train

IDS = torch.tensor([[3, 4], [5, 6], [7, 0]])
BATCH = TextBatch(IDS, torch.tensor([3, 2]), torch.zeros(2, 0))


def model(bidirectional: bool, embedding: int = 6) -> SentimentModel:
    seeded = torch.Generator().manual_seed(0)
    return SentimentModel(9, 2, embedding, 6, bidirectional=bidirectional, generator=seeded)


@pytest.mark.parametrize("bidirectional", [False, True])
def test_loss_is_the_mean_surprise_at_each_neighbour(bidirectional: bool) -> None:
    task = Pretraining(model(bidirectional)).eval()
    network = task.model
    losses = []
    for b, length in enumerate(BATCH.lengths):
        ids = IDS[:length, b]
        states = network(ids.unsqueeze(1)).states[:, 0]
        scores = states[:, :6] @ network.embedding.weight.t()
        ahead = [-scores[t].log_softmax(0)[ids[t + 1]] for t in range(length - 1)]
        scores = states[:, -6:] @ network.embedding.weight.t()
        back = [-scores[t].log_softmax(0)[ids[t - 1]] for t in range(1, length)]
        losses += ahead + (back if bidirectional else [])
    expected = torch.stack(losses).mean()
    assert task.loss(BATCH)[0].item() == pytest.approx(expected.item(), rel=1e-5)


def test_it_learns_the_order_of_pieces_and_the_model_keeps_it() -> None:
    network = model(True)
    before = network.recurrent.weights().W_x.clone()
    task, settings = Pretraining(network), Settings(80, 3e-2)
    losses = [step.loss for step in train(task, lambda _: BATCH, settings) if step.norm > 0]
    assert losses[-1] < 0.2 * losses[0]
    assert not torch.equal(network.recurrent.weights().W_x, before)


def test_another_width_cannot_be_tied() -> None:
    with pytest.raises(ValueError, match="as wide"):
        Pretraining(model(False, embedding=4))


def test_texts_of_which_no_pair_is_scored_cost_nothing() -> None:
    task = Pretraining(model(False)).train()
    single = TextBatch(IDS[:1], torch.tensor([1, 1]), torch.zeros(2, 0))
    loss, _ = task.loss(single, None, torch.Generator().manual_seed(0))
    assert loss.item() == 0
    assert isinstance(task.bias, nn.Parameter)
