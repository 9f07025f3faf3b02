"""The views of "Look inside"; those that only show a figure are drawn here."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from engine.errors import N_
from engine.figures import beam as trees
from engine.figures.captions import errors
from engine.figures.captions import photo as figures
from pages.parts.captions import forcing, many
from pages.parts.captions.compute import once
from pages.parts.captions.session import MODEL, Selection
from pages.shared import models, views
from pages.shared.text import _, literal


def draw_tree(selection: Selection) -> None:
    """The beam as a tree, from the photo down, and the division that orders the sentences."""
    found = selection.description
    st.markdown(f"**{literal(trees.sentence(found, _))}**")
    tree, alt = trees.tree(found, _("the photo"), _), trees.tree_alt(found, _)
    views.chart(tree, alt, "captions_tree", "beam-tree")
    st.caption(
        _(
            "Each box is a word with its probability after the words above it; a row is a step. "
            "The width is how many beginnings go on side by side: the likeliest of all their ways "
            "to go on. Width 1 is greedy choice. Both width and length penalty are in Settings."
        )
    )
    st.markdown(
        _(
            "Sentences are ordered by their score, log p / n^α: n is the number of words, STOP "
            "among them, and α the length penalty. Every word makes log p smaller, so α = 0 "
            "favours short sentences; α = 1 compares the mean per word, in nats:"
        )
    )
    lines = trees.score_lines(found, _)
    st.markdown("\n".join(f"1. {literal(line)}" for line in lines))


def draw_classes(selection: Selection) -> None:
    """One photo in, one class out: the encoder as it came (slide 15's first kind, 1 → 1)."""
    st.markdown(
        _(
            "**1 → 1**: photo (224 × 224 pixels) → EfficientNet-Lite2 → one of 1,000 classes. One "
            "input, one output, no state: the first of slide 15's kinds needs no recurrent network."
        )
    )
    features = selection.photo.features
    found = once(selection, "classes", "", lambda _stop: models.photo_classes(features))
    st.markdown(f"**{literal(figures.classes_sentence(found, _))}**")
    bars, alt = figures.classes(found, _), figures.classes_alt(found, _)
    views.chart(bars, alt, "captions_classes", "classes")
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


def draw_failures(_selection: Selection) -> None:
    """Error rates by kind of word, and real captions of dev photos that are wrong."""
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


VIEWS = {
    "many": (N_("Many photos"), many.draw),
    "tree": (N_("Beam tree"), draw_tree),
    "force": (N_("Force words"), forcing.first_words),
    "teacher": (N_("Teacher forcing or free running"), forcing.wrong_word),
    "classes": (N_("What class is it? (1 → 1)"), draw_classes),
    "fails": (N_("Where it fails"), draw_failures),
}
