"""What a beam search kept, as a tree."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, Protocol, runtime_checkable

STOP_WORD = "STOP"
"""How the end of a sentence is written where it counts as a word."""

NodeStatus = Literal["best", "finished", "open", "died"]


@dataclass(frozen=True)
class BeamNode:
    """A word that the search kept at one step: which node it follows (−1: where all begin), the
    word's probability, log p of all words up to it, its step from 1, and what became of it.

    best: on the sentence that won; finished: on another that ended; died: on none.
    """

    parent: int
    word: str
    probability: float
    total: float
    step: int
    status: NodeStatus


@runtime_checkable
class BeamTree(Protocol):
    """What was found by a search: its tree and settings; the first `forced` words were given."""

    @property
    def nodes(self) -> tuple[BeamNode, ...]: ...

    @property
    def width(self) -> int: ...

    @property
    def penalty(self) -> float: ...

    @property
    def forced(self) -> int: ...
