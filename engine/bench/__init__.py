"""How fast our layers are beside `torch.nn`'s: both in the same run, taking turns.

Times depend on the machine and on what else it does; the ratio of two medians taken side by side
does so much less. Below 1 we are faster. "fused" rows hand the sequence to torch's own kernel: they
compare torch with itself and say only what our layer around it costs.
"""

from __future__ import annotations

import platform
import statistics
from collections.abc import Callable, Sequence
from dataclasses import astuple, dataclass
from pathlib import Path
from time import perf_counter
from typing import NamedTuple

import torch
from jaxtyping import Float
from torch import nn

from engine.bench import sampling
from engine.recurrent import GRU, LSTM, RNN

ROUNDS, RUNS = 20, 4
SHORTEST = 0.01
"""Seconds that one measurement lasts at least: a short step is taken several times."""


class Size(NamedTuple):
    """H (also the size of the inputs), B, T."""

    hidden: int
    batch: int
    length: int


SIZES = (
    Size(128, 1, 30),
    Size(256, 1, 200),
    Size(512, 1, 100),
    Size(128, 32, 50),
    Size(512, 50, 50),
)


class Pair(NamedTuple):
    """One of our layers and torch's, each made from (input size, hidden size)."""

    cell: str
    implementation: str
    ours: Callable[[int, int], nn.Module]
    theirs: Callable[[int, int], nn.Module]


PAIRS = (
    Pair("RNN", "hand-written", RNN, nn.RNN),
    Pair("GRU, the lecture's", "hand-written", GRU, nn.GRU),
    Pair("GRU, reset_after", "hand-written", lambda i, h: GRU(i, h, reset_after=True), nn.GRU),
    Pair("LSTM", "hand-written", LSTM, nn.LSTM),
    Pair("LSTM", "fused", lambda i, h: LSTM(i, h, fused=True), nn.LSTM),
)


@dataclass(frozen=True)
class Row:
    """Median milliseconds of ours and torch's, and ours ÷ torch's.

    `phase` is "forward" (without recording for a backward pass), "training" (forward and backward,
    the loss being the sum of the outputs and the inputs wanting no gradient) or "sampling" (one
    character written); for the last, `of_limit` is the share that is reached of the speed of
    nothing but the float32 matrix products.
    """

    cell: str
    implementation: str
    hidden: int
    batch: int
    length: int
    phase: str
    ours_ms: float
    torch_ms: float
    ratio: float
    of_limit: float | None = None
    range: tuple[float, float] | None = None
    """The lowest and the highest ratio of several runs one after the other."""


def forward(layer: nn.Module, x: Float[torch.Tensor, "T B I"]) -> None:
    """The forward pass without recording for a backward pass."""
    with torch.no_grad():
        layer(x)


def training(layer: nn.Module, x: Float[torch.Tensor, "T B I"]) -> None:
    """Forward and backward pass; the loss is the sum of the outputs."""
    layer.zero_grad()
    layer(x)[0].sum().backward()


Phase = Callable[[nn.Module, Float[torch.Tensor, "T B I"]], None]
PHASES: tuple[Phase, ...] = (forward, training)


def run(
    rounds: int = ROUNDS, pairs: Sequence[Pair] = PAIRS, sizes: Sequence[Size] = SIZES
) -> list[Row]:
    """Every pair at every size in both phases; `rounds` measurements of each."""
    return [
        compare(pair, size, phase, rounds) for pair in pairs for size in sizes for phase in PHASES
    ]


def writing(rounds: int = ROUNDS) -> list[Row]:
    """One stream of an LSTM 2 × 512 that writes: hand-written in float32 and in int8."""
    times = sampling.milliseconds(rounds)
    limit, torch_ms = times["limit"], times["torch.nn"]
    size = Size(sampling.HIDDEN, 1, 1)
    return [
        Row(
            "LSTM, 2 layers",
            f"hand-written {name}",
            *size,
            "sampling",
            times[name],
            torch_ms,
            times[name] / torch_ms,
            limit / times[name],
        )
        for name in ("float32", "int8")
    ]


def compare(pair: Pair, size: Size, phase: Phase, rounds: int = ROUNDS) -> Row:
    """One row: ours and torch's measured in turn, `rounds` times each."""
    hidden, batch, length = size
    x = torch.randn(length, batch, hidden, generator=torch.Generator().manual_seed(0))
    ours, theirs = pair.ours(hidden, hidden), pair.theirs(hidden, hidden)
    for layer in (ours, theirs):
        phase(layer, x)  # whatever is set up once is not measured
    calls = max(1, round(SHORTEST / milliseconds(phase, theirs, x, 1) * 1000))
    times = [
        [milliseconds(phase, layer, x, calls) for layer in (ours, theirs)] for _ in range(rounds)
    ]
    (ours_ms, torch_ms), ratio = _medians(times), _ratio(times)
    each = -(-rounds // RUNS)
    ratios = [_ratio(times[start : start + each]) for start in range(0, rounds, each)]
    return Row(
        *(pair.cell, pair.implementation, *size, phase.__name__, ours_ms, torch_ms, ratio),
        range=(min(ratios), max(ratios)),
    )


def _medians(times: Sequence[Sequence[float]]) -> tuple[float, float]:
    ours, theirs = map(statistics.median, zip(*times, strict=True))
    return ours, theirs


def _ratio(times: Sequence[Sequence[float]]) -> float:
    ours, theirs = _medians(times)
    return ours / theirs


def processor() -> str:
    """What computes here: the processor's name and the number of threads."""
    info = Path("/proc/cpuinfo")
    lines = info.read_text().splitlines() if info.exists() else []
    names = [line.split(":", 1)[1].strip() for line in lines if line.startswith("model name")]
    return f"{[*names, platform.processor()][0]}, {torch.get_num_threads()} threads"


def milliseconds(
    phase: Phase, layer: nn.Module, x: Float[torch.Tensor, "T B I"], calls: int
) -> float:
    """Mean duration of `calls` calls in a row."""
    start = perf_counter()
    for _ in range(calls):
        phase(layer, x)
    return (perf_counter() - start) / calls * 1000


def table(rows: Sequence[Row]) -> str:
    """The rows as text, one line each, below a line of headings."""
    names = (
        *("cell", "implementation", "H", "B", "T", "phase"),
        *("ours ms", "torch ms", "ratio", "range", "of limit"),
    )
    lines = [names, *map(_texts, rows)]
    widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
    align = [
        str.ljust if name in ("cell", "implementation", "phase") else str.rjust for name in names
    ]
    return "\n".join(
        "  ".join(put(text, width) for put, text, width in zip(align, line, widths, strict=True))
        for line in lines
    )


def _texts(row: Row) -> tuple[str, ...]:
    *what, ours_ms, torch_ms, ratio, of_limit, runs = astuple(row)
    share = "" if of_limit is None else f"{of_limit:.2f}"
    between = "" if runs is None else "–".join(f"{ratio:.2f}" for ratio in runs)
    numbers = (f"{number:.2f}" for number in (ours_ms, torch_ms, ratio))
    return (*map(str, what), *numbers, between, share)
