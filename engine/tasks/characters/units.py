"""What single units do: which follow something that a reader can name, and which are on in a
stretch of the text and off elsewhere (the question of LSTMVis, Strobelt et al. 2018).
"""

from __future__ import annotations

import numpy as np
from jaxtyping import Bool, Float

from engine.results import Floats, StateTrace, UnitInStretch, UnitMatch

OPENING, CLOSING = "“«", "”»"

ON = 0.3
"""A unit is on where its h, with one sign, is at least this share of its largest size."""

MOST = 0.5
"""Share of a stretch at which a unit has to be on, at least, to be named."""


def features(text: str) -> dict[str, Float[Floats, " T"]]:
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


def unit_matches(trace: StateTrace, unit_count: int) -> tuple[UnitMatch, ...]:
    """For every feature that varies, its share of `unit_count` units with the largest correlation,
    all together sorted by its size. Units that do not move follow nothing."""
    h = trace.h - trace.h.mean(0)
    spread = np.sqrt((h**2).sum(0))
    found = []
    named = {name: f for name, f in features(trace.text).items() if f.std() > 0}
    for name, feature in named.items():
        centred = feature - feature.mean()
        size = spread * np.sqrt((centred**2).sum())
        with np.errstate(invalid="ignore", divide="ignore"):
            correlation = np.where(size > 1e-9, h.T @ centred / size, 0.0)
        best = np.argsort(-np.abs(correlation))[: max(1, unit_count // len(named))]
        found += [UnitMatch(int(k), name, float(correlation[k])) for k in best]
    return tuple(sorted(found, key=lambda match: -abs(match.correlation)))


def is_on(trace: StateTrace, unit: int, sign: int) -> Bool[np.ndarray, " T"]:
    """(T,) where the unit's h, times `sign`, is at least `ON` of its largest size."""
    h = sign * trace.h[:, unit]
    return np.asarray((h >= ON * np.abs(h).max()) & (h > 0))


def units_in_stretch(
    trace: StateTrace, start: int, stop: int, unit_count: int
) -> tuple[UnitInStretch, ...]:
    """The units that are on at most of the characters `start` to `stop` (not included) and least
    elsewhere, the largest difference of both shares first."""
    inside = np.zeros(len(trace.h), dtype=bool)
    inside[start:stop] = True
    largest = np.abs(trace.h).max(0)
    found = []
    for sign in (1, -1):
        on = (sign * trace.h >= ON * largest) & (sign * trace.h > 0)
        here = on[inside].mean(0)
        elsewhere = on[~inside].mean(0) if not inside.all() else np.zeros(len(here))
        found += [
            UnitInStretch(int(k), sign, float(here[k]), float(elsewhere[k]))
            for k in np.flatnonzero(here > MOST)
        ]
    return tuple(sorted(found, key=lambda unit: unit.elsewhere - unit.here)[:unit_count])


def other_places(
    trace: StateTrace, unit: int, sign: int, start: int, stop: int, count: int
) -> tuple[tuple[int, int], ...]:
    """Where else the unit is on without a break: the longest passages outside the stretch, each as
    its first character and the one after its last, in the order of the text."""
    on = is_on(trace, unit, sign)
    on[start:stop] = False
    edges = np.flatnonzero(np.diff(np.concatenate([[False], on, [False]]).astype(int)))
    passages = [(int(a), int(b)) for a, b in zip(edges[::2], edges[1::2], strict=True)]
    return tuple(sorted(sorted(passages, key=lambda each: each[0] - each[1])[:count]))
