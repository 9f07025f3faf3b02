"""A rating that a review states in numbers or stars: "2 out of 10", "1/5 stars", "5 sao", "★★☆☆☆".

Networks for sentiment read words and make little of numbers; a rule reads them exactly.
"""

from __future__ import annotations

import re
from typing import Literal, NamedTuple

_NUMBER = r"(?P<{0}>\d{{1,3}}(?:[.,]\d)?)"
_WORD_STARS = {
    "zero": 0,
    "one": 1,
    "two": 2,
    "three": 3,
    "four": 4,
    "five": 5,
    # "không sao" is "never mind", not "no star".
    "một": 1,
    "hai": 2,
    "ba": 3,
    "bốn": 4,
    "năm": 5,
}
_OF = re.compile(
    rf"(?<![\d/.,])(?<!ngày )(?<!mùng ){_NUMBER.format('value')}\s*(?:/|out of|over|trên|tren)\s*"
    r"(?P<most>5|10|100)\b(?![/.,]?\d)(?!\s*(?:of|người|people|times|lần)\b)",
    re.IGNORECASE,
)
_STARS = re.compile(
    rf"(?<![\d/.,])(?:{_NUMBER.format('value')}|\b(?P<word>{'|'.join(_WORD_STARS)}))[\s-]*"
    r"(?:stars?|sao|⭐|★)(?!\w)",
    re.IGNORECASE,
)
_POINTS = re.compile(rf"(?<![\d/.,]){_NUMBER.format('value')}\s*(?:điểm|diem)(?!\w)", re.IGNORECASE)
_DRAWN = re.compile(r"[★⭐]{1,5}[☆✩]{0,4}|[☆✩]{5}")
_RATED_HOTEL = re.compile(r"(?:khách sạn|nhà hàng|resort)\s*$", re.IGNORECASE)
_HOTEL_AFTER = re.compile(r"[\s-]*(?:hotel|resort|restaurant|general)\b", re.IGNORECASE)

_FILLER = re.compile(
    r"\b(?:stars?|points?|rating|rated?|score|overall|sao|điểm|diem|cho|đánh giá|chấm)\b",
    re.IGNORECASE,
)

POSITIVE, NEGATIVE = 0.7, 0.4
"""From which share of the best rating on a text counts as positive, and up to which as negative."""


class Rating(NamedTuple):
    """The words that state a rating, and its share of the best one possible, from 0 to 1."""

    text: str
    share: float

    @property
    def label(self) -> Literal["positive", "negative", "neutral"]:
        """What the rating alone says of the text."""
        if self.share >= POSITIVE:
            return "positive"
        return "negative" if self.share <= NEGATIVE else "neutral"


def rating(text: str) -> Rating | None:
    """The rating that the text states; None where it states none, or several that differ."""
    rest, found = text, {}
    for pattern in (_OF, _STARS, _POINTS, _DRAWN):
        for match in pattern.finditer(rest):
            before, after = rest[: match.start()], rest[match.end() :]
            hotel = _RATED_HOTEL.search(before) or _HOTEL_AFTER.match(after)
            value, most = _value(match)
            if value <= most and not (pattern is _STARS and hotel):
                found[value / most] = Rating(match[0].strip(), value / most)
        rest = pattern.sub(lambda m: " " * len(m[0]), rest)
    return next(iter(found.values())) if len(found) == 1 else None


def only_rating(text: str) -> Rating | None:
    """The rating, where the text is nothing else: "2 out of 10", "5 sao!", "★★☆☆☆"."""
    found = rating(text)
    if found is None:
        return None
    rest = _FILLER.sub(" ", text.replace(found.text, " "))
    return None if re.search(r"\w", rest) else found


def _value(match: re.Match[str]) -> tuple[float, float]:
    """What a match rates, and the most that it could."""
    groups = match.groupdict()
    if match.re is _DRAWN:
        return float(sum(sign in "★⭐" for sign in match[0])), 5.0
    if groups.get("word"):
        return float(_WORD_STARS[groups["word"].lower()]), 5.0
    value = float(groups["value"].replace(",", "."))
    if match.re is _OF:
        return value, float(groups["most"])
    return value, 10.0 if match.re is _POINTS else 5.0
