"""The translator's loss and gradients against torch's own layers."""

from __future__ import annotations

import pytest
import torch
from torch import Tensor, nn
from torch.nn import functional

from engine.models.translator import Translator
from tests.engine.models.test_translator import SENTENCES, TARGETS, E, H, batch, small, table


class Reference(nn.Module):
    """Slide 57 with attention and a second layer, of torch's own LSTMs."""

    def __init__(self, model: Translator) -> None:
        super().__init__()
        self.encoder = nn.LSTM(E, H // 2, 2, bidirectional=True).double()
        self.decoder, self.upper = nn.LSTM(E, H).double(), nn.LSTM(H, H).double()
        for name in ("encoder", "decoder", "upper"):
            getattr(self, name).load_state_dict(getattr(model, name).state_dict())
        self.model = model

    def loss(self, source: list[int], target: list[int]) -> Tensor:
        """The sum of −log p over one sentence."""
        model = self.model
        assert model.attention is not None
        assert model.combine is not None
        places, last = self.encoder(functional.embedding(table(source), model.embedding.weight))
        first = tuple(torch.cat((s[-2], s[-1]), -1).unsqueeze(0) for s in last)
        read, due = table(target[:-1]), torch.tensor(target[1:])
        h, _ = self.decoder(functional.embedding(read, model.embedding.weight), first)
        shares = (h[:, 0] @ model.attention.score.weight.T @ places[:, 0].T).softmax(-1)
        m = torch.tanh(model.combine(torch.cat((h[:, 0], shares @ places[:, 0]), -1)))
        m = m + self.upper(m.unsqueeze(1))[0][:, 0]
        logits = model.project(m) @ model.embedding.weight.T + model.bias
        return functional.cross_entropy(logits, due, reduction="sum")


def test_loss_and_gradients_are_those_of_torchs_layers(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Tensor, "float", Tensor.double)  # shares, too, in float64
    model = small(layers=2)
    reference = Reference(model)
    loss, _ = model.loss(batch())
    parts = [reference.loss(s, t) for s, t in zip(SENTENCES, TARGETS, strict=True)]
    expected = torch.stack(parts).sum() / sum(len(t) - 1 for t in TARGETS)
    torch.testing.assert_close(loss, expected, atol=1e-12, rtol=0)
    names = [name for name, _ in model.named_parameters()]
    ours = dict(zip(names, torch.autograd.grad(loss, list(model.parameters())), strict=True))
    shared = {f"model.{name}" for name in names}
    expected.backward()
    for name, parameter in reference.named_parameters():
        own = ours[name.removeprefix("model.") if name in shared else name]
        if parameter.grad is not None:
            torch.testing.assert_close(own, parameter.grad, atol=1e-10, rtol=1e-8)
    compared = [name for name, p in reference.named_parameters() if p.grad is not None]
    assert len(compared) == len(names)
