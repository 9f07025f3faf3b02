"""The board: the five kinds of problem of slide 15 and the loop, each with a network that answers.

Everything here is computed by the shipped models. What takes longest, the photo, is filled in last.
"""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from engine import images
from engine.decoding import Choice, Search
from engine.errors import InputError
from engine.figures import numbers, style
from engine.language import check, detect_language
from pages.parts.captions.inputs import EXAMPLES, FOLDER
from pages.parts.sentiment.controls import BEST, Query, read
from pages.parts.sentiment.controls import TEXT as SENTIMENT_TEXT
from pages.parts.translation.session import best_search
from pages.shared import accents, jobs, links, models
from pages.shared.header import show_error
from pages.shared.slides import FILM, PAGES
from pages.shared.text import ASSETS, N_, _, in_language, language, literal

TEXT, SOURCE, BARE, PROMPT, PHOTO = (
    *("home_text", "home_source", "home_bare", "home_prompt"),
    "home_photo",
)
READ_IN = "home_read_in"
"""The session's language when the board was drawn last."""
WRITTEN = 70
"""Characters that the loop writes."""

NAMES = {
    "one_to_one": N_("1 → 1"),
    "one_to_many": N_("1 → n"),
    "many_to_one": N_("n → 1"),
    "many_to_many": N_("n → m"),
    "aligned": N_("n → n"),
    "loop": N_("loop"),
}
CARDS = {
    "one_to_one": (N_("a photo, its class"), ("captions",)),
    "one_to_many": (N_("a photo, a sentence"), ("captions",)),
    "many_to_one": (N_("a sentence, one verdict"), ("sentiment",)),
    "many_to_many": (N_("a sentence, its translation"), ("translation",)),
    "aligned": (N_("a label for every step"), ("accents", "frames")),
    "loop": (N_("a character, the next one"), ("characters",)),
}
"""By kind what goes in and comes out, and the pages where there is more of it."""

TRANSLATORS = {
    "en": ("fr-en", "Je ne sais pas."),
    "vi": ("en-vi", "I am hungry."),
}
WRITERS = {
    "en": ("chars-shakespeare", "ROMEO:"),
    "vi": ("chars-kieu", "Trăm năm trong cõi người ta,"),
}
"""By language of the reader: a direction or a model, and what it is given first."""

FIRST = {
    TEXT: FILM,
    SOURCE: {lang: example for lang, (_direction, example) in TRANSLATORS.items()},
    PROMPT: {lang: example for lang, (_name, example) in WRITERS.items()},
}
"""By box and language the text that stands in it first."""

UNMARKED = "toi khong biet ban dang o dau"


def draw() -> None:
    """Six cards; the texts' answers come first, the photo's last."""
    _follow_language()
    fill = {
        "many_to_one": _verdict,
        "many_to_many": _translation,
        "aligned": _accents,
        "loop": _loop,
        "one_to_one": lambda: _photo(classes=True),
        "one_to_many": lambda: _photo(classes=False),
    }
    bodies = {}
    with st.grid(3, min_column_width=300, gap="small"):
        for kind in CARDS:
            with st.container(border=True, height="stretch", gap="xsmall", key=f"home_{kind}"):
                _heading(kind)
                bodies[kind] = st.container(gap="xsmall")
    for kind, draw_body in fill.items():
        with bodies[kind]:
            _answered(draw_body)


def _follow_language() -> None:
    """With another language come other networks: examples that nobody has touched change too."""
    before = st.session_state.get(READ_IN)
    st.session_state[READ_IN] = language()
    if before not in (None, language()):
        left = {key for key, texts in FIRST.items() if st.session_state.get(key) == texts[before]}
        links.set_values({key: in_language(FIRST[key]) for key in left})


def _answered(draw_body: Callable[[], None]) -> None:
    """One card's own; what is wrong in it stays in it."""
    try:
        draw_body()
    except InputError as error:
        show_error(error)


