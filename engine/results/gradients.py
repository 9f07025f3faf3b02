"""How the gradient behaves on its way back through time; cells that race to learn to remember."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from jaxtyping import Float

from engine.results.arrays import Floats
from engine.results.cells import SATURATED
from engine.results.sentiment import Piece, Verdict

REACHES = 1e-3
"""A gradient reaches as far back as its norm is above this share of what it is at lag 0."""

DECADE = 1.0
"""Within a factor of ten of lag 0 a gradient is said to stay."""

FALLEN = 2.0
"""A gradient that grew is said to have vanished again a hundredfold below its peak."""


@dataclass(frozen=True)
class NormsByLag:
    """Gradient norms by lag, (L,) each, lag 0 first: ‖∂e/∂h‖ and, for the LSTM, ‖∂e/∂c‖.

    The LSTM's ∂e/∂h alone leaves out the direct path through c (slide 42), so cells are compared
    along c where there is one. `direct` holds the norms along the direct path only: through c
    (LSTM) or h (GRU); None where there is none, or where it was not measured.
    """

    h: Float[Floats, " L"]
    c: Float[Floats, " L"] | None = None
    direct: Float[Floats, " L"] | None = None

    @classmethod
    def by_time(cls, h: Float[Floats, " L"], c: Float[Floats, " L"] | None = None) -> NormsByLag:
        """From norms by step, (T,) each, the last step first in what comes out."""
        return cls(h[::-1], None if c is None else c[::-1])

    @property
    def states(self) -> tuple[str, ...]:
        """The states that have a gradient, the one to compare first."""
        return ("h",) if self.c is None else ("c", "h")

    @property
    def path(self) -> str:
        """The state whose gradient is compared between cells: c for the LSTM, else h."""
        return self.states[0]

    def relative(self, which: str | None = None) -> Float[Floats, " L"]:
        """(L,) norms of "h", "c" or "direct" (without a choice: along `path`), divided by the one
        at lag 0; zeros where that is 0. KeyError where there are none.
        """
        found = {"h": self.h, "c": self.c, "direct": self.direct}[which or self.path]
        if found is None:
            raise KeyError(which)
        return found / found[0] if found[0] > 0 else np.zeros_like(found)

    @property
    def reach(self) -> int:
        """The largest lag at which the gradient along `path` is above `REACHES` of lag 0's."""
        above = np.flatnonzero(self.relative() > REACHES)
        return int(above[-1]) if len(above) else 0

    @property
    def lags_per_decade(self) -> float:
        """Over how many lags the norm along `path` falls tenfold, from lag 0 to the last that is
        not yet lost in rounding; infinite where it does not fall.
        """
        values = self.relative()
        last = int(np.flatnonzero(values > np.finfo(np.float64).tiny).max(initial=0))
        decades = -float(np.log10(values[last])) if last else 0.0
        return last / decades if decades > 0 else float("inf")


@dataclass(frozen=True)
class GradientProfile:
    """How far back the loss e of one text reaches in one model.

    `h` (T,) holds the Euclidean norms of ∂e/∂h_t, all paths included; `c` those of ∂e/∂c_t for
    the LSTM, whose ∂e/∂h_t alone leaves out the direct path through c_t (slide 42).
    """

    cell: str
    name: str
    parameters: int
    pieces: tuple[Piece, ...]
    verdict: Verdict
    h: Float[Floats, " T"]
    c: Float[Floats, " T"] | None = None
    pooling: str = "last"

    @property
    def by_lag(self) -> NormsByLag:
        """The norms by the number of steps back from the last."""
        return NormsByLag.by_time(self.h, self.c)

    @property
    def ratio(self) -> float:
        """First step's gradient over the last step's, along the state that is compared."""
        return float(self.by_lag.relative()[-1])


@dataclass(frozen=True)
class Spectrum:
    """‖∂h_n/∂h_k‖₂ by lag of one network, beside what W_h alone would say.

    `network` and `linear` (T+1,) are log₁₀ of the norms at the lags 0 … T, of the network and of
    the linear one with the same W_h; −∞ where nothing is left. `eigenvalues` (H, 2) are real and
    imaginary parts, `largest_singular` is σ_max(W_h), `slope` the mean of the activation's
    derivative over units and steps, `effective` the spectral radius of diag(mean slope)·W_h, `a`
    (H,) the units' pre-activations at the last step.
    """

    kind: str
    activation: str
    scale: float
    eigenvalues: Float[Floats, "H 2"]
    largest_singular: float
    slope: float
    effective: float
    network: Float[Floats, " L"]
    linear: Float[Floats, " L"]
    a: Float[Floats, " H"]

    @property
    def saturated(self) -> float:
        """The share of units whose slope at the last step is below a tenth of tanh's largest."""
        return float(np.mean(1 - np.tanh(self.a) ** 2 < SATURATED))

    @property
    def radius(self) -> float:
        """ρ(W_h), the largest modulus of an eigenvalue."""
        return float(np.hypot(*self.eigenvalues.T).max())

    @property
    def length(self) -> int:
        """The largest lag."""
        return len(self.network) - 1

    @property
    def end(self) -> float:
        """log₁₀ of the norm at the largest lag."""
        return float(self.network[-1])

    @property
    def peak(self) -> int:
        """The lag at which the norm is largest."""
        return int(self.network.argmax())

    @property
    def outcome(self) -> str:
        """What the norm does on its way back: "vanishes", "stays", "hump" or "explodes"."""
        top = float(self.network[self.peak])
        if top >= DECADE and self.end <= top - FALLEN:
            return "hump"
        if self.end <= -DECADE:
            return "vanishes"
        return "explodes" if self.end >= DECADE else "stays"


