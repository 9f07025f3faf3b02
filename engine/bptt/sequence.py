"""What the four sequence functions have in common."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any

import torch
from jaxtyping import Float
from torch import Tensor

from engine.cells import Cell, State
from engine.second_order import full_precision, mixed_precision

Gradients = tuple[Float[Tensor, " ..."] | None, ...]
"""One for each argument of `forward`; None where none is wanted."""


def autocast_weights(
    W_x: Float[Tensor, "R I"], W_h: Float[Tensor, "R H"]
) -> tuple[Float[Tensor, "R I"], Float[Tensor, "R H"]]:
    """The weights as products read them: under `torch.autocast` in its type, else as they are.

    A product is taken in the precision of its weight; sums, gates and states keep theirs.
    """
    lower = mixed_precision(W_h.device.type)
    if lower is None or W_h.dtype != torch.float32:
        return W_x, W_h
    return W_x.to(lower), W_h.to(lower)


def matmul(
    x: Float[Tensor, "N I"], W: Float[Tensor, "I R"], out: Float[Tensor, "N R"]
) -> Float[Tensor, "N R"]:
    """out = x W, with x rounded to W's precision if that is lower."""
    if W.dtype.itemsize >= x.dtype.itemsize:
        return torch.mm(x, W, out=out)
    return out.copy_(torch.mm(x.to(W.dtype), W))


def addmm(
    a: Float[Tensor, " ..."],
    x: Float[Tensor, "N I"],
    W: Float[Tensor, "I R"],
    out: Float[Tensor, "N R"],
) -> Float[Tensor, "N R"]:
    """out = a + x W, with x rounded to W's precision if that is lower; a, (N, R) or (R,), may be
    out."""
    if W.dtype.itemsize >= x.dtype.itemsize:
        return torch.addmm(a, x, W, out=out)
    return torch.add(a, torch.mm(x.to(W.dtype), W), out=out)


def project_inputs(
    x: Float[Tensor, "T B I"],
    W_x: Float[Tensor, "R I"],
    b: Float[Tensor, " R"] | None,
    out: Float[Tensor, "T B R"],
) -> None:
    """out_t = W_x x_t + b for all t in one product."""
    flat, inputs = out.view(-1, out.size(-1)), x.reshape(-1, x.size(-1))
    if b is None:
        matmul(inputs, W_x.t(), out=flat)
    else:
        addmm(b, inputs, W_x.t(), out=flat)


MINUS_ONE = torch.tensor(-1.0)


def sigmoid_to_tanh_(s: Float[Tensor, " *shape"]) -> Float[Tensor, " *shape"]:
    """2s − 1 in place: where s = σ(2a), that is tanh(a)  (slide 20)."""
    return torch.add(MINUS_ONE, s, alpha=2, out=s)


def tanh_(a: Float[Tensor, " *shape"]) -> Float[Tensor, " *shape"]:
    """tanh(a) in place, on the CPU as slide 20 writes it: 2σ(2a) − 1.

    There torch's own tanh goes through a library that wakes a team of threads for a few hundred
    numbers already: up to four times slower alone, and a hundred times where the cores are busy.
    The two agree to a rounding error of a number near 1 (1.2e-7 in float32).
    """
    return sigmoid_to_tanh_(a.add_(a).sigmoid_()) if a.is_cpu else a.tanh_()


def allocate_states(first: Float[Tensor, "B H"], steps: int) -> Float[Tensor, "{steps}+1 B H"]:
    """Room for the states 0 … T, the first one filled in."""
    states = first.new_empty(steps + 1, *first.shape)
    states[0] = first
    return states


def allocate_state_gradients(
    like: Float[Tensor, "T B H"], all_steps: bool
) -> tuple[Float[Tensor, "T B H"] | None, list[Float[Tensor, "B H"]]]:
    """Where the loop writes ∂h_t: one tensor of all steps, if a probe wants it, and its T parts;
    else None and one buffer T times over, since the loop needs each only once."""
    if all_steps:
        gradients = torch.empty_like(like)
        return gradients, list(gradients.unbind(0))
    return None, [like.new_empty(like.shape[1:])] * like.size(0)


def reversed_steps(
    *sequences: Float[Tensor, "T ..."] | Sequence[Float[Tensor, " ..."] | None],
) -> Any:
    """Steps T … 1 of several (T, …) tensors side by side, as views made once."""
    return zip(
        *(reversed(s.unbind(0) if isinstance(s, Tensor) else s) for s in sequences), strict=True
    )


Step = Callable[[Float[Tensor, "B I"], State, State], State]
"""x_t, the state before and what is added to each new state (zeros) -> the new state."""


def cell_step(cell: Cell) -> Step:
    """The step of any cell; what is added to a state is added as it leaves the step."""

    def step(x_t: Float[Tensor, "B I"], state: State, added: State) -> State:
        _, state = cell(x_t, state)
        return tuple(s + a for s, a in zip(state, added, strict=True))

    return step


def unroll(
    step: Step,
    x: Float[Tensor, "T B I"],
    state: State,
    probes: Sequence[Float[Tensor, "T B H"] | None],
) -> tuple[Float[Tensor, "T B H"], ...]:
    """Every state of all steps, one step after the other, with autograd's backward pass.

    Probes are added to the states. By `cell_step` the gradient of a state which is not the output
    holds only the paths through the next step.
    """
    steps = []
    added = [
        torch.zeros_like(s).expand(len(x), *s.shape) if p is None else p
        for s, p in zip(state, probes, strict=True)
    ]
    with full_precision(x.device.type):
        for x_t, *added_t in zip(x.unbind(0), *(a.unbind(0) for a in added), strict=True):
            state = step(x_t, state, tuple(added_t))
            steps.append(state)
    return tuple(map(torch.stack, zip(*steps, strict=True)))


def widened(
    sequence: Callable[..., tuple[Float[Tensor, "T B H"], ...]],
    x: Float[Tensor, "T B I"],
    state: State,
    weights: Any,
    probes: tuple[Float[Tensor, "T B H"] | None, ...],
) -> tuple[Float[Tensor, "T B H"], ...]:
    """`sequence(x, state, weights, probes)`, the weights a named tuple.

    On a CPU float16 and bfloat16 are computed in float32 and rounded once: a step that rounds after
    each of its operations loses one digit more than torch's does.
    """
    if not x.is_cpu or x.dtype.itemsize >= torch.float32.itemsize:
        return sequence(x, state, weights, probes)

    def wide(tensors: Iterable[Float[Tensor, " ..."] | None]) -> Iterator[Any]:
        return (t if t is None else t.float() for t in tensors)

    states = sequence(x.float(), tuple(wide(state)), weights._make(wide(weights)), (*wide(probes),))
    return tuple(s.to(x.dtype) for s in states)


def weight_gradient(da: Float[Tensor, "T B R"], x: Float[Tensor, "T B I"]) -> Float[Tensor, "R I"]:
    """∂W = Σ_t ∂a_t x_tᵀ, for a weight that all steps share (slide 25), in ∂a's precision."""
    return da.reshape(-1, da.size(-1)).t() @ x.reshape(-1, x.size(-1)).to(da.dtype)


def input_gradient(da: Float[Tensor, "T B R"], W_x: Float[Tensor, "R I"]) -> Float[Tensor, "T B I"]:
    """∂x_t = W_xᵀ ∂a_t for all t: what is handed to the layer below."""
    return (da.view(-1, da.size(-1)) @ W_x).view(*da.shape[:2], W_x.size(1))
