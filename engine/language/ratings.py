"""A rating that a review states in numbers or stars: "2 out of 10", "1/5 stars", "5 sao", "★★☆☆☆".

Networks for sentiment read words and make little of numbers; a rule reads them exactly.
"""

from __future__ import annotations

import re
from typing import Literal, NamedTuple

from engine.language.negation import has_negation

_WORDS = {
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
    "six": 6,
    "seven": 7,
    "eight": 8,
    "nine": 9,
    "ten": 10,
    "sáu": 6,
    "bảy": 7,
    "tám": 8,
    "chín": 9,
    "mười": 10,
}
_ANY = rf"\d{{1,3}}(?:[.,]\d{{1,2}})?|\b(?:{'|'.join(_WORDS)})"
_VALUE = rf"(?P<value>{_ANY})"
_OF = re.compile(
    rf"(?<![\w/.,-])(?<!ngày )(?<!mùng ){_VALUE}(?:[\s-]*(?:stars?|sao|điểm|points?))?"
    r"\s*(?:/|out\s+of|over|trên|tren|of(?=\s+\w+(?:\s+stars?)?\s*(?:[.!?,;]|$)))"
    r"\s*(?P<most>5|10|100|five|ten|năm|mười)\b"
    r"(?![/.,]?\d)(?!\s*(?:of|người|people|times|lần|the|them|years?|tuổi)\b)",
    re.IGNORECASE,
)
_STARS = re.compile(
    rf"(?<![\d/.,]){_VALUE}(?:[\s-]*(?:stars?|sao|⭐\ufe0f?|★)(?!\w)|\*(?![\w*]))",
    re.IGNORECASE,
)
_POINTS = re.compile(
    rf"(?<![\d/.,])(?:{_VALUE}\s*(?:điểm|diem)(?!\w)"
    r"(?!\s*(?:cộng|trừ|yếu|mạnh|tốt|nổi|đặc|chung|nhấn|đến))"
    r"|\b(?P<none>không điểm|no stars|zero points)(?!\w)"
    r"|\bđiểm\s*:?\s*(?P<after>\d{1,2}(?:[.,]\d)?)(?![\d/]))",
    re.IGNORECASE,
)
_DRAWN = re.compile(r"(?:[★⭐]\ufe0f?){1,5}[☆✩]{0,4}|[☆✩]{5}")
_RATED_HOTEL = re.compile(r"(?:khách sạn|nhà hàng|resort)\s*$", re.IGNORECASE)
_HOTEL_AFTER = re.compile(r"[\s-]*(?:hotel|resort|restaurant|general)\b", re.IGNORECASE)

_FILLER = re.compile(
    r"\b(?:stars?|points?|rating|rated?|score|overall|sao|điểm|diem|cho|đánh giá|chấm)\b",
    re.IGNORECASE,
)
_CONTRAST = re.compile(
    r"\b(?:but|however|although|though|yet|except|instead|should|could|nhưng|tuy|dù|mà|còn|trừ|"
    r"thay vì|đáng lẽ|lẽ ra)\b",
    re.IGNORECASE,
)
FEW = 5
"""Words beside a rating that leave the answer to it."""

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
    """The rating, where the text is hardly anything else: "5 sao!", "★★☆☆☆", "I give it 2 out of
    10". Not with more than `FEW` words beside it, or with one of contrast or negation; a middling
    one has to be alone."""
    found = rating(text)
    if found is None:
        return None
    rest = _FILLER.sub(" ", text.replace(found.text, " "))
    denied = any(has_negation(rest, language) for language in ("en", "vi"))
    few = len(re.findall(r"\w+", rest)) <= FEW * (found.label != "neutral")
    return found if few and not denied and not _CONTRAST.search(rest) else None


def _value(match: re.Match[str]) -> tuple[float, float]:
    """What a match rates, and the most that it could."""
    if match.re is _DRAWN:
        return float(sum(sign in "★⭐" for sign in match[0])), 5.0
    groups = match.groupdict()
    if groups.get("none"):
        return 0.0, 10.0
    value = _number(groups["value"] or groups["after"])
    if match.re is _OF:
        return value, _number(groups["most"])
    return value, 10.0 if match.re is _POINTS else 5.0


def _number(text: str) -> float:
    """A number in digits, or one of a few words for one."""
    known = _WORDS.get(text.lower())
    return float(text.replace(",", ".") if known is None else known)
