"""The pages of the app, and which page in which state shows each slide of the lecture."""

from __future__ import annotations

from dataclasses import dataclass, field
from urllib.parse import parse_qsl

from pages.shared.text import N_

ByLanguage = dict[str, str]
"""One value per language of the reader."""


@dataclass(frozen=True)
class Page:
    """A page of the app, the question that it answers, and in `help` one sentence on what for."""

    path: str
    title: str
    question: str
    icon: str
    help: str


@dataclass(frozen=True)
class Slide:
    """What a slide is about, the page that shows it, and the state that page starts in.

    `values` has one entry per key: the value, or one value per language. `figure` is the key of
    what has to be seen at once.
    """

    about: str
    page: str
    values: dict[str, str | ByLanguage] = field(default_factory=dict)
    figure: str = ""

    def state(self, language: str) -> dict[str, str]:
        """The values for a reader of `language`; English where it has none of its own."""
        return {
            key: value if isinstance(value, str) else value.get(language, value["en"])
            for key, value in self.values.items()
        }


PAGES = {
    "home": Page(
        "pages/home.py",
        N_("Home"),
        N_("What does a recurrent network remember?"),
        ":material/home:",
        N_("What there is to try, the slides of the lecture, the models and where they come from."),
    ),
    "sentiment": Page(
        "pages/sentiment.py",
        N_("Sentiment"),
        N_("Positive or negative?"),
        ":material/sentiment_satisfied:",
        N_("Type a sentence: is it positive or negative, and after which word does it show?"),
    ),
    "characters": Page(
        "pages/characters.py",
        N_("Characters"),
        N_("What does it write, character by character?"),
        ":material/keyboard:",
        N_("A network that guesses the next character writes: Shakespeare, Tolstoy, Truyện Kiều."),
    ),
    "train": Page(
        "pages/train.py",
        N_("Train"),
        N_("Can a network learn to write like your text?"),
        ":material/model_training:",
        N_("Give a character model your own text, watch it learn, save the model."),
    ),
    "captions": Page(
        "pages/captions.py",
        N_("Captions"),
        N_("What does it say about your photo?"),
        ":material/photo_camera:",
        N_("Upload photos: a network describes them, and you see where it looks for each word."),
    ),
    "translation": Page(
        "pages/translation.py",
        N_("Translation"),
        N_("How does it translate a sentence, word by word?"),
        ":material/translate:",
        N_("Type a sentence: a network translates it, and you see what each word looks at."),
    ),
    "frames": Page(
        "pages/frames.py",
        N_("Frames"),
        N_("What happens in each frame of a film?"),
        ":material/movie:",
        N_("A label for every frame of a film, forward and both ways; film a movement yourself."),
    ),
    "accents": Page(
        "pages/accents.py",
        N_("Accents"),
        N_("Which marks has this text lost?"),
        ":material/spellcheck:",
        N_("Vietnamese typed without its marks gets them back, letter by letter."),
    ),
    "cells": Page(
        "pages/cells.py",
        N_("Cells"),
        N_("What does a cell do?"),
        ":material/schema:",
        N_("What an RNN, an LSTM or a GRU computes in one step, gate by gate, with numbers."),
    ),
    "gradients": Page(
        "pages/gradients.py",
        N_("Gradients"),
        N_("Why does the gradient vanish or explode?"),
        ":material/trending_down:",
        N_("Why the gradient vanishes or explodes: eigenvalues, saturation, gates, clipping."),
    ),
    "race": Page(
        "pages/race.py",
        N_("Race"),
        N_("Which cell learns to remember?"),
        ":material/flag:",
        N_("An RNN, an LSTM and a GRU learn side by side to remember: which one gets there?"),
    ),
}
"""Every page, in the order of the menu."""

FOOD = {"en": "The food was really good", "vi": "Thức ăn rất ngon"}
VACUUM = {
    "en": "The vacuum cleaner broke within two weeks",
    "vi": "Máy hút bụi bị hỏng trong vòng hai tuần",
}
FILM = {
    "en": "The film has its dull parts, but on the whole it is well worth watching",
    "vi": "Bộ phim có những phần buồn tẻ, nhưng tổng thể là rất đáng xem",
}
LONG = {
    "en": "Terrible. I waited for two hours and nobody came. When I called them they hung up. The "
    "next day it was the same. I will never go there again and I tell everybody to stay away from "
    "it.",
    "vi": "Thầy dạy rất nhiệt tình, bài giảng dễ hiểu, có nhiều ví dụ thực tế. Tuy nhiên phòng học "
    "nóng, máy chiếu hay hỏng, và cuối kỳ bài thi khó hơn nhiều so với bài tập trên lớp.",
}
"""Texts on which the gradient of the small plain RNN vanishes."""

READ = {"en": "chars-shakespeare", "vi": "chars-kieu"}

