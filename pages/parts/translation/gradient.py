"""The gradient panel: how strongly one written word's loss reaches back to every source word."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import streamlit as st

from engine.figures import style
from engine.figures import translation_attention as attention
from engine.figures import translation_reach as figures
from engine.figures.translation_models import title
from engine.figures.translation_words import groups
from engine.results import STOP_WORD, TranslationReach
from pages.parts.translation.shown import SMALL, Shown
from pages.shared import figures as saving
from pages.shared import gradient_panel, jobs, models
from pages.shared.text import N_, literal, translator

MODELS, AXIS = "translation_models", "translation_gradient_axis"
GROUPS = {
    "without": N_("Without attention (slide 57)"),
    "with": N_("With attention"),
    "pairs": N_("LSTM: without, reversed, with"),
}
COMPARED = {
    "without": (f"{SMALL}-rnn", f"{SMALL}-lstm", f"{SMALL}-gru"),
    "with": (f"{SMALL}-rnn-attention", f"{SMALL}-lstm-attention", f"{SMALL}-gru-attention"),
    "pairs": (f"{SMALL}-lstm", f"{SMALL}-lstm-reversed", f"{SMALL}-lstm-attention"),
}
EXAMPLE = ("La nature est un temple.", "Nature is a temple.", "Nature is a temple")
"""The lecture's: a sentence, its translation, and that up to the word whose loss is followed."""

Followed = tuple[TranslationReach, str]
"""What reaches back in one model, and what its attention looked at there ("" without)."""


def draw(shown: Shown) -> None:
    """Which loss, which models; a card for each, then the curves of all."""
    _ = translator()
    st.subheader(_("How far back does the gradient reach?"))
    installed = models.translation_headers()
    found = {group: [n for n in names if n in installed] for group, names in COMPARED.items()}
    known = [group for group, names in found.items() if names]
    if not known:
        st.info(_("The small models for comparison are not installed here."))
        return
    asked = _asked(shown)
    group = gradient_panel.group(MODELS, GROUPS, known)
    followed = _followed(asked, found[group])
    st.caption(_loss(shown, asked, followed[0][0]))
    _panel(followed, group)


def _asked(shown: Shown) -> tuple[str, str, str]:
    """The sentence, its translation, and that up to the marked word; the lecture's example where
    the small models do not know the languages."""
    if shown.direction != "fr-en":
        return EXAMPLE
    said = groups(shown.translation.words)
    whole = "".join(group.text for group in said[: shown.at + 1])
    return shown.sentence.source, shown.translation.text, whole


def _loss(shown: Shown, asked: tuple[str, str, str], reach: TranslationReach) -> str:
    """Which loss the gradients are of, as Markdown."""
    _ = translator()
    if shown.direction == "fr-en":
        read = _(
            "Small models, each with an encoder of one direction, read the source and the "
            "translation above, whatever they would have said themselves."
        )
    else:
        read = _(
            "The small models for comparison translate from French to English, so this is the "
            "lecture's sentence: “{source}” → “{translation}”."
        ).format(source=literal(asked[0]), translation=literal(asked[1]))
    return f"{read} {_followed_loss(shown, reach)}"


def _followed_loss(shown: Shown, reach: TranslationReach) -> str:
    """The loss is one piece's: the marked word's, or the last of those that spell it."""
    _ = translator()
    word = shown.word.text if shown.direction == "fr-en" else EXAMPLE[2].split()[-1]
    piece, last = reach.target.strip("▁"), reach.written[-1].strip("▁")
    if piece == word:
        return _("e = −log P({word}) is the loss of that word.").format(word=literal(word))
    text = _(
        "e = −log P({piece} | … {last}) is the loss of “{piece}”, the last of the pieces that "
        "spell “{word}”."
    )
    return text.format(word=literal(word), piece=literal(piece), last=literal(last))


def _followed(asked: tuple[str, str, str], names: Sequence[str]) -> list[Followed]:
    """The same word's loss in each of these models."""
    source, text, whole = asked
    networks = [models.translation(name) for name in names]

    def work(_stop: jobs.Stop) -> Iterator[Followed]:
        for network in networks:
            pieces = network.pieces(source, text)
            at = len(pieces) - 1 if whole.endswith(STOP_WORD) else figures.place(pieces, whole)
            reach = network.reach(source, text, at)
            row = network.score(source, text).words[at].attention
            yield reach, "" if row is None else attention.top(reach.source, row, most=2)

    return jobs.wait(jobs.start("translation_reach", (asked, tuple(names)), work))


def _panel(found: list[Followed], group: str) -> None:
    _ = translator()
    for column, (reach, looked) in zip(st.columns(len(found)), found, strict=True):
        with column.container(border=True, height="stretch"):
            _card(reach, looked)
    axis = gradient_panel.knob(AXIS)
    reaches = [reach for reach, _looked in found]
    st.plotly_chart(
        figures.curves(reaches, _, axis),
        key="translation_gradient_figure",
        config=saving.config("gradient"),
        alt=figures.curves_alt(reaches, _),
    )
    st.caption(_notes(reaches, group))


def _card(reach: TranslationReach, looked: str) -> None:
    """One model: its size, and its sentence in bold."""
    _ = translator()
    size = _("{count} parameters").format(count=style.grouped(reach.parameters))
    st.markdown(f"**{literal(title(figures.built(reach), _))}** · {size}")
    st.markdown(f"**{literal(figures.sentence(reach, _))}**")
    if looked:
        st.caption(_("Its attention there: {list}.").format(list=literal(looked)))
    if reach.read_c is not None:
        along_h = _("This is along c; along h alone: {ratio}.")
        st.caption(along_h.format(ratio=literal(figures.along_h(reach, _))))


def _notes(reaches: list[TranslationReach], group: str) -> str:
    """What the curves show, and what they do not say."""
    _ = translator()
    said = []
    if group == "without":
        said.append(
            _(
                "Without attention the decoder knows the source by the encoder's last state alone, "
                "so the gradient has to travel back through every step (slide 57)."
            )
        )
    else:
        said.append(
            _(
                "Attention is a bridge: from the loss straight to what was looked at, however far "
                "back. The profile over the source then depends on attention, not on distance "
                "(states before what was looked at lead to it and share in it); these encoders "
                "read in one direction only, so that this can be seen."
            )
        )
    if any(reach.reverse for reach in reaches):
        said.append(
            _(
                "The reversed reader begins at the end of the source (Sutskever et al. 2014): its "
                "first words are the nearest, its last ones the farthest."
            )
        )
    if any(reach.read_c is not None for reach in reaches):
        said.append(gradient_panel.memory())
    return " ".join(said)
