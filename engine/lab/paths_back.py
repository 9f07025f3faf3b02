"""How the gradient comes back: by hand in a small network, and in three cells compared.

**By hand**, every factor kept (slides 23 to 29).

A small Elman network without biases reads a word letter by letter and predicts the next letter:

    h_t = tanh(W_x x_t + W_h h_{t-1})      y_t = softmax(W_y h_t)      e_t = −log y_t(next letter)

and its gradient, with e = Σ_t e_t and ∂a_t short for ∂e/∂a_t:

    ∂e/∂h_t  = W_yᵀ (y_t − target_t)  +  W_hᵀ [(1 − h_{t+1}²) ⊙ ∂e/∂h_{t+1}]
               (from y_t)                (from the future; zero at the last step)
    ∂a_t     = (1 − h_t²) ⊙ ∂e/∂h_t
    ∂e/∂W_h  = Σ_t ∂a_t h_{t-1}ᵀ           ∂e/∂W_x = Σ_t ∂a_t x_tᵀ       (one term per copy)

**Compared.** How far back it reaches in RNN, LSTM and GRU at the start of training (slide 42).

All cells read the same noise. The loss is a random direction in the last state, e = vᵀ h_n, and for
several directions at once; norms are root mean squares over them. Two roads back are told apart:

    all paths      ∂e/∂h_k and, for the LSTM, ∂e/∂c_k, as back-propagation gives them
    direct path    for the LSTM ∂e/∂c_n ⊙ f_n ⊙ … ⊙ f_{k+1};  for the GRU v ⊙ Π (1 − z_t)

The keep bias is what makes a cell remember: the forget gate's bias in the LSTM, the *negative* of
the update gate's in the lecture's GRU. "chrono" draws it as log U(1, T − 1), and gives the LSTM's
input gate its negative (Tallec & Ollivier 2018).
"""

from __future__ import annotations

import unicodedata

import torch
from jaxtyping import Float
from torch import Tensor
from torch.nn import functional

from engine.cells import CELLS, PLAIN_CELL, ElmanCell, cell_name
from engine.errors import N_, InputError
from engine.gradients import probes
from engine.recurrent import (
    build_layer,
    chrono_bias,
    init_chrono_bias_,
    init_keep_gate_bias_,
)
from engine.results import ByHand, Floats, NormsByLag, PathsBack
from engine.stacking import Recurrent

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
    states = [cell.initial_state(1)[0]]
    for x_t in x.split(1):
        states.append(cell.gates(x_t, (states[-1],)).h)
    h = torch.cat(states)  # (T+1, H): h_0 … h_T
    log_y = functional.log_softmax(h[1:] @ W_y.T, -1)
    y, losses = log_y.exp(), -(log_y * target).sum(-1)
    grad_x, grad_h = torch.autograd.grad(losses.sum(), (cell.weight_ih, cell.weight_hh))
    with torch.no_grad():
        from_output = (y - target) @ W_y
        slope = 1 - h[1:] ** 2  # 1 − h_t²
        from_future = torch.zeros_like(from_output)
        for t in range(len(x) - 2, -1, -1):  # ∂e/∂h_t's share from the future: W_hᵀ ∂a_{t+1}
            later = from_output[t + 1] + from_future[t + 1]
            from_future[t] = cell.weight_hh.T @ (slope[t + 1] * later)
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


KEEP = ("0", "1", "2", "4", "chrono")
INPUTS, DIRECTIONS = 8, 8
"""Size of the input, and directions v of the loss."""


def matched(cell: str, units: int, inputs: int = INPUTS) -> int:
    """How many units give `cell` about as many parameters as a plain RNN of `units` has."""
    wanted = CELLS[PLAIN_CELL].parameters(inputs, units)
    return min(range(1, units + 1), key=lambda n: abs(CELLS[cell].parameters(inputs, n) - wanted))


def layer(cell: str, units: int, keep: str, steps: int, generator: torch.Generator) -> Recurrent:
    """A fresh layer with torch's initial weights and that keep bias; InputError if it has none."""
    if keep not in KEEP:
        raise InputError(N_("There is no keep bias called {keep}."), keep=keep)
    made = build_layer(cell, INPUTS, units, generator=generator, dtype=torch.float64)
    if made.spec.keep_gate is None:
        return made
    # Drawn in any case, so that with the same seed the loss goes the same ways for every keep bias.
    spans = chrono_bias(units, max(steps - 1, 1), generator, torch.float64)
    if keep == "chrono":
        init_chrono_bias_(made, spans)
    else:
        init_keep_gate_bias_(made, float(keep), exact=True)
    return made


def through(
    made: Recurrent, x: Float[Tensor, "T I"], directions: Float[Tensor, "B H"]
) -> PathsBack:
    """Norms by lag for the loss directionsᵀ h_n."""
    steps, (batch, units) = len(x), directions.shape
    probe = probes(made, steps, batch)
    output, _ = made(x[:, None].expand(-1, batch, -1), probe=probe)
    found = torch.autograd.grad((output[-1] * directions).sum(), probe)
    h, c = found[0][0], found[1][0] if len(found) == 2 else None
    start = directions if c is None else c[-1]
    kept = _kept(made, x)
    direct = None
    if kept is not None:
        # For each k the product of the factors of the steps k+1 … n: 1 at k = n.
        later = torch.cat([kept[1:], torch.ones_like(kept[:1])])
        direct = start * later.flip(0).cumprod(0).flip(0)[:, None]
    return PathsBack(
        cell=cell_name(made.cell_class),
        units=units,
        parameters=sum(p.numel() for p in made.parameters()),
        norms=NormsByLag(
            h=_rms(h)[::-1],
            c=None if c is None else _rms(c)[::-1],
            direct=None if direct is None else _rms(direct)[::-1],
        ),
        keep_factor=None if kept is None else float(kept.mean()),
    )


def compare(
    units: int, steps: int, keep: str, scale: float, seed: int, *, same_size: bool = False
) -> list[PathsBack]:
    """The three cells on the same noise; `same_size` gives all about as many parameters."""
    noise = torch.Generator().manual_seed(seed)
    x = scale * torch.randn(steps, INPUTS, generator=noise, dtype=torch.float64)
    found = []
    for cell in CELLS:
        own = torch.Generator().manual_seed(seed + 1)
        size = matched(cell, units) if same_size else units
        made = layer(cell, size, keep, steps, own)
        directions = torch.randn(DIRECTIONS, size, generator=own, dtype=torch.float64)
        found.append(through(made, x, directions))
    return found


@torch.no_grad()
def _kept(made: Recurrent, x: Tensor) -> Tensor | None:
    """(T, H) the factors of the direct path: f_t, or 1 − z_t; None where there is no such path."""
    spec = made.spec
    if spec.keep_gate is None:
        return None
    cell, state, found = made.cell(), made.cell().initial_state(1), []
    for x_t in x.split(1):
        gates = cell.gates(x_t, state)
        state = tuple(getattr(gates, name) for name in spec.states)
        gate = getattr(gates, spec.keep_gate)
        found.append(gate if spec.keep_sign > 0 else 1 - gate)
    return torch.cat(found)


def _rms(values: Tensor) -> Floats:
    """(T, B, H) -> (T,): the root mean square, over B, of the Euclidean norms."""
    norms: Floats = values.detach().norm(dim=-1).square().mean(-1).sqrt().numpy()
    return norms
