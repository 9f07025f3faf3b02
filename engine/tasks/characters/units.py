"""Which hidden units follow something that a reader can name (Karpathy et al. 2016)."""

from __future__ import annotations

import numpy as np

from engine.results import Floats, StateTrace, UnitMatch

OPENING, CLOSING = "“«", "”»"


def features(text: str) -> dict[str, Floats]:
    """What a unit could follow, each (T,): the line's length so far, inside quotation marks or not,
    at a capital or not."""
    line, quote = np.zeros(len(text)), np.zeros(len(text))
    length, inside = 0, False
    for k, character in enumerate(text):
        length = 0 if character == "\n" else length + 1
        if character == '"':
            inside = not inside
        elif character in OPENING + CLOSING:
            inside = character in OPENING
        line[k], quote[k] = length, inside
    capital = np.array([float(character.isupper()) for character in text])
    return {"line": line, "quote": quote, "capital": capital}


def matches(memory: StateTrace, unit_count: int) -> tuple[UnitMatch, ...]:
    """For every feature that varies, its share of `unit_count` units with the largest correlation,
    all together sorted by its size. Units that do not move follow nothing."""
    h = memory.h - memory.h.mean(0)
    spread = np.sqrt((h**2).sum(0))
    found = []
    named = {name: f for name, f in features(memory.text).items() if f.std() > 0}
    for name, feature in named.items():
        centred = feature - feature.mean()
        size = spread * np.sqrt((centred**2).sum())
        with np.errstate(invalid="ignore", divide="ignore"):
            correlation = np.where(size > 1e-9, h.T @ centred / size, 0.0)
        best = np.argsort(-np.abs(correlation))[: max(1, unit_count // len(named))]
        found += [UnitMatch(int(k), name, float(correlation[k])) for k in best]
    return tuple(sorted(found, key=lambda match: -abs(match.correlation)))
