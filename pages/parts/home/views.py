"""The views of Home after the board: gradients of each kind of problem, slides, models, prose."""

from __future__ import annotations

from typing import Any

import pandas as pd
import streamlit as st

from engine.checkpoints import Header, card
from engine.errors import N_
from engine.figures import home as figures
from engine.lab import architectures
from pages.parts.home.board import NAMES
from pages.shared import links, models, views
from pages.shared.slides import PAGES, SLIDES
from pages.shared.text import _, decimal, lesson, literal, option_names, percent

KIND = "home_kind"
RUNS = {
    "one_to_one": ("captions", N_("See which things a photo shows")),
    "many_to_one": ("sentiment", N_("Let a network read your sentence")),
    "one_to_many": ("captions", N_("Let a network describe your photo")),
    "many_to_many": ("translation", N_("Let a network translate your sentence")),
    "aligned": ("frames", N_("Let a network label every frame of a film")),
    "loop": ("characters", N_("Let a network write character by character")),
}
"""The page where each kind can be tried, and what for."""


def draw_gradient() -> None:
    """A choice of kind, its picture, what is computed from it, and where to go on."""
    name = views.pick(KIND, _("Kind of problem (slide 15)"), NAMES, default="many_to_one")
    found = architectures.run(name)
    st.markdown(f"**{figures.title(name, _)}**")
    st.markdown(lesson("home")[f"kind_{name}"])
    figure, alt = figures.unrolled(found, _), figures.unrolled_alt(found, _)
    views.chart(figure, alt, "home_kinds", f"kind-{name}")
    st.markdown(f"**{literal(figures.sentence(found, _))}**")
    st.caption(
        _(
            "In each state: ‖∂e/∂hₜ‖ as a share of the largest, of a plain RNN with 32 untrained "
            "units; e is the sum of the losses of all answers."
        )
    )
    page, label = RUNS[name]
    st.page_link(PAGES[page].path, label=_(label), icon=":material/arrow_forward:", help="")


def search_slides() -> None:
    """Opens a slide by its number or by a word of what it is about."""
    chosen = st.selectbox(
        _("Lecturing? Open by slide"),
        list(SLIDES),
        index=None,
        format_func=option_names(SLIDES, slide_title),
        placeholder=_("Slide number or topic"),
        key="home_slide",
        width=460,
    )
    if chosen is not None:
        links.open_slide(chosen)


def slide_title(number: int) -> str:
    """A slide's number and what it is about."""
    return f"{number} · {_(SLIDES[number].about)}"


def draw_slides() -> None:
    """Every slide as a button; a link would cut the longer titles off."""
    search_slides()
    with st.grid(3, min_column_width=280, gap="small"):
        for number, slide in SLIDES.items():
            with st.container(border=True, gap=None, height="stretch"):
                st.button(
                    slide_title(number),
                    key=f"home_slide_{number}",
                    icon=PAGES[slide.page].icon,
                    type="tertiary",
                    wrap=True,
                    on_click=links.request_slide,
                    args=(number,),
                )


def draw_models() -> None:
    """Every shipped model; of the chosen one its card."""
    _models(models.index())


def draw_prose(part: str) -> None:
    """A part of the page's lesson."""
    with st.container(key=f"home_{part}"):
        st.markdown(lesson("home")[part])


def _models(found: dict[str, Header]) -> None:
    """Every shipped model; of the chosen one its scores on every test set, its training data with
    their terms, the recipe in one line."""
    if not found:
        st.info(_("No models are installed here yet: README.md says how they are trained."))
        return
    views.table(table(list(found.values())), _("Models"))
    header = found[links.choice("home_model", found, next(iter(found)))]
    with st.container(border=True):
        st.selectbox(_("More about"), list(found), key="home_model", width=320)
        views.table(scores(header), _("Scores"))
        st.markdown(_("**Trained on**, with the terms of use of each text collection:"))
        data = [f"- **{literal(d['name'])}**: {literal(d['terms'])}" for d in header.data]
        st.markdown("\n".join(data))
        with st.container(horizontal=True, vertical_alignment="center"):
            name = f"{header.name}.md"
            st.download_button(_("Model card"), card(header), name, icon=":material/download:")
            text = _("{minutes} minutes of training on {device}, seed {seed}")
            minutes, device = decimal(header.seconds / 60, 1), literal(header.device)
            st.caption(text.format(minutes=minutes, device=device, seed=header.seed))


def table(headers: list[Header]) -> pd.DataFrame:
    """One row per model: name, size, what it and a simple baseline reached on its main test set.

    The other test sets are in `scores`.
    """
    rows = []
    for header in headers:
        tests: list[tuple[str, dict[str, Any]]] = [*header.metrics.items(), ("", {})]
        test, found = tests[0]
        row = {
            _("Model"): f"`{header.name}`",
            _("Accuracy"): _share(found.get("accuracy")),
            _("Baseline"): _share(found.get("baseline", {}).get("accuracy")),
            _("Test set"): literal(test),
            _("Parameters"): decimal(header.parameters, 0),
            _("Size"): f"{decimal(header.size / 1e6, 1)} MB",
        }
        rows.append(row)
    return pd.DataFrame(rows)


def scores(header: Header) -> pd.DataFrame:
    """One row per test set, with its main metric: ours, a baseline's, the published one.

    The other metrics are in the card.
    """
    rows = []
    for test, found in header.metrics.items():
        metric = next(iter(found))
        row = {
            _("Test set"): literal(test),
            _("This model"): _number(found[metric]),
            _("Baseline"): _number(found.get("baseline", {}).get(metric)),
            _("Published"): _number(found.get("published", {}).get(metric)),
            _("Metric"): literal(metric),
            _("Examples"): _number(found.get("n")),
        }
        rows.append(row)
    return pd.DataFrame(rows)


def _share(score: float | None) -> str:
    return "–" if score is None else percent(score, 1)


def _number(score: float | None) -> str:
    if score is None:
        return "–"
    return decimal(score, 0) if isinstance(score, int) else decimal(score, 3)