def _heading(kind: str) -> None:
    """The drawing of slide 15, the kind's name, and the way to its page."""
    about, pages = CARDS[kind]
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.image(str(ASSETS / "icon" / f"{kind}.svg"), width=76, alt=_(about))
        with st.container(gap=None):
            st.markdown(f"**{_(NAMES[kind])}** · {_(about)}")
            with st.container(horizontal=True, gap="small"):
                for page in pages:
                    icon = ":material/arrow_forward:"
                    st.page_link(PAGES[page].path, label=_(PAGES[page].title), icon=icon, help="")


def _box(key: str, label: str, default: str) -> str:
    """A text of the visitor's own, in the link as soon as it differs."""
    text = links.text(key, default)
    st.text_area(label, key=key, height=68, label_visibility="collapsed")
    links.note_if_too_long(text)
    return text


def _verdict() -> None:
    text = _box(TEXT, _("Your sentence"), in_language(FIRST[TEXT]))
    query = Query(check(text), detect_language(text), True, BEST)
    verdict = read(query, query.text, "home_reading").verdict
    label = style.label_name(verdict.label, _)
    if verdict.uncertain:
        label = _("Uncertain, leaning to {label}").format(label=label)
    sure = numbers.percent(verdict.confidence)
    st.markdown(f"→ **{literal(label.capitalize())}**, {literal(sure)}")
    if len(query.text) <= links.LIMIT:
        st.page_link(
            PAGES["sentiment"].path,
            label=_("See how it decides"),
            icon=":material/arrow_forward:",
            help="",
            query_params={SENTIMENT_TEXT: query.text},
        )


def _translation() -> None:
    direction, _example = in_language(TRANSLATORS)
    text = check(_box(SOURCE, _("A sentence to translate"), in_language(FIRST[SOURCE])))
    predictor = models.translation(f"translate-{direction}")
    found = jobs.once(
        "home_translation",
        (direction, text),
        lambda stop: predictor.translate(text, best_search(direction), "", stop),
    )
    st.markdown(f"→ **{literal(found.best.text)}**")


def _accents() -> None:
    text = check(_box(BARE, _("Vietnamese without its marks"), UNMARKED))
    st.markdown(f"→ **{literal(accents.restored(text))}**")


def _loop() -> None:
    name, _example = in_language(WRITERS)
    prompt = check(_box(PROMPT, _("How the text begins"), in_language(FIRST[PROMPT])))
    predictor = models.characters(name)

    def work(stop: jobs.Stop) -> str:
        begun = "".join(c for c in f"{prompt}\n" if c in predictor.alphabet)
        written = predictor.write(begun, WRITTEN, Choice(temperature=0.5), 0, stop)
        return " / ".join("".join(letter.text for letter in written).split("\n"))

    text = jobs.once("home_loop", (name, prompt), work)
    st.markdown(f"→ **{literal(text)}** …")


def _photo(*, classes: bool) -> None:
    """One photo for both cards: the first has the choice."""
    chosen = links.choice(PHOTO, EXAMPLES, "cat")
    if classes:
        names = {id: _(title) for id, title in EXAMPLES.items()}
        st.pills(
            _("Photo"),
            list(names),
            key=PHOTO,
            format_func=names.__getitem__,
            required=True,
            label_visibility="collapsed",
        )
    found, caption = jobs.once("home_photo", chosen, lambda stop: _described(chosen, stop))
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.image(str(FOLDER / f"{chosen}.jpg"), width=96, alt=_(EXAMPLES[chosen]))
        if classes:
            label, probability = found
            st.markdown(f"→ **{literal(label)}**, {literal(numbers.percent(probability))}")
        else:
            st.markdown(f"→ **{literal(caption)}**")


def _described(id: str, stop: jobs.Stop) -> tuple[tuple[str, float], str]:
    """The likeliest class of an example photo, and a sentence about it."""
    photo = images.read_file(FOLDER / f"{id}.jpg")
    features = models.photo_features(photo.squashed)
    found = models.captions("captions-en").caption(features, Search(width=3), stop=stop)
    return models.photo_classes(features)[0], found.captions[0].text
