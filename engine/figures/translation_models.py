"""What the translators that are compared are called, and how their lines are drawn everywhere."""

from __future__ import annotations

from dataclasses import dataclass

from engine.figures.style import NEUTRAL, Translate, cell_style


@dataclass(frozen=True)
class Kind:
    """How a translator is built. The large one has two directions and two layers."""

    cell: str
    attention: bool
    reverse: bool = False
    large: bool = False


def kind(name: str) -> Kind:
    """By the name of a shipped one, such as `translate-fr-en-lstm-attention`."""
    _translate, _source, _target, *built = name.split("-")
    if not built:
        return Kind("lstm", attention=True, large=True)
    return Kind(built[0], "attention" in built, "reversed" in built)


def title(kind: Kind, _: Translate) -> str:
    """RNN, LSTM or GRU, and what else it has."""
    if kind.large:
        return _("the large model")
    cell = cell_style(kind.cell).title
    if kind.reverse:
        return _("{cell}, source reversed").format(cell=cell)
    return _("{cell} with attention").format(cell=cell) if kind.attention else cell


def line(kind: Kind) -> dict[str, object]:
    """Colour by cell, dashes by what it has; the large one grey."""
    colour = NEUTRAL if kind.large else cell_style(kind.cell).colour
    dash = "dashdot" if kind.reverse else "dot" if kind.attention and not kind.large else "solid"
    return {"color": colour, "width": 2.5, "dash": dash}


def marker(kind: Kind) -> dict[str, object]:
    """Shape by cell, open with attention; the large one a star."""
    if kind.large:
        return {"symbol": "star", "size": 9}
    symbol = "triangle-left" if kind.reverse else cell_style(kind.cell).symbol
    return {"symbol": symbol + ("-open" if kind.attention else ""), "size": 8}
