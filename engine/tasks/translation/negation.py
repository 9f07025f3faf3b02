"""Whether a sentence denies something, told by its words."""

from __future__ import annotations

import re

_END = r"""["'”»)]*(?:[.,;:!?…]|$)"""
_ASKED = r"""["'”»)]*\s*\?"""
_CALLED = (
    r"(?:(?:,?\s+(?:ạ|vậy|thế|nhỉ|nhé|nào|hả|đấy|đó|đây"
    r"|anh|chị|em|bạn|con|cậu|ông|bà|cô|mẹ|bố|(?-i:[A-ZĐ])\w*)){0,3}|,[^.,;:!?…]{1,25})"
)
"""What may follow the "không?" of a question: particles, and who is asked."""

_DENIES = {
    "en": r"\b(?:not|no|never|nothing|nobody|none|neither|without|cannot)\b|n['’]t\b",
    "fr": r"\bn['’]|\b(?:ne|non|pas|jamais|rien|personne|sans|aucune?)\b",
    "vi": r"\b(?:không|chẳng|chưa|đừng|chớ)\b",
}
_ASKS = {
    "en": r"\bor\ not\b | ,\s*\w+n['’]t\s+\w+\s*\?",
    "fr": r"\bou\ (?:non|pas)\b | \bn['’]est[ -]ce\ pas\b",
    "vi": rf"""
        \b(?:hay|phải|được)\s+(?:không|chưa)(?={_CALLED}{_END})
        | (?:biết|nghĩ|thấy)\s+(?:tại\s+|vì\s+)?sao\s+không(?={_ASKED})
        | (?<=\w)(?<!\bsao)(?<!\bthì)(?<!\bvẫn)(?<!\bsao\ lại),?\s+(?:không|chưa)
          (?={_CALLED}{_ASKED})
        | \b(?:có|liệu|xem)\s(?!(?:lẽ|thể|khi)\s+không)
          (?:(?!\b(?:không|chưa|nhưng|còn|thì|mà)\b)[^.,;:!?…])+(?<!\blà)\s(?:không|chưa)(?={_END})
    """,
}
"""Words that ask and deny nothing: "or not", "isn't it?", "n'est-ce pas", and those that make a
question of a Vietnamese sentence: "… không?", "… phải không", "có … không"."""

_DENIAL = {name: re.compile(words, re.IGNORECASE) for name, words in _DENIES.items()}
_QUESTION = {n: re.compile(words, re.IGNORECASE | re.VERBOSE) for n, words in _ASKS.items()}


def denies(text: str, language: str) -> bool:
    """Whether there is a negation in a text in "en", "fr" or "vi" that is no part of a question."""
    return _DENIAL[language].search(_QUESTION[language].sub(" ", text)) is not None
