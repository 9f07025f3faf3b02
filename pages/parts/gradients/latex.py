"""Slide 29 with the numbers of one step, as lines of LaTeX that fit a phone."""

from __future__ import annotations

from engine.results import ByHand, Floats
from pages.shared.text import decimal


def vector(values: Floats) -> str:
    """A column."""
    return _matrix([[float(value)] for value in values])


def step(hand: ByHand, t: int, from_y: str, from_future: str) -> list[str]:
    """∂e/∂h_t from its two parts, then the second part with every factor."""
    total, now = hand.total[t - 1], hand.from_output[t - 1]
    later = hand.from_future[t - 1]
    lines = [
        rf"\frac{{\partial e}}{{\partial h_{{{t}}}}} = {vector(total)} = "
        rf"\underbrace{{{vector(now)}}}_{{\text{{{from_y}}}_{{{t}}}}} + "
        rf"\underbrace{{{vector(later)}}}_{{\text{{{from_future}}}}}"
    ]
    if t == hand.steps:
        return lines
    slope, after = hand.slope[t], hand.total[t]
    state = rf"h_{{{t + 1}}}"
    factor, arriving = rf"1 - {state}^2", rf"\frac{{\partial e}}{{\partial {state}}}"
    product = vector(slope * after)
    matrix = _matrix(hand.W_h.T.tolist())
    small = r"\footnotesize " if len(hand.W_h) > 2 else ""  # or it is wider than a phone
    return [
        *lines,
        rf"{vector(later)} = W_h^\top\left[\left({factor}\right) \odot {arriving}\right]",
        rf"\underbrace{{{vector(slope)}}}_{{{factor}}} \odot "
        rf"\underbrace{{{vector(after)}}}_{{\partial e / \partial {state}}} = {product}",
        rf"{small}\underbrace{{{matrix}}}_{{W_h^\top}} {product} = {vector(later)}",
    ]


def _matrix(rows: list[list[float]]) -> str:
    body = r" \\ ".join(" & ".join(_number(value) for value in row) for row in rows)
    return rf"\begin{{bmatrix}} {body} \end{{bmatrix}}"


def _number(value: float) -> str:
    """Two decimals; a decimal comma is not to be spaced like one in a list."""
    return decimal(value, 2).replace(",", "{,}")
