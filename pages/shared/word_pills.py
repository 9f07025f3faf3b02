"""Words as pills, coloured by how likely each was; a tapped one tells what could have stood there.

For words that a network wrote one by one, on any page.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

import streamlit as st

from engine.figures import style
from pages.shared import links
from pages.shared.text import literal, translator
from pages.shared.tokens import Token, tokens


class Word(Protocol):
    """A written word: its probability, and the likeliest ones in its place with theirs."""

    @property
    def text(self) -> str: ...

    @property
    def probability(self) -> float: ...

    @property
    def candidates(self) -> tuple[tuple[str, float], ...]: ...


def pills(words: Sequence[Word | str], key: str, label: str) -> None:
    """Words coloured by their probability (a bare text has none); the tapped one's candidates."""
    _ = translator()
    links.choice(key, ["", *map(str, range(len(words)))], "")
    at = tokens([*map(_pill, words)], key=key, label=label, scale="sequential")
    word = words[at] if at is not None else None
    if word is not None and not isinstance(word, str):
        told = _("“{word}”: {p}. Likeliest in its place: {list}.")
        st.caption(
            literal(
                told.format(word=word.text, p=style.percent(word.probability), list=_listed(word))
            )
        )


def _pill(word: Word | str) -> Token:
    if isinstance(word, str):
        return Token(text=word, value=None, continues=False, title=word, room=1.0)
    title = f"{word.text}: {style.percent(word.probability)}"
    return Token(text=word.text, value=word.probability, continues=False, title=title, room=1.0)


def _listed(word: Word) -> str:
    return ", ".join(f"{text} {style.percent(share)}" for text, share in word.candidates)
