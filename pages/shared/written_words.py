"""Words that a network wrote one by one: as pills to tap, and as sentences with given beginnings.

A pill is coloured by how likely its word was; the tapped one shows what could have stood there.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Protocol

import streamlit as st

from engine.figures import candidates, numbers
from engine.results import Caption, CaptionWord, Translation, WrittenWord
from pages.shared import links, views
from pages.shared.text import _, literal, number, percent
from pages.shared.tokens import Token, token, tokens

EQUAL = 0.005
"""Nats: a smaller difference of log p cannot be seen in two digits."""


class Word(Protocol):
    """A written word: its probability, and the likeliest ones in its place with theirs."""

    @property
    def text(self) -> str:
        """As it is read."""

    @property
    def probability(self) -> float:
        """What the network gave it."""

    @property
    def candidates(self) -> tuple[tuple[str, float], ...]:
        """The likeliest words there, best first."""


Written = Caption | Translation


def sentence(words: Sequence[tuple[str, float]], key: str, label: str, marked: int) -> None:
    """A sentence word by word, each with its probability, coloured by it; one word is `marked`."""
    tokens(
        [token(text, candidates.confidence(p), candidates.tooltip(text, p)) for text, p in words],
        key=key,
        label=label,
        marked=marked,
    )


def legend() -> str:
    """What the colours of a sentence's words mean."""
    text = _("Teal: more than {half} probable. Orange: less than {half} probable. Tap a word.")
    return text.format(half=percent(0.5))


def last_words(before: Sequence[str]) -> str:
    """The last words before a place, as Markdown."""
    return literal(" ".join(before[-4:]) or "START")


def in_its_place(chosen: CaptionWord | WrittenWord, heading: str, page: str) -> None:
    """What else could have stood in the place of a word, as bars below a heading (Markdown)."""
    st.markdown(f"**{heading}**")
    bars, alt = candidates.bars(chosen, _), candidates.bars_alt(chosen, _)
    views.chart(bars, alt, f"{page}_rivals", "rivals")


def pills(words: Sequence[Word | str], key: str, label: str) -> None:
    """Words coloured by their probability (a bare text has none); below, what else could have stood
    in the place of the tapped one."""

    def pill(word: Word | str) -> Token:
        if isinstance(word, str):
            return token(word, None, word)
        return token(
            word.text, word.probability, f"{word.text}: {numbers.percent(word.probability)}"
        )

    links.choice(key, ["", *map(str, range(len(words)))], "")
    at = tokens([*map(pill, words)], key=key, label=label, scale="sequential")
    word = words[at] if at is not None else None
    if word is not None and not isinstance(word, str):
        listed = ", ".join(f"{text} {numbers.percent(share)}" for text, share in word.candidates)
        text = _("“{word}”: {p}. Likeliest in its place: {list}.").format(
            word=word.text, p=numbers.percent(word.probability), list=listed
        )
        st.caption(literal(text))


def text_box(
    key: str,
    label: str,
    suggestions: Sequence[str],
    default: str,
    longest: int,
    marks: Sequence[str] = (),
    *,
    width: int = 520,
    suggestions_label: str | None = None,
    always: bool = True,
) -> str:
    """A line of text, `default` until another one is typed, and `suggestions` below to choose from.

    A text that was the default gives way when the default changes. `marks` are forgotten when the
    text changes. `always` as in `links.text`.
    """
    before = st.session_state.get(f"_{key}_default", default)
    text = links.text(key, default, always=always)
    if text == before != default or len(text) > longest:
        text = default if text == before else text[:longest]
        links.set_values({key: text})
    st.session_state[f"_{key}_default"] = default
    suggestion, nothing = f"{key}_example", dict.fromkeys(marks, "")

    def take() -> None:
        if (chosen := st.session_state[suggestion]) in suggestions:
            links.set_values({**nothing, key: chosen})

    st.text_input(
        label,
        key=key,
        max_chars=longest,
        on_change=links.set_values,
        args=(nothing,),
        width=width,
    )
    if suggestions:
        st.session_state[suggestion] = text if text in suggestions else None
        st.pills(
            suggestions_label or label,
            suggestions,
            key=suggestion,
            on_change=take,
            label_visibility="collapsed",
        )
    return text


def completion(
    given: Sequence[Word],
    added: Sequence[Word],
    forced: Written,
    free: Written,
    keys: tuple[str, str],
    labels: tuple[str, str],
) -> None:
    """The sentence `forced`, whose first words were given, beside what the network writes alone.

    `keys` are those of the two rows of pills; `labels` say what stands above the second row, and
    name it.
    """
    st.markdown(f"#### {literal(forced.text)}", anchors=False)
    st.caption(_("Given words"))
    pills(given, keys[0], _("The given words"))
    st.caption(literal(likelihoods(given)))
    st.caption(labels[0])
    pills(added, keys[1], labels[1])
    st.markdown(f"**{literal(compared(forced, free))}**")
    st.caption(
        _(
            "log p counts the given words too, in nats. The search orders by score and keeps few "
            "beginnings, so a given one may even end likelier than its own."
        )
    )


def likelihoods(given: Sequence[Word]) -> str:
    """How likely each given word was, and what the network would rather have said."""
    listed = []
    for word in given:
        favourite, share = word.candidates[0] if word.candidates else (word.text, word.probability)
        p = numbers.percent(word.probability)
        if favourite == word.text:
            listed.append(_("“{word}” {p}, its own choice").format(word=word.text, p=p))
        else:
            listed.append(
                _("“{word}” {p} (likeliest: “{other}” {share})").format(
                    word=word.text, p=p, other=favourite, share=numbers.percent(share)
                )
            )
    return _("How likely they were: {list}.").format(list="; ".join(listed))


def compared(forced: Written, free: Written) -> str:
    """The sentence with given words beside the one without, by log p."""
    if forced.text == free.text:
        return _("Left alone it says the same: log p = {total}.").format(
            total=number(free.log_probability)
        )
    less = free.log_probability - forced.log_probability
    if abs(less) < EQUAL:
        text = _("log p = {total}; left alone it says “{free}”, which is just as likely.")
    elif less > 0:
        text = _(
            "log p = {total}; left alone it says “{free}” with {other}: the sentence with given "
            "words is {factor} times less likely."
        )
    else:
        text = _(
            "log p = {total}; left alone it says “{free}” with {other}: the sentence with given "
            "words is {factor} times likelier."
        )
    factor = math.exp(min(abs(less), 500))
    return text.format(
        total=number(forced.log_probability),
        free=free.text,
        other=number(free.log_probability),
        factor=numbers.count(factor) if factor >= 10 else number(factor),
    )
