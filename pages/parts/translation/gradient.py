"""View: how strongly one written word's loss reaches back to every source word."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import streamlit as st

from engine.cells import DEFAULT_CELL
from engine.figures.translation import reach as figures
from engine.figures.translation.comparison import title
from engine.figures.translation.words import groups, largest_shares
from engine.results import STOP_WORD, TranslationReach
from pages.parts.translation.comparison import EXAMPLE, PAIR, compared
from pages.parts.translation.session import Selection, model
from pages.shared import gradient_panel, jobs, models
from pages.shared.streamlit_internals import DeltaGenerator
from pages.shared.text import N_, _, literal

GROUPS = {
    "without": N_("Without attention (slide 57)"),
    "with": N_("With attention"),
    "pairs": N_("LSTM: no attention · reversed · attention"),
    "large": N_("The model that translated it"),
}

Followed = tuple[TranslationReach, str]
"""What reaches back in one model, and what its attention looked at there ("" without)."""


def draw(selection: Selection, side: DeltaGenerator, _below: DeltaGenerator) -> None:
    """The curves of some models, which loss they are of, a card for each model."""
    found = _groups(selection)
    known = [group for group, names in found.items() if names]
    if known == ["large"]:
        st.info(_("The small models for comparison are not installed here."))

    def follow(group: str) -> gradient_panel.Comparison:
        texts = _followed_text(selection, group)
        followed = _followed(texts, found[group])
        reaches = [reach for reach, _looked in followed]
        return gradient_panel.Comparison(
            _loss(selection, texts, reaches[0], group),
            [_card(*each, group) for each in followed],
            lambda axis: figures.curves(reaches, _, axis),
            figures.curves_alt(reaches, _),
            _notes(reaches, group),
        )

    gradient_panel.compare("translation", GROUPS, known, follow, side)


def sentence(selection: Selection) -> str:
    """What the gradient of the marked word does: in a small network without attention where there
    is one that knows the languages, else in the model that translated."""
    names = _groups(selection)["without"]
    group = "without" if names and selection.query.direction == PAIR else "large"
    names = names[:1] if group == "without" else [model(selection.query.direction)]
    ((reach, _looked),) = _followed(_followed_text(selection, group), names)
    if group == "without":
        text, summary = (
            _("{network} without attention, loss of “{word}”: {sentence}"),
            figures.farthest(reach, _),
        )
    else:
        text = _("In the model that translated it, loss of “{word}”: {sentence}")
        summary = figures.strongest(reach, _)
    network = title(figures.built(reach), _)
    return text.format(network=network, word=selection.word.text, sentence=summary)


def _groups(selection: Selection) -> dict[str, list[str]]:
    """The installed translators to compare; first those that know the sentence's languages."""
    small = {name: kind for name, kind in compared().items() if not kind.large}
    found = {
        "without": [n for n, kind in small.items() if not (kind.attention or kind.reverse)],
        "with": [n for n, kind in small.items() if kind.attention],
        "pairs": [n for n, kind in small.items() if kind.cell == DEFAULT_CELL],
    }
    large = {"large": [model(selection.query.direction)]}
    return found | large if selection.query.direction == PAIR else large | found


def _is_own(selection: Selection, group: str) -> bool:
    """Whether these models know the languages of the sentence."""
    return group == "large" or selection.query.direction == PAIR


def _followed_text(selection: Selection, group: str) -> tuple[str, str, str]:
    """The sentence, its translation, and that up to the marked word; the lecture's example where
    the models do not know the languages."""
    if not _is_own(selection, group):
        return EXAMPLE
    said = groups(selection.translation.words)
    whole = "".join(group.text for group in said[: selection.at + 1])
    written = selection.translation.written or selection.translation.text
    return selection.sentence.source, written, whole


def _loss(
    selection: Selection, texts: tuple[str, str, str], reach: TranslationReach, group: str
) -> str:
    """Which loss the gradients are of, as Markdown."""
    if group == "large":
        read = _("The model reads the source and its translation.")
        if selection.query.direction != PAIR:
            read += " " + _(
                "The small models for comparison translate from French to English: they read the "
                "lecture's sentence."
            )
    elif selection.query.direction == PAIR:
        read = _(
            "Small models, each with an encoder of one direction, read the source and its "
            "translation, whatever they would have said themselves."
        )
    else:
        read = _(
            "The small models for comparison translate from French to English, so this is the "
            "lecture's sentence: “{source}” → “{translation}”."
        ).format(source=literal(texts[0]), translation=literal(texts[1]))
    word = selection.word.text if _is_own(selection, group) else EXAMPLE[2].split()[-1]
    return f"{read} {_followed_loss(word, reach)}"


def _followed_loss(word: str, reach: TranslationReach) -> str:
    """The loss is one piece's: the marked word's, or the last of those that spell it."""
    piece, last = reach.target.strip("▁"), reach.written[-1].strip("▁")
    if piece == word:
        return _("e = −log P({word}) is the loss of that word.").format(word=literal(word))
    text = _(
        "e = −log P({piece} | … {last}) is the loss of “{piece}”, the last of the pieces that "
        "spell “{word}”."
    )
    return text.format(word=literal(word), piece=literal(piece), last=literal(last))


def _followed(texts: tuple[str, str, str], names: Sequence[str]) -> list[Followed]:
    """The same word's loss in each of these models."""
    source, text, whole = texts
    predictors = [models.translation(name) for name in names]

    def work(_stop: jobs.Stop) -> Iterator[Followed]:
        for predictor in predictors:
            pieces = predictor.pieces(source, text)
            at = len(pieces) - 1 if whole.endswith(STOP_WORD) else figures.end_of(pieces, whole)
            reach = predictor.reach(source, text, at)
            row = predictor.score(source, text).words[at].attention
            yield reach, "" if row is None else largest_shares(reach.source, row, most=2)

    return jobs.wait(jobs.start("translation_reach", (texts, tuple(names)), work))


def _card(reach: TranslationReach, looked: str, group: str) -> gradient_panel.Card:
    """One model: its size and its sentence."""
    notes = []
    if group == "large":
        notes.append(_("Two layers and an encoder of two directions: not like for like."))
    if looked:
        notes.append(_("Its attention there: {list}.").format(list=literal(looked)))
    if reach.read_c is not None:
        notes.append(gradient_panel.along_h(figures.along_h(reach, _)))
    size = gradient_panel.size(reach.parameters)
    name = title(figures.built(reach), _)
    summary = figures.strongest(reach, _) if group == "large" else figures.sentence(reach, _)
    return gradient_panel.Card(name, size, summary, notes)


def _notes(reaches: list[TranslationReach], group: str) -> str:
    """What the curves show, and what they do not say."""
    notes = []
    if group == "without":
        notes.append(
            _(
                "Without attention the decoder knows the source by the encoder's last state alone, "
                "so the gradient has to travel back through every step (slide 57)."
            )
        )
    else:
        notes.append(
            _(
                "With attention the gradient goes straight from the loss to what was looked at, "
                "however far back: the profile over the source depends on attention, not on "
                "distance (states before what was looked at lead to it and share in it)."
            )
        )
    if any(reach.reverse for reach in reaches):
        notes.append(
            _(
                "The reversed reader begins at the end of the source (Sutskever et al. 2014): its "
                "first words are the nearest, its last ones the farthest."
            )
        )
    if any(reach.read_c is not None for reach in reaches):
        notes.append(gradient_panel.memory())
    return " ".join(notes)
