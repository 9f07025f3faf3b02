"""The beam as a tree of words: which branches won, ended or died."""

from __future__ import annotations

import math
from collections.abc import Callable

from engine.decoding import Beam
from engine.results.sentences import BeamNode, NodeStatus


def nodes(beam: Beam, word: Callable[[int], str]) -> tuple[BeamNode, ...]:
    """Every node that was kept, in the order of the search, with what became of it."""
    finished = {k for found in beam.hypotheses for k in _line(beam, found.node)}
    best = set(_line(beam, beam.hypotheses[0].node)) if beam.hypotheses else set()

    def status(k: int) -> NodeStatus:
        return "best" if k in best else "finished" if k in finished else "died"

    return tuple(
        BeamNode(
            node.parent, word(node.symbol), math.exp(node.log_p), node.total, node.step, status(k)
        )
        for k, node in enumerate(beam.nodes)
    )


def _line(beam: Beam, node: int) -> list[int]:
    """A node and all that it follows."""
    line = []
    while node >= 0:
        line.append(node)
        node = beam.nodes[node].parent
    return line
