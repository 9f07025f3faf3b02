"""Where the slides of the lecture are in the app: the pages, and what each slide opens."""

from __future__ import annotations

from dataclasses import dataclass, field

from pages.shared.text import N_


@dataclass(frozen=True)
class Page:
    """A page of the app; `help` says in one sentence what it is for."""

    path: str
    title: str
    icon: str
    help: str


@dataclass(frozen=True)
class Slide:
    """What a slide is about, the page that shows it, and the state that page starts in.

    `values` has one entry per key: the value, or one value per language.
    """

    about: str
    page: str
    values: dict[str, str | dict[str, str]] = field(default_factory=dict)

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
        ":material/home:",
        N_("What there is to try, the slides of the lecture, the models and where they come from."),
    ),
    "sentiment": Page(
        "pages/sentiment.py",
        N_("Sentiment"),
        ":material/sentiment_satisfied:",
        N_("Type a sentence: is it positive or negative, and after which word does it show?"),
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

SLIDES = {
    3: Slide(N_("Sequence prediction problems"), "sentiment", {"sentiment_text": FILM}),
    4: Slide(N_("Inputs and outputs of any length"), "sentiment", {"sentiment_text": FILM}),
    5: Slide(N_("Sentiment of a comment: the food"), "sentiment", {"sentiment_text": FOOD}),
    6: Slide(
        N_("Sentiment of a comment: the vacuum cleaner"), "sentiment", {"sentiment_text": VACUUM}
    ),
    7: Slide(N_("Sentiment of a comment: the film"), "sentiment", {"sentiment_text": FILM}),
    51: Slide(
        N_("Classification from the last state"),
        "sentiment",
        {"sentiment_text": FILM, "sentiment_view": "pooling", "sentiment_pooling": "last"},
    ),
    52: Slide(
        N_("Classification from the sum of all states"),
        "sentiment",
        {"sentiment_text": FILM, "sentiment_view": "pooling", "sentiment_pooling": "sum"},
    ),
    53: Slide(
        N_("Classification from the states of both directions"),
        "sentiment",
        {"sentiment_text": FILM, "sentiment_view": "pooling", "sentiment_pooling": "sum"},
    ),
}
"""The slides that the app can show, by number."""
