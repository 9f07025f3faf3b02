"""Where the slides of the lecture are in the app: the pages, and what each slide opens."""

from __future__ import annotations

from pages.shared.slides import cells, gradients, kinds, sentiment
from pages.shared.slides.sentiment import FILM, FOOD, VACUUM
from pages.shared.slides.slide import Page, Slide
from pages.shared.text import N_

__all__ = ["FILM", "FOOD", "PAGES", "SLIDES", "VACUUM", "Page", "Slide"]

PAGES = {
    "home": Page(
        "pages/home.py",
        N_("Home"),
        ":material/home:",
        N_("What there is to try, the slides of the lecture, the models and where they come from."),
    ),
    "sentiment": Page(
        "pages/sentiment.py",
        N_("Sentiment"),
        ":material/sentiment_satisfied:",
        N_("Type a sentence: is it positive or negative, and after which word does it show?"),
    ),
    "characters": Page(
        "pages/characters.py",
        N_("Characters"),
        ":material/keyboard:",
        N_("A network that guesses the next character writes: Shakespeare, Tolstoy, Truyện Kiều."),
    ),
    "train": Page(
        "pages/train.py",
        N_("Train"),
        ":material/model_training:",
        N_("Give a character model your own text, watch it learn, take the model along."),
    ),
    "captions": Page(
        "pages/captions.py",
        N_("Captions"),
        ":material/photo_camera:",
        N_("Upload photos: a network describes them, and you see where it looks for each word."),
    ),
    "translation": Page(
        "pages/translation.py",
        N_("Translation"),
        ":material/translate:",
        N_("Type a sentence: a network translates it, and you see what each word looks at."),
    ),
    "cells": Page(
        "pages/cells.py",
        N_("Cells"),
        ":material/schema:",
        N_("What an RNN, an LSTM or a GRU computes in one step, gate by gate, with numbers."),
    ),
    "gradients": Page(
        "pages/gradients.py",
        N_("Gradients"),
        ":material/trending_down:",
        N_("Why the gradient vanishes or explodes: eigenvalues, saturation, gates, clipping."),
    ),
    "race": Page(
        "pages/race.py",
        N_("Race"),
        ":material/flag:",
        N_("An RNN, an LSTM and a GRU learn side by side to remember: which one gets there?"),
    ),
}
"""Every page, in the order of the menu."""

_BY_PART = {**kinds.SLIDES, **sentiment.SLIDES, **cells.SLIDES, **gradients.SLIDES}

SLIDES = {number: _BY_PART[number] for number in sorted(_BY_PART)}
"""The slides that the app can show, by number, in the lecture's order."""
