"""Three tasks that need a long memory, and their batches as a pure function of (seed, step).

All three have a *lag*: the steps from what has to be remembered to where it is asked for.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from hashlib import blake2b

import torch
from jaxtyping import Bool, Float, Shaped
from torch import Tensor
from torch.nn.functional import one_hot

from engine.models.memory import MemoryBatch
from engine.results import SequenceExample

SYMBOLS = 8
LETTERS, BLANK, CALL = "ABCDEFGH", "·", "?"
"""How symbols are written out."""

COPIED = 3
"""Symbols that the copy task asks for."""

CLOSE = 0.1
"""How near to the true sum an answer of the adding task has to be."""


@dataclass(frozen=True)
class MemoryTask:
    """One task: what goes in, what is asked, and how often the best blind answer is right.

    `chance_level` is the accuracy of the best answer that looks at nothing.
    """

    id: str
    inputs: int
    outputs: int
    answers: int
    chance_level: float
    sample: Callable[[int, int, torch.Generator], MemoryBatch]

    def correct(
        self, answers: Float[Tensor, "A B K"], targets: Shaped[Tensor, "A B"]
    ) -> Bool[Tensor, "A B"]:
        """Which answers are right."""
        if self.outputs == 0:
            return (answers.squeeze(-1) - targets).abs() < CLOSE
        return answers.argmax(-1) == targets


def recall(lag: int, batch: int, generator: torch.Generator) -> MemoryBatch:
    """T = lag + 1 random symbols; asked at the last step: which was the first?"""
    symbols = torch.randint(SYMBOLS, (lag + 1, batch), generator=generator)
    return MemoryBatch(one_hot(symbols, SYMBOLS).float(), symbols[:1])


def copy(lag: int, batch: int, generator: torch.Generator) -> MemoryBatch:
    """Symbols, blanks, then as many calls: each symbol is asked for `lag` steps after it stood.

    Input 8 is the blank, 9 the call. T = COPIED + lag (Hochreiter & Schmidhuber 1997; Arjovsky
    et al. 2016).
    """
    symbols = torch.randint(SYMBOLS, (COPIED, batch), generator=generator)
    shown = torch.full((COPIED + lag, batch), SYMBOLS)
    shown[:COPIED] = symbols
    shown[-COPIED:] = SYMBOLS + 1
    return MemoryBatch(one_hot(shown, SYMBOLS + 2).float(), symbols)


def adding(lag: int, batch: int, generator: torch.Generator) -> MemoryBatch:
    """T = lag + 1 numbers from U(0, 1), two of them marked; asked at the last step: their sum.

    The first marked one stands in the first tenth, the second anywhere after that (after
    Hochreiter & Schmidhuber 1997).
    """
    steps = lag + 1
    early = max(1, steps // 10)
    numbers = torch.rand(steps, batch, generator=generator)
    first = torch.randint(early, (1, batch), generator=generator)
    second = torch.randint(early, steps, (1, batch), generator=generator)
    marks = torch.zeros(steps, batch).scatter_(0, torch.cat([first, second]), 1.0)
    return MemoryBatch(torch.stack([numbers, marks], -1), (numbers * marks).sum(0, keepdim=True))


TASKS = {
    "recall": MemoryTask("recall", SYMBOLS, SYMBOLS, 1, 1 / SYMBOLS, recall),
    "copy": MemoryTask("copy", SYMBOLS + 2, SYMBOLS, COPIED, 1 / SYMBOLS, copy),
    # The sum of two U(0, 1) has density 1 − |s − 1|; the best blind answer is 1.
    "adding": MemoryTask("adding", 2, 0, 1, 2 * CLOSE - CLOSE**2, adding),
}
"""Every task by its id."""


def batch(task: str, lag: int, size: int, seed: int, step: int, stream: str) -> MemoryBatch:
    """`size` sequences, always the same for the same arguments.

    `stream` keeps what is trained on apart from what is measured on.
    """
    digest = blake2b(f"{stream} {seed} {step}".encode(), digest_size=8).digest()
    generator = torch.Generator().manual_seed(int.from_bytes(digest, "big") >> 1)
    return TASKS[task].sample(lag, size, generator)


def examples(task: str, lag: int, seed: int, count: int) -> list[SequenceExample]:
    """The first `count` sequences that a race of this seed trains on, in letters and numbers."""
    inputs, targets = batch(task, lag, count, seed, 0, "train")
    if task == "adding":
        return [
            SequenceExample(
                inputs=tuple(f"{number:.2f}" for number, _ in inputs[:, k].tolist()),
                relevant=tuple(inputs[:, k, 1].nonzero().flatten().tolist()),
                answer=(f"{float(targets[0, k]):.2f}",),
            )
            for k in range(count)
        ]
    names = [*LETTERS[:SYMBOLS], BLANK, CALL]
    ids = inputs.argmax(-1)
    return [
        SequenceExample(
            inputs=tuple(names[i] for i in ids[:, k].tolist()),
            relevant=tuple(range(len(targets))),
            answer=tuple(names[i] for i in targets[:, k].tolist()),
        )
        for k in range(count)
    ]
