"""Errors that can be counted, and the sentences that show them."""

from __future__ import annotations

from pathlib import Path

import pytest

from engine.tasks import failures
from engine.tasks.translation.data import Pair
from engine.tasks.translation.failures import (
    KINDS,
    PER_KIND,
    QUOTES,
    Example,
    collect,
    read_failures,
)

OPEN = frozenset({"open"})
EXAMPLES: list[tuple[str, str, str, str, bool | None]] = [
    ("number", "Il a 12 ans.", "He is 12.", "He is 12 years old.", False),
    ("number", "Il a 12 ans.", "He is 12.", "He is 13.", True),
    ("number", "Il a 12 ans.", "He is 12.", "He is twelve or 21.", True),
    ("number", "Il a douze ans.", "He is twelve.", "He is 12.", None),
    ("name", "Ici, Tom dort.", "Here, Tom sleeps.", "Tom sleeps here.", False),
    ("name", "Ici, Tom dort.", "Here, Tom sleeps.", "Here, Tim sleeps.", True),
    ("name", "Ici, I dort.", "Here, I sleep.", "Here, we sleep.", None),
    ("name", "Les Anglais dorment.", "The English sleep.", "They sleep.", None),
    ("name", "Un port USB.", "A USB port.", "A port of the US.", None),
    ("name", "Les DVDs de Tom.", "Tom and DVDs.", "Tom and CDs.", False),
    ("negation", "Il ne dort pas.", "He doesn't sleep.", "He does not sleep.", False),
    ("negation", "Il ne dort pas.", "He doesn’t sleep.", "He sleeps.", True),
    ("negation", "Il dort.", "He sleeps.", "He never sleeps.", True),
    ("negation", "Il dort.", "He sleeps.", "He knows.", False),
    ("negation", "Il ne dort pas.", "He is awake.", "He is not asleep.", None),
    ("untranslated", "la maison blanche", "the white house", "the maison blanche", True),
    ("untranslated", "la maison blanche", "the white house", "the maison white", False),
    ("untranslated", "Il est dans la maison.", "He is at home.", "Il est dans la maison.", True),
    ("untranslated", "Il est dans la maison.", "He is at home.", "Elle va avec les autres.", True),
    ("untranslated", "Il dit : le chat !", "He said: le chat!", "He said: le chat!", False),
    ("untranslated", "Soyez attentive à la distance.", "Mind how close you are.",
     "Be attentive to the distance which you keep.", False),
    ("untranslated", "une table orange", "an orange table", "an orange table", False),
    ("repeated", "oui", "yes", "yes yes yes", True),
    ("repeated", "oui", "yes", "I do so I do so I do so", True),
    ("repeated", "oui", "yes", "yes yes no yes yes", False),
    ("poor", "Le chat dort.", "The cat sleeps.", "Xyzzy quux!", True),
    ("poor", "Le chat dort.", "The cat sleeps.", "The cat is sleeping.", False),
]  # fmt: skip


@pytest.mark.parametrize(("kind", "source", "target", "written", "expected"), EXAMPLES)
def test_each_kind(
    kind: str, source: str, target: str, written: str, expected: bool | None
) -> None:
    each = Example("open", Pair(source, target), written)
    assert KINDS[kind](each, ("fr", "en")) is expected


def test_every_kind_is_shown_right_wrong_and_where_it_can_be_absent() -> None:
    for kind in KINDS:
        assert {True, False} <= {expected for name, *_, expected in EXAMPLES if name == kind}


def test_negations_of_vietnamese() -> None:
    pair = Pair("I do not know.", "Tôi không biết.")
    assert KINDS["negation"](Example("open", pair, "Tôi biết."), ("en", "vi")) is True
    assert KINDS["negation"](Example("open", pair, "Tôi chưa biết."), ("en", "vi")) is False


def test_what_makes_a_question_of_a_vietnamese_sentence_is_no_negation() -> None:
    pair = Pair("Who will be coming?", "Những ai sẽ đến?")
    assert KINDS["negation"](Example("open", pair, "Ai sẽ đến không?"), ("en", "vi")) is False
    pair = Pair("Bạn có khỏe không?", "Are you well?")
    assert KINDS["negation"](Example("open", pair, "Are you well?"), ("vi", "en")) is False
    assert KINDS["negation"](Example("open", pair, "Aren't you well?"), ("vi", "en")) is True
    pair = Pair("Bạn không khỏe phải không?", "You aren't well?")
    assert KINDS["negation"](Example("open", pair, "You are well?"), ("vi", "en")) is True


@pytest.mark.parametrize(
    "broken", ["In Tom -s room.", "In Tom 's room.", "It isn 't he.", "It isn -t he."]
)
def test_sentences_with_broken_apostrophes_are_counted_and_not_quoted(broken: str) -> None:
    for pair in (Pair("Phòng của Tom.", broken), Pair(broken, "Phòng của Tom.")):
        found = collect([Example("open", pair, "Xyzzy quux!")], ("vi", "en"), OPEN)
        assert found.everything.errors == 1
        assert found.quotes == ()


@pytest.mark.parametrize(
    "whole", ["In Tom's room.", "The boys' room.", "A well-known T-shirt.", "Dogs - small ones."]
)
def test_other_apostrophes_and_hyphens_are_quoted(whole: str) -> None:
    found = collect([Example("open", Pair("Ici !", whole), "Xyzzy quux!")], ("fr", "en"), OPEN)
    assert len(found.quotes) == 1


def examples(corpus: str = "open") -> list[Example]:
    return [Example(corpus, Pair(s, t), w) for _, s, t, w, _ in EXAMPLES]


def test_shares_count_the_sentences_in_which_an_error_can_occur() -> None:
    found = collect(examples(), ("fr", "en"), OPEN)
    assert found.everything.n == len(EXAMPLES)
    assert [share.name for share in found.kinds] == list(KINDS)
    for share in found.kinds:
        verdicts = [KINDS[share.name](each, ("fr", "en")) for each in examples()]
        assert share.n == sum(verdict is not None for verdict in verdicts)
        assert share.errors == verdicts.count(True)
    wrong = sum(any(check(each, ("fr", "en")) for check in KINDS.values()) for each in examples())
    assert found.everything.errors == wrong < len(EXAMPLES)


def test_a_kind_that_cannot_occur_is_left_out() -> None:
    found = collect([Example("open", Pair("oui", "yes"), "yes")], ("fr", "en"), OPEN)
    assert "number" not in [share.name for share in found.kinds]
    assert found.quotes == ()


def test_only_what_may_be_shown_is_quoted_and_not_too_much_of_one_kind() -> None:
    found = collect(examples() * 5, ("fr", "en"), OPEN)
    kinds = [quote.kind for quote in found.quotes]
    assert kinds
    assert max(map(kinds.count, kinds)) == PER_KIND
    assert len(kinds) <= QUOTES
    assert all(quote.corpus == "open" for quote in found.quotes)
    assert collect(examples("closed"), ("fr", "en"), OPEN).quotes == ()


def test_they_are_read_as_they_were_written(tmp_path: Path) -> None:
    found = collect(examples(), ("fr", "en"), OPEN)
    path = failures.failures_path(tmp_path / "some.safetensors")
    failures.write(path, found)
    assert path.name == "some.failures.json"
    assert read_failures(path) == found
