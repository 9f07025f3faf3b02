"""The answer: the photo, its sentence word by word, and other sentences."""

from __future__ import annotations

from typing import Any

import streamlit as st

from engine.figures import candidates
from engine.figures.captions import photo as figures
from engine.results import STOP_WORD
from pages.parts.captions import compute
from pages.parts.captions.compute import SLOT, Stream
from pages.parts.captions.session import ALTERNATIVE, WORD, Query, Selection, cache
from pages.shared import beam, links, models, streaming, views
from pages.shared.text import _, decimal, language, literal
from pages.shared.tokens import token, tokens

TRANSLATORS = {"vi": "translate-en-vi"}
"""Who translates the sentences for readers of the page in a language."""


def draw(query: Query, place: Any) -> Selection | None:
    """The chosen photo's sentence and, in `place`, the photo; None while there is none yet."""
    stream, known = compute.describe(query), cache()
    if any(known.error(photo.id) for photo in query.own):
        st.rerun()  # what could not be read is said above, and something else is chosen
    if stream is not None:
        _progress(stream, query)
    description = known.descriptions.get(query.key(query.chosen.id))
    photo = known.photo(query.chosen.id)
    if description is None or photo is None:
        return None
    caption = beam.alternative(ALTERNATIVE, description.captions)
    # The tapped word, else the first that the figures choose.
    tapped = links.choice(WORD, ["", *map(str, range(len(caption.words)))], "")
    at = int(tapped) if tapped else figures.default_word(caption)
    selection = Selection(query, photo, description, caption, at)
    st.header(literal(caption.text) or "…", anchor=False)
    _translation(selection)
    _words(selection)
    score = _("score {score} (log p {total}, {count} words and STOP)")
    beam.alternatives(
        ALTERNATIVE,
        description.captions,
        _("Sentences that the search found, best first"),
        lambda caption: score.format(
            score=decimal(caption.score, 2),
            total=decimal(caption.log_probability, 1),
            count=len(caption.tokens),
        ),
        WORD,
    )
    with place:
        _overlay(selection)
    return selection


def _progress(stream: Stream, query: Query) -> None:
    """What is under way, drawn again by itself and with every new sentence; or what was stopped."""
    before = len(compute.pending(query))

    def counted(text: str) -> str:
        usable = [photo for photo in query.batch if cache().error(photo.id) is None]
        done = len(usable) - len(compute.pending(query))
        return text.format(done=done, total=len(usable))

    if stream.was_stopped:
        text = _("Stopped: {done} of {total} photos are described.")
        streaming.stopped(SLOT, counted(text))
        return

    def progress() -> None:
        share = 1 - before / max(1, len(query.batch))
        st.progress(share, counted(_("{done} of {total} photos are described.")))

    streaming.watch(
        stream,
        lambda: streaming.status(stream, progress, "captions_stop"),
        lambda: len(compute.pending(query)) < before,
    )


def _words(selection: Selection) -> None:
    """The words in colours, and what else could have stood in the marked place."""
    tokens(
        [
            token(word.text, figures.confidence(word), figures.tooltip(word))
            for word in selection.caption.words
        ],
        key=WORD,
        label=_("The sentence word by word, coloured by how sure the network was"),
        marked=selection.at,
    )
    st.caption(_("Teal: it was sure. Orange: it took something unlikely. Tap a word."))
    word, before = selection.word, selection.caption.words[: selection.at]
    if word.text == STOP_WORD:
        text = _("Where it ends, after “{before}”:")
    else:
        text = _("In place of “{word}”, after “{before}”:")
    last = " ".join(word.text for word in before[-4:]) or "START"
    st.markdown(f"**{text.format(word=literal(word.text), before=literal(last))}**")
    bars, alt = candidates.bars(word, _), candidates.bars_alt(word, _)
    views.chart(bars, alt, "captions_rivals", "rivals")


def _translation(selection: Selection) -> None:
    """What the sentence means, as another network understands it, for readers of its language."""
    name = TRANSLATORS.get(language(), "")
    if name not in models.translation_headers() or not selection.caption.tokens:
        return
    predictor, text = models.translation(name, selection.query.device), selection.caption.text
    found = compute.once(
        selection, "vietnamese", text, lambda stop: predictor.translate(text, stop=stop)
    )
    st.markdown(f":material/translate: {literal(found.best.text)}")
    st.caption(
        _("Translated from English by another of our networks, which makes mistakes of its own.")
    )


def _overlay(selection: Selection) -> None:
    """The photo, the cells that were looked at for the marked word, and in words the strongest."""
    cells, word = selection.word.attention, selection.word.text
    pixels = selection.photo.photo.pixels
    tall, wide = pixels.shape[:2]
    height = max(200, min(400, int(480 * tall / wide)))  # as where the photo is 480 pixels wide
    alt = figures.overlay_alt(cells, _("Attention for “{word}”").format(word=word), _)
    figure = figures.overlay(pixels, cells, height=height)
    views.chart(figure, alt, "captions_photo_figure", "attention")
    if cells is None:
        st.caption(_("This model has no attention: it saw the photo once, as h₀."))
        return
    where = literal(figures.strongest_region(cells, _))
    text = _("For “{word}” it looked most at: {where}.")
    st.markdown(f"**{text.format(word=literal(word), where=where)}**")
    st.caption(
        _(
            "7 × 7 cells, the stronger the more attention. Attention is not an explanation: it "
            "says what was read, not what decided."
        )
    )
