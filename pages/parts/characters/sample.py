"""The answer: the text as it is written, each character coloured by how sure the network was."""

from __future__ import annotations

import streamlit as st

from engine.figures import characters as figures
from engine.results import Letter
from pages.parts.characters import compute, share
from pages.parts.characters.ask import MARK, Question
from pages.shared import figures as saving
from pages.shared import links, live, models
from pages.shared.text import decimal, literal, translator
from pages.shared.tokens import Token, tokens

SHORT, HEIGHT = 300, 440
"""Characters that need no scrolling; pixels that longer texts get, the panels being below."""


def draw(question: Question) -> int | None:
    """Reruns by itself while the text is being written. Returns the marked character's number:
    the tapped one, else the greatest surprise among the first; None before there are enough."""
    links.choice(MARK, ["", *map(str, range(question.length))], "")
    ticking = not compute.sample(question, compute.PATIENCE).ended
    st.fragment(_watch, run_every=live.TICK if ticking else None)(question, ticking)
    return marked(question, compute.sample(question))


def marked(question: Question, sample: compute.Sample) -> int | None:
    """Which character the panels below speak of."""
    held = str(st.session_state.get(MARK, ""))
    if held.isdigit() and int(held) < len(sample.letters):
        return int(held)
    if len(sample.letters) < min(question.length, compute.FIRST) and not sample.ended:
        return None
    first = sample.letters[: compute.FIRST]
    return figures.surprise(first) if first else None


def _watch(question: Question, ticking: bool) -> None:
    if not ticking and not links.is_syncing():
        st.rerun()  # a tap concerns the whole page
    _ = translator()
    sample = compute.sample(question)
    st.session_state[share.TEXT] = question.prompt + sample.text
    if not sample.ended or sample.stopped:
        _state(question, sample)  # above the text, or a growing text would carry it away
    tapped = _text(question, sample)
    if sample.letters:
        if sample.ended:
            told = figures.confidence_sentence(sample.letters, _, _number)
            st.caption(literal(told))
        _candidates(question, sample, tapped)
    if sample.ended and ticking:
        st.rerun()


def _text(question: Question, sample: compute.Sample) -> int | None:
    """Prompt and text; the prompt has no colour, since nobody asked how likely it is."""
    _ = translator()
    strange = unknown(question.prompt, models.characters(question.model).alphabet)
    if strange:
        told = _("The model has never seen {list} and leaves that out.")
        st.caption(told.format(list=literal(" ".join(strange[:20]))))
    with st.container(border=True, height=HEIGHT if question.length > SHORT else "content"):
        st.caption(_("Teal: it was sure. Orange: it took something unlikely. Tap a character."))
        return tokens(
            [*map(coloured, sample.letters)],
            key=MARK,
            label=_("The text, each character coloured by how sure the network was"),
            flowing=True,
            before=ending(question.prompt),
            marked=marked(question, sample),
        )


def unknown(prompt: str, alphabet: str) -> list[str]:
    """The prompt's characters that the model has never seen, each once."""
    return list(dict.fromkeys(figures.shown(c) for c in prompt if c not in alphabet))


def ending(prompt: str, room: int = 200) -> str:
    """The prompt, or what fits of its end."""
    return prompt if len(prompt) <= room else "…" + prompt[-room:]


def coloured(letter: Letter) -> Token:
    """A character with its colour and, in words, its probability; a line's end shows its sign."""
    text = "↵\n" if letter.text == "\n" else letter.text
    return Token(
        text=text,
        value=figures.confidence(letter),
        continues=False,
        title=figures.told(letter),
        room=1.0,
    )


def _state(question: Question, sample: compute.Sample) -> None:
    """What is under way, with a way to stop it, or what was stopped."""
    _ = translator()
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        if sample.stopped:
            text = _("Stopped after {count} characters.")
            st.caption(text.format(count=decimal(len(sample.letters), 0)))
            st.button(_("Write it again"), icon=":material/replay:", on_click=compute.again)
            return
        if sample.place:
            text = _("Waiting for a free processor: place {place} in the queue.")
            st.caption(text.format(place=sample.place))
        else:
            text = _("Writing: {count} of {length} characters.")
            st.caption(
                text.format(
                    count=decimal(len(sample.letters), 0), length=decimal(question.length, 0)
                )
            )
        st.button(
            _("Stop writing"), icon=":material/stop:", on_click=compute.stop, args=(question,)
        )


def _candidates(question: Question, sample: compute.Sample, tapped: int | None) -> None:
    """The five likeliest characters in the marked place."""
    _ = translator()
    place = marked(question, sample)
    if place is None:
        return
    letter = sample.letters[place]
    before = (question.prompt + sample.text)[: len(question.prompt) + place][-18:]
    text = (
        _("In place of the tapped “{letter}”, after “{before}”:")
        if tapped is not None
        else _("Its boldest choice so far, “{letter}” after “{before}”:")
    )
    st.markdown(
        "**"
        + text.format(
            letter=literal(figures.shown(letter.text)), before=literal(figures.shown(before))
        )
        + "**"
    )
    st.plotly_chart(
        figures.candidates(letter, _),
        key="characters_rivals",
        config=saving.config("alternatives"),
        alt=figures.candidates_alt(letter, _),
    )


def _number(value: float) -> str:
    return decimal(value, 2)
