"""The gradient panel: how strongly one word's loss reaches back to the photo, model by model."""

from __future__ import annotations

import streamlit as st

from engine.figures import captions as figures
from engine.figures import captions_reach as curves
from engine.figures import style
from engine.results import CaptionReach, Floats
from pages.parts.captions import compute
from pages.parts.captions.shown import MODEL, Shown
from pages.shared import figures as saving
from pages.shared import gradient_panel, models
from pages.shared.text import N_, literal, translator

MODELS, AXIS = "captions_models", "captions_gradient_axis"
GROUPS = {
    "without": N_("Without attention (slide 12)"),
    "with": N_("With attention"),
    "pairs": N_("With and without"),
}
COMPARED = {
    "without": ("captions-en-rnn", "captions-en-lstm", "captions-en-gru"),
    "with": ("captions-en-rnn-attention", "captions-en-gru-attention", MODEL),
    "pairs": (
        "captions-en-rnn",
        "captions-en-rnn-attention",
        "captions-en-gru",
        "captions-en-gru-attention",
    ),
}


def draw(shown: Shown) -> None:
    """Curves by state, then the photo's own gradient beside the attention."""
    _ = translator()
    st.subheader(_("How far back does the gradient reach?"))
    st.caption(_loss(shown))
    installed = models.captions_headers()
    found = {group: [n for n in names if n in installed] for group, names in COMPARED.items()}
    known = [group for group, names in found.items() if names]
    group = gradient_panel.group(MODELS, GROUPS, known)
    _panel(compute.reaches(shown, found[group]), group)
    _on_the_photo(shown)


def _loss(shown: Shown) -> str:
    """Which loss the gradients are of, as Markdown."""
    _ = translator()
    text = _(
        "Every model reads the sentence above, whatever it would have said itself, up to the "
        "marked word: e = −log P({word}) is the loss of that one word. h₀ comes from the photo."
    )
    return text.format(word=literal(shown.word.text))


def _panel(reaches: list[CaptionReach], group: str) -> None:
    _ = translator()
    for column, reach in zip(st.columns(len(reaches)), reaches, strict=True):
        with column.container(border=True, height="stretch"):
            _card(reach)
    axis = gradient_panel.knob(AXIS)
    st.plotly_chart(
        curves.curves(reaches, _, axis),
        key="captions_gradient_figure",
        config=saving.config("gradient"),
        alt=curves.curves_alt(reaches, _),
    )
    st.caption(_notes(reaches, group))


def _card(reach: CaptionReach) -> None:
    """One model: its size, and its sentence in bold."""
    _ = translator()
    size = _("{count} parameters").format(count=style.grouped(reach.parameters))
    st.markdown(f"**{curves.title(reach, _)}** · {size}")
    st.markdown(f"**{literal(curves.sentence(reach, _))}**")
    if reach.c is not None:
        along_h = _("This is along c; along h alone: {ratio}.")
        st.caption(along_h.format(ratio=literal(curves.along_h(reach, _))))
    if reach.model == MODEL:
        st.caption(_("The model that described your photo: larger, so not like for like."))


def _notes(reaches: list[CaptionReach], group: str) -> str:
    """What the curves do not say."""
    _ = translator()
    said = []
    if any(reach.c is not None for reach in reaches):
        said.append(gradient_panel.memory())
    if group != "without":
        said.append(
            _(
                "With attention the photo enters again at every word, so ∂e/∂h₀ alone does not "
                "answer whether the photo still matters: it may be small because attention has "
                "taken its place."
            )
        )
    else:
        said.append(
            _("Without attention all that is known of the photo has to come through h₀ (slide 12).")
        )
    return " ".join(said)


def _on_the_photo(shown: Shown) -> None:
    """Input-gradient saliency beside the attention, both in 7 × 7 cells."""
    _ = translator()
    st.subheader(_("Which pixels would change the word?"), anchor=False)
    norms = compute.saliency(shown)
    total = float(norms.sum())
    shares = norms / total if total > 0 else norms
    word = shown.word.text
    saliency, attention = st.columns(2)
    with saliency:
        what = _("Gradient of the loss of “{word}” by the pixels").format(word=word)
        _picture(shown, "saliency", shares if total > 0 else None, what)
    with attention:
        what = _("Attention for “{word}”").format(word=word)
        _picture(shown, "attention", shown.word.attention, what)
    st.caption(
        _(
            "Left, each cell's length of ∂e/∂pixels as a share of all, through the convolutional "
            "network and every way from there: where a tiny change of the photo would change the "
            "loss most. Right, what this word's attention read. They answer different questions "
            "and need not agree."
        )
    )


def _picture(shown: Shown, kind: str, cells: Floats | None, what: str) -> None:
    _ = translator()
    colour, least = figures.ATTENTION, figures.LEAST
    if kind == "saliency":
        colour, least = figures.SALIENCY, 0.0  # spread out by nature: only its shape is shown
    st.markdown(f"**{literal(what)}**")
    st.plotly_chart(
        figures.looked(shown.entry.photo.pixels, cells, colour, height=280, least=least),
        key=f"captions_{kind}_figure",
        config=saving.config(kind),
        alt=figures.looked_alt(cells, what, _),
    )
    if cells is not None:
        st.caption(_("Most: {where}.").format(where=literal(figures.where(cells, _))))
