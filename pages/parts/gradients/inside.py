"""Look inside: one view at a time, and only that one is computed."""

from __future__ import annotations

import streamlit as st

from engine.errors import N_, InputError
from pages.parts.gradients import cells, clipping, hand
from pages.shared import links, views
from pages.shared.header import show_error
from pages.shared.text import lesson, translator

VIEW = "gradients_view"
VIEWS = {
    "hand": N_("By hand, step by step"),
    "cells": N_("Cells compared"),
    "clipping": N_("Exploding and clipping"),
    "lesson": N_("How it works"),
}
_DRAWN = {"hand": hand.draw, "cells": cells.draw, "clipping": clipping.draw}


@st.fragment
def draw() -> None:
    """A segmented control and the chosen view; a click here does not redraw the lab."""
    with links.synced_address():
        _view()


def _view() -> None:
    _ = translator()
    st.subheader(_("Look inside"))
    view = views.chosen(VIEW, VIEWS, "hand")
    if view == "lesson":
        st.markdown(lesson("gradients")["how"])
        return
    try:
        _DRAWN[view]()
    except InputError as error:
        show_error(error)
