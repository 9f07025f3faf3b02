"""Which of the three languages a text is in: by letters, and by the commonest words of each."""

from __future__ import annotations

import re

from engine.errors import N_

NAMES = {"en": N_("English"), "fr": N_("French"), "vi": N_("Vietnamese")}

_WORDS = {
    "en": """
        the a an and of to in is it you that he was for on are with as his they be at this have
        from or had by not but what all were we when your can there each which she do how their
        if will up about out them then many some so these would him has two more very my who
        been did get may don't i'm it's didn't isn't me her our us am does i where why good like
    """,
    "fr": """
        le la les un une des de du et est il elle je tu nous vous ils elles que qui ne pas dans
        en sur pour par avec ce cette ces mon ma mes ton ta tes son sa ses au aux se a été être
        avoir fait faire plus mais ou où si c'est j'ai n'est qu'il d'un d'une était sont suis
        très bien tout on quoi comme y leur lui deux homme femme
    """,
    "vi": """
        là của và có không được cho một những các tôi bạn anh em chị ông bà nó họ chúng ta này
        đó với trong đã đang sẽ rất người khi từ đến ra vào lên xuống về ở tại như nhưng hay
        hoặc thì mà nếu vì nên phải cần muốn biết làm gì nào sao đâu ai con cái cô cậu mình rồi
        cũng chỉ thế toi ban khong duoc mot nhung cac nguoi dang rat nhu cung lam cua
    """,
}
_FREQUENT = {language: frozenset(words.split()) for language, words in _WORDS.items()}
_LETTERS = {
    "vi": re.compile("[ăđơưạảấầẩẫậắằẳẵặẹẻẽếềểễệỉịọỏốồổỗộớờởỡợụủứừửữựỳỵỷỹ]", re.IGNORECASE),
    "fr": re.compile("[çœëïûÿ]|[àâèéêîôù](?=[a-z])", re.IGNORECASE),
}
_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*")
_SURE = 2
"""Words more than the expected language has to have before another one is believed."""


def language(text: str, expected: str) -> str:
    """The likeliest of "en", "fr", "vi"; `expected` unless the text clearly is of another one."""
    words = [word.lower().replace("’", "'") for word in _WORD.findall(text)]
    found = {
        name: sum((w in frequent) + _marked(w, name) for w in words)
        for name, frequent in _FREQUENT.items()
    }
    best = max(found, key=lambda name: found[name])
    return best if found[best] >= found.get(expected, 0) + _SURE else expected


def _marked(word: str, language: str) -> int:
    """Letters of Vietnamese settle it; those that French and Vietnamese share, or French and
    borrowed words, count as one frequent word."""
    if _LETTERS["vi"].search(word):
        return 2 if language == "vi" else 0
    return int(language == "fr" and bool(_LETTERS["fr"].search(word)))


def latin(text: str) -> bool:
    """Whether most of a text's letters are Latin ones: nothing else can be translated."""
    letters = [c for c in text if c.isalpha()]
    return 2 * sum(c < "ɐ" or "Ḁ" <= c <= "ỿ" for c in letters) >= len(letters)
