"""The answer: the text as it is written, each character coloured by how sure the network was."""

from __future__ import annotations

import streamlit as st

from engine.figures import candidates
from engine.figures import characters as figures
from engine.figures.candidates import visible
from engine.results import Letter
from pages.parts.characters import compute
from pages.parts.characters.compute import SLOT, Sample
from pages.parts.characters.controls import FINISHED, MARK, Query
from pages.shared import links, models, streaming, views
from pages.shared.text import _, decimal, literal
from pages.shared.tokens import Token, token, tokens

SHORT, HEIGHT = 300, 440
"""Characters that need no scrolling; pixels that longer texts get, the panels being below."""


def draw(query: Query) -> int | None:
    """Reruns by itself while the text is being written. Returns the marked character's number:
    the tapped one, else the greatest surprise among the first; None before there are enough."""
    links.choice(MARK, ["", *map(str, range(query.length))], "")
    ticking = not compute.sample(query, compute.PATIENCE).ended
    st.fragment(_watch, run_every=streaming.TICK if ticking else None)(query, ticking)
    return marked(query, compute.sample(query))


def marked(query: Query, sample: Sample) -> int | None:
    """Which character the panels below speak of."""
    marked_id = str(st.session_state.get(MARK, ""))
    if marked_id.isdigit() and int(marked_id) < len(sample.letters):
        return int(marked_id)
    if len(sample.letters) < min(query.length, compute.FIRST) and not sample.ended:
        return None
    first = sample.letters[: compute.FIRST]
    return figures.most_surprising(first) if first else None


def _watch(query: Query, ticking: bool) -> None:
    if not ticking and not links.is_syncing():
        st.rerun()  # a tap concerns the whole page
    sample = compute.sample(query)
    st.session_state[FINISHED] = query.prompt + sample.text
    if not sample.ended or sample.stream.was_stopped:
        _status(query, sample)  # above the text, or a growing text would carry it away
    tapped = _text(query, sample)
    if sample.letters:
        if sample.ended:
            st.caption(literal(figures.confidence_sentence(sample.letters, _)))
        _candidates(query, sample, tapped)
    if sample.ended and ticking:
        st.rerun()


def _text(query: Query, sample: Sample) -> int | None:
    """Prompt and text; the prompt has no colour, since nobody asked how likely it is."""
    strange = unknown(query.prompt, models.characters(query.model).alphabet)
    if strange:
        note = _("The model has never seen {list} and leaves that out.")
        st.caption(note.format(list=literal(" ".join(strange[:20]))))
    with st.container(border=True, height=HEIGHT if query.length > SHORT else "content"):
        st.caption(_("Teal: it was sure. Orange: it took something unlikely. Tap a character."))
        return tokens(
            [*map(coloured, sample.letters)],
            key=MARK,
            label=_("The text, each character coloured by how sure the network was"),
            flowing=True,
            before=ending(query.prompt),
            marked=marked(query, sample),
        )


def unknown(prompt: str, alphabet: str) -> list[str]:
    """The prompt's characters that the model has never seen, each once."""
    return list(dict.fromkeys(visible(c) for c in prompt if c not in alphabet))


def ending(prompt: str, room: int = 200) -> str:
    """The prompt, or what fits of its end."""
    return prompt if len(prompt) <= room else "…" + prompt[-room:]


def coloured(letter: Letter) -> Token:
    """A character with its colour and, in words, its probability; a line's end shows its sign."""
    text, p = letter.text, letter.probability
    title = candidates.tooltip(text, p)
    return token(text.replace("\n", "↵\n"), candidates.confidence(p), title)


def _status(query: Query, sample: Sample) -> None:
    """What is under way, with a way to stop it, or what was stopped."""
    count = decimal(len(sample.letters), 0)
    if sample.stream.was_stopped:
        text = _("Stopped after {count} characters.").format(count=count)
        streaming.stopped(SLOT, text, _("Write it again"), "replay")
        return
    text = _("Writing: {count} of {length} characters.").format(
        count=count, length=decimal(query.length, 0)
    )
    stop = _("Stop writing")
    streaming.status(sample.stream, lambda: st.caption(text), "characters_stop", stop)


def _candidates(query: Query, sample: Sample, tapped: int | None) -> None:
    """The five likeliest characters in the marked place."""
    place = marked(query, sample)
    if place is None:
        return
    letter = sample.letters[place]
    before = (query.prompt + sample.text)[: len(query.prompt) + place][-18:]
    text = (
        _("In place of the tapped “{letter}”, after “{before}”:")
        if tapped is not None
        else _("Its boldest choice so far, “{letter}” after “{before}”:")
    )
    text = text.format(letter=literal(visible(letter.text)), before=literal(visible(before)))
    st.markdown(f"**{text}**")
    bars, alt = candidates.bars(letter, _), candidates.bars_alt(letter, _)
    views.chart(bars, alt, "characters_rivals", "alternatives")
