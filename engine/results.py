"""What measurements return: frozen records of plain arrays, free of torch and of the screen."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

UNCERTAIN_MARGIN = 0.2
"""A verdict is called uncertain when its two best probabilities are closer than this."""


@dataclass(frozen=True)
class Verdict:
    """What a classifier says of one text: `probabilities` (K,) over the K `labels`, sum 1."""

    labels: tuple[str, ...]
    probabilities: Floats

    @property
    def label(self) -> str:
        return self.labels[int(self.probabilities.argmax())]

    @property
    def confidence(self) -> float:
        return float(self.probabilities.max())

    @property
    def uncertain(self) -> bool:
        runner_up, best = np.sort(self.probabilities)[-2:]
        return bool(best - runner_up < UNCERTAIN_MARGIN)


@dataclass(frozen=True)
class Piece:
    """One step of the network's input: characters `start` to `end` of the text it came from."""

    text: str
    start: int
    end: int
    continues: bool
    """True when the piece carries on the word that the piece before it began."""


@dataclass(frozen=True)
class Reading:
    """A text read from left to right by a classifier.

    `after` (T, K) holds the probabilities after each of the T `pieces`; its last row is the
    verdict. `truncated` says that the text went on beyond what the model reads.
    """

    text: str
    pieces: tuple[Piece, ...]
    verdict: Verdict
    after: Floats
    truncated: bool

    def course(self) -> Floats:
        """(T,) P(positive) − P(negative) after each piece, between −1 and 1."""
        labels = self.verdict.labels
        positive, negative = labels.index("positive"), labels.index("negative")
        return self.after[:, positive] - self.after[:, negative]


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
    h: Floats
    c: Floats | None = None

    def relative(self, which: str = "h") -> Floats:
        """(T,) norms divided by the last step's, so that lag 0 is 1; zeros where that is 0."""
        norms = self.h if which == "h" or self.c is None else self.c
        return norms / norms[-1] if norms[-1] > 0 else np.zeros_like(norms)

    @property
    def path(self) -> str:
        """The state whose gradient is compared between cells: c for the LSTM, else h."""
        return "h" if self.c is None else "c"

    @property
    def ratio(self) -> float:
        """First step's gradient over the last step's, along `path`."""
        return float(self.relative(self.path)[0])


# Page "Cells"

Ints = NDArray[np.int64]

SATURATED = 0.1
"""A unit counts as saturated where its activation's slope is below this share of the largest."""


@dataclass(frozen=True)
class TypedSequence:
    """What a cell reads and is asked: inputs x (T, I), each with a name, and `targets` (T,), the
    right one of the K `outputs` at each step. `word` says that the inputs are one-hot letters.
    """

    x: Floats
    names: tuple[str, ...]
    outputs: tuple[str, ...]
    targets: Ints
    word: bool


@dataclass(frozen=True)
class GateWeights:
    """The rows of one gate or candidate: W_x (H, I), W_h (H, H), b (H,) or None without bias.

    `b` is the sum of torch's two biases, the only thing that the equations know.
    """

    W_x: Floats
    W_h: Floats
    b: Floats | None


