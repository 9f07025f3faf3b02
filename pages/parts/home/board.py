"""All kinds of problem side by side (slide 15), each alive: an example that its network solves.

The examples come one after the other from one job; the visitor asks for others with one button.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import streamlit as st

from engine import images
from engine.decoding import Choice, Search
from engine.errors import InputError
from engine.figures.numbers import percent
from engine.figures.style import label_name
from pages.shared import jobs, links, models, streaming
from pages.shared.slides import FILM, FOOD, PAGES, VACUUM
from pages.shared.text import N_, _, language, literal

EXAMPLE, SLOT = "home_example", "home_board"
SETS = ("1", "2", "3")
"""Examples by number: part of the link."""

PHOTOS = ("cat", "photographer", "rocket")
LETTERS = 90
"""Characters that the loop writes."""

SENTENCES = {lang: (FOOD[lang], VACUUM[lang], FILM[lang]) for lang in FOOD}
SOURCES = {
    "en": ("translate-fr-en", ("Il fait froid ce matin.", "La nature est un temple.",
                               "Deux chiens courent sur la plage.")),
    "vi": ("translate-en-vi", ("It is very cold today.", "I don't know what to do.",
                               "She lives in a small village near the sea.")),
}  # fmt: skip
UNMARKED = ("toi khong biet", "hom nay troi rat dep", "ban co khoe khong")
PROMPTS = {
    "en": ("chars-shakespeare", ("ROMEO:\n", "JULIET:\n", "KING ")),
    "vi": ("chars-kieu", ("Trăm năm ", "Nàng rằng ", "Đêm ")),
}

Answer = tuple[str, str]
"""What goes in and what comes out, as Markdown."""


@dataclass(frozen=True)
class Card:
    """One kind of problem: how it is written, the pages that solve it, and what solves the
    example."""

    kind: str
    name: str
    pages: tuple[str, ...]
    solve: Callable[[int, str], Answer]
    photo: bool = False


def draw() -> None:
    """The cards in a grid, and the button for other examples."""
    number = int(links.choice(EXAMPLE, SETS, "1")) - 1
    answers = _answers(number)
    with st.grid(3, min_column_width=280, gap="small"):
        for card in CARDS:
            with st.container(border=True, gap="small", height="stretch"):
                _card(card, number, answers.get(card.kind))
    st.button(
        _("Other examples"),
        key="home_others",
        icon=":material/refresh:",
        on_click=links.set_values,
        args=({EXAMPLE: SETS[(number + 1) % len(SETS)]},),
    )


def _card(card: Card, number: int, answer: Answer | InputError | None) -> None:
    st.markdown(f"**{_(card.kind)}** · {_(card.name)}")
    if card.photo:
        name = PHOTOS[number]
        path = models.EXAMPLES / f"{name}.jpg"
        if path.is_file():
            st.image(str(path), width=110, alt=_("The example photo"))
    if answer is None:
        st.caption(_("Computing …"))
    elif isinstance(answer, InputError):
        st.caption(_("Its model is not installed here."))
    else:
        given, found = answer
        if not card.photo:
            st.caption(given)
        if card.kind == "n → 1":  # the network's own label, in the reader's language
            label, _space, share = found.partition(" ")
            found = f"{label_name(label, _).capitalize()}, {share}"
        st.markdown(f"→ **{found}**")
    with st.container(horizontal=True, gap="small"):
        for page in map(PAGES.__getitem__, card.pages):
            st.page_link(page.path, label=_(page.title), icon=page.icon, help="")


def _answers(number: int) -> dict[str, Answer | InputError]:
    """What is known of this set of examples; the rest comes by itself."""
    lang = language()
    known: dict[tuple[int, str], dict[str, Answer | InputError]] = st.session_state.setdefault(
        "_home_board", {}
    )
    found = known.setdefault((number, lang), {})
    left = [card for card in CARDS if card.kind not in found]
    if not left:
        return found

    def work(stop: jobs.Stop) -> Iterator[tuple[str, Answer | InputError]]:
        for card in left:
            if stop():
                return
            try:
                yield card.kind, card.solve(number, lang)
            except InputError as error:
                yield card.kind, error

    def keep(step: tuple[str, Answer | InputError]) -> None:
        found[step[0]] = step[1]

    stream = streaming.current(SLOT)
    if stream is None or stream.query != (number, lang) or not stream.is_running:
        stream = streaming.begin(SLOT, (number, lang), (number, lang), work, keep, 0.3)
    if stream.is_running:
        before = len(found)
        streaming.watch(stream, lambda: None, lambda: len(found) > before)
    return found


def _classify_photo(number: int, _lang: str) -> Answer:
    photo = images.read_file(models.EXAMPLES / f"{PHOTOS[number]}.jpg")
    name, p = models.photo_classes(models.photo_features(photo.squashed))[0]
    return "", literal(f"{name}, {percent(p)}")


def _describe_photo(number: int, _lang: str) -> Answer:
    photo = images.read_file(models.EXAMPLES / f"{PHOTOS[number]}.jpg")
    predictor = models.captions("captions-en")
    found = predictor.caption(models.photo_features(photo.squashed), Search())
    return "", literal(found.captions[0].text)


def _read_sentence(number: int, lang: str) -> Answer:
    text = SENTENCES[lang][number]
    verdict = models.sentiment(f"sentiment-{lang}").read(text).verdict
    return literal(text), f"{verdict.label} {literal(percent(verdict.confidence))}"


def _translate(number: int, lang: str) -> Answer:
    name, sentences = SOURCES[lang]
    found = models.translation(name).translate(sentences[number], Search(width=1))
    return literal(sentences[number]), literal(found.best.text)


def _restore(number: int, _lang: str) -> Answer:
    text = UNMARKED[number]
    return literal(text), literal(models.accents("accents-vi").restore([text])[0].text)


def _write(number: int, lang: str) -> Answer:
    name, prompts = PROMPTS[lang]
    prompt = prompts[number]
    letters = models.characters(name).write(prompt, LETTERS, Choice(temperature=0.6), number)
    text = prompt + "".join(letter.text for letter in letters)
    return literal(prompt.strip()), literal(" / ".join(text.split("\n")).strip())


CARDS = (
    Card(N_("1 → 1"), N_("a picture, a class"), ("captions",), _classify_photo, photo=True),
    Card(N_("1 → n"), N_("a picture, a sentence"), ("captions",), _describe_photo, photo=True),
    Card(N_("n → 1"), N_("a sentence, a verdict"), ("sentiment",), _read_sentence),
    Card(N_("n → m"), N_("a sentence, its translation"), ("translation",), _translate),
    Card(N_("n → n"), N_("a label for every step"), ("frames", "accents"), _restore),
    Card(N_("loop"), N_("a character, the next one"), ("characters",), _write),
)
