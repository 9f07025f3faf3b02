"""The beam as a tree: a row of boxes for each step, one for each word that the search kept.

Steps go down, so that a phone never has to scroll sideways. The chosen sentence is the leftmost
column, bold with a thick line; words that lead to no sentence are in italics with dotted lines.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

import plotly.graph_objects as go

from engine.figures import updates
from engine.figures.drawing import INK
from engine.figures.numbers import SUPERSCRIPTS, number, percent
from engine.figures.style import N_, POSITIVE, QUIET, Translate, frame, plain
from engine.results import STOP_WORD, BeamNode, BeamTree

ABREAST = 5
"""Boxes side by side that a phone's screen has room for; of more, every second stands lower."""

UNIT = 44
"""Pixels from one box to the one below it."""

BOX, GAP, LEAST = 0.8, 0.55, 3
"""Height of a box and room between two steps, in units; columns that there are at least."""

PALE = "#4b555f"


@dataclass(frozen=True)
class Kind:
    """How words of one status are drawn: never by colour alone."""

    title: str
    fill: str
    edge: str
    thickness: float
    dash: str
    text: str
    """What stands around a word: bold, plain or in italics."""


KINDS = {
    "best": Kind(N_("the chosen sentence"), "#bfe0dc", POSITIVE, 3.5, "solid", "<b>{}</b>"),
    "finished": Kind(N_("another that ended"), "#d3e1f1", "#3d74b8", 1.5, "solid", "{}"),
    "died": Kind(N_("pruned"), "#e6e8ea", "#7f8a93", 1.0, "dot", "<i>{}</i>"),
}
Place = tuple[float, float]


def tree(found: BeamTree, root: str, _: Translate) -> go.Figure:
    """`root`, what all begins with, on top, then a row of boxes for each step."""
    places, levels, tops = _places(found.nodes)
    rows = max((y for _x, y in places), default=0.0) + 1
    slots = max(LEAST, *(x + 1 for x, _y in places))
    figure = frame(round(UNIT * (rows + 0.3)) + 72)
    for status, kind in KINDS.items():
        if any(node.status == status for node in found.nodes):
            _edges(figure, found.nodes, places, status, _(kind.title))
    start = (0.0, 0.0)
    half = 0.47 * levels
    _boxes(figure, [start, *places], ["best", *(n.status for n in found.nodes)], 2 * half)
    numbers = {k: place for place, k in enumerate(ends(found), 1)}
    texts = [_text(found, k, numbers, _) for k in range(len(found.nodes))]
    first = KINDS["best"].text.format(plain(root, 13))
    _texts(figure, [start, *places], [first, *texts], found)
    updates.xaxes(figure, range=[-half - 0.05, slots - 1 + half + 0.05], visible=False)
    updates.yaxes(
        figure,
        range=[rows - 0.4, -0.6],
        tickvals=list(tops.values()),
        ticktext=[str(step) for step in tops],
        title={"text": _("step"), "standoff": 6},
        showgrid=False,
    )
    return updates.layout(
        figure,
        margin={"l": 42, "r": 4, "t": 58, "b": 6},  # the legend stands below the button
        barmode="overlay",
        legend={"font": {"size": 12}},
    )


def tree_alt(found: BeamTree, _: Translate, most: int = 4) -> str:
    """The winning line word by word, other sentences, and how many boxes were pruned."""
    lasts = ends(found)
    won = line(found.nodes, lasts[0]) if lasts else []
    summary = _("Beam tree of width {width}. The chosen sentence: {words}.").format(
        width=found.width,
        words=", ".join(
            f"{found.nodes[k].word} {percent(found.nodes[k].probability)}" for k in won
        ),
    )
    others = [" ".join(found.nodes[m].word for m in line(found.nodes, k)) for k in lasts[1:]]
    if others:
        summary += " " + _("Others that ended: {list}.").format(list="; ".join(others[:most]))
    died = sum(node.status == "died" for node in found.nodes)
    return summary + " " + _("Boxes pruned: {count}.").format(count=died)


