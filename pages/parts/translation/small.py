"""View: the same sentence through small models, with attention and without (slide 57)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import streamlit as st

from engine.cells import CELLS, DEFAULT_CELL
from engine.figures import style
from engine.figures import translation_attention as attention
from engine.figures import translation_lengths as lengths
from engine.figures.translation_models import Kind, kind, title
from engine.results import Sentence
from pages.parts.translation.gradient import EXAMPLE
from pages.parts.translation.shown import SMALL, Shown, suited
from pages.shared import figures as saving
from pages.shared import jobs, links, models
from pages.shared.text import decimal, literal, translator

CELL = "translation_small_cell"
ATTENTION, REVERSED = "translation_small_attention", "translation_small_reversed"


def draw(shown: Shown) -> None:
    """Switches, the chosen model's translation, all models' translations, BLEU by length."""
    _ = translator()
    headers = models.translation_headers()
    names = sorted((name for name in headers if name.startswith(SMALL)), key=_place)
    kinds = {name: kind(name) for name in names}
    small = [name for name, built in kinds.items() if not built.large]
    source = shown.sentence.source
    if shown.direction != "fr-en":
        source = EXAMPLE[0]
        st.info(
            _(
                "The small models for comparison translate from French to English, so here they "
                "read the lecture's sentence: “{source}”"
            ).format(source=literal(source))
        )
    if not small:
        st.info(_("The small models for comparison are not installed here."))
    else:
        chosen = _chosen({built: name for name, built in kinds.items()})
        found = dict(zip(kinds, _translated(source, [*kinds], shown), strict=True))
        _one(source, chosen, found.get(chosen))
        _all(found, chosen)
    _by_length()


def _place(name: str) -> tuple[bool, bool, int, bool]:
    """Where a model stands: the large one first, then those without attention, cell by cell."""
    built = kind(name)
    return not built.large, built.attention, [*CELLS].index(built.cell), built.reverse


def _chosen(known: dict[Kind, str]) -> str:
    """The name of the model that the switches describe; "" where it is not installed."""
    _ = translator()
    cells = [cell for cell in CELLS if any(k.cell == cell and not k.large for k in known)]
    with st.container(horizontal=True, vertical_alignment="bottom"):
        cell = links.choice(CELL, cells, DEFAULT_CELL if DEFAULT_CELL in cells else cells[0])
        st.segmented_control(
            _("Cell"),
            cells,
            key=CELL,
            format_func=lambda id: style.cell_style(id).title,
            required=True,
            label_visibility="collapsed",
        )
        with_attention = st.toggle(_("Attention"), key=ATTENTION, bind="query-params")
        turned = Kind(cell, attention=False, reverse=True)
        possible = turned in known and not with_attention
        backwards = st.toggle(
            _("Source reversed"),
            key=REVERSED,
            bind="query-params",
            disabled=not possible,
            help=_("There is one such model: an LSTM without attention."),
        )
    return known.get(Kind(cell, with_attention, reverse=backwards and possible), "")


def _translated(source: str, names: Sequence[str], shown: Shown) -> list[Sentence]:
    """One sentence in all models."""
    searches = [suited(shown.search, shown.direction, name) for name in names]
    networks = [models.translation(name) for name in names]

    def work(stop: jobs.Stop) -> Iterator[Sentence]:
        for network, search in zip(networks, searches, strict=True):
            yield network.translate(source, search, "", stop)

    key = (source, tuple(names), tuple(searches))
    return jobs.wait(jobs.start("translation_small", key, work))


def _one(source: str, name: str, found: Sentence | None) -> None:
    """The chosen model's translation and, if it has attention, what that looked at."""
    _ = translator()
    if found is None:
        st.info(_("This one is not installed here."))
        return
    built = kind(name)
    parameters = style.grouped(models.translation_headers()[name].parameters)
    size = _("{count} parameters").format(count=parameters)
    st.markdown(f"**{literal(title(built, _))}** · {size}")
    st.markdown(f"{literal(source)}  \n**{literal(found.best.text) or '…'}**")
    if built.attention:
        st.plotly_chart(
            attention.matrix(found.read, found.best, _),
            key="translation_small_matrix",
            config=saving.config("attention"),
            alt=attention.matrix_alt(found.read, found.best, _),
        )
    elif built.reverse:
        st.caption(
            _(
                "It reads the source from its last word to its first, so that the first word, "
                "which is often the first to be translated, is the nearest (Sutskever et al. 2014)."
            )
        )
    else:
        st.caption(
            _(
                "All that it knows of the source is the encoder's last state (slide 57): the same "
                "number of values for three words as for thirty."
            )
        )


def _all(found: dict[str, Sentence], chosen: str) -> None:
    """Every model's translation, one a line, the chosen one marked."""
    _ = translator()
    heading = _("All of them")
    st.markdown(f"##### {heading}", anchors=False)
    lines = []
    for name, said in found.items():
        mark = " :material/arrow_back:" if name == chosen else ""
        text = literal(said.best.text) or "…"
        lines.append(f"- {literal(title(kind(name), _))}: **{text}**{mark}")
    st.markdown("\n".join(lines))
    st.caption(
        _(
            "The small ones have one layer, an encoder of one direction, and were trained alike, "
            "on the same sentences; the large one has two layers, two directions and attention."
        )
    )


def _by_length() -> None:
    """BLEU by the source's length, where it was measured."""
    _ = translator()
    found = models.translation_lengths()
    if not found:
        return
    heading = _("Quality by the length of the sentence")
    st.markdown(f"##### {heading}", anchors=False)
    said = lengths.sentence(found, _, decimal)
    if said:
        st.markdown(f"**{literal(said)}**")
    st.plotly_chart(
        lengths.lines(found, _),
        key="translation_lengths_figure",
        config=saving.config("bleu-by-length"),
        alt=lengths.lines_alt(found, _, decimal),
    )
    st.caption(literal(lengths.counts(found, _)))
    st.caption(
        _(
            "Dev sentences, beam 5, sacreBLEU of each bin by itself; bins with fewer than {few} "
            "sentences are left out. Bahdanau et al. 2015 (figure 2) showed that without "
            "attention long sentences suffer most; Sutskever et al. 2014 reversed the source to "
            "bring its first words nearer to the first written ones."
        ).format(few=lengths.FEW)
    )
