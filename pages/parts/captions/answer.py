"""The answer: the photo, its sentence word by word, and other sentences; or all photos at once."""

from __future__ import annotations

import streamlit as st

from engine.figures.captions import photo as figures
from engine.figures.captions import reach
from engine.figures.numbers import percent as probability
from engine.results import STOP_WORD, Caption, Occlusion
from engine.tasks.captions import nouns
from pages.parts.captions import compute, gradient, inputs
from pages.parts.captions.compute import SLOT, Stream
from pages.parts.captions.session import (
    ALTERNATIVE,
    WORD,
    LoadedPhoto,
    Query,
    Selection,
    cache,
)
from pages.shared import beam, gradient_panel, lecture, links, models, streaming, views
from pages.shared import written_words as written
from pages.shared.streamlit_internals import DeltaGenerator
from pages.shared.text import _, decimal, language, literal

TRANSLATORS = {"vi": "translate-en-vi"}
"""Who translates the sentences for readers of the page in a language."""

TILE = 156
"""Pixels that a photo of several is wide: two of them fit a phone."""


def select(query: Query) -> Selection | None:
    """The chosen photo with its sentence; None while there is none yet."""
    stream, known = compute.describe(query), cache()
    if any(known.error(photo.id) for photo in query.own):
        st.rerun()  # what could not be read is said, and something else is chosen
    if stream is not None:
        _progress(stream, query)
    description = known.descriptions.get(query.key(query.chosen.id))
    photo = known.photo(query.chosen.id)
    if description is None or photo is None:
        return None
    caption = beam.alternative(ALTERNATIVE, description.captions)
    # The tapped word, else the first that the figures choose.
    tapped = links.choice(WORD, ["", *map(str, range(len(caption.words)))], "")
    occlusion = None if query.everything else _occlusion(query, photo, caption)
    at = int(tapped) if tapped else figures.default_word(caption, nouns(), occlusion)
    return Selection(query, photo, description, caption, at, occlusion)


def _occlusion(query: Query, photo: LoadedPhoto, caption: Caption) -> Occlusion | None:
    """Waits for it, with the sentence on the screen already."""
    job = compute.occlude(query, photo, caption)
    if job is None or job.ended() or lecture.is_on():
        return None if job is None else compute.occlusion(job)
    early = st.empty()
    early.header(literal(caption.text) or "…", anchor=False)
    found = compute.occlusion(job)
    early.empty()
    return found


def draw(selection: Selection, side: DeltaGenerator, below: DeltaGenerator) -> None:
    """The sentence word by word and where the network looked for the marked word; other sentences,
    and other words in its place."""
    if selection.query.everything:
        _gallery(selection.query)
        return
    if not lecture.is_on():
        if selection.description.unfamiliar:
            st.warning(
                _(
                    "Unsure: this photo is unlike those that the network has learnt from, as "
                    "drawings, screenshots, text and night scenes are. The sentence is a guess."
                ),
                icon=":material/help:",
            )
        st.header(literal(selection.caption.text) or "…", anchor=False)
        _translation(selection)
    _overlay(selection)
    if not lecture.is_on():
        for line in origins(selection.caption):
            st.markdown(f":material/auto_awesome: {literal(line)}")
    with side:
        _alternatives(selection)
    with below:
        _headline(selection)
        st.caption(written.legend())
        if language() in TRANSLATORS:
            st.caption(
                _(
                    "Translated from English by another of our networks, which makes mistakes of "
                    "its own."
                )
            )
        left, right = st.columns(2, gap="large")
        with left:
            _where(selection)
        with right:
            _in_its_place(selection)
        inputs.warn()


def _gallery(query: Query) -> None:
    """Every photo with its best sentence below it."""
    known = cache()
    width, size = (2 * TILE, "###") if lecture.is_on() else (TILE, "")
    found = [
        (photo, known.descriptions[query.key(source.id)])
        for source in query.photos
        if (photo := known.photo(source.id)) and query.key(source.id) in known.descriptions
    ]
    with st.container(horizontal=True, gap="small", key="captions_gallery"):
        for photo, description in found:
            text = description.captions[0].text
            with st.container(width=width, gap="small"):
                st.image(figures.square(photo.photo.pixels), width="stretch", alt=text)
                if description.unfamiliar:
                    st.markdown(f"{size} :material/help: {_('Unsure, a guess:')}".strip())
                st.markdown(f"{size} **{literal(text)}**".strip(), anchors=False)


