"""Which words two texts do not share, and the errors of a translator."""

from __future__ import annotations

import pytest

from engine.figures.translation import comparison
from engine.results import ErrorShare, TranslationFailures
from engine.tasks.translation.failures import KINDS


def plain(text: str) -> str:
    return text


def test_words_that_differ_are_marked_whatever_their_capitals() -> None:
    before, after = comparison.changes("La vie est belle !", "la vie, n’est pas belle !")
    assert [word for word, differs in before if differs] == ["est"]
    assert [word for word, differs in after if differs] == ["n’est", "pas"]
    assert comparison.lost_words("a b c", "a c") == (1, 3)
    assert comparison.lost_words("", "a") == (0, 0)
    assert comparison.changes("d’or", "d'or") == ([("d’or", False)], [("d'or", False)])


@pytest.mark.parametrize(
    ("sources", "translations", "summary"),
    [
        (("a b.", "A b"), ("c", "c"), "Both sentences are the same, word by word."),
        (
            ("a b c d e f g", "h i j k l m g"),
            ("d", "d"),
            "The sentences differ in many words: the sources share 1, the translations 1.",
        ),
        (("a b", "a c"), ("d", "d"), "In the source: “b” → “c”. The translation is the same."),
        (
            ("a b", "a"),
            ("d", "d e f"),
            "In the source, gone: “b”. In the translation, new: “e”, “f”.",
        ),
    ],
)
def test_two_sources_are_compared(
    sources: tuple[str, str], translations: tuple[str, str], summary: str
) -> None:
    assert comparison.compared(sources, translations, plain) == summary


FOUND = TranslationFailures(
    ErrorShare("all", 1200, 300),
    (ErrorShare("number", 400, 40), ErrorShare("negation", 200, 60), ErrorShare("name", 9, 9)),
    (),
)


def test_the_commonest_error_is_named_if_it_can_occur_often_enough() -> None:
    summary = comparison.failures_sentence(FOUND, plain)
    assert "25% come out with an error" in summary
    assert summary.endswith("Most often: negation lost or added, 30% of 200.")
    none = TranslationFailures(FOUND.everything, (ErrorShare("repeated", 1200, 0),), ())
    assert "Most often" not in comparison.failures_sentence(none, plain)


def test_bars_stand_in_order() -> None:
    figure = comparison.error_rates(FOUND, plain)
    assert list(figure.data[0].y) == [
        "number wrong or lost",
        "negation lost or added",
        "name wrong or lost",
    ]
    assert comparison.error_rates_alt(FOUND, plain).startswith("name wrong or lost 100%")


@pytest.mark.parametrize("kind", list(KINDS))
def test_every_kind_has_a_name(kind: str) -> None:
    assert comparison.kind_name(kind, plain)
