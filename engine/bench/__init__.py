"""How fast our layers are beside `torch.nn`'s: both in the same run, taking turns.

Times depend on the machine and on what else it does; the ratio of two medians taken side by side
does so much less. Below 1 we are faster. "fused" rows hand the sequence to torch's own kernel: they
compare torch with itself and say only what our layer around it costs.
"""

from __future__ import annotations

import platform
from collections.abc import Callable, Sequence
from dataclasses import astuple, dataclass
from pathlib import Path
from statistics import median
from time import perf_counter
from typing import NamedTuple

import torch
from jaxtyping import Float
from torch import nn

from engine.bench import evaluation, sampling
from engine.recurrent import GRU, LSTM, RNN

ROUNDS, RUNS = 20, 4
SHORTEST = 0.01
"""Seconds that one measurement lasts at least: a short step is taken several times."""


Times = dict[str, list[float]]
"""Milliseconds of each round, by what was measured."""


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
    the loss being the sum of the outputs and the inputs wanting no gradient), "sampling" (one
    character written) or "evaluation" (texts of many lengths read); for the last two, `of_limit` is
    the share that is reached of the speed of nothing but the float32 matrix products.
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
    tokens_per_second: float | None = None
    """What ours reads or writes."""


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
    times, size = sampling.milliseconds(rounds), Size(sampling.HIDDEN, 1, 1)
    return [
        _row("LSTM, 2 layers", f"hand-written {name}", size, "sampling", times, name, 1)
        for name in ("float32", "int8")
    ]


def reading(rounds: int = ROUNDS) -> list[Row]:
    """Texts of many lengths, read by an LSTM 128 in both directions: by hand and by torch's kernel;
    beside it torch.nn's layer on packed sequences, in the order in which the texts come."""
    times, tokens = evaluation.milliseconds(rounds)
    size = Size(evaluation.HIDDEN, evaluation.BATCH, tokens // evaluation.TEXTS)
    return [
        _row("LSTM, both ways", name, size, "evaluation", times, name, tokens)
        for name in ("hand-written", "fused")
    ]


def compare(pair: Pair, size: Size, phase: Phase, rounds: int = ROUNDS) -> Row:
    """One row: ours and torch's measured in turn, `rounds` times each."""
    hidden, batch, length = size
    x = torch.randn(length, batch, hidden, generator=torch.Generator().manual_seed(0))
    ours, theirs = pair.ours(hidden, hidden), pair.theirs(hidden, hidden)
    for layer in (ours, theirs):
        phase(layer, x)  # whatever is set up once is not measured
    calls = max(1, round(SHORTEST / milliseconds(phase, theirs, x, 1) * 1000))
    times: Times = {"ours": [], "torch.nn": []}
    for _ in range(rounds):
        for name, layer in zip(times, (ours, theirs), strict=True):
            times[name].append(milliseconds(phase, layer, x, calls))
    return _row(pair.cell, pair.implementation, size, phase.__name__, times, "ours")


def _row(
    cell: str,
    implementation: str,
    size: Size,
    phase: str,
    times: Times,
    name: str,
    tokens: int | None = None,
) -> Row:
    """One row from the milliseconds of several rounds: those of `name`, of "torch.nn" and, where it
    is known, of the "limit". `tokens` are those of one round."""
    own, rival = times[name], times["torch.nn"]
    each = -(-len(own) // RUNS)
    parts = [slice(start, start + each) for start in range(0, len(own), each)]
    ratios = [median(own[part]) / median(rival[part]) for part in parts]
    ours_ms, torch_ms = median(own), median(rival)
    return Row(
        cell,
        implementation,
        *size,
        phase,
        ours_ms,
        torch_ms,
        ours_ms / torch_ms,
        median(times["limit"]) / ours_ms if "limit" in times else None,
        (min(ratios), max(ratios)),
        None if tokens is None else tokens / ours_ms * 1000,
    )


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
        *("cell", "implementation", "H", "B", "T", "phase", "tokens/s"),
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
    *what, ours_ms, torch_ms, ratio, of_limit, runs, speed = astuple(row)
    share = "" if of_limit is None else f"{of_limit:.2f}"
    between = "" if runs is None else "–".join(f"{ratio:.2f}" for ratio in runs)
    tokens = "" if speed is None else f"{speed:.0f}"
    numbers = (f"{number:.2f}" for number in (ours_ms, torch_ms, ratio))
    return (*map(str, what), tokens, *numbers, between, share)