def origins(caption: Caption) -> list[str]:
    """Which words the caption network did not choose by itself, and where they come from."""
    lines = []
    for word in caption.words:
        if word.recognised is not None:
            text = _(
                "Recognised: “{word}”. It is the image classifier's word, which is {p} sure; in "
                "the sentence it has the probability of all learnt words of its kind."
            )
            lines.append(text.format(word=word.text, p=probability(word.recognised)))
            if word.read:
                text = _("The caption network has not learnt it and reads “{read}” in its place.")
                lines[-1] += " " + text.format(read=word.read)
        elif word.unsure_gender:
            text = _(
                "“{word}”: the network is not sure whether it sees a man or a woman; when it says "
                "one of them while it is as unsure as here, it is right 6 times in 10."
            )
            lines.append(text.format(word=word.text))
    return list(dict.fromkeys(lines))


def _headline(selection: Selection) -> None:
    """What the gradient of the marked word does on its way back to the photo, in one network."""
    found = gradient.groups()["without"]
    if not found:
        return
    (back,) = compute.reaches(selection, found[:1])
    text = _("{network} without attention, loss of “{word}”: {sentence}")
    gradient_panel.headline(
        "captions",
        text.format(
            network=reach.title(back, _),
            word=selection.word.text,
            sentence=reach.sentence(back, _),
        ),
    )


def _alternatives(selection: Selection) -> None:
    score = _("score {score} (log p {total}, {count} words and STOP)")
    beam.alternatives(
        ALTERNATIVE,
        selection.description.captions,
        _("Sentences that the search found, best first"),
        lambda caption: score.format(
            score=decimal(caption.score, 2),
            total=decimal(caption.log_probability, 1),
            count=len(caption.tokens),
        ),
        WORD,
    )


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


def _in_its_place(selection: Selection) -> None:
    """What else could have stood in the marked place."""
    word = selection.word
    text = _("In place of “{word}”, after “{before}”:")
    if word.text == STOP_WORD:
        text = _("Where it ends, after “{before}”:")
    before = written.last_words([each.text for each in selection.caption.words[: selection.at]])
    heading = text.format(word=literal(word.text), before=before)
    written.in_its_place(word, heading, "captions")


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


def _overlay(selection: Selection) -> None:
    """The photo with the cells that were looked at for the marked word, below it the sentence word
    by word, and beside it the cells whose covering makes the word less probable."""
    cells, word, occlusion = selection.word.attention, selection.word.text, selection.occlusion
    pixels = selection.photo.photo.pixels
    tall, wide = pixels.shape[:2]
    height = max(200, min(310, int(480 * tall / wide)))  # as where the photo is 480 pixels wide
    what = _("Attention for “{word}”").format(word=word)
    title = selection.caption.text if lecture.is_on() else what
    figure = figures.overlay(pixels, cells, height=height, title=title)
    alt = figures.overlay_alt(cells, what, _)
    alone = occlusion is None or lecture.is_on()
    left, right = (st.container(), None) if alone else st.columns(2, gap="small")
    with left:
        views.chart(figure, alt, "captions_photo_figure", "attention")
        if not lecture.is_on():
            words = [(each.text, each.probability) for each in selection.caption.words]
            label = _("The sentence word by word, coloured by how sure the network was")
            written.sentence(words, WORD, label, selection.at)
    if occlusion is None or right is None:
        return
    with right:
        lost = figures.lost_probability(occlusion, selection.at)
        title = _("Occlusion: what P({word}) loses").format(word=word)
        covered = figures.overlay(
            pixels, lost, figures.SALIENCY, height=height, least=0.05, title=title
        )
        alt = figures.overlay_alt(lost if lost.any() else None, title, _)
        views.chart(covered, alt, "captions_occlusion_figure", "occlusion")


def _where(selection: Selection) -> None:
    """In words where the network looked for the marked word."""
    cells, word = selection.word.attention, selection.word.text
    if cells is None:
        st.caption(_("This model has no attention: it saw the photo once, as h₀."))
        return
    where = literal(figures.strongest_region(cells, _))
    text = _("For “{word}” it looked most at: {where}.")
    st.markdown(f"**{text.format(word=literal(word), where=where)}**")
    if selection.occlusion is not None:
        found = figures.occlusion_sentence(selection.caption, selection.occlusion, selection.at, _)
        st.markdown(f"**{literal(found)}**")
    st.caption(
        _(
            "7 × 7 grid: darker means more attention. Attention is not an explanation: it says "
            "what was read, not what decided. Occlusion covers one cell after the other with the "
            "photo's mean colour and looks at the word's probability; r is the correlation of "
            "both maps over the 49 cells."
        )
    )
