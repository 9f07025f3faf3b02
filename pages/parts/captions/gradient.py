"""View: how strongly one word's loss reaches back to the photo, model by model."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

import streamlit as st

from engine.cells import CELLS
from engine.figures.captions import photo as figures
from engine.figures.captions import reach as curves
from engine.results import CaptionReach, Floats
from pages.parts.captions import compute
from pages.parts.captions.session import MODEL, Selection
from pages.shared import gradient_panel, models, views
from pages.shared.streamlit_internals import DeltaGenerator
from pages.shared.text import N_, _, literal

GROUPS = {
    "without": N_("Without attention (slide 12)"),
    "with": N_("With attention"),
    "pairs": N_("With and without"),
}


def draw(selection: Selection, side: DeltaGenerator, _below: DeltaGenerator) -> None:
    """Curves by state, then the photo's own gradient beside the attention."""
    found = groups()
    known = [group for group, names in found.items() if names]

    def follow(group: str) -> gradient_panel.Comparison:
        reaches = compute.reaches(selection, found[group])
        return gradient_panel.Comparison(
            _loss(selection),
            [*map(_card, reaches)],
            lambda axis: curves.curves(reaches, _, axis),
            curves.curves_alt(reaches, _),
            _note(reaches, group),
        )

    gradient_panel.compare("captions", GROUPS, known, follow, side)
    _on_the_photo(selection)


def _loss(selection: Selection) -> str:
    text = _(
        "Every model reads “{sentence}”, whatever it would have said itself, up to the marked "
        "word: e = −log P({word}) is the loss of that one word. h₀ comes from the photo."
    )
    said, word = selection.caption.text, selection.word.text
    return text.format(sentence=literal(said), word=literal(word))


def _note(reaches: Sequence[CaptionReach], group: str) -> str:
    note = _("Without attention all that is known of the photo has to come through h₀ (slide 12).")
    if group != "without":
        note = _(
            "With attention the photo enters again at every word, so ∂e/∂h₀ alone does not "
            "answer whether the photo still matters: it may be small because attention has "
            "taken its place."
        )
    if any(reach.c is not None for reach in reaches):
        note = f"{gradient_panel.memory()} {note}"
    return note


def groups() -> dict[str, list[str]]:
    """The installed captioners to compare, cell by cell; the one that described the photo last."""
    cells, headers = [*CELLS], models.captions_headers()

    def order(name: str) -> tuple[bool, int, bool]:
        arguments = headers[name].arguments
        return name == MODEL, cells.index(arguments["cell"]), arguments["attention"]

    names = sorted(headers, key=order)
    attention = [name for name in names if headers[name].arguments["attention"]]
    small = [name for name in names if name != MODEL]
    count = Counter(headers[name].arguments["cell"] for name in small)
    return {
        "without": [name for name in names if name not in attention],
        "with": attention,
        "pairs": [name for name in small if count[headers[name].arguments["cell"]] > 1],
    }


def _card(reach: CaptionReach) -> gradient_panel.Card:
    """One model: its size and its sentence."""
    notes = [gradient_panel.along_h(curves.along_h(reach, _))] if reach.c is not None else []
    if reach.model == MODEL:
        notes.append(_("The model that described your photo: larger, so not like for like."))
    size = gradient_panel.size(reach.parameters)
    return gradient_panel.Card(curves.title(reach, _), size, curves.sentence(reach, _), notes)


def _on_the_photo(selection: Selection) -> None:
    """Input-gradient saliency beside the attention, both in 7 × 7 cells."""
    st.subheader(_("Which pixels would change the word?"), anchor=False)
    norms = compute.saliency(selection)
    total = float(norms.sum())
    shares = norms / total if total > 0 else norms
    word = selection.word.text
    saliency, attention = st.columns(2)
    with saliency:
        what = _("Gradient of the loss of “{word}” by the pixels").format(word=word)
        _picture(selection, "saliency", shares if total > 0 else None, what)
    with attention:
        what = _("Attention for “{word}”").format(word=word)
        _picture(selection, "attention", selection.word.attention, what)
    st.caption(
        _(
            "Left: each cell's share of ‖∂e/∂pixels‖, back-propagated through the CNN along all "
            "paths: where a tiny change of the photo would change the loss most. Right: what this "
            "word's attention read. They answer different questions and need not agree."
        )
    )


def _picture(selection: Selection, kind: str, cells: Floats | None, what: str) -> None:
    colour, least = figures.ATTENTION, figures.LEAST
    if kind == "saliency":
        colour, least = figures.SALIENCY, 0.0  # spread out by nature: only its shape is shown
    st.markdown(f"**{literal(what)}**")
    pixels, alt = selection.photo.photo.pixels, figures.overlay_alt(cells, what, _)
    figure = figures.overlay(pixels, cells, colour, height=280, least=least)
    views.chart(figure, alt, f"captions_{kind}_figure", kind)
    if cells is not None:
        st.caption(_("Most: {where}.").format(where=literal(figures.strongest_region(cells, _))))
