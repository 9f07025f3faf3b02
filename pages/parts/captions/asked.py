"""What the views ask of the captioner, through the queue, and how they show words with numbers."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator, Sequence
from typing import TypeVar

import streamlit as st

from engine.figures import style
from engine.results import CaptionWord
from engine.tasks.captions import Describer
from pages.parts.captions.shown import MODEL, Shown
from pages.shared import jobs, links, models
from pages.shared.text import decimal, literal, translator
from pages.shared.tokens import Token, tokens

Result = TypeVar("Result")


def describer(shown: Shown) -> Describer:
    """The captioner that the page speaks of."""
    return models.captions(MODEL, shown.device)


def once(shown: Shown, slot: str, key: Hashable, look: Callable[[jobs.Stop], Result]) -> Result:
    """One answer about the photo; asked again for another `key`, photo or device only."""

    def work(stop: jobs.Stop) -> Iterator[Result]:
        yield look(stop)

    whole = (shown.entry.id, shown.device, key)
    return jobs.wait(jobs.start(f"captions_{slot}", whole, work))[0]


def pills(words: Sequence[CaptionWord | str], key: str, label: str) -> None:
    """Words coloured by their probability (a bare text has none); the tapped one's rivals below."""
    _ = translator()
    links.choice(key, ["", *map(str, range(len(words)))], "")
    at = tokens([*map(_pill, words)], key=key, label=label, scale="sequential")
    word = words[at] if at is not None else None
    if isinstance(word, CaptionWord):
        told = _("“{word}”: {p}. Likeliest in its place: {list}.")
        st.caption(
            literal(
                told.format(word=word.text, p=style.percent(word.probability), list=_listed(word))
            )
        )


def _pill(word: CaptionWord | str) -> Token:
    if isinstance(word, str):
        return Token(text=word, value=None, continues=False, title=word, room=1.0)
    title = f"{word.text}: {style.percent(word.probability)}"
    return Token(text=word.text, value=word.probability, continues=False, title=title, room=1.0)


def _listed(word: CaptionWord) -> str:
    return ", ".join(f"{text} {style.percent(share)}" for text, share in word.rivals)


def number(value: float) -> str:
    """Two digits as the language writes them, with a true minus sign."""
    return decimal(value, 2).replace("-", "−")
