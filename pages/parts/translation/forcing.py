"""View "What if": the translation begins otherwise, or the source is another one."""

from __future__ import annotations

from dataclasses import dataclass

import streamlit as st

from engine.errors import InputError
from engine.figures.translation import comparison as figures
from engine.figures.translation.words import (
    Group,
    attention_matrix,
    attention_matrix_alt,
    groups,
    probability,
)
from engine.language.sentences import check_translatable
from engine.results import Sentence, Translation
from pages.parts.translation.compute import once
from pages.parts.translation.inputs import EXAMPLES
from pages.parts.translation.session import DIRECTIONS, Selection, offered
from pages.shared import views
from pages.shared.header import show_error
from pages.shared.streamlit_internals import DeltaGenerator
from pages.shared.text import _, literal
from pages.shared.written_words import completion, text_box

FIRST, GIVEN, ADDED = "translation_first", "translation_first_given", "translation_first_chosen"
SECOND = "translation_second"
BEGINNINGS = {direction: offered(direction, "first_words") for direction in DIRECTIONS}
SOURCES = {direction: offered(direction, "changed") for direction in DIRECTIONS}
"""Beside the first example of a direction."""
LONGEST, LONGEST_SOURCE = 80, 240
"""Characters."""


@dataclass(frozen=True)
class WholeWord:
    """A written word as a pill shows it; the candidates are those of its first piece."""

    text: str
    probability: float
    candidates: tuple[tuple[str, float], ...]


def whole_words(translation: Translation) -> list[tuple[Group, WholeWord]]:
    """The words of a translation, each with the pieces that it is made of."""
    return [
        (
            group,
            WholeWord(
                group.text,
                probability(group, translation),
                translation.words[group.at].candidates,
            ),
        )
        for group in groups(translation.words)
    ]


def draw(selection: Selection, side: DeltaGenerator, below: DeltaGenerator) -> None:
    """First words that are given; below, a second source beside the first."""
    try:
        _first_words(selection, side)
    except InputError as error:
        show_error(error)
    with below:
        title = _("Another source sentence")
        st.markdown(f"##### {title}", anchors=False)
        try:
            _second_source(selection)
        except InputError as error:
            show_error(error)


def _is_first_example(selection: Selection) -> bool:
    """Whether this is the sentence that the suggestions were made for."""
    return selection.sentence.source == EXAMPLES[selection.query.direction][0]


def _first_words(selection: Selection, side: DeltaGenerator) -> None:
    """The sentence with its given words, beside the one without."""
    label = {
        "en": _("First words, in English"),
        "fr": _("First words, in French"),
        "vi": _("First words, in Vietnamese"),
    }[selection.query.languages[1]]
    offered, free = BEGINNINGS[selection.query.direction], selection.sentence.best
    own = whole_words(free)[0][0].text
    default = offered[0] if _is_first_example(selection) else own[:LONGEST]
    with side:
        text = " ".join(text_box(FIRST, label, offered, default, LONGEST, (GIVEN, ADDED)).split())
    if not text:
        st.info(_("Give at least one word."), icon=":material/info:")
        return
    predictor, source, search = (
        selection.predictor,
        selection.sentence.source,
        selection.query.search,
    )
    found: Sentence = once(
        selection,
        "first",
        (text, search),
        lambda stop: predictor.translate(source, search, text, stop),
    )
    written = whole_words(found.best)
    given = [word for group, word in written if group.first < found.forced]
    completion(
        given,
        [word for _group, word in written[len(given) :]],
        found.best,
        free,
        (GIVEN, ADDED),
        (_("What the network went on with"), _("The words that it chose")),
    )


def _second_source(selection: Selection) -> None:
    st.markdown(_("Change the source and see what changes in the translation, and where it looks."))
    label = {
        "en": _("Another sentence, in English"),
        "fr": _("Another sentence, in French"),
        "vi": _("Another sentence, in Vietnamese"),
    }[selection.query.languages[0]]
    first = selection.sentence
    offered = SOURCES[selection.query.direction] if _is_first_example(selection) else ()
    default = offered[0] if offered else first.source[:LONGEST_SOURCE]
    text = check_translatable(text_box(SECOND, label, offered, default, LONGEST_SOURCE))
    predictor, search = selection.predictor, selection.query.search
    second: Sentence = once(
        selection,
        "second",
        (text, search),
        lambda stop: predictor.translate(text, search, "", stop),
    )
    texts = (first.best.text, second.best.text)
    st.markdown(f"**{literal(figures.compared((first.source, second.source), texts, _))}**")
    found = {"first": first, "second": second}
    for (side, sentence), column in zip(found.items(), st.columns(2), strict=True):
        with column:
            # A source, its translation, and what each word of that looked at.
            st.markdown(f"{literal(sentence.source)}  \n**{literal(sentence.best.text)}**")
            views.chart(
                attention_matrix(sentence.read, sentence.best, _),
                attention_matrix_alt(sentence.read, sentence.best, _),
                f"translation_{side}_matrix",
                f"attention-{side}",
            )
