"""Slides 8 to 15, 34, 50 and 54 to 58: the kinds of problem, and where the lecture leads on."""

from __future__ import annotations

from pages.shared.slides.slide import Slide
from pages.shared.text import N_


def _kind(about: str, kind: str) -> Slide:
    return Slide(about, "home", {"home_kind": kind})


READ = {"en": "chars-shakespeare", "vi": "chars-kieu"}
BEGUN = {"en": "ROMEO:\n", "vi": "Trăm năm trong cõi người ta,\n"}
LETTERS = {
    "characters_temperature": "0.7",
    "characters_length": "300",
    "characters_top_k": "0",
    "characters_top_p": "1.0",
    "characters_seed": "0",
    "characters_mark": "",
    "characters_chosen": "",
}
"""What every slide about characters starts from, whatever was tried before."""


def _characters(
    about: str,
    view: str,
    model: str | dict[str, str],
    prompt: str | dict[str, str],
    **more: str | dict[str, str],
) -> Slide:
    """The page Characters at `view`; further keys without their `characters_`."""
    state: dict[str, str | dict[str, str]] = {"characters_view": view}
    state |= {"characters_model": model, "characters_prompt": prompt}
    state |= {f"characters_{name}": value for name, value in more.items()}
    return Slide(about, "characters", {**LETTERS, **state})


PHOTO = {
    "captions_photo": "photographer",
    "captions_width": "5",
    "captions_penalty": "1",
    "captions_word": "",
    "captions_alternative": "0",
    "captions_models": "without",
}
"""What every slide about captions starts from, whatever was tried before."""


def _captions(about: str, view: str, **more: str) -> Slide:
    """The page Captions at `view`; further keys without their `captions_`."""
    state = {f"captions_{name}": value for name, value in more.items()}
    return Slide(about, "captions", {**PHOTO, "captions_view": view, **state})


SENTENCE = {
    "translation_direction": "fr-en",
    "translation_text": "La nature est un temple.",
    "translation_width": "5",
    "translation_penalty": "0.5",
    "translation_line": "1",
    "translation_sentence": "0",
    "translation_alternative": "0",
    "translation_word": "",
}
"""What every slide about translation starts from, whatever was tried before."""


def _translation(about: str, view: str, **more: str) -> Slide:
    """The page Translation at `view`; further keys without their `translation_`."""
    state = {f"translation_{name}": value for name, value in more.items()}
    return Slide(about, "translation", {**SENTENCE, "translation_view": view, **state})


SLIDES = {
    8: _characters(N_("Language model: what comes next?"), "choose", READ, BEGUN),
    9: _characters(N_("Character model: one-hot input, state, softmax"), "units", READ, BEGUN),
    10: _characters(
        N_("The probability of a text as a product"),
        "choose",
        READ,
        BEGUN,
        chosen={"en": "What ", "vi": "Chữ "},
    ),
    11: _captions(N_("Describing a picture in a sentence"), "many"),
    12: _captions(N_("From a CNN's features to START … STOP"), "lesson"),
    13: _translation(N_("Machine translation"), "force"),
    14: _translation(N_("Sequence to sequence: “La nature”"), "lesson"),
    15: _kind(N_("The five kinds of problem side by side"), "aligned"),
    34: Slide(
        N_("LSTM and GRU"),
        "cells",
        {"cells_cell": "lstm", "cells_stage": "forget", "cells_view": "lesson"},
    ),
    50: Slide(N_("Classifying sequences"), "sentiment", {"sentiment_view": "pooling"}),
    54: _characters(
        N_("What a character model writes as it learns"),
        "learn",
        "chars-tolstoy",
        "Prince Andrew ",
        network="chars-tolstoy-lstm",
        moment="100",
    ),
    55: _captions(N_("Captions: the CNN feeds the recurrent network"), "classes"),
    56: _captions(N_("Captions, word by word"), "tree"),
    57: _translation(N_("Translation: encoder and decoder"), "small"),
    58: Slide(N_("References"), "home", {"home_view": "references"}),
}
