"""Back-propagation through time by hand: one step with its numbers, and the copies added up."""

from __future__ import annotations

import numpy as np
import pandas as pd
import streamlit as st

from engine.errors import InputError
from engine.figures import numbers, style
from engine.figures.gradients import paths
from engine.lab import paths_back
from engine.results import ByHand, Floats
from pages.parts.gradients.controls import SEEDS
from pages.shared import links, views
from pages.shared.header import show_error
from pages.shared.text import _, decimal, lesson, literal, option_names

WORD, UNITS, SEED = "gradients_word", "gradients_units", "gradients_hand_seed"
EXAMPLE = "hello"
STEP, MATRIX, ENTRY = "gradients_step", "gradients_matrix", "gradients_entry"


def draw() -> None:
    """The sum over the copies and slide 29 with the numbers of one step, the controls beside."""
    picture, side = views.stage(5, 2)
    with side:
        word = links.text(WORD, EXAMPLE)
        st.text_input(_("Word, letter by letter"), key=WORD, max_chars=20)
        units = views.pick(UNITS, _("Units"), ["2", "3"], default="2")
        seed = links.choice(SEED, SEEDS, "0")
        st.selectbox(_("Seed"), SEEDS, key=SEED, width=100)
        try:
            hand = paths_back.worked(word, int(units), int(seed))
        except InputError as error:
            show_error(error)
            st.caption(_("Shown instead: the example “{word}”.").format(word=EXAMPLE))
            hand = paths_back.worked(EXAMPLE, int(units), int(seed))
        which, place = _entry(hand)
    steps = [str(t) for t in range(hand.steps, 0, -1)]
    t = int(links.choice(STEP, steps, steps[min(1, hand.steps - 1)]))  # the first with a future
    with picture:
        left, right = st.columns(2, gap="medium")
        with left:
            _step(hand, t, steps, _)
        with right:
            _copies(hand, t, which, place, _)
    st.markdown(lesson("gradients")["hand"])
    steps_taken = range(hand.steps)
    st.dataframe(
        pd.DataFrame(
            {
                "t": [t + 1 for t in steps_taken],
                _("reads"): list(hand.word[:-1]),
                _("should say"): list(hand.word[1:]),
                _("‖from y‖"): _norms(hand.from_output),
                _("‖from the future‖"): _norms(hand.from_future),
                "‖∂e/∂h‖": _norms(hand.total),
                _("mean of 1 − h²"): [decimal(mean, 3) for mean in hand.slope.mean(axis=1)],
                _("‖copy of W_h‖"): _norms(hand.copies["h"]),
                _("‖copy of W_x‖"): _norms(hand.copies["x"]),
            }
        ),
        hide_index=True,
        alt=_("Each step: the parts of its gradient, the slope, and what its copies add"),
    )


def _norms(parts: Floats) -> list[str]:
    """The norm of each step's part, written out."""
    return [decimal(np.linalg.norm(part), 3) for part in parts]


def _step(hand: ByHand, t: int, steps: list[str], _: style.Translate) -> None:
    """∂e/∂h_t in numbers, with a button that goes one step further back."""
    with st.container(horizontal=True, vertical_alignment="bottom"):
        views.pick(STEP, _("Step t, from the last back to the first"), steps)
        st.button(
            _("One step back"),
            key="gradients_back",
            icon=":material/arrow_back:",
            disabled=t == 1,
            on_click=links.set_values,
            args=({STEP: str(t - 1)},),
        )
    letter, after = literal(hand.word[t - 1]), literal(hand.word[t])
    text = _("At t = {t} it reads “{letter}” and should say “{next}”: P = {p}, loss {loss} nats.")
    right = float(np.exp(-hand.losses[t - 1]))
    st.caption(
        text.format(
            t=t,
            letter=letter,
            next=after,
            p=literal(numbers.percent(right)),
            loss=decimal(float(hand.losses[t - 1])),
        )
    )
    for line in latex_lines(hand, t, _("from y"), _("from the future")):
        st.latex(line)


def _entry(hand: ByHand) -> tuple[str, tuple[int, int]]:
    """One number of W_h or W_x."""
    which = views.pick(MATRIX, _("Shared weight"), ["h", "x"], lambda m: f"W_{m}", "h")
    rows, columns = hand.autograd[which].shape
    places = {f"{i + 1}-{j + 1}": (i, j) for i in range(rows) for j in range(columns)}
    place = links.choice(ENTRY, places, "1-1")
    names = option_names(places, lambda p: paths.entry_name(which, *places[p]))
    st.selectbox(_("Its number"), list(places), key=ENTRY, format_func=names)
    return which, places[place]


def _copies(hand: ByHand, t: int, which: str, place: tuple[int, int], _: style.Translate) -> None:
    """What each copy adds to that number, and that it makes autograd's gradient."""
    row, column = place
    figure = paths.copies(hand, which, row, column, t, _)
    alt = paths.copies_alt(hand, which, row, column, _)
    views.chart(figure, alt, "gradients_copies", "copies-of-a-weight")
    said = _(
        "**The copies add up to autograd's gradient:** over all numbers of {matrix} the largest "
        "difference is {difference}."
    )
    worst = hand.difference(which)
    st.markdown(said.format(matrix=f"`W_{which}`", difference=numbers.rounding(worst)))
    views.pytorch(views.snippet("by-hand"), quiet=True)


def _vector(values: Floats) -> str:
    """A column."""
    return _matrix([[float(value)] for value in values])


def latex_lines(hand: ByHand, t: int, from_y: str, from_future: str) -> list[str]:
    """∂e/∂h_t from its two parts, then the second part with every factor."""
    total, now = hand.total[t - 1], hand.from_output[t - 1]
    later = hand.from_future[t - 1]
    lines = [
        rf"\frac{{\partial e}}{{\partial h_{{{t}}}}} = {_vector(total)} = "
        rf"\underbrace{{{_vector(now)}}}_{{\text{{{from_y}}}_{{{t}}}}} + "
        rf"\underbrace{{{_vector(later)}}}_{{\text{{{from_future}}}}}"
    ]
    if t == hand.steps:
        return lines
    slope, after = hand.slope[t], hand.total[t]
    state = rf"h_{{{t + 1}}}"
    factor, arriving = rf"1 - {state}^2", rf"\frac{{\partial e}}{{\partial {state}}}"
    product = _vector(slope * after)
    matrix = _matrix(hand.W_h.T.tolist())
    small = r"\footnotesize " if len(hand.W_h) > 2 else ""  # or it is wider than a phone
    return [
        *lines,
        rf"{_vector(later)} = W_h^\top\left[\left({factor}\right) \odot {arriving}\right]",
        rf"\underbrace{{{_vector(slope)}}}_{{{factor}}} \odot "
        rf"\underbrace{{{_vector(after)}}}_{{\partial e / \partial {state}}} = {product}",
        rf"{small}\underbrace{{{matrix}}}_{{W_h^\top}} {product} = {_vector(later)}",
    ]


def _matrix(rows: list[list[float]]) -> str:
    """Two decimals; a decimal comma is not to be spaced like one in a list."""
    numbers = ([decimal(value, 2).replace(",", "{,}") for value in row] for row in rows)
    body = r" \\ ".join(map(" & ".join, numbers))
    return rf"\begin{{bmatrix}} {body} \end{{bmatrix}}"
