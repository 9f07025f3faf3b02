"""Whether a text denies something, told by its words."""

from __future__ import annotations

import re
from functools import cache

from engine.language import lexicon

# What the expressions in the lexicon call <end> and <asked>.
_END = r"""["'”»)]*(?:[.,;:!?…]|$)"""
_QUESTION_END = r"""["'”»)]*\s*\?"""


@cache
def _pattern(language: str, kind: str) -> re.Pattern[str]:
    """The words of negation in texts of one kind, "in_sentences" or "in_reviews"."""
    known = lexicon.facts(language)["negation"]
    return re.compile(f"{known['words']}|{known[kind]}", re.IGNORECASE)


@cache
def _questions(language: str) -> re.Pattern[str]:
    """Parts of sentences that ask and deny nothing."""
    known = lexicon.facts(language)["negation"]
    questions = known["questions"].replace("<called>", known.get("called", ""))
    questions = questions.replace("<end>", _END).replace("<asked>", _QUESTION_END)
    return re.compile(questions, re.IGNORECASE | re.VERBOSE)


def denies(text: str, language: str) -> bool:
    """Whether there is a negation in a text in "en", "fr" or "vi" that is no part of a question."""
    without_questions = _questions(language).sub(" ", text)
    return _pattern(language, "in_sentences").search(without_questions) is not None


def has_negation(text: str, language: str) -> bool:
    """Whether a review in "en" or "vi", typed with or without marks, has a word of negation."""
    return _pattern(language, "in_reviews").search(text) is not None
