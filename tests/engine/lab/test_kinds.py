"""The kinds of problem: their gradients against a plain loop, and the lecture's shape."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from engine import RNN
from engine.lab import architectures


@pytest.mark.parametrize("name", architectures.KINDS)
def test_the_norms_are_autograds_of_a_plain_loop(name: str) -> None:
    """The same numbers from torch.nn.RNNCell and `retain_grad` on every state."""
    layout = architectures.KINDS[name]
    generator = torch.Generator().manual_seed(architectures.SEED)
    network = RNN(
        architectures.SYMBOLS, architectures.HIDDEN, generator=generator, dtype=torch.float64
    )
    output = torch.randn(
        architectures.SYMBOLS, architectures.HIDDEN, generator=generator, dtype=torch.float64
    )
    start = torch.randn(1, architectures.HIDDEN, generator=generator, dtype=torch.float64)
    cell = torch.nn.RNNCell(architectures.SYMBOLS, architectures.HIDDEN, dtype=torch.float64)
    cell.load_state_dict({k.removesuffix("_l0"): v for k, v in network.state_dict().items()})
    words = list(dict.fromkeys(layout.reads + layout.answers))
    h = first = (start if layout.image else 0 * start).requires_grad_()
    states, loss = [], torch.zeros((), dtype=torch.float64)
    for read, answer in zip(layout.reads, layout.answers, strict=True):
        x = torch.zeros(1, architectures.SYMBOLS, dtype=torch.float64)
        x[0, words.index(read)] = 1
        h = cell(x, h)
        h.retain_grad()
        states.append(h)
        if answer:
            p = (h @ output.T / architectures.HIDDEN**0.5).log_softmax(-1)
            loss = loss - p[0, words.index(answer)]
    loss.backward()
    found = architectures.run(name)
    expected = [float(s.grad.norm()) for s in states if s.grad is not None]
    np.testing.assert_allclose(found.norms, expected, rtol=1e-10)
    if layout.image:
        assert first.grad is not None
        assert found.image_norm == pytest.approx(float(first.grad.norm()), rel=1e-10)


def test_one_loss_at_the_end_reaches_the_first_word_least() -> None:
    found = architectures.run("many_to_one")
    assert (found.weakest, found.strongest) == (0, 4)
    assert found.ratio == pytest.approx(found.norms[-1] / found.norms[0])


def test_while_the_source_is_read_nothing_is_said() -> None:
    found = architectures.run("many_to_many")
    text = [bool(answer) for answer in found.answers]
    assert text == [False] * 3 + [True] * 3
    assert found.weakest == 0
