"""View: what each word does to the verdict, by reading the text without it."""

from __future__ import annotations

import numpy as np
import streamlit as st

from engine.device import AUTO
from engine.figures import style
from engine.figures.numbers import signed
from engine.figures.sentiment import influence
from engine.language import check
from engine.results import Influence
from pages.parts.sentiment import controls
from pages.parts.sentiment.controls import predictor, read
from pages.shared import jobs, links, views
from pages.shared.text import _, counter, listing, literal
from pages.shared.tokens import Token, tokens
from pages.shared.views import chart

WORD = "sentiment_word"

NAMED = 5
"""Words that the sentence about words that turn the verdict lists at most."""


def draw() -> None:
    """View: the strongest word in a sentence, all words coloured, the strongest as bars."""
    picture, side = views.stage()
    with side:
        query = controls.draw()
    with picture:
        model = predictor(query.name)
        text = read(query, check(query.text)).text
        key = (query.name, st.session_state.get("device", AUTO), text)
        # One more reading per word.
        found = jobs.once("sentiment_influence", key, lambda stop: model.influence(text, stop))
        st.markdown(f"**{literal(influence.sentence(found, _))}** {turning_sentence(found)}")
        _draw_words(found)
    if found.measured < len(found.words):
        note = _(
            "A long text: of its {all} words, those {count} were left out that the gradient says "
            "matter most; words without a colour were not measured."
        )
        st.caption(note.format(all=len(found.words), count=found.measured))
    st.caption(
        _(
            "What is measured: the text is read again once per word, without that word. "
            "Influence = margin with the word − margin without it, the margin being "
            "logit(positive) − logit(negative); that of the whole text is {margin}. This does "
            "not explain how the network computes, and it takes single words only: in “not "
            "good”, what either word does alone can mislead."
        ).format(margin=literal(signed(found.margin)))
    )


@st.fragment
def _draw_words(found: Influence) -> None:
    """All words coloured, the strongest as bars. A tap on a word reruns this part only."""
    links.choice(WORD, ["", *map(str, range(len(found.words)))], "")
    tapped = tokens(
        coloured_words(found), key=WORD, label=_("The text word by word, coloured by influence")
    )
    if tapped is None:
        st.caption(
            _("Teal speaks for positive, orange for negative. Tap a word to see its number.")
        )
    else:
        st.caption(literal(_word_sentence(found, tapped)))
    count = min(found.measured, influence.STRONGEST)
    bars, alt = influence.bars(found, _, tapped), influence.bars_alt(found, _)
    chart(bars, alt, "sentiment_influence", "influence")
    if count < len(found.words):
        st.caption(
            _("The {count} strongest of {all} words.").format(count=count, all=len(found.words))
        )


def coloured_words(found: Influence) -> list[Token]:
    """Each word with its colour by its share of the largest shift, and its number in words."""
    strengths = influence.relative_shifts(found)
    return [
        Token(
            text=word.text.strip() or "␣",
            value=strength if abs(shift) >= influence.NEGLIGIBLE else None,
            continues=False,
            title=f"{word.text.strip()}: "
            + (signed(float(shift)) if np.isfinite(shift) else _("not measured")),
            room=1.0,
        )
        for word, shift, strength in zip(found.words, found.shifts, strengths, strict=True)
    ]


def _word_sentence(found: Influence, tapped: int) -> str:
    """What the tapped word's number says."""
    shift = float(found.shifts[tapped])
    if not np.isfinite(shift):
        word = found.words[tapped].text.strip()
        return _("“{word}” was not measured: the text is long.").format(word=word)
    if abs(shift) < influence.NEGLIGIBLE:
        text = _("“{word}”: the margin hardly changes without it ({shift}).")
    elif shift > 0:
        text = _(
            "“{word}” speaks for positive ({shift}): without it the margin would be {without} "
            "instead of {margin}."
        )
    else:
        text = _(
            "“{word}” speaks for negative ({shift}): without it the margin would be {without} "
            "instead of {margin}."
        )
    return text.format(
        word=found.words[tapped].text.strip(),
        shift=signed(shift),
        without=signed(found.margin - shift),
        margin=signed(found.margin),
    )


def turning_sentence(found: Influence) -> str:
    """Whether leaving one word out would turn the verdict, as Markdown."""
    n_ = counter()
    words = influence.turning(found)
    sides = [style.label_name(label, _) for label in ("positive", "negative")]
    ahead, behind = sides if found.margin > 0 else sides[::-1]
    two = len(found.verdict.labels) == 2
    if not words and two:
        return _(
            "No single word turns the verdict: it stays {label} whichever is left out."
        ).format(label=ahead)
    if not words:
        return _(
            "No single word puts {other} ahead of {label}. (The margin ignores “neutral”.)"
        ).format(label=ahead, other=behind)
    text = (
        n_(
            "Leaving out one word would turn the verdict to {label}: {words}.",
            "Leaving out any one of {n} words would turn the verdict to {label}: {words}.",
            len(words),
        )
        if two
        else n_(
            "Leaving out one word would put {label} ahead of {other}: {words}.",
            "Leaving out any one of {n} words would put {label} ahead of {other}: {words}.",
            len(words),
        )
    )
    quoted = [f"“{literal(found.words[k].text.strip())}”" for k in words[:NAMED]]
    named = listing([*quoted, "…"] if len(words) > NAMED else quoted)
    return text.format(n=len(words), label=behind, other=ahead, words=named)
