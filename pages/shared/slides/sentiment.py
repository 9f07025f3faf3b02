"""Slides 3 to 7 and 51 to 53: a sequence goes in, one verdict comes out."""

from __future__ import annotations

from pages.shared.slides.slide import Slide
from pages.shared.text import N_

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
