"""The views of the page Translation; those that only show a table or a figure are drawn here."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import pandas as pd
import streamlit as st

from engine.errors import N_, InputError
from engine.figures.style import Translate
from engine.figures.translation import comparison as figures
from engine.language.numbers import lost_numbers
from engine.results import Mistranslation, Sentence
from engine.tasks.translation import chrf
from pages.parts.translation import (
    answer,
    comparison,
    compute,
    controls,
    forcing,
    gradient,
    inputs,
)
from pages.parts.translation.compute import once
from pages.parts.translation.session import Selection, cache, model, search_for
from pages.shared import beam, jobs, lecture, models, streaming, views
from pages.shared.header import show_error
from pages.shared.streamlit_internals import DeltaGenerator
from pages.shared.text import _, decimal, displayed, harmless, literal


def draw_tree(selection: Selection, _side: DeltaGenerator, _below: DeltaGenerator) -> None:
    """The beam as a tree, from the source down, and the division that orders the translations."""
    unit = _("Each box is a piece that the network knows, a word or a part of one (a sub-word)")
    beam.draw_tree("translation", selection.sentence, _("the source"), unit)


def draw_round_trip(selection: Selection, _side: DeltaGenerator, _below: DeltaGenerator) -> None:
    """Source, translation, and what the other model makes of that; what differs is bold."""
    source, target = selection.query.languages
    name, text = model(f"{target}-{source}"), selection.translation.text
    if name not in models.translation_headers():
        st.info(_("The model for the way back, {model}, is not installed here.").format(model=name))
        return
    if not text:
        st.info(_("The translation is empty, so there is no way back."))
        return
    predictor = models.translation(name, selection.query.device)
    search = search_for(name, selection.query)

    def work(stop: jobs.Stop) -> tuple[Sentence, float]:
        found = predictor.translate(text, search, "", stop)
        return found, chrf(found.best.text, selection.sentence.source)

    found, score = once(selection, "trip", (text, search), work)
    _returned(selection, found.best.text, score)


def _returned(selection: Selection, back: str, score: float) -> None:
    """How much came back, in a sentence and word by word."""
    before, after = figures.changes(selection.sentence.source, back)
    lost, whole = figures.lost_words(selection.sentence.source, back)
    new = sum(differs for _word, differs in after)
    if not lost and new:
        text = _("Every word came back ({whole} of {whole}), and {new} more; chrF is {score}.")
    elif lost:
        text = _("After the round trip {lost} of {whole} words did not come back; chrF is {score}.")
    else:
        text = _("Every word came back ({whole} of {whole}); chrF is {score}.")
    text = text.format(lost=lost, whole=whole, new=new, score=decimal(score, 1))
    st.markdown(f"**{literal(text)}**")

    def marked(words: figures.Marked) -> str:
        return " ".join(f"**{literal(w)}**" if differs else literal(w) for w, differs in words)

    arrow = ":material/arrow_downward:"
    with st.container(border=True):
        st.markdown(marked(before))
        st.markdown(f"{arrow} {literal(selection.translation.text)}")
        st.markdown(f"{arrow} {marked(after)}")
    st.caption(
        _(
            "Bold: words that only one of the two sentences has in this place, capitals and "
            "punctuation aside. chrF compares runs of up to six characters, from 0 (none in "
            "common) to 100 (the same; Popović 2015)."
        )
    )
    st.caption(
        _(
            "The translation went back through the model of the other direction. A round trip is "
            "a rough check. A synonym lowers chrF although nothing is wrong, and "
            "what cannot be seen in one of the languages, such as the sex of a friend or which "
            "word of address was used, has to be guessed on the way back. A good score does not "
            "prove the translation right either: two models may share a mistake."
        )
    )


@dataclass(frozen=True)
class Row:
    """A line, which of the text it is, and its translation once there is one."""

    number: int
    source: str
    translation: str | None


def draw_many(selection: Selection, _side: DeltaGenerator, _below: DeltaGenerator) -> None:
    """Every line beside its translation, as far as it is known, and the table as a file."""
    if compute.is_working():
        st.fragment(_table, run_every=streaming.TICK)(selection)
    else:
        _table(selection)


def _table(selection: Selection) -> None:
    query = cache().query or selection.query
    rows = [Row(line.number, line.text, compute.translation(query, line)) for line in query.lines]
    columns = headings(_)
    st.dataframe(
        screen(rows, columns),
        key="translation_table",
        hide_index=True,
        height=min(500, 40 + 36 * len(rows)),
        column_config={
            columns["line"]: st.column_config.NumberColumn(width=48),
            columns["source"]: st.column_config.TextColumn(width=150),
            columns["translation"]: st.column_config.TextColumn(width=150),
        },
        alt=_("Every line of the text beside its translation"),
    )
    lost = [
        str(row.number)
        for row in rows
        if row.translation and lost_numbers(row.source, row.translation, query.languages)
    ]
    if lost:
        text = _("A number may be wrong in line: {lines}.")
        st.caption(text.format(lines=", ".join(lost)))
    if len(rows) == 1:
        st.caption(_("Type several lines, or upload a text: each line is translated for itself."))
    views.download(
        _("Download (TSV)"),
        as_tsv(rows),
        f"translation-{query.direction}.tsv",
        "text/tab-separated-values",
        "translation_tsv",
        disabled=compute.is_working(),
    )


def headings(_: Translate) -> dict[str, str]:
    """What each column is called, by id, in order."""
    return {"line": _("line"), "source": _("source"), "translation": _("translation")}


def screen(rows: Sequence[Row], columns: Mapping[str, str]) -> pd.DataFrame:
    """The table as `st.dataframe` shows it."""
    table = {
        "line": [row.number for row in rows],
        "source": [displayed(row.source) for row in rows],
        "translation": [
            "…" if row.translation is None else displayed(row.translation) for row in rows
        ],
    }
    return pd.DataFrame(table).rename(columns=dict(columns))


def as_tsv(rows: Sequence[Row]) -> bytes:
    """SOURCE TAB TRANSLATION, a line each, in UTF-8 with a byte order mark, which Excel needs. What
    stands in a cell is on one line, without tabs, and never a formula."""
    cells = ((row.source, row.translation or "") for row in rows)
    lines = ("\t".join(harmless(" ".join(text.split())) for text in pair) for pair in cells)
    return "".join(f"{line}\r\n" for line in lines).encode("utf-8-sig", "replace")


def draw_failures() -> None:
    """Error rates by kind, and real translations of dev sentences that are wrong."""
    name = model(controls.direction())
    found = views.failures(
        models.translation_failures(name),
        "translation",
        "translation-errors",
        _(
            "Dev sentences of all corpora, as `{model}` translates them; each kind is counted "
            "among the sentences where it can occur, and the dotted line is the share of all with "
            "any of them. Only what can be counted is: a wrong word that fits the sentence is "
            "not. And people translate freely too, so some of these are no mistakes."
        ).format(model=name),
        figures.failures_sentence,
        figures.error_rates,
        figures.error_rates_alt,
    )
    if found is None or not found.quotes:
        return
    title = _("Translations that went wrong")
    st.markdown(f"##### {title}", anchors=False)
    for quote in found.quotes:
        with st.container(border=True):
            _quote(quote)
    st.caption(
        _(
            "Sentences and people's translations: Tatoeba (tatoeba.org, by way of "
            "www.manythings.org/anki), CC BY 2.0 FR. Sentences of the other corpora are counted, "
            "not quoted: their terms do not allow it."
        )
    )


def _quote(quote: Mistranslation) -> None:
    """A kind, a source, and what the model and people made of it."""
    st.markdown(f"**{literal(figures.kind_name(quote.kind, _))}**")
    rows = (
        (_("source"), quote.source),
        (_("the model"), quote.written or "…"),
        (_("people"), quote.reference),
    )
    st.markdown("  \n".join(f":gray[{name}] {literal(text)}" for name, text in rows))


Draw = Callable[[Selection, DeltaGenerator, DeltaGenerator], None]
"""Draws a view where it is called; gets a place for controls of its own, and one below both."""


def of_a_text(draw: Draw, *, box: bool = False) -> Callable[[], None]:
    """A view of a text's translation: itself on the left, with a `box` the translation above it;
    text, direction and settings beside it."""

    def view() -> None:
        picture, side = views.stage(2, 1)
        below = st.container()
        try:
            with side:
                direction = controls.settled_direction()
                text = inputs.draw(direction)
                controls.direction()
                controls.notice(direction, text)
                controls.settings(direction)
                query = controls.query(direction, text) if text.strip() else None
            with picture:
                if query is None:
                    controls.nothing()
                    controls.warn()
                    return
                selection = answer.select(query, text, box=box and not lecture.is_on())
            with side:
                controls.line(query)
                controls.sentence(compute.found(query))
            if selection is not None:
                with picture:
                    draw(selection, side, below)
        except InputError as error:
            with picture:
                show_error(error)

    return view


VIEWS: dict[str, tuple[str, Callable[[], None]]] = {
    "translate": (N_("Translate"), of_a_text(answer.draw, box=True)),
    "gradient": (N_("Gradient"), of_a_text(gradient.draw)),
    "small": (N_("With and without attention"), of_a_text(comparison.draw)),
    "force": (N_("Your first words"), of_a_text(forcing.draw)),
    "tree": (N_("Beam"), of_a_text(draw_tree)),
    "trip": (N_("Round trip"), of_a_text(draw_round_trip)),
    "many": (N_("Many"), of_a_text(draw_many)),
    "fails": (N_("Where it fails"), draw_failures),
}
