"""What the page is asked: in which direction, how the search runs, and on what."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from engine.device import AUTO
from engine.errors import N_, InputError
from engine.language import NAMES, identify, is_latin, lacks_accents
from engine.results import Sentence
from pages.parts.translation import inputs
from pages.parts.translation.session import (
    ALTERNATIVE,
    DIRECTIONS,
    LINE,
    SENTENCE,
    WORD,
    Query,
    best_search,
    cache,
    forget_marks,
    model,
)
from pages.shared import accents, beam, links, models
from pages.shared.text import _, literal, option_names

DIRECTION, PENALTY = "translation_direction", "translation_penalty"
SHOWN = 60
"""Characters of a line where one is chosen."""


def installed() -> list[str]:
    """The directions that can be translated in; InputError if there is none."""
    headers = models.translation_headers()
    found = [direction for direction in DIRECTIONS if model(direction) in headers]
    if not found:
        raise InputError(N_("The model {name} is not installed here."), name=model(DIRECTIONS[0]))
    return found


def settled_direction() -> str:
    """From which language to which."""
    known = installed()
    return links.choice(DIRECTION, known, known[0])


def direction() -> str:
    """The same, with its control and a button that turns it round."""
    known, chosen = installed(), settled_direction()
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.selectbox(
            _("Direction"),
            known,
            key=DIRECTION,
            format_func=option_names(known, named),
            label_visibility="collapsed",
            on_change=_turned,
            args=(chosen,),
            width=230,
        )
        st.button(
            _("Swap"),
            key="translation_swap",
            icon=":material/swap_horiz:",
            on_click=_swap,
            args=(chosen,),
            disabled=reverse(chosen) not in known,
        )
    return chosen


def named(direction: str) -> str:
    """A direction in words."""
    before, _arrow, after = direction.partition("-")
    return f"{_(NAMES[before])} → {_(NAMES[after])}"


def reverse(direction: str) -> str:
    """The way back."""
    return "-".join(reversed(direction.split("-")))


def _turned(before: str) -> None:
    after = str(st.session_state[DIRECTION] or before)
    inputs.turned(before, after)
    _retuned(before, after)


def _retuned(before: str, after: str) -> None:
    """The length penalty that suits the new direction, unless another one than the old one's was
    chosen."""
    if st.session_state.get(PENALTY) == f"{best_search(before).penalty:g}":
        links.set_values({PENALTY: f"{best_search(after).penalty:g}"})


def _swap(before: str) -> None:
    """A callback: the translation, if it is known, becomes the text."""
    after, (translated, text, found) = reverse(before), cache().last
    links.set_values({DIRECTION: after})
    _retuned(before, after)
    if found and translated == before and text == st.session_state.get(inputs.TEXT, text):
        inputs.take(found)
    else:
        inputs.turned(before, after)


def settings(direction: str) -> None:
    """The upload, and the popover with the search's settings."""
    with st.container(horizontal=True, gap="small"):
        inputs.upload()
        beam.settings(
            "translation", beam.search("translation", best_search(direction)), forget_marks
        )


def warn() -> None:
    """What the models know and what they guess, in plain words."""
    text = _(
        "The models are small, about 9 million weights each. They know everyday sentences and "
        "captions of photos (French), news, film subtitles and everyday sentences (Vietnamese): "
        "elsewhere they will be wrong, and still sound sure. Each sentence is translated for "
        "itself, without what stands around it."
    )
    st.caption(f":material/info: {text}")


def nothing() -> None:
    """What stands in the place of a translation while there is no text."""
    text = _("There is no text yet. Type a sentence, or choose an example.")
    st.info(text, icon=":material/info:")


def query(direction: str, text: str) -> Query:
    """What the link and the widgets say; InputError where nothing can be translated."""
    lines = inputs.lines(text)
    usable = [line for line in lines if line.sentences]
    if not usable:
        raise InputError(
            N_("The models know Latin letters only: English, French and Vietnamese can be read.")
        )
    ids = [str(line.number) for line in usable]
    at = links.choice(LINE, ids, ids[0])
    chosen = usable[ids.index(at)]
    search = beam.search("translation", best_search(direction))
    device = str(st.session_state.get("device", AUTO))
    return Query(direction, tuple(lines), chosen, search, device)


def line(query: Query) -> None:
    """Which of many lines the rest of the page speaks of."""
    usable = {str(line.number): line for line in query.lines if line.sentences}
    if len(usable) < 2:
        return
    names = {id: f"{id}. {short(line.text)}" for id, line in usable.items()}
    st.selectbox(
        _("The line that is looked at"),
        list(names),
        key=LINE,
        format_func=option_names(names, names.__getitem__),
        on_change=_other_line,
    )


def _other_line() -> None:
    chosen = str(st.session_state[LINE])
    forget_marks()
    links.set_values({LINE: chosen})


def sentence(whole: Sequence[Sentence]) -> None:
    """Which sentence of the chosen line is looked at."""
    if len(whole) < 2:
        return
    names = {str(k): f"{k + 1}. {short(found.source)}" for k, found in enumerate(whole)}
    st.selectbox(
        _("The sentence that is looked at"),
        list(names),
        key=SENTENCE,
        format_func=option_names(names, names.__getitem__),
        on_change=links.set_values,
        args=({ALTERNATIVE: "", WORD: ""},),
    )


def short(text: str) -> str:
    """A line, shortened, for a list to choose from."""
    return text if len(text) <= SHOWN else f"{text[: SHOWN - 1]}…"


def notice(direction: str, text: str) -> None:
    """Says so where the text seems to be of another language, and offers a direction that fits; or
    where Vietnamese has no accents, and offers to put them in."""
    expected, _arrow, target = direction.partition("-")
    if expected == "vi":
        if lacks_accents(text):
            warning = _(
                "This Vietnamese is typed without accents. The model has learnt from texts with "
                "accents and will misread much of it."
            )
            st.warning(warning, icon=":material/translate:")
        if accents.offer(text, "translation", inputs.take):
            return
    seems = identify(text, expected)
    if seems == expected or not is_latin(text):
        return
    text = _("This looks like {language}, but the model translates from {expected}.").format(
        language=_(NAMES[seems]), expected=_(NAMES[expected])
    )
    fitting = [known for known in installed() if known.startswith(f"{seems}-")]
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.warning(literal(text), icon=":material/translate:")
        if fitting:
            to = f"{seems}-{target}" if f"{seems}-{target}" in fitting else fitting[0]
            label = _("Translate {direction}").format(direction=named(to))
            st.button(label, key="translation_fit", on_click=_fit, args=(direction, to))


def _fit(before: str, after: str) -> None:
    forget_marks()
    links.set_values({DIRECTION: after})
    _retuned(before, after)