START = {
    "sentiment": "view=read&short=&step=&model=forward&language=auto&pooling=last&cell=lstm",
    "characters": "temperature=0.7&length=300&top_k=0&top_p=1.0&seed=0&mark=&chosen=",
    "captions": "photo=photographer&width=5&penalty=1&word=&alternative=0&models=without"
    "&show=one&small_cell=lstm",
    "translation": "direction=fr-en&text=La+nature+est+un+temple.&width=5&penalty=0.5&line=1"
    "&sentence=0&alternative=0&word=&models=without",
    "cells": "input=hello&scale=2&hidden=3&loss=all&show=step&hold=&step=2&moment=&part=",
    "gradients": "preset=vanishes&rho=0.90&scale=0.1&size=64&length=200&seed=0&excess=0.05"
    "&bet=shown&beside=plane",
}
"""By page, what every slide of it starts from, whatever was tried before."""


def _values(page: str, state: str) -> dict[str, str | ByLanguage]:
    """`state` is written as in an address, with its keys without the page's name."""
    return {f"{page}_{key}": value for key, value in parse_qsl(state, keep_blank_values=True)}


def _slide(about: str, link: str, figure: str = "", **by_language: ByLanguage) -> Slide:
    """A slide that a `link` opens: a page and what differs from the page's START."""
    page, _, state = link.partition("?")
    values = _values(page, f"{START.get(page, '')}&{state}")
    values |= {f"{page}_{key}": value for key, value in by_language.items()}
    return Slide(about, page, values, figure)


def _cell(about: str, state: str) -> Slide:
    """A slide that one step of a cell shows."""
    return _slide(about, f"cells?view=cell&{state}", "cells_diagram")


def _unrolled(about: str, way: str, step: int) -> Slide:
    """Slides 24 to 29: a network that is small enough for its numbers to be read. Of the four
    letters' moments two are forward, then four backward, a step."""
    moment = 2 * step - 1 if way == "forward" else 8 + 4 * (5 - step) - 1
    state = f"way={way}&hidden=2&entry=1-1&moment={moment}"
    return _slide(about, f"cells?cell=rnn&view=unrolled&{state}", "cells_unrolled")


