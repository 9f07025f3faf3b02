"""The beam in words: sentences that ended, where greedy choice leaves the best, what ranks them."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence

from engine.figures.style import SUPERSCRIPTS, Translate, percent
from engine.results import STOP_WORD, BeamNode, BeamTree

Number = Callable[[float], str]


def ends(found: BeamTree) -> list[int]:
    """The last node of every sentence that ended, the best sentence first."""
    parents = {node.parent for node in found.nodes}
    leaves = [k for k, n in enumerate(found.nodes) if k not in parents and n.status != "died"]
    return sorted(leaves, key=lambda k: (found.nodes[k].status != "best", -worth(found, k)))


def line(nodes: Sequence[BeamNode], last: int) -> list[int]:
    """A node and all that it follows, the first word first."""
    found: list[int] = []
    while last >= 0:
        found.insert(0, last)
        last = nodes[last].parent
    return found


def worth(found: BeamTree, k: int) -> float:
    return found.nodes[k].total / math.pow(found.nodes[k].step, found.penalty)


def departure(nodes: Sequence[BeamNode]) -> tuple[BeamNode, BeamNode] | None:
    """Where always taking the likeliest word leaves the sentence that won: the word that it takes,
    and the winner's. None where it never does.

    The likeliest word after a beginning is kept whenever any other after the same one is.
    """
    for won in (node for node in nodes if node.status == "best"):
        siblings = [node for node in nodes if node.parent == won.parent]
        likeliest = max(siblings, key=lambda node: node.probability)
        if likeliest.probability > won.probability:
            return likeliest, won
    return None


def sentence(found: BeamTree, _: Translate) -> str:
    """How much was kept and what for, and whether greedy choice finds the same, from the tree."""
    won = sum(node.status == "best" for node in found.nodes)
    died = sum(node.status == "died" for node in found.nodes)
    kept = _(
        "Of {kept} boxes, all that was kept, {won} are on the sentence that won and {died} on none "
        "that ended."
    ).format(kept=len(found.nodes), won=won, died=died)
    left = departure(found.nodes)
    if left is None:
        same = _("Greedy choice finds the same sentence: it takes the likeliest box at every step.")
        return f"{kept} {same}"
    taken, instead = left
    told = _(
        "Greedy choice leaves it at step {step}: there “{taken}” ({p}) is likelier than "
        "“{instead}” ({q})."
    ).format(
        step=instead.step,
        taken=taken.word,
        p=percent(taken.probability),
        instead=instead.word,
        q=percent(instead.probability),
    )
    return f"{kept} {told}"


def worths(found: BeamTree, _: Translate, number: Number, most: int = 3) -> list[str]:
    """The first sentences with the division that orders them: −9.31 / 12 = −0.78."""
    told = []
    for k in ends(found)[:most]:
        node = found.nodes[k]
        words = [found.nodes[m].word for m in line(found.nodes, k)]
        text = _("“{words}”: {total} / {divisor} = {worth}")
        if found.penalty == 0:
            text = _("“{words}”: {worth}")
        told.append(
            text.format(
                words=" ".join(word for word in words if word != STOP_WORD),
                total=number(node.total),
                divisor=_power(node.step, found.penalty),
                worth=number(worth(found, k)),
            )
        )
    return told


def _power(base: int, exponent: float) -> str:
    """`12`, `√12` or `12¹·⁵`."""
    if exponent == 1:
        return str(base)
    if exponent == 0.5:
        return f"√{base}"
    return str(base) + f"{round(exponent, 2):g}".translate(SUPERSCRIPTS).replace(".", "·")
