"""Back-propagation through time by hand, every factor kept (slides 23 to 29).

A small Elman network without biases reads a word letter by letter and predicts the next letter:

    h_t = tanh(W_x x_t + W_h h_{t-1})      y_t = softmax(W_y h_t)      e_t = −log y_t(next letter)

and its gradient, with e = Σ_t e_t and ∂a_t short for ∂e/∂a_t:

    ∂e/∂h_t  = W_yᵀ (y_t − target_t)  +  W_hᵀ [(1 − h_{t+1}²) ⊙ ∂e/∂h_{t+1}]
               (from y_t)                (from the future; zero at the last step)
    ∂a_t     = (1 − h_t²) ⊙ ∂e/∂h_t
    ∂e/∂W_h  = Σ_t ∂a_t h_{t-1}ᵀ           ∂e/∂W_x = Σ_t ∂a_t x_tᵀ       (one term per copy)
"""

from __future__ import annotations

import unicodedata

import torch
from torch import Tensor
from torch.nn import functional

from engine.cells import ElmanCell
from engine.errors import N_, InputError
from engine.results import ByHand

SHORTEST, LONGEST = 2, 8
"""Letters of the word: each but the last is an input, so there are at most 7 steps."""


def letters(word: str) -> str:
    """The word in composed characters; InputError unless it has 2 to 8 of them."""
    found = unicodedata.normalize("NFC", word.strip())
    printable = all(c.isprintable() for c in found)
    if not (SHORTEST <= len(found) <= LONGEST and printable):
        raise InputError(
            N_("Please give a word of {shortest} to {longest} letters."),
            shortest=SHORTEST,
            longest=LONGEST,
        )
    return found


def back_propagate(word: str, units: int, generator: torch.Generator) -> ByHand:
    """The network on `word`, backward by hand, and what autograd says of the same numbers."""
    word = letters(word)
    alphabet = "".join(dict.fromkeys(word))
    codes = torch.tensor([alphabet.index(letter) for letter in word])
    one_hot = functional.one_hot(codes, len(alphabet)).double()
    x, target = one_hot[:-1], one_hot[1:]
    cell = ElmanCell(len(alphabet), units, False, generator=generator, dtype=torch.float64)
    W_y = torch.randn(len(alphabet), units, generator=generator, dtype=torch.float64)
    h, y, losses = _forward(cell, W_y, x, target)
    grad_x, grad_h = torch.autograd.grad(losses.sum(), (cell.weight_ih, cell.weight_hh))
    with torch.no_grad():
        from_output = (y - target) @ W_y
        from_future, slope = _backward(cell.weight_hh, h, from_output)
        total = from_output + from_future
        da = slope * total
        return ByHand(
            word=word,
            alphabet=alphabet,
            W_h=cell.weight_hh.detach().numpy(),
            x=x.numpy(),
            h=h.detach().numpy(),
            y=y.detach().numpy(),
            losses=losses.detach().numpy(),
            slope=slope.numpy(),
            from_output=from_output.numpy(),
            from_future=from_future.numpy(),
            copies={
                "h": torch.einsum("ti,tj->tij", da, h[:-1]).numpy(),
                "x": torch.einsum("ti,tj->tij", da, x).numpy(),
            },
            autograd={"h": grad_h.numpy(), "x": grad_x.numpy()},
        )


def worked(word: str, units: int, seed: int) -> ByHand:
    """`back_propagate` with a generator of its own."""
    return back_propagate(word, units, torch.Generator().manual_seed(seed))


def _forward(
    cell: ElmanCell, W_y: Tensor, x: Tensor, target: Tensor
) -> tuple[Tensor, Tensor, Tensor]:
    """States h_0 … h_T (T+1, H), probabilities (T, K), losses (T,)."""
    states = [cell.initial_state(1)[0]]
    for x_t in x.split(1):
        states.append(cell.gates(x_t, (states[-1],)).h)
    h = torch.cat(states)
    log_y = functional.log_softmax(h[1:] @ W_y.T, -1)
    return h, log_y.exp(), -(log_y * target).sum(-1)


def _backward(W_h: Tensor, h: Tensor, from_output: Tensor) -> tuple[Tensor, Tensor]:
    """(T, H) what comes from the future into each step, and (T, H) the slopes 1 − h_t²."""
    slope = 1 - h[1:] ** 2
    from_future = torch.zeros_like(from_output)
    for t in range(len(from_output) - 2, -1, -1):
        later = from_output[t + 1] + from_future[t + 1]
        from_future[t] = W_h.T @ (slope[t + 1] * later)
    return from_future, slope
