"""Slides 8 to 15, 34, 50 and 54 to 58: the kinds of problem, and where the lecture leads on."""

from __future__ import annotations

from pages.shared.slides.slide import Slide
from pages.shared.text import N_


def _kind(about: str, kind: str) -> Slide:
    return Slide(about, "home", {"home_kind": kind})


SLIDES = {
    8: _kind(N_("Language model: what comes next?"), "loop"),
    9: _kind(N_("Character model: one-hot input, state, softmax"), "loop"),
    10: _kind(N_("The probability of a text as a product"), "loop"),
    11: _kind(N_("Describing a picture in a sentence"), "one_to_many"),
    12: _kind(N_("From a CNN's features to START … STOP"), "one_to_many"),
    13: _kind(N_("Machine translation"), "many_to_many"),
    14: _kind(N_("Sequence to sequence: “La nature”"), "many_to_many"),
    15: _kind(N_("The five kinds of problem side by side"), "aligned"),
    34: Slide(
        N_("LSTM and GRU"),
        "cells",
        {"cells_cell": "lstm", "cells_stage": "forget", "cells_view": "lesson"},
    ),
    50: Slide(N_("Classifying sequences"), "sentiment", {"sentiment_view": "pooling"}),
    54: _kind(N_("What a character model writes as it learns"), "loop"),
    55: _kind(N_("Captions: the CNN feeds the recurrent network"), "one_to_many"),
    56: _kind(N_("Captions, word by word"), "one_to_many"),
    57: _kind(N_("Translation: encoder and decoder"), "many_to_many"),
    58: Slide(N_("References"), "home", {"home_view": "references"}),
}