def _places(nodes: Sequence[BeamNode]) -> tuple[list[Place], int, dict[int, float]]:
    """Column and row of each node; how many columns a box is wide; each step's first row.

    Below the winner, which is leftmost, children stand in the order of their parents.
    """
    steps: dict[int, list[int]] = defaultdict(list)
    for k, node in enumerate(nodes):
        steps[node.step].append(k)
    widest = max((len(row) for row in steps.values()), default=1)
    levels = -(-widest // ABREAST)
    columns: dict[int, float] = {-1: 0.0}
    places: dict[int, Place] = {}
    tops: dict[int, float] = {}
    top = 1 + GAP
    for step in sorted(steps):
        row = sorted(
            steps[step],
            key=lambda k: (nodes[k].status != "best", columns[nodes[k].parent], -nodes[k].total),
        )
        tops[step] = top
        own = min(levels, -(-len(row) // ABREAST))
        for rank, k in enumerate(row):
            columns[k] = rank * levels / own
            places[k] = columns[k], top + rank % own
        top += own + GAP
    return [places[k] for k in range(len(nodes))], levels, tops


def _edges(
    figure: go.Figure, nodes: Sequence[BeamNode], places: Sequence[Place], status: str, title: str
) -> None:
    """All lines to words of one status, behind the boxes; the legend's entry."""
    xs: list[float | None] = []
    ys: list[float | None] = []
    for node, (x, y) in zip(nodes, places, strict=True):
        if node.status == status:
            above = places[node.parent] if node.parent >= 0 else (0.0, 0.0)
            xs += [above[0], x, None]
            ys += [above[1] + BOX / 2, y - BOX / 2, None]
    kind = KINDS[status]
    figure.add_scatter(
        x=xs,
        y=ys,
        mode="lines",
        line={"color": kind.edge, "width": kind.thickness, "dash": kind.dash},
        name=title,
        hoverinfo="skip",
        zorder=-1,
    )


def _boxes(
    figure: go.Figure, places: Sequence[Place], statuses: Sequence[str], width: float
) -> None:
    """A rectangle for each word, as bars of one trace."""
    kinds = [KINDS[status] for status in statuses]
    figure.add_bar(
        x=[x for x, _y in places],
        base=[y - BOX / 2 for _x, y in places],
        y=[BOX] * len(places),
        width=width,
        marker={
            "color": [kind.fill for kind in kinds],
            "line": {
                "color": [kind.edge for kind in kinds],
                "width": [min(2.5, kind.thickness) for kind in kinds],
            },
        },
        **QUIET,
    )


def _text(found: BeamTree, k: int, numbers: dict[int, int], _: Translate) -> str:
    """A word and its probability; of an end, which sentence it is."""
    node = found.nodes[k]
    word = f"{numbers[k]}. {node.word}" if k in numbers else node.word
    below = percent(node.probability)
    if node.step <= found.forced:
        below = _("given: {p}").format(p=below)
    return f"{KINDS[node.status].text.format(plain(word, 13))}<br>{below}"


def _texts(
    figure: go.Figure, places: Sequence[Place], texts: Sequence[str], found: BeamTree
) -> None:
    """Words in their boxes; long ones smaller."""
    longest = [9, *(len(node.word) for node in found.nodes)]
    statuses = ["best", *(node.status for node in found.nodes)]
    figure.add_scatter(
        x=[x for x, _y in places],
        y=[y for _x, y in places],
        mode="text",
        text=list(texts),
        textposition="middle center",
        textfont={
            "size": [12 if n <= 8 else 10 if n <= 10 else 9 for n in longest],
            "color": [PALE if status == "died" else INK for status in statuses],
        },
        cliponaxis=False,
        zorder=1,
        **QUIET,
    )


def ends(found: BeamTree) -> list[int]:
    """The last node of every sentence that ended, the best sentence first."""
    parents = {node.parent for node in found.nodes}
    leaves = [k for k, n in enumerate(found.nodes) if k not in parents and n.status != "died"]
    return sorted(leaves, key=lambda k: (found.nodes[k].status != "best", -score(found, k)))


def line(nodes: Sequence[BeamNode], last: int) -> list[int]:
    """A node and all that it follows, the first word first."""
    found: list[int] = []
    while last >= 0:
        found.insert(0, last)
        last = nodes[last].parent
    return found


def score(found: BeamTree, k: int) -> float:
    """log p / n^α of the sentence that ends in node `k`."""
    return found.nodes[k].total / math.pow(found.nodes[k].step, found.penalty)


def departure(nodes: Sequence[BeamNode]) -> tuple[BeamNode, BeamNode] | None:
    """Where always taking the likeliest word leaves the chosen sentence: the word that it takes,
    and the winner's. None where it never does.

    The likeliest word after a beginning is kept whenever any other after the same one is.
    """
    for won in (node for node in nodes if node.status == "best"):
        same_parent = [node for node in nodes if node.parent == won.parent]
        likeliest = max(same_parent, key=lambda node: node.probability)
        if likeliest.probability > won.probability:
            return likeliest, won
    return None


def sentence(found: BeamTree, _: Translate) -> str:
    """How much was kept and what for, and whether greedy choice finds the same, from the tree."""
    won = sum(node.status == "best" for node in found.nodes)
    died = sum(node.status == "died" for node in found.nodes)
    kept = _(
        "The beam kept {kept} boxes: {won} belong to the chosen sentence, {died} were pruned "
        "before their sentence ended."
    ).format(kept=len(found.nodes), won=won, died=died)
    left = departure(found.nodes)
    if left is None:
        same = _("Greedy choice finds the same sentence: it takes the likeliest box at every step.")
        return f"{kept} {same}"
    taken, instead = left
    summary = _(
        "Greedy choice leaves it at step {step}: there “{taken}” ({p}) is likelier than "
        "“{instead}” ({q})."
    ).format(
        step=instead.step,
        taken=taken.word,
        p=percent(taken.probability),
        instead=instead.word,
        q=percent(instead.probability),
    )
    return f"{kept} {summary}"


def score_lines(found: BeamTree, _: Translate, most: int = 3) -> list[str]:
    """The first sentences with the division that orders them: −9.31 / 12 = −0.78."""
    listed = []
    for k in ends(found)[:most]:
        node = found.nodes[k]
        words = [found.nodes[m].word for m in line(found.nodes, k)]
        text = _("“{words}”: {total} / {divisor} = {worth}")
        if found.penalty == 0:
            text = _("“{words}”: {worth}")
        n, power = str(node.step), f"{round(found.penalty, 2):g}"
        divisor = n + power.translate(SUPERSCRIPTS).replace(".", "·")  # `12¹·⁵`
        if found.penalty in (0.5, 1):
            divisor = n if found.penalty == 1 else f"√{n}"
        listed.append(
            text.format(
                words=" ".join(word for word in words if word != STOP_WORD),
                total=number(node.total),
                divisor=divisor,
                worth=number(score(found, k)),
            )
        )
    return listed
