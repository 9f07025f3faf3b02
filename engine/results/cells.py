"""One recurrent cell run over a short sequence: every gate, every number."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
from jaxtyping import Bool, Float, Int
from numpy.typing import NDArray

from engine.results.arrays import Floats, Ints

SATURATED = 0.1
"""A unit counts as saturated where its activation's slope is below this share of the largest."""

SIGMOIDS = frozenset("ifozr")
"""Gates that are σ(a), between 0 and 1; all others are tanh(a)."""


@dataclass(frozen=True)
class TypedSequence:
    """What a cell reads and is asked: inputs x (T, I), each with a name, and `targets` (T,), the
    right one of the K `outputs` at each step. `word` says that the inputs are one-hot letters.
    """

    x: Float[Floats, "T I"]
    names: tuple[str, ...]
    outputs: tuple[str, ...]
    targets: Int[Ints, " T"]
    word: bool

    def first(self, steps: int) -> TypedSequence:
        """The same cut off after so many steps."""
        names, targets = self.names[:steps], self.targets[:steps]
        return TypedSequence(self.x[:steps], names, self.outputs, targets, self.word)


@dataclass(frozen=True)
class GateWeights:
    """The rows of one gate or candidate: W_x (H, I), W_h (H, H), b (H,) or None without bias.

    `b` is the sum of torch's two biases, the only thing that the equations know.
    """

    W_x: Float[Floats, "H I"]
    W_h: Float[Floats, "H H"]
    b: Float[Floats, " H"] | None


@dataclass(frozen=True)
class CellRun:
    """One cell over a sequence of T steps with H units: everything that happens, step by step.

    `weights` and pre-activations `a` (T, H) are those of the gates and candidates that the stage
    reads; `values` (T, H) are theirs after the activation, and the states h (and c). `first` (H,)
    are the states before step 1. y (T, K) = softmax(W_y h_t), e (T,) = −log y_t(target).
    `gradients` (T, H) hold ∂e/∂h_t (and ∂e/∂c_t), all paths included, of the total loss, or of
    the last step's alone. `held` gives, unit by unit, the constants that gates were held at, None
    where the unit was free. `weight_gradients` are autograd's, of the same loss.
    """

    cell: str
    stage: str
    sequence: TypedSequence
    weights: Mapping[str, GateWeights]
    W_y: Float[Floats, "K H"]
    a: Mapping[str, Float[Floats, "T H"]]
    values: Mapping[str, Float[Floats, "T H"]]
    first: Mapping[str, Float[Floats, " H"]]
    y: Float[Floats, "T K"]
    e: Float[Floats, " T"]
    gradients: Mapping[str, Float[Floats, "T H"]]
    of_last: bool
    held: Mapping[str, tuple[float | None, ...]]
    weight_gradients: Mapping[str, GateWeights] = field(default_factory=dict)

    @property
    def steps(self) -> int:
        """T."""
        return len(self.e)

    @property
    def hidden(self) -> int:
        """H: units of the cell."""
        return int(self.W_y.shape[1])

    @property
    def loss(self) -> float:
        """The loss that `gradients` are of: the sum over all steps, or the last step's."""
        return float(self.e[-1] if self.of_last else self.e.sum())

    @property
    def parameters(self) -> int:
        """Numbers that are read, with torch's two biases per gate, and W_y."""
        each = (g.W_x.size + g.W_h.size + 2 * self.hidden * (g.b is not None) for g in self.gates)
        return sum(each) + self.W_y.size

    @property
    def gates(self) -> tuple[GateWeights, ...]:
        """The rows of every gate and candidate that is read."""
        return tuple(self.weights.values())

    @property
    def from_output(self) -> Float[Floats, "T H"]:
        """(T, H) what of ∂e/∂h_t comes from y_t alone: W_yᵀ (y_t − one-hot of the right answer).

        Zero before the last step where e is the last step's loss. The rest comes from the future.
        """
        error = self.y.copy()
        error[range(self.steps), self.sequence.targets] -= 1
        if self.of_last:
            error[:-1] = 0
        return error @ self.W_y

    def before(self, state: str, step: int) -> Float[Floats, " H"]:
        """(H,) the state that step `step` (0 is the first) starts from."""
        return self.first[state] if step == 0 else self.values[state][step - 1]

    def saturated(self, step: int | None = None) -> float:
        """Share of activations, over all gates and units, whose slope is below a tenth of the
        largest: |a| > 1.82 for tanh, > 3.64 for σ. Of one step, or of all.
        """
        found = [self.slope(gate) < SATURATED for gate in self.a]
        return float(np.mean([flat if step is None else flat[step] for flat in found]))

    def slope(self, gate: str) -> Float[Floats, "T H"]:
        """(T, H) the activation's derivative at `a`, divided by the largest it can be."""
        values = self.values[gate]
        return 4 * values * (1 - values) if gate in SIGMOIDS else 1 - values**2


@dataclass(frozen=True)
class BackwardPass:
    """The way back through a `CellRun` of T steps with H units by hand, every part kept.

    ∂e/∂h_t = `h` is the sum of `output` (from y_t), `through` (from the next step's gates) and, in
    the GRU, `direct`. In the LSTM ∂e/∂c_t = `c` is the sum of `from_h` and `direct`. `da` are the
    gradients of the gates' pre-activations; `copies`, by "h" or "x" and gate, what each step's copy
    of W_h (T, H, H) or W_x (T, H, I) adds to its gradient; `autograd` has autograd's own gradients.
    """

    output: Float[Floats, "T H"]
    through: Float[Floats, "T H"]
    direct: Float[Floats, "T H"]
    from_h: Float[Floats, "T H"] | None
    h: Float[Floats, "T H"]
    c: Float[Floats, "T H"] | None
    da: Mapping[str, Float[Floats, "T H"]]
    copies: Mapping[str, Mapping[str, Float[Floats, "T H _"]]]
    autograd: Mapping[str, Mapping[str, Float[Floats, "H _"]]]

    def difference(self, which: str, gate: str) -> float:
        """The largest difference between the copies' sum and autograd's gradient, over all numbers
        of the gate's W_h (`which` "h") or W_x ("x")."""
        return float(np.abs(self.copies[which][gate].sum(0) - self.autograd[which][gate]).max())


@dataclass(frozen=True)
class GRUComparison:
    """The lecture's GRU and PyTorch's on the same numbers: states h (T, H) by variant.

    Variants of PyTorch's: "none" as it is, "z" with W_z and b_z negated, "r" with r moved inside
    the matrix product, "both". `lecture` is what they are compared with.
    """

    lecture: Float[Floats, "T H"]
    variants: Mapping[str, Float[Floats, "T H"]]
    names: tuple[str, ...]

    def difference(self, variant: str) -> float:
        """max |h − the lecture's h| over all steps and units."""
        return float(np.abs(self.variants[variant] - self.lecture).max())


@dataclass(frozen=True)
class CellSize:
    """Parameters of one kind of cell with `hidden` units, and the hidden size at which a stack of
    that kind has about as many as the plain RNN's.
    """

    cell: str
    hidden: int
    parameters: int
    matched: int


@dataclass(frozen=True)
class Reach:
    """Which inputs and states one state of the top layer depends on, found by differentiation.

    `inputs` (T,) and `states` (layers, directions, T); the state asked about is (direction, step)
    of the top layer.
    """

    inputs: Bool[NDArray[np.bool_], " T"]
    states: Bool[NDArray[np.bool_], "layers directions T"]
    direction: int
    step: int