@dataclass(frozen=True)
class ByHand:
    """Back-propagation through time on one word of T + 1 letters, every factor kept.

    x (T, K) one-hot letters, h (T+1, H) the states with h_0 first, y (T, K) probabilities of the
    next letter, `losses` (T,) in nats, `slope` (T, H) = 1 − h_t². ∂e/∂h_t = `from_output` +
    `from_future`, each (T, H). `copies` holds, for "h" and "x", the contribution of every copy of
    W_h (T, H, H) and W_x (T, H, K) to its gradient, `autograd` that gradient from autograd.
    """

    word: str
    alphabet: str
    W_h: Float[Floats, "H H"]
    x: Float[Floats, "T K"]
    h: Float[Floats, "T+1 H"]
    y: Float[Floats, "T K"]
    losses: Float[Floats, " T"]
    slope: Float[Floats, "T H"]
    from_output: Float[Floats, "T H"]
    from_future: Float[Floats, "T H"]
    copies: Mapping[str, Float[Floats, "T H _"]]
    autograd: Mapping[str, Float[Floats, "H _"]]

    @property
    def steps(self) -> int:
        """T: letters that are read."""
        return len(self.losses)

    @property
    def total(self) -> Float[Floats, "T H"]:
        """(T, H) ∂e/∂h_t."""
        return self.from_output + self.from_future

    def difference(self, which: str) -> float:
        """The largest difference between the copies' sum and autograd's gradient."""
        return float(np.abs(self.copies[which].sum(0) - self.autograd[which]).max())


@dataclass(frozen=True)
class PathsBack:
    """How far back the loss in the last of T states reaches in one cell: `norms` by lag.

    `keep_factor` is the mean of the factors on the direct path, None where a cell has no such path.
    """

    cell: str
    units: int
    parameters: int
    norms: NormsByLag
    keep_factor: float | None = None


@dataclass(frozen=True)
class Descent:
    """One training by gradient descent: (S,) values of its steps so far.

    `norm` is the gradient's before clipping, `clip` the largest one allowed (0: not clipped),
    `accuracy` the share of right answers in the step's batch.
    """

    clip: float
    loss: Float[Floats, " S"]
    accuracy: Float[Floats, " S"]
    norm: Float[Floats, " S"]

    @property
    def clipped(self) -> Float[Floats, " S"]:
        """(S,) the norms after clipping."""
        return np.minimum(self.norm, self.clip) if self.clip > 0 else self.norm


@dataclass(frozen=True)
class ProblemKind:
    """A kind of sequence problem (slide 15): what each of T steps reads and answers ("" for
    nothing), and ‖∂e/∂h_t‖ of the sum of all losses, `norms` (T,).

    `image_norm` is ‖∂e/∂h_0‖ where a picture gives h_0; with `loops` an answer is the next input.
    """

    reads: tuple[str, ...]
    answers: tuple[str, ...]
    image: bool
    loops: bool
    norms: Float[Floats, " T"]
    image_norm: float | None = None

    @property
    def weakest(self) -> int:
        """The step, from 0, that hears least of the loss."""
        return int(self.norms.argmin())

    @property
    def strongest(self) -> int:
        """The step, from 0, that hears most of the loss."""
        return int(self.norms.argmax())

    @property
    def ratio(self) -> float:
        """The largest norm over the smallest."""
        return float(self.norms.max() / self.norms.min())


@dataclass(frozen=True)
class Lane:
    """One cell's way through a race, from M measurements on fresh sequences of T steps.

    `steps`, `seconds` (of its own computing), `accuracy` and `loss` are (M,); `h` and, for the
    LSTM, `c` are (M, T): mean norms of ∂e/∂h_t and ∂e/∂c_t by lag, e being the loss of the last
    answer. `taken` counts training steps; `outcome` is "running", "learnt", "budget" (spent
    without learning it), "stopped" or "blew_up".
    """

    cell: str
    hidden: int
    parameters: int
    outcome: str
    taken: int
    steps: Float[Floats, " M"]
    seconds: Float[Floats, " M"]
    accuracy: Float[Floats, " M"]
    loss: Float[Floats, " M"]
    h: Float[Floats, "M T"]
    c: Float[Floats, "M T"] | None = None

    def by_lag(self, moment: int) -> NormsByLag:
        """The gradient at measurement `moment`."""
        return NormsByLag(self.h[moment], None if self.c is None else self.c[moment])

    def at(self, step: float) -> int:
        """The last measurement made at `step` or before."""
        return max(0, int(np.searchsorted(self.steps, step, side="right")) - 1)


@dataclass(frozen=True)
class RaceResult:
    """A race so far. `chance_level` is the accuracy of the best blind answer, `threshold` the one
    that ends a lane's race; `budget` (steps) and `seconds` are what each lane may use."""

    task: str
    lag: int
    chance_level: float
    threshold: float
    budget: int
    seconds: float
    lanes: tuple[Lane, ...]

    @property
    def moments(self) -> list[int]:
        """Steps at which anything was measured, in order."""
        return sorted({int(step) for lane in self.lanes for step in lane.steps})


@dataclass(frozen=True)
class SequenceExample:
    """A sequence of a memory task as words: what goes in step by step, and what is to be answered.

    `relevant` are the steps (from 0) that the answer depends on.
    """

    inputs: tuple[str, ...]
    relevant: tuple[int, ...]
    answer: tuple[str, ...]


@dataclass(frozen=True)
class StepTiming:
    """One cell's training step on one device.

    Median milliseconds; `loss` of the step; `difference` is ‖g − g₆₄‖ ÷ ‖g₆₄‖ of the gradient g of
    all weights, g₆₄ being the same gradient in float64 on the CPU.
    """

    device: str
    cell: str
    milliseconds: float
    loss: float
    difference: float
