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
from jaxtyping import Float
from torch import Tensor

from engine.cells import CELLS, PLAIN_CELL, cell_name
from engine.errors import N_, InputError
from engine.gradients import probes
from engine.recurrent import (
    build_layer,
    chrono_bias,
    init_chrono_bias_,
    init_keep_gate_bias_,
)
from engine.results import Floats, NormsByLag, PathsBack
from engine.stacking import Recurrent

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
