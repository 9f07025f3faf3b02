"""Beam search on a page: its settings, and the sentences that it found to choose from."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TypeVar

import streamlit as st

from engine.decoding import Search
from engine.figures import beam as figures
from engine.results import Caption, Description, Sentence, Translation
from pages.shared import links, views
from pages.shared.text import _, literal, numeral

WIDTHS = tuple(str(width) for width in range(1, 11))
PENALTIES = ("0", "0.5", "1", "1.5")
Found = TypeVar("Found", Caption, Translation)

OFFERED = 4
"""Sentences to choose from: the best and three alternatives."""


def search(page: str, default: Search) -> Search:
    """What the link and the widgets of a page say; the rest is the default's."""
    width = links.choice(f"{page}_width", WIDTHS, str(default.width))
    penalty = links.choice(f"{page}_penalty", PENALTIES, f"{default.penalty:g}")
    return replace(default, width=int(width), penalty=float(penalty))


def settings(page: str, chosen: Search, forget: Callable[[], None]) -> None:
    """A popover with both; a change calls `forget`, since what is found will be other sentences."""
    width, penalty = f"{page}_width", f"{page}_penalty"
    label = _("Settings: beam width {width}, length penalty {penalty}").format(
        width=chosen.width, penalty=numeral(f"{chosen.penalty:g}")
    )
    with st.popover(label, icon=":material/tune:", key=f"{page}_settings"):
        links.resend(width, penalty)
        about = _("Beam width: how many beginnings go on side by side; 1 is greedy choice")
        views.pick_number(width, about, WIDTHS, on_change=forget)
        about = _("Length penalty: 0 favours short sentences, more favours long ones")
        views.pick(penalty, about, PENALTIES, numeral, on_change=forget)


def alternative(key: str, found: Sequence[Found]) -> Found:
    """The sentence that was picked of the first `OFFERED`, the best unless another was."""
    return found[int(links.choice(key, map(str, range(len(found[:OFFERED]))), "0"))]


def alternatives(
    key: str, found: Sequence[Found], label: str, score: Callable[[Found], str], *marks: str
) -> None:
    """Where another sentence is picked, best first. `score` says what the search ordered one by;
    `marks`, which belong to one sentence, are forgotten when another is picked."""
    offered = found[:OFFERED]
    st.radio(
        label,
        list(map(str, range(len(offered)))),
        key=key,
        format_func=lambda k: literal(offered[int(k)].text) or "…",
        captions=list(map(score, offered)),
        on_change=links.set_values,
        args=(dict.fromkeys(marks, ""),),
    )


TALL = 20
"""Steps from which on a tree fills more than a screen or two."""


def draw_tree(page: str, found: Description | Sentence, root: str, unit: str) -> None:
    """The beam as a tree, from `root` down, and the division that orders the sentences. `unit` says
    what a box is."""
    tree, alt = figures.tree(found, root, _), figures.tree_alt(found, _)
    st.markdown(f"**{literal(figures.sentence(found, _))}**")
    views.chart(tree, alt, f"{page}_tree", "beam-tree")
    text = _(
        "{unit}, with its probability after what stands above it; a row is a step. The width is "
        "how many beginnings go on side by side: the likeliest of all their ways to go on. Width 1 "
        "is greedy choice."
    )
    st.caption(text.format(unit=unit))
    if max((node.step for node in found.nodes), default=0) > TALL:
        st.caption(_("A row for each step: a long sentence has a tall tree."))
    st.markdown(
        _(
            "Sentences are ordered by their score, log p / n^α: n is the number of boxes down to "
            "STOP, and α the length penalty. Every box makes log p smaller, so α = 0 favours short "
            "sentences; α = 1 compares the mean per box, in nats:"
        )
    )
    lines = figures.score_lines(found, _)
    st.markdown("\n".join(f"1. {literal(line)}" for line in lines))
