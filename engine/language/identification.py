"""Which language a text is in: by py3langid's model of letters, and by words for what it misses,
Vietnamese that is typed without marks.

The model is naive Bayes over runs of bytes (Lui and Baldwin 2011); its probabilities are restricted
to the languages in question. It takes about 50 MB, and is loaded when it is first asked.
"""

from __future__ import annotations

import threading
from collections.abc import Sequence
from functools import cache
from typing import TYPE_CHECKING

from engine.language import lexicon
from engine.language.text import BEGINNING, WORD, normalise

if TYPE_CHECKING:
    from py3langid.langid import LanguageIdentifier

SURE = 0.9
"""Probability from which a language is believed. On the dev sentences of the translators, 1 of 50
is then not told, and none of them is taken for another language."""
MIXED = 0.6
"""Probability from which the words without marks are of another language than the whole."""
FEW = 2
"""Words, names apart, that say enough."""
COMMON, SHARE = 3, 0.4
"""Vietnamese without marks has so many of its most frequent words, and they are such a share."""

_loading = threading.Lock()


@cache
def _model() -> LanguageIdentifier:
    """The model, for the languages of the lexicon alone. Once made it is only read."""
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    whole = LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
    whole.set_languages([*lexicon.NAMES])
    # A copy of the columns that are asked for: the whole table has those of 139 languages.
    return LanguageIdentifier(
        whole.nb_ptc.copy(), whole.nb_pc, whole.nb_classes, whole.tk_nextmove, whole.tk_output,
        norm_probs=True, tk_row=whole.tk_row,
    )  # fmt: skip


def _likeliest(words: Sequence[str], languages: Sequence[str]) -> tuple[str, float]:
    """The likeliest of the languages, and its probability among them."""
    with _loading:
        model = _model()
    known = dict(model.rank(" ".join(words)))
    best = max(languages, key=lambda language: known[language])
    return best, known[best] / sum(known[language] for language in languages)


def identify(text: str, expected: str) -> str:
    """The language of a text, one of `lexicon.NAMES`; `expected` where the text does not tell,
    because it is mixed, has hardly any words, or mostly names."""
    languages = tuple(lexicon.NAMES)
    text = normalise(text).replace("’", "'")
    words = _without_names(text)
    if len(words) < FEW or 2 * len(words) < len(WORD.findall(text)):
        return expected
    plain = [word for word in words if word.isascii()]
    if len(plain) == len(words) and _frequent(words, "vi") >= max(COMMON, SHARE * len(words)):
        return "vi"
    found, probability = _likeliest(words, languages)
    if probability < SURE:
        return expected
    if 2 * len(plain) >= len(words):
        # Marks are strong evidence, and shout down more words that have none.
        other, sure = _likeliest(plain, languages)
        if other != found and sure >= MIXED:
            return expected
    return found


def lacks_accents(text: str) -> bool:
    """Whether a text that should be Vietnamese is, but typed without accents."""
    words = _without_names(normalise(text))
    plain = len(words) >= COMMON and all(word.isascii() for word in words)
    return plain and identify(text, "vi") == "vi"


def detect_language(text: str) -> str:
    """'vi' or 'en', whichever a review is likelier to be in; with no evidence at all, 'en'.

    Without marks its frequent words tell, and the model where they are even.
    """
    words = [word.lower() for word in WORD.findall(normalise(text))]
    if all(word.isascii() for word in words):
        vietnamese, english = _frequent(words, "vi"), _frequent(words, "en")
        if vietnamese != english:
            return "vi" if vietnamese > english else "en"
    found, probability = _likeliest(words, ("en", "vi"))
    return found if probability >= MIXED else "en"


def _frequent(words: Sequence[str], language: str) -> int:
    """How many of the words, without marks, are frequent ones of a language."""
    frequent = frozenset(lexicon.facts(language)["frequent"].split())
    return sum(word in frequent for word in words)


def _without_names(text: str) -> list[str]:
    """The words of a text in small letters, without names: what has a capital inside a sentence,
    and what stands before such a word at its beginning. In capitals throughout, all count."""
    found = list(WORD.finditer(text))
    if text.upper() == text:
        return [m[0].lower() for m in found]
    capitals = [m[0][0].isupper() and m[0].split("'")[0] != "I" for m in found]
    names = [
        capital and not BEGINNING.search(text[: m.start()])
        for m, capital in zip(found, capitals, strict=True)
    ]
    words = zip(found, capitals, names, [*names[1:], False], strict=True)
    return [
        match[0].lower()
        for match, capital, name, name_follows in words
        if not name and not (capital and name_follows)
    ]
