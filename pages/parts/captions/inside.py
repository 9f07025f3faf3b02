"""The views of the page Captions; those that only show a figure are drawn here."""

from __future__ import annotations

from collections.abc import Callable

import pandas as pd
import streamlit as st

from engine.cells import DEFAULT_CELL
from engine.errors import N_
from engine.figures import style
from engine.figures.captions import errors, unrolled
from engine.figures.captions import photo as figures
from engine.results import Caption, Floats
from pages.parts.captions import answer, compute, forcing, gradient, inputs, many
from pages.parts.captions.session import MODEL, Selection
from pages.shared import beam, jobs, lecture, models, views
from pages.shared.streamlit_internals import DeltaGenerator
from pages.shared.text import _, literal

CELL = "captions_small_cell"


def draw_tree(selection: Selection, _side: DeltaGenerator, _below: DeltaGenerator) -> None:
    """The beam as a tree, from the photo down, and the division that orders the sentences."""
    beam.draw_tree("captions", selection.description, _("the photo"), _("Each box is a word"))


def draw_unrolled(selection: Selection, side: DeltaGenerator, _below: DeltaGenerator) -> None:
    """Slide 12 with numbers: a small network without attention describes the photo."""
    headers = models.captions_headers()
    found = {headers[name].arguments["cell"]: name for name in gradient.groups()["without"]}
    if not found:
        st.info(_("The small models for comparison are not installed here."))
        return
    names = {cell: style.cell_style(cell).title for cell in found}
    default = DEFAULT_CELL if DEFAULT_CELL in found else next(iter(found))
    with side:
        cell = views.chosen(CELL, names, default, label=_("Cell"))
    predictor = models.captions(found[cell], selection.query.device)
    features, search = selection.photo.features, selection.query.search

    def work(stop: jobs.Stop) -> tuple[Caption, Floats]:
        caption = predictor.caption(features, search, (), stop).captions[0]
        return caption, predictor.states(features, caption.tokens)

    caption, states = compute.once(selection, "unrolled", (found[cell], search), work)
    flat = lecture.is_on()
    figure = unrolled.unrolled(selection.photo.photo.pixels, caption, states, flat=flat)
    views.chart(figure, unrolled.unrolled_alt(caption, _), "captions_unrolled", "unrolled")
    text = _("{network} without attention: “{sentence}”")
    sentence = text.format(network=names[cell], sentence=caption.text)
    st.markdown(f"**{literal(sentence)}**")
    st.caption(unrolled.legend(states, _))


def draw_classes(selection: Selection, _side: DeltaGenerator, _below: DeltaGenerator) -> None:
    """One photo in, one class out: the encoder as it came (slide 15's first kind, 1 → 1)."""
    features = selection.photo.features
    found = compute.once(selection, "classes", "", lambda _stop: models.photo_classes(features))
    st.markdown(f"**{literal(figures.classes_sentence(found, _))}**")
    bars, alt = figures.classes(found, _), figures.classes_alt(found, _)
    views.chart(bars, alt, "captions_classes", "classes")
    st.markdown(
        _(
            "**1 → 1**: photo (224 × 224 pixels) → EfficientNet-Lite2 → one of 1,000 classes. One "
            "input, one output, no state: the first of slide 15's kinds needs no recurrent network."
        )
    )
    st.markdown(
        _(
            "EfficientNet-Lite2 is a convolutional network trained on the photos of ImageNet. More "
            "than a hundred of its classes are breeds of dog, and none is “person”: only a "
            "baseball player, a bridegroom and a scuba diver are people. So a photo of people goes "
            "under what they wear, hold or stand in front of; “none of these” cannot be said, "
            "since the probabilities add up to 1."
        )
    )
    st.markdown(
        _(
            "**1 → n**: for captions its last layer is left out. What comes before, 7 × 7 places "
            "with 1,280 numbers each, goes to the recurrent network, which says word after word."
        )
    )
    st.caption(_("ImageNet's names of classes are English here, in every language of this app."))


def draw_failures() -> None:
    """An example that is described wrongly, error rates by kind of word, and real captions of dev
    photos that are wrong."""
    for source in inputs.examples():
        if source.id == "astronaut":
            photo, description = compute.example(source)
            text = literal(description.captions[0].text)
            picture, said = st.columns([1, 5], gap="medium")
            picture.image(photo.pixels, width=160, alt=source.name)
            said.subheader(text, anchor=False)
            said.markdown(
                _(
                    "The photo shows an astronaut before a flag and a model of a space shuttle. "
                    "The caption network knows neither “astronaut” nor “shuttle”, and the image "
                    "classifier is too unsure to name anything: the sentence is made of what is "
                    "common in the photos that were learnt from."
                )
            )
    found = views.failures(
        models.captions_failures(MODEL),
        "captions",
        "caption-errors",
        _(
            "Dev photos of Flickr8k, each described by five people. A word counts as wrong when "
            "none of them used it or one that means the same here, and somebody used another of "
            "its kind; the dotted line is the share of captions with any such word. People "
            "overlook things too, so some of these are no mistakes."
        ),
        errors.failures_sentence,
        errors.error_rates,
        errors.error_rates_alt,
    )
    if found is None or not found.quotes:
        return
    title = _("Captions that are wrong")
    st.markdown(f"##### {title}", anchors=False)
    rows = [
        {
            _("kind"): errors.kind_name(mistake.kind, _),
            _("the caption"): mistake.caption,
            _("wrong word"): mistake.wrong,
            _("what people said"): errors.disagreement(mistake, _),
        }
        for mistake in found.quotes
    ]
    st.dataframe(
        pd.DataFrame(rows),
        hide_index=True,
        alt=_(
            "Captions of dev photos, the word that is wrong in each and what people said instead"
        ),
    )
    st.caption(
        _(
            "Real captions, chosen where most people agree on something else. The photos belong to "
            "their owners, so they are not shown, and people's sentences are counted, not quoted."
        )
    )


Draw = Callable[[Selection, DeltaGenerator, DeltaGenerator], None]
"""Draws a view where it is called; gets a place for controls of its own, and one below both."""


def of_a_photo(draw: Draw, *, gallery: bool = False) -> Callable[[], None]:
    """A view of the chosen photo: itself on the left, the photos to choose from beside it."""

    def view() -> None:
        picture, side = views.stage(2, 1)
        below = st.container()
        with side:
            query = inputs.draw(gallery=gallery)
        with picture:
            selection = answer.select(query)
            if selection is not None:
                draw(selection, side, below)

    return view


VIEWS: dict[str, tuple[str, Callable[[], None]]] = {
    "caption": (N_("Caption"), of_a_photo(answer.draw, gallery=True)),
    "gradient": (N_("Gradient"), of_a_photo(gradient.draw)),
    "without": (N_("Without attention"), of_a_photo(draw_unrolled)),
    "tree": (N_("Beam"), of_a_photo(draw_tree)),
    "force": (N_("Your first words"), of_a_photo(forcing.first_words)),
    "teacher": (N_("Teacher forcing"), of_a_photo(forcing.wrong_word)),
    "many": (N_("Many"), of_a_photo(many.draw)),
    "classes": (N_("Class (1 → 1)"), of_a_photo(draw_classes)),
    "fails": (N_("Where it fails"), draw_failures),
}
