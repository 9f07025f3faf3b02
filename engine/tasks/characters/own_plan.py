"""What somebody's own character model is trained with, and on: sizes are bounded here."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from typing import Any

from engine.cells import CELLS, DEFAULT_CELL
from engine.errors import N_, InputError

MEGABYTES = 2
LARGEST = MEGABYTES * 2**20
"""Bytes that a text may have in UTF-8."""

LEAST = 200
"""Characters that a text needs."""

MOST_KINDS = 512
"""Different characters that a text may have: the input is one-hot over them."""

MOST_HIDDEN, MOST_LAYERS, MOST_STEPS, MOST_ITERATIONS = 256, 3, 200, 3000
MOST_ROWS, WINDOWS = 16, 4
"""At most so many streams side by side, each of at least so many windows: else no stream would
ever go on from a state, and truncation would show nothing."""

_CONTROLS = dict.fromkeys(k for k in (*range(32), *range(127, 160)) if chr(k) not in "\n\t")


@dataclass(frozen=True)
class Plan:
    """One training. InputError where a size is out of bounds.

    Args:
        steps: characters that the gradient sees: truncated BPTT.
        rate: learning rate of Adam.
        clip: the largest gradient norm; 0 turns clipping off.
        seconds: of computing, after which it ends, whatever the iterations.
    """

    cell: str = DEFAULT_CELL
    hidden: int = 128
    layers: int = 1
    steps: int = 50
    rate: float = 0.01
    clip: float = 1.0
    iterations: int = 300
    seed: int = 0
    seconds: float = 300.0

    def __post_init__(self) -> None:
        if self.cell not in CELLS:
            raise InputError(N_("There is no cell called {name}."), name=str(self.cell)[:20])
        check_size("hidden", self.hidden, MOST_HIDDEN)
        check_size("layers", self.layers, MOST_LAYERS)
        check_size("steps", self.steps, MOST_STEPS)
        check_size("iterations", self.iterations, MOST_ITERATIONS)
        if not (0 < self.rate <= 1 and self.clip >= 0 and 0 < self.seconds <= 3600):
            raise InputError(N_("Rate, clipping or time are out of bounds."))

    def rows(self, characters: int) -> int:
        """Streams that a text of so many characters is read in."""
        return max(1, min(MOST_ROWS, characters // (WINDOWS * self.steps)))


@dataclass(frozen=True)
class OwnText:
    """A text that can be learnt from, and every character it has, sorted."""

    text: str
    alphabet: str


def check_size(name: str, value: Any, most: int) -> int:
    """`value` if it is a whole number from 1 to `most`; InputError otherwise."""
    if type(value) is not int or not 1 <= value <= most:
        raise InputError(
            N_("{name} must be a whole number from 1 to {most}, not {value}."),
            name=name,
            most=most,
            value=str(value)[:20],
        )
    return value


def decode(name: str, data: bytes) -> str:
    """The text of an uploaded file; InputError if it is too large or not UTF-8."""
    _refuse_large(len(data))
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise InputError(
            N_("{file} is not UTF-8 text. Save it as UTF-8 and try again."), file=name
        ) from error


def check(text: str) -> OwnText:
    """The text in NFC with \\n line ends; InputError, saying why, if nothing can be learnt from it.

    Control characters other than line ends and tabs are left out.
    """
    try:
        _refuse_large(len(text.encode()))
    except UnicodeEncodeError as error:
        raise InputError(N_("The text has characters that UTF-8 cannot write.")) from error
    lines = text.replace("\r\n", "\n").replace("\r", "\n")
    whole = unicodedata.normalize("NFC", lines)
    kept = whole.translate(_CONTROLS)
    if len(kept.strip()) < LEAST:
        raise InputError(
            N_(
                "The text has {count} characters; at least {least} are needed, and some thousand "
                "are better: a network learns from what comes again and again."
            ),
            count=len(kept.strip()),
            least=LEAST,
        )
    kinds = sorted(set(kept))
    if len(kinds) < 2:
        raise InputError(
            N_(
                "The text consists of one character only, so there is nothing to predict: what "
                "comes next is always the same."
            )
        )
    if len(kinds) > MOST_KINDS:
        raise InputError(
            N_(
                "The text has {count} different characters; at most {most} are possible, since "
                "each one is an input and an output of the network."
            ),
            count=len(kinds),
            most=MOST_KINDS,
        )
    return OwnText(kept, "".join(kinds))


def _refuse_large(size: int) -> None:
    if size > LARGEST:
        raise InputError(
            N_("The text has {size} MB; at most {most} MB can be trained on here."),
            size=f"{size / 2**20:.1f}",
            most=MEGABYTES,
        )