@dataclass(frozen=True)
class CellRun:
    """One cell over a sequence of T steps with H units: everything that happens, step by step.

    `weights` and pre-activations `a` (T, H) are those of the gates and candidates that the stage
    reads; `values` (T, H) are theirs after the activation, and the states h (and c). `first` (H,)
    are the states before step 1. y (T, K) = softmax(W_y h_t), e (T,) = −log y_t(target).
    `gradients` (T, H) hold ∂e/∂h_t (and ∂e/∂c_t), all paths included, of the total loss, or of
    the last step's alone. `held` gives the gates that were held at a constant.
    """

    cell: str
    stage: str
    sequence: TypedSequence
    weights: Mapping[str, GateWeights]
    W_y: Floats
    a: Mapping[str, Floats]
    values: Mapping[str, Floats]
    first: Mapping[str, Floats]
    y: Floats
    e: Floats
    gradients: Mapping[str, Floats]
    of_last: bool
    held: Mapping[str, float]

    @property
    def steps(self) -> int:
        return len(self.e)

    @property
    def hidden(self) -> int:
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
        return tuple(self.weights.values())

    def before(self, state: str, step: int) -> Floats:
        """(H,) the state that step `step` (0 is the first) starts from."""
        return self.first[state] if step == 0 else self.values[state][step - 1]

    def saturated(self, step: int | None = None) -> float:
        """Share of activations, over all gates and units, whose slope is below a tenth of the
        largest: |a| > 1.82 for tanh, > 3.64 for σ. Of one step, or of all.
        """
        found = [self.slope(gate) < SATURATED for gate in self.a]
        return float(np.mean([flat if step is None else flat[step] for flat in found]))

    def slope(self, gate: str) -> Floats:
        """(T, H) the activation's derivative at `a`, divided by the largest it can be."""
        values = self.values[gate]
        return 4 * values * (1 - values) if gate in SIGMOIDS else 1 - values**2


SIGMOIDS = frozenset("ifozr")
"""Gates that are σ(a), between 0 and 1; all others are tanh(a)."""


@dataclass(frozen=True)
class GRUComparison:
    """The lecture's GRU and PyTorch's on the same numbers: states h (T, H) by variant.

    Variants of PyTorch's: "none" as it is, "z" with W_z and b_z negated, "r" with r moved inside the
    matrix product, "both". `lecture` is what they are compared with.
    """

    lecture: Floats
    variants: Mapping[str, Floats]
    names: tuple[str, ...]

    def difference(self, variant: str) -> float:
        """max |h − the lecture's h| over all steps and units."""
        return float(np.abs(self.variants[variant] - self.lecture).max())


@dataclass(frozen=True)
class Reach:
    """Which inputs and states one state of the top layer depends on, found by differentiation.

    `inputs` (T,) and `states` (layers, directions, T); the state asked about is (direction, step)
    of the top layer.
    """

    inputs: NDArray[np.bool_]
    states: NDArray[np.bool_]
    direction: int
    step: int


@dataclass(frozen=True)
class CellSize:
    """Parameters of one kind of cell with `hidden` units, and the hidden size at which a stack of
    that kind has about as many as the plain RNN's.
    """

    cell: str
    hidden: int
    parameters: int
    matched: int


# Page "Gradients"

DECADE = 1.0
"""Within a factor of ten of lag 0 a gradient is said to stay."""

FALLEN = 2.0
"""A gradient that grew is said to have vanished again a hundredfold below its peak."""


@dataclass(frozen=True)
class Spectrum:
    """‖∂h_n/∂h_k‖₂ by lag of one network, beside what W_h alone would say.

    `network` and `linear` (T+1,) are log₁₀ of the norms at the lags 0 … T, of the network and of
    the linear one with the same W_h; −∞ where nothing is left. `eigenvalues` (H, 2) are real and
    imaginary parts, `largest_singular` is σ_max(W_h), `slope` the mean of the activation's
    derivative over units and steps, `effective` the spectral radius of diag(mean slope)·W_h.
    """

    kind: str
    activation: str
    scale: float
    eigenvalues: Floats
    largest_singular: float
    slope: float
    effective: float
    network: Floats
    linear: Floats

    @property
    def radius(self) -> float:
        """ρ(W_h), the largest modulus of an eigenvalue."""
        return float(np.hypot(*self.eigenvalues.T).max())

    @property
    def length(self) -> int:
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
    W_h: Floats
    x: Floats
    h: Floats
    y: Floats
    losses: Floats
    slope: Floats
    from_output: Floats
    from_future: Floats
    copies: Mapping[str, Floats]
    autograd: Mapping[str, Floats]

    @property
    def steps(self) -> int:
        return len(self.losses)

    @property
    def total(self) -> Floats:
        """(T, H) ∂e/∂h_t."""
        return self.from_output + self.from_future

    def difference(self, which: str) -> float:
        """The largest difference between the copies' sum and autograd's gradient."""
        return float(np.abs(self.copies[which].sum(0) - self.autograd[which]).max())


