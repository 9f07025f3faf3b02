"""The answer: the text as it is written, each character coloured by how sure the network was."""

from __future__ import annotations

import streamlit as st

from engine.figures import candidates, norms
from engine.figures import characters as figures
from engine.figures.candidates import visible
from engine.results import GradientProfile
from pages.parts.characters import compute, controls, inside
from pages.parts.characters.compute import SLOT, Sample
from pages.parts.characters.controls import FINISHED, MARK, Query
from pages.shared import gradient_panel, links, models, streaming, views
from pages.shared.text import _, decimal, literal
from pages.shared.tokens import tokens

HEIGHT = 330
"""Pixels of the text: what changes it stays in sight below it, on a phone too."""


def draw() -> None:
    """View: the text as it is written, beside what changes it; below it one character's rivals."""
    query = controls.settle()
    picture, side = views.stage()
    with side:
        controls.draw(query)
    with picture:
        controls.check(query)
        mark = draw_text(query)
    sample = compute.sample(query)
    text = compute.up_to(query, mark)
    if not text:
        st.caption(_("The rest of the page comes when there is enough text."))
        return
    if len(text) > 1:
        profile = compute.profiles(query, text, 1)[0]
        gradient_panel.headline("characters", sentence(profile))
    if sample.ended:
        sure = figures.confidence_sentence(sample.letters, _)
        st.markdown(literal(f"{inside.repeats(sample.text)} {sure}"))
    _candidates(query, sample, mark)
    inside.draw_greedy(query)
    st.caption(controls.about(query.model))


def draw_text(query: Query) -> int | None:
    """The text in colours; reruns by itself while it is being written.

    Returns the marked character's number: the tapped one, else the least probable of the first;
    None before there are enough.
    """
    links.choice(MARK, ["", *map(str, range(query.length))], "")
    ticking = not compute.sample(query, compute.PATIENCE).ended
    st.fragment(_watch, run_every=streaming.TICK if ticking else None)(query, ticking)
    return marked(query, compute.sample(query))


def sentence(profile: GradientProfile) -> str:
    """What the gradient of one network does, from which loss."""
    title = _(controls.TITLES.get(profile.name, profile.name))
    text = _("{network}, loss of “{last}”, {count} characters read. {sentence}")
    return text.format(
        network=title,
        last=visible(profile.verdict.labels[0]),
        count=len(profile.pieces),
        sentence=norms.sentence(profile, _, _("the first character")),
    )


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
    _text(query, sample)
    if sample.ended and ticking:
        st.rerun()


def _text(query: Query, sample: Sample) -> None:
    """Prompt and text; the prompt has no colour, since nobody asked how likely it is."""
    strange = unknown(query.prompt, models.characters(query.model).alphabet)
    if strange:
        note = _("The model has never seen {list} and leaves that out.")
        st.caption(note.format(list=literal(" ".join(strange[:20]))))
    with st.container(border=True, height=HEIGHT):
        tokens(
            [*map(inside.coloured, sample.letters)],
            key=MARK,
            label=_("The text, each character coloured by how sure the network was"),
            flowing=True,
            before=inside.ending(query.prompt),
            marked=marked(query, sample),
        )
    st.caption(_("Teal: over 50% probable. Orange: less than 50% probable. Tap a character."))


def unknown(prompt: str, alphabet: str) -> list[str]:
    """The prompt's characters that the model has never seen, each once."""
    return list(dict.fromkeys(visible(c) for c in prompt if c not in alphabet))


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


def _candidates(query: Query, sample: Sample, place: int | None) -> None:
    """The five likeliest characters in the marked place."""
    if place is None:
        return
    tapped = str(st.session_state.get(MARK, ""))
    letter = sample.letters[place]
    before = (query.prompt + sample.text)[: len(query.prompt) + place][-18:]
    text = (
        _("In place of the tapped “{letter}”, after “{before}”:")
        if tapped
        else _("The least probable character at the beginning, “{letter}” after “{before}”:")
    )
    text = text.format(letter=literal(visible(letter.text)), before=literal(visible(before)))
    st.markdown(f"**{text}**")
    bars, alt = candidates.bars(letter, _), candidates.bars_alt(letter, _)
    views.chart(bars, alt, "characters_rivals", "alternatives")