SLIDES = {
    3: _slide(
        N_("Sequence prediction problems"),
        "sentiment?short=on",
        "sentiment_course",
        text=FILM,
    ),
    4: _slide(
        N_("Inputs and outputs of any length"),
        "sentiment?short=on",
        "sentiment_course",
        text=FILM,
    ),
    5: _slide(
        N_("Sentiment of a comment: the food"),
        "sentiment",
        "sentiment_course",
        text=FOOD,
    ),
    6: _slide(
        N_("Sentiment of a comment: the vacuum cleaner"),
        "sentiment",
        "sentiment_course",
        text=VACUUM,
    ),
    7: _slide(
        N_("Sentiment of a comment: the film"),
        "sentiment",
        "sentiment_course",
        text=FILM,
    ),
    8: _slide(
        N_("Language model: what comes next?"),
        "characters?view=predict&predict=next",
        "characters_next",
        model=READ,
        text={"en": "To be or not to b", "vi": "Trăm năm trong cõi người t"},
    ),
    9: _slide(
        N_("Character model: one-hot input, state, softmax"),
        "characters?view=predict&predict=step",
        "characters_step",
        model=READ,
        text={"en": "ROMEO", "vi": "Trăm năm"},
    ),
    10: _slide(
        N_("The probability of a text as a product"),
        "characters?view=predict&predict=product",
        "characters_factors",
        model=READ,
        text={"en": "What is it", "vi": "Trăm năm"},
    ),
    11: _slide(
        N_("Describing a picture in a sentence"), "captions?view=caption", "captions_photo_figure"
    ),
    12: _slide(
        N_("From a CNN's features to START … STOP"), "captions?view=without", "captions_unrolled"
    ),
    13: _slide(N_("Machine translation"), "translation?view=translate", "translation_attention"),
    14: _slide(
        N_("Sequence to sequence: “La nature”"),
        "translation?view=translate&direction=en-vi&text=They+live+in+a+small+village.",
        "translation_attention",
    ),
    15: _slide(N_("The five kinds of problem side by side"), "home?view=kinds", "home_aligned"),
    16: _cell(N_("The plain recurrent network"), "cell=rnn"),
    17: _cell(N_("The recurrence: new state from input and old state"), "cell=rnn&line=h"),
    18: _slide(
        N_("Unrolled in time: the same cell, the same weights"),
        "cells?cell=rnn&view=unrolled&way=forward&moment=7",
        "cells_unrolled",
    ),
    19: _cell(N_("Elman's cell: tanh of a matrix product"), "cell=rnn&line=h"),
    20: _slide(N_("tanh and σ"), "cells?cell=rnn&view=curves", "cells_tanh"),
    21: _slide(
        N_("The derivative of tanh, and saturation"),
        "cells?cell=rnn&view=curves&scale=8",
        "cells_tanh",
    ),
    22: _slide(
        N_("Matrix shapes"), "cells?cell=rnn&view=cell&show=matrices&line=h", "cells_matrices"
    ),
    23: _slide(
        N_("Forward pass: outputs and losses"),
        "cells?cell=rnn&view=unrolled&way=forward&moment=7&line=y",
        "cells_unrolled",
    ),
    24: _unrolled(N_("Back-propagation through time"), "back", 4),
    25: _unrolled(N_("One big network: the copies of a weight add up"), "back", 3),
    26: _unrolled(N_("The unrolled network, forward"), "forward", 1),
    27: _unrolled(N_("The unrolled network, forward, to the loss"), "forward", 4),
    28: _unrolled(N_("Back through the unrolled network"), "back", 3),
    29: _unrolled(N_("The gradient of a shared weight, step by step"), "back", 2),
    30: _slide(
        N_("Saturation makes the long-range gradient vanish"),
        "gradients?view=lab&preset=still&rho=1.10&scale=1&beside=saturation",
        "gradients_saturation",
    ),
    31: _slide(
        N_("Eigenvalues: when does the gradient vanish?"),
        "gradients?view=lab&bet=ask",
        "gradients_by_lag",
    ),
    32: _slide(N_("Further reading on gradients"), "home?view=references", "home_references"),
    33: _slide(
        N_("Further reading: training recurrent networks"),
        "home?view=references",
        "home_references",
    ),
    34: _slide(N_("LSTM and GRU"), "cells?cell=lstm&view=cell&show=memory", "cells_memory"),
    35: _slide(N_("LSTM: a memory cell"), "cells?cell=lstm&view=cell&show=memory", "cells_memory"),
    36: _cell(N_("LSTM step 1: no gates"), "cell=lstm&stage=memory&line=c"),
    37: _cell(N_("LSTM step 1, its equations"), "cell=lstm&stage=memory&line=g"),
    38: _cell(N_("LSTM step 2: the input gate"), "cell=lstm&stage=input&line=i"),
    39: _cell(N_("LSTM step 3: the output gate"), "cell=lstm&stage=output&line=o"),
    40: _cell(N_("LSTM step 4: the forget gate"), "cell=lstm&stage=forget&line=f"),
    41: _slide(
        N_("All four gates in one matrix product"),
        "cells?cell=lstm&view=cell&stage=forget&show=matrices",
        "cells_matrices",
    ),
    42: _slide(
        N_("The LSTM's direct path for the gradient"),
        "gradients?view=cells&keep=1&paths=both&match=units&cells_length=100&cells_scale=1",
        "gradients_cells_figure",
    ),
    43: _cell(N_("GRU: no separate memory"), "cell=gru&stage=update"),
    44: _cell(N_("GRU stage 1: the plain cell"), "cell=gru&stage=candidate&line=n"),
    45: _cell(N_("GRU stage 2: the reset gate"), "cell=gru&stage=reset&line=r"),
    46: _cell(N_("GRU stage 3: the update gate"), "cell=gru&stage=update&line=z"),
    47: _slide(N_("The finished GRU, and PyTorch's"), "cells?cell=gru&view=grus", "cells_grus"),
    48: _slide(N_("Several layers"), "cells?view=layers&layers=2&directions=one", "cells_net"),
    49: _slide(N_("Both directions"), "cells?view=layers&layers=2&directions=both", "cells_net"),
    50: _slide(
        N_("Classifying sequences"), "sentiment?view=pooling", "sentiment_pooling_steps", text=FILM
    ),
    51: _slide(
        N_("Classification from the last state"),
        "sentiment?view=pooling&pooling=last",
        "sentiment_pooling_steps",
        text=FILM,
    ),
    52: _slide(
        N_("Classification from the sum of all states"),
        "sentiment?view=pooling&pooling=sum",
        "sentiment_pooling_steps",
        text=FILM,
    ),
    53: _slide(
        N_("Classification from the states of both directions"),
        "sentiment?view=pooling&pooling=both",
        "sentiment_pooling_steps",
        text=FILM,
    ),
    54: _slide(
        N_("What a character model writes as it learns"),
        "characters?view=learn&model=chars-tolstoy&prompt=Prince+Andrew+&network=chars-tolstoy-lstm&moment=100",
        "characters_moments",
    ),
    55: _slide(
        N_("Captions: the CNN feeds the recurrent network"),
        "captions?view=without",
        "captions_unrolled",
    ),
    56: _slide(N_("Captions, word by word"), "captions?view=caption&show=all", "captions_gallery"),
    57: _slide(
        N_("Translation: encoder and decoder"),
        "translation?view=small&small_cell=lstm",
        "translation_pair",
    ),
    58: _slide(N_("References"), "home?view=references", "home_references"),
}
"""The slides that the app can show, by number, in the lecture's order."""