@dataclass(frozen=True)
class PathsBack:
    """Gradient norms of one cell by lag, (T,) each, lag 0 first: of the loss in the last state.

    `h` and `c` are ‖∂e/∂h‖ and ‖∂e/∂c‖ along all paths; `direct` along the direct path through c
    (LSTM) or h (GRU) only, `kept` the mean of the factors on it. None where a cell lacks them.
    """

    cell: str
    units: int
    parameters: int
    h: Floats
    c: Floats | None = None
    direct: Floats | None = None
    kept: float | None = None

    @property
    def path(self) -> str:
        """The state whose gradient is compared between cells: c for the LSTM, else h."""
        return "h" if self.c is None else "c"

    def relative(self, which: str) -> Floats:
        """(T,) the norms of "h", "c" or "direct", divided by the one at lag 0."""
        norms = {"h": self.h, "c": self.c, "direct": self.direct}[which]
        assert norms is not None
        return np.asarray(norms / norms[0])

    def lags_per_decade(self, which: str) -> float:
        """Over how many lags the norm falls tenfold, from lag 0 to the last that is not yet lost
        in rounding; infinite where it does not fall.
        """
        values = self.relative(which)
        seen = np.flatnonzero(values > np.finfo(np.float64).tiny)
        last = int(seen[-1]) if len(seen) else 0
        decades = -float(np.log10(values[last])) if last else 0.0
        return last / decades if decades > 0 else float("inf")


@dataclass(frozen=True)
class Descent:
    """One training by gradient descent: (S,) values of its steps so far.

    `norm` is the gradient's before clipping, `clip` the largest one allowed (0: not clipped),
    `accuracy` the share of right answers in the step's batch.
    """

    clip: float
    loss: Floats
    accuracy: Floats
    norm: Floats

    @property
    def clipped(self) -> Floats:
        """(S,) the norms after clipping."""
        return np.minimum(self.norm, self.clip) if self.clip > 0 else self.norm


# Page "Race"

REACHES = 1e-3
"""A gradient reaches as far back as its norm is above this share of what it is at lag 0."""


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
    steps: Floats
    seconds: Floats
    accuracy: Floats
    loss: Floats
    h: Floats
    c: Floats | None = None

    @property
    def path(self) -> str:
        """The state whose gradient is compared between cells: c for the LSTM, else h."""
        return "h" if self.c is None else "c"

    def relative(self, moment: int, which: str) -> Floats:
        """(T,) norms of measurement `moment` by lag, divided by lag 0's; zeros where that is 0."""
        norms: Floats = (self.h if which == "h" or self.c is None else self.c)[moment]
        return norms / norms[0] if norms[0] > 0 else np.zeros_like(norms)

    def reach(self, moment: int) -> int:
        """How far back the gradient reaches along `path`: the largest lag above `REACHES`."""
        above = np.flatnonzero(self.relative(moment, self.path) > REACHES)
        return int(above[-1]) if len(above) else 0

    def at(self, step: float) -> int:
        """The last measurement made at `step` or before."""
        return max(0, int(np.searchsorted(self.steps, step, side="right")) - 1)


@dataclass(frozen=True)
class RaceResult:
    """A race so far. `chance` is the accuracy of the best blind answer, `learnt` the accuracy
    that ends a lane's race; `budget` (steps) and `seconds` are what each lane may use."""

    task: str
    lag: int
    chance: float
    learnt: float
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

    `kept` are the steps (from 0) that the answer depends on.
    """

    shown: tuple[str, ...]
    kept: tuple[int, ...]
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
