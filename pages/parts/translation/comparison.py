"""View: the same sentence through small models, with attention and without (slide 57).

The small models exist for one direction, the lecture's: from French to English.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import streamlit as st

from engine.cells import CELLS, DEFAULT_CELL
from engine.checkpoints import Header
from engine.errors import N_
from engine.figures import style
from engine.figures.translation import comparison as figures
from engine.figures.translation.comparison import Kind, kind, title
from engine.figures.translation.encoder_decoder import Drawn, pair, pair_alt
from engine.results import Sentence
from pages.parts.translation.session import DIRECTIONS, Selection, search_for
from pages.shared import gradient_panel, jobs, lecture, models, views
from pages.shared.streamlit_internals import DeltaGenerator
from pages.shared.text import _, literal, percent
from pages.shared.tokens import bets
from pages.shared.tokens.bets import Bet

PAIR = DIRECTIONS[0]
EXAMPLE = ("La nature est un temple.", "Nature is a temple.", "Nature is a temple")
"""The lecture's: a sentence, its translation, and that up to the word whose loss is followed."""

CELL = "translation_small_cell"
REVERSED = "translation_small_reversed"
SUFFERS = {
    "without": N_("the one without attention"),
    "alike": N_("both alike"),
    "with": N_("the one with attention"),
}


def compared() -> dict[str, Kind]:
    """How the installed translators of that direction are built: the large one first, then those
    without attention, cell by cell."""
    cells = [*CELLS]

    def order(built: Kind) -> tuple[bool, bool, int, bool]:
        return not built.large, built.attention, cells.index(built.cell), built.reverse

    found = {
        name: kind(header.arguments)
        for name, header in models.translation_headers().items()
        if _direction(header) == PAIR
    }
    return dict(sorted(found.items(), key=lambda item: order(item[1])))


def _direction(header: Header) -> str:
    return f"{header.recipe['source']}-{header.recipe['target']}"


def draw(selection: Selection, side: DeltaGenerator, _below: DeltaGenerator) -> None:
    """The sentence in a cell without attention and with it, in all models, and BLEU by length."""
    kinds = compared()
    source = selection.sentence.source
    if all(built.large for built in kinds.values()):
        st.info(_("The small models for comparison are not installed here."))
        _by_length(kinds)
        return
    if selection.query.direction != PAIR:
        source = EXAMPLE[0]
        st.info(
            _(
                "The small models for comparison translate from French to English, so here they "
                "read the lecture's sentence: “{source}”"
            ).format(source=literal(source))
        )
    with side:
        chosen = _chosen({built: name for name, built in kinds.items()})
    found = dict(zip(kinds, _translated(source, [*kinds], selection), strict=True))
    _pair({name: found[name] for name in chosen}, kinds)
    if not lecture.is_on():
        _all(found, kinds, chosen)
        _by_length(kinds)


def _chosen(known: dict[Kind, str]) -> list[str]:
    """The names of the models that the switches describe: without attention, then with it, as far
    as they are installed."""
    cells = [cell for cell in CELLS if any(k.cell == cell and not k.large for k in known)]
    default = DEFAULT_CELL if DEFAULT_CELL in cells else cells[0]
    with st.container(horizontal=True, vertical_alignment="bottom"):
        names = {cell: style.cell_style(cell).title for cell in cells}
        cell = views.chosen(CELL, names, default, label=_("Cell"))
        possible = Kind(cell, attention=False, reverse=True) in known
        backwards = st.toggle(
            _("Source reversed"),
            key=REVERSED,
            bind="query-params",
            disabled=not possible,
        )
    wanted = Kind(cell, attention=False, reverse=backwards and possible), Kind(cell, attention=True)
    return [known[built] for built in wanted if built in known]


def _translated(source: str, names: list[str], selection: Selection) -> list[Sentence]:
    """One sentence in all models."""
    searches = [search_for(name, selection.query) for name in names]
    predictors = [models.translation(name) for name in names]

    def work(stop: jobs.Stop) -> Iterator[Sentence]:
        for predictor, search in zip(predictors, searches, strict=True):
            yield predictor.translate(source, search, "", stop)

    key = (source, tuple(names), tuple(searches))
    return jobs.wait(jobs.start("translation_small", key, work))


def _pair(found: dict[str, Sentence], kinds: dict[str, Kind]) -> None:
    """The chosen models drawn, and what each knows of the source."""
    drawn = [
        Drawn(title(kinds[name], _), sentence, kinds[name].reverse)
        for name, sentence in found.items()
    ]
    views.chart(pair(drawn, _), pair_alt(drawn, _), "translation_pair", "encoder-decoder")
    if lecture.is_on():
        return
    sizes = [
        f"{title(kinds[name], _)}: "
        + gradient_panel.size(models.translation_headers()[name].parameters)
        for name in found
    ]
    notes = [
        _(
            "Below, the encoder reads the source; above, the decoder writes; in italics what it "
            "gave less than {half}. Without attention all that it knows of the source is the "
            "encoder's last state (slide 57): the same number of values for three words as for "
            "thirty. With attention each word also reads all states again: thick lines are large "
            "shares."
        ).format(half=percent(0.5))
    ]
    if any(kinds[name].reverse for name in found):
        notes.append(
            _(
                "The reversed one reads the source from its last word to its first, so that the "
                "first word, which is often the first to be translated, is the nearest (Sutskever "
                "et al. 2014). There is one such model: an LSTM without attention."
            )
        )
    st.caption(f"{' '.join(notes)} {literal('; '.join(sizes))}.")


def _all(found: dict[str, Sentence], kinds: dict[str, Kind], chosen: Sequence[str]) -> None:
    """Every model's translation, one a line, the chosen ones marked."""
    heading = _("All of them")
    st.markdown(f"##### {heading}", anchors=False)
    lines = []
    for name, sentence in found.items():
        mark = " :material/arrow_back:" if name in chosen else ""
        text = literal(sentence.best.text) or "…"
        lines.append(f"- {literal(title(kinds[name], _))}: **{text}**{mark}")
    st.markdown("\n".join(lines))
    st.caption(
        _(
            "The small ones have one layer, an encoder of one direction, and were trained alike, "
            "on the same sentences; the large one has two layers, two directions and attention."
        )
    )


def _by_length(kinds: dict[str, Kind]) -> None:
    """BLEU by the source's length, where it was measured."""
    found = [scores for scores in models.translation_lengths() if scores.model in kinds]
    if not found:
        return
    right = figures.suffers_more(found, kinds)
    question = _(
        "**Your bet:** from the shortest sentences to the longest, which LSTM loses more BLEU?"
    )
    if right and not bets.ask(Bet("lengths,translation", question, SUFFERS, right), "translation"):
        return
    views.chart(
        figures.lengths(found, kinds, _),
        figures.lengths_alt(found, kinds, _),
        "translation_lengths_figure",
        "bleu-by-length",
    )
    text = figures.lengths_sentence(found, kinds, _)
    if text:
        st.markdown(f"**{literal(text)}**")
    st.caption(literal(figures.counts(found, _)))
    st.caption(
        _(
            "Dev sentences, beam 5, sacreBLEU of each bin by itself; bins with fewer than {few} "
            "sentences are left out. Bahdanau et al. 2015 (figure 2) showed that without "
            "attention long sentences suffer most; Sutskever et al. 2014 reversed the source to "
            "bring its first words nearer to the first written ones."
        ).format(few=figures.FEW)
    )
