"""How far back a gradient reaches in an RNN, an LSTM and a GRU at the start of training (slide 42).

All cells read the same noise. The loss is a random direction in the last state, e = vᵀ h_n, and for
several directions at once; norms are root mean squares over them. Two roads back are told apart:

    all paths      ∂e/∂h_k and, for the LSTM, ∂e/∂c_k, as back-propagation gives them
    direct path    for the LSTM ∂e/∂c_n ⊙ f_n ⊙ … ⊙ f_{k+1};  for the GRU v ⊙ Π (1 − z_t)

The keep bias is what makes a cell remember: the forget gate's bias in the LSTM, the *negative* of
the update gate's in the lecture's GRU. "chrono" draws it as log U(1, T − 1), and gives the LSTM's
input gate its negative (Tallec & Ollivier 2018).
"""

from __future__ import annotations

import torch
from torch import Tensor

from engine.errors import N_, InputError
from engine.gradients import probes
from engine.recurrent import LAYERS, LSTM, RNN, keep_
from engine.results import Floats, NormsByLag, PathsBack
from engine.stacking import Recurrent

KEEP = ("0", "1", "2", "4", "chrono")
INPUTS, DIRECTIONS = 8, 8
"""Size of the input, and directions v of the loss."""


def parameters(cell: str, units: int, inputs: int = INPUTS) -> int:
    """Weights and biases of one layer: gates · H · (H + I + 2)."""
    kind: type[Recurrent] = LAYERS[cell]
    return kind.cell_class.gate_count * units * (units + inputs + 2)


def matched(cell: str, units: int, inputs: int = INPUTS) -> int:
    """How many units give `cell` about as many parameters as a plain RNN of `units` has."""
    wanted = parameters("rnn", units, inputs)
    return min(range(1, units + 1), key=lambda n: abs(parameters(cell, n, inputs) - wanted))


def layer(cell: str, units: int, keep: str, steps: int, generator: torch.Generator) -> Recurrent:
    """A fresh layer with torch's initial weights and that keep bias; InputError if it has none."""
    if keep not in KEEP:
        raise InputError(N_("There is no keep bias called {keep}."), keep=keep)
    made: Recurrent = LAYERS[cell](INPUTS, units, generator=generator, dtype=torch.float64)
    if cell == "rnn":
        return made
    spans = torch.empty(units, dtype=torch.float64).uniform_(
        1, max(steps - 1, 1), generator=generator
    )
    bias = spans.log() if keep == "chrono" else torch.full_like(spans, float(keep))
    keep_(made, bias)
    with torch.no_grad():
        _, _, b_x, b_h = made.weights()
        assert b_x is not None and b_h is not None  # noqa: PT018
        b_h[units : 2 * units] = 0
        if keep == "chrono" and cell == "lstm":
            b_x[:units], b_h[:units] = -bias, 0
    return made


def through(made: Recurrent, x: Tensor, directions: Tensor) -> PathsBack:
    """Norms by lag for the loss directionsᵀ h_n: x (T, I), directions (B, H)."""
    steps, (batch, units) = len(x), directions.shape
    probe = probes(made, steps, batch)
    output, _ = made(x[:, None].expand(-1, batch, -1), probe=probe)
    found = torch.autograd.grad((output[-1] * directions).sum(), probe)
    h, c = found[0][0], found[1][0] if len(found) == 2 else None
    start = directions if c is None else c[-1]
    kept = _kept(made, x)
    direct = None if kept is None else start * _products(kept)[:, None]
    cell = next(name for name, kind in LAYERS.items() if isinstance(made, kind))
    return PathsBack(
        cell=cell,
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
    for cell in LAYERS:
        own = torch.Generator().manual_seed(seed + 1)
        size = matched(cell, units) if same_size else units
        made = layer(cell, size, keep, steps, own)
        directions = torch.randn(DIRECTIONS, size, generator=own, dtype=torch.float64)
        found.append(through(made, x, directions))
    return found


@torch.no_grad()
def _kept(made: Recurrent, x: Tensor) -> Tensor | None:
    """(T, H) the factors of the direct path: f_t, or 1 − z_t; None where there is no such path."""
    if isinstance(made, RNN):
        return None
    cell, state, found = made.cell(), made.cell().initial_state(1), []
    for x_t in x.split(1):
        gates = cell.gates(x_t, state)
        state = (gates.h, gates.c) if isinstance(made, LSTM) else (gates.h,)
        found.append(gates.f if isinstance(made, LSTM) else 1 - gates.z)
    return torch.cat(found)


def _products(kept: Tensor) -> Tensor:
    """(T, H) for each k the product of the factors of the steps k+1 … n; ones at k = n."""
    later = torch.cat([kept[1:], torch.ones_like(kept[:1])])
    return later.flip(0).cumprod(0).flip(0)


def _rms(values: Tensor) -> Floats:
    """(T, B, H) -> (T,): the root mean square, over B, of the Euclidean norms."""
    norms: Floats = values.detach().norm(dim=-1).square().mean(-1).sqrt().numpy()
    return norms
