"""What views have in common: one of them at a time, a figure, where a model fails, a download."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Any, Literal, TypeVar, TypeVarTuple, Unpack

import pandas as pd
import plotly.graph_objects as go
import streamlit as st

from engine.errors import N_, InputError
from engine.figures import style
from engine.figures.style import Translate
from engine.results import (
    CaptionFailures,
    FailureReport,
    Failures,
    Misrestored,
    TranslationFailures,
)
from pages.shared import lecture, links
from pages.shared.header import SAVE, show_error
from pages.shared.streamlit_internals import DeltaGenerator
from pages.shared.text import ASSETS, _, lesson, literal, numeral, option_names

LESSON = "lesson"
Arguments = TypeVarTuple("Arguments")


def show(
    page: str,
    views: Mapping[str, tuple[str, Callable[[Unpack[Arguments]], None]]],
    *arguments: *Arguments,
    renamed: Mapping[str, str] | None = None,
) -> None:
    """The views of a page, directly below its title: a control, and the chosen one, which alone is
    computed.

    `views` are names in English and functions by id, the answer first; "How it works", the page's
    lesson, is the last. The chosen id is `<page>_view` in the link. A wrong input costs only what
    it is wrong in. In lecture mode the view stands alone. `renamed` has ids of old links, and what
    they are called now.
    """
    names = {id: name for id, (name, _draw) in views.items()}
    if "how" in lesson(page):
        names[LESSON] = N_("How it works")
    key = f"{page}_view"
    if renamed and (old := st.query_params.get(key, "")) in renamed:
        st.query_params[key] = renamed[old]
    if lecture.is_on():
        view = links.choice(key, names, next(iter(names)))
    else:
        view = chosen(key, names, next(iter(names)), wrap=False)
    try:
        if view == LESSON:
            st.markdown(lesson(page)["how"])
        else:
            views[view][1](*arguments)
    except InputError as error:
        show_error(error)


def open_view(page: str, view: str) -> None:
    """For a button's callback: the next run shows another view of the page."""
    links.set_values({f"{page}_view": view})


def stage(picture: int = 3, side: int = 1) -> tuple[DeltaGenerator, DeltaGenerator]:
    """Where a view's picture goes, and beside it, on a phone below it, what changes it.

    The widths are as `picture` to `side`; in lecture mode the picture gets more.
    """
    widths = [5, 1] if lecture.is_on() else [picture, side]
    left, right = st.columns(widths, gap="medium")
    return left, right


def chosen(
    key: str,
    names: Mapping[str, str],
    default: str,
    *,
    label: str | None = None,
    wrap: bool | None = None,
) -> str:
    """A control over `names`, ids with their names in English; returns the chosen id, which is part
    of the link. `label` is for screen readers."""
    return pick(key, label or _("View"), names, None, default, quiet=True, wrap=wrap)


def pick(
    key: str,
    label: str,
    ids: Collection[str],
    name: Callable[[str], str] | None = None,
    default: str | None = None,
    *,
    about: str | None = None,
    on_change: Callable[[], None] | None = None,
    quiet: bool = False,
    wrap: bool | None = None,
) -> str:
    """One choice of a few; returns the chosen id, which is part of the link.

    `name` says what an id is called; without it `ids` may map them to their names in English.
    Without a `default`, `links.choice` has settled the choice before. The `label` stands above the
    control, that of a `quiet` one is for screen readers.
    """
    names = ids if isinstance(ids, Mapping) else {}
    called = name or (lambda id: _(names[id]) if id in names else id)
    value = str(st.session_state[key]) if default is None else links.choice(key, ids, default)
    st.segmented_control(
        label,
        list(ids),
        key=key,
        format_func=option_names(ids, called),
        required=True,
        help=about,
        on_change=on_change,
        label_visibility="collapsed" if quiet else "visible",
        wrap=wrap,
    )
    return value


def pick_number(
    key: str,
    label: str,
    ids: Sequence[str],
    default: str | None = None,
    name: Callable[[str], str] = numeral,
    **options: Any,
) -> str:
    """The same on a slider over numbers, which are written as ids; `options` as Streamlit's."""
    value = str(st.session_state[key]) if default is None else links.choice(key, ids, default)
    st.select_slider(label, ids, key=key, format_func=option_names(ids, name), **options)
    return value


def chart(figure: go.Figure, alt: str, key: str, saved_as: str, *, above: int = 0) -> None:
    """A figure with its alternative text, and a button that saves it as `saved_as`, in the format
    that was chosen in the header. `above` it a view has so many pixels of other things, which
    lecture mode leaves room for."""
    config = style.config(saved_as, st.session_state.get(SAVE, "svg"))
    st.plotly_chart(lecture.enlarged(figure, above), key=key, config=config, alt=alt)


def table(rows: Any, alt: str) -> None:
    """A small table with lines between its rows: a data frame, or what makes one."""
    frame = rows if isinstance(rows, pd.DataFrame) else pd.DataFrame(rows)
    st.table(frame, border="horizontal", hide_index=True, alt=alt)


def snippet(name: str) -> str:
    """A program in `assets/snippets`, for a reader to paste; "" where there is none."""
    path = ASSETS / "snippets" / f"{name}.py.txt"
    return path.read_text(encoding="utf-8") if path.is_file() else ""


def pytorch(code: str, *, quiet: bool = False) -> None:
    """A button that shows how the same is done in PyTorch; a `quiet` one is text only."""
    kind: Literal["tertiary", "secondary"] = "tertiary" if quiet else "secondary"
    with st.popover(_("The same in PyTorch"), icon=":material/code:", type=kind):
        st.code(code, language="python")


Rated = TypeVar("Rated", CaptionFailures, Failures, TranslationFailures, FailureReport[Misrestored])


def failures(
    found: Rated | None,
    page: str,
    saved_as: str,
    note: str,
    sentence: Callable[[Rated, Translate], str],
    bars: Callable[[Rated, Translate], go.Figure],
    bars_alt: Callable[[Rated, Translate], str],
) -> Rated | None:
    """How often a model fails: in one sentence, as bars by kind, and a note on how it was counted.

    Returns `found`; None where nobody noted anything, which is said instead.
    """
    if found is None or not found.kinds:
        st.info(_("Where this model fails has not been noted here."))
        return None
    st.markdown(f"**{literal(sentence(found, _))}**")
    chart(bars(found, _), bars_alt(found, _), f"{page}_error_rates", saved_as)
    st.caption(note)
    return found


def download(
    label: str,
    data: str | bytes | Callable[[], bytes],
    name: str,
    mime: str,
    key: str,
    *,
    disabled: bool = False,
) -> None:
    """A button that saves a file and does not run the page again."""
    st.download_button(
        label,
        data,
        name,
        mime,
        key=key,
        on_click="ignore",
        icon=":material/download:",
        disabled=disabled,
    )
