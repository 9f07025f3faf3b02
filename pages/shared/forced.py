"""Sentences whose first words were given: how likely these were, and what they cost."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Protocol

from engine.figures import style
from pages.shared.text import number, translator
from pages.shared.word_pills import Word

EQUAL = 0.005
"""Nats: a smaller difference of log p cannot be seen in two digits."""


class Written(Protocol):
    """A sentence that a network wrote: its text, and log p of all of it, in nats."""

    @property
    def text(self) -> str: ...

    @property
    def log_probability(self) -> float: ...


def likelihoods(given: Sequence[Word]) -> str:
    """How likely each given word was, and what the network would rather have said."""
    _ = translator()
    told = []
    for word in given:
        favourite, share = word.candidates[0] if word.candidates else (word.text, word.probability)
        p = style.percent(word.probability)
        if favourite == word.text:
            told.append(_("“{word}” {p}, its own choice").format(word=word.text, p=p))
        else:
            told.append(
                _("“{word}” {p} (likeliest: “{other}” {share})").format(
                    word=word.text, p=p, other=favourite, share=style.percent(share)
                )
            )
    return _("How likely they were: {list}.").format(list="; ".join(told))


def compared(forced: Written, free: Written) -> str:
    """The sentence with given words beside the one without, by log p."""
    _ = translator()
    if forced.text == free.text:
        return _("Left alone it says the same: log p = {total}.").format(
            total=number(free.log_probability)
        )
    less = free.log_probability - forced.log_probability
    if abs(less) < EQUAL:
        told = _("log p = {total}; left alone it says “{free}”, which is just as likely.")
    elif less > 0:
        told = _(
            "log p = {total}; left alone it says “{free}” with {other}: the sentence with given "
            "words is {factor} times less likely."
        )
    else:
        told = _(
            "log p = {total}; left alone it says “{free}” with {other}: the sentence with given "
            "words is {factor} times likelier."
        )
    factor = math.exp(min(abs(less), 500))
    return told.format(
        total=number(forced.log_probability),
        free=free.text,
        other=number(free.log_probability),
        factor=style.count(factor) if factor >= 10 else number(factor),
    )
