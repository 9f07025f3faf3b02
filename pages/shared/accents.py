"""An offer to put the marks into Vietnamese that was typed without them, for pages that read text.

What was put in is said as long as the text stands as it was put in.
"""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from engine.device import AUTO
from engine.errors import InputError
from engine.language import lacks_accents
from pages.shared import jobs, models
from pages.shared.header import show_error
from pages.shared.text import _, literal, percent

MODEL = "accents-vi"
_DONE = "_accents_put_in"
"""Where the session keeps the last text that marks were put into, and what was typed."""


def is_wanted(text: str) -> bool:
    """Whether the text is Vietnamese without marks, and there is a network that knows them."""
    return MODEL in models.accents_headers() and lacks_accents(text)


def restored(text: str) -> str:
    """The text with its marks; InputError where it is too long."""
    device = str(st.session_state.get("device", AUTO))
    predictor = models.accents(MODEL, device)
    found = jobs.once(
        "accents_offer",
        (device, text),
        lambda stop: predictor.restore([text.replace("\r", "")], stop)[0],
    )
    return found.text


def offer(text: str, key: str, take: Callable[[str], None]) -> bool:
    """A button that has the marks put in, or, once they are, a note that says so and takes it back;
    returns whether there is either.

    `take` is called with the text that is to stand in the page's box.
    """
    done, typed = st.session_state.get(_DONE, ("", ""))
    if done and done == text:
        with st.container(horizontal=True, vertical_alignment="center", gap="small"):
            st.caption(_note(), width="content")
            st.button(
                _("As typed"), key=f"{key}_as_typed", icon=":material/undo:", type="tertiary",
                on_click=take, args=(typed,),
            )  # fmt: skip
        return True
    if not is_wanted(text):
        return False

    def put_in() -> None:
        try:
            marked = restored(text)
        except InputError as error:
            st.session_state[f"_{key}_accents_error"] = error
            return
        st.session_state[_DONE] = (marked, text)
        take(marked)

    st.button(
        _("Put the marks in"), key=f"{key}_accents", icon=":material/spellcheck:", on_click=put_in
    )
    error = st.session_state.pop(f"_{key}_accents_error", None)
    if error is not None:
        show_error(error)
    return True


def _note() -> str:
    header = models.accents_headers()[MODEL]
    scores = header.metrics.get("everyday", next(iter(header.metrics.values())))
    text = _("The marks were put in by our network {name}, which gets {share} of the words right.")
    share = percent(scores["word_accuracy"], 1)
    return f":material/spellcheck: {text.format(name=literal(MODEL), share=share)}"
