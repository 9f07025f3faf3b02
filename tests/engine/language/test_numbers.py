"""Which numbers stand in a text, and which a translation has lost."""

from __future__ import annotations

import pytest
from num2words import num2words

from engine.language.numbers import lost_numbers, numbers, order_ordinals, spell_ordinals


@pytest.mark.parametrize(
    ("language", "text", "expected"),
    [
        ("en", "I have twenty-two cats.", {"22"}),
        ("en", "Three billion people, in 1,000,000 towns", {"3000000000", "1000000"}),
        ("en", "two thousand five hundred", {"2500"}),
        ("en", "the twenty-first century", {"21"}),
        ("en", "It costs 3.5 euros, or 12 of them.", {"3.5", "12"}),
        ("fr", "J'ai vingt-deux chats et quatre-vingt-dix-neuf chiens.", {"22", "99"}),
        ("fr", "mille deux cents, le 2e étage, 3 000 euros", {"1200", "2", "3000"}),
        ("vi", "hai mươi lăm con mèo", {"25"}),
        ("vi", "ba tỷ người, năm 2020, 2.500 con", {"3000000000", "2020", "2500"}),
        ("vi", "hai mươi tư, hai ngàn năm trăm", {"24", "2500"}),
        ("en", "no number here at all", set()),
    ],
)
def test_numbers_are_found(language: str, text: str, expected: set[str]) -> None:
    assert numbers(text, language) >= expected
    if not expected:
        assert not numbers(text, language)


@pytest.mark.parametrize("language", ["en", "fr", "vi"])
@pytest.mark.parametrize("value", [11, 21, 80, 99, 105, 999, 1_000, 1_234, 45_678, 3_000_000])
def test_any_number_in_words_is_read_as_itself(language: str, value: int) -> None:
    assert numbers(num2words(value, lang=language), language) == {str(value)}


@pytest.mark.parametrize(
    ("source", "translation", "languages", "lost"),
    [
        ("vingt-deux", "twenty-four years old", ("fr", "en"), ("22",)),
        ("vingt-deux", "twenty-two", ("fr", "en"), ()),
        ("three billion", "ba tỷ", ("en", "vi"), ()),
        ("three billion", "ba triệu", ("en", "vi"), ("3000000000",)),
        ("hai mươi lăm", "Twenty-five cards", ("vi", "en"), ()),
        ("I have 3 cats.", "Tôi có ba con mèo.", ("en", "vi"), ()),
        ("I have 3 cats.", "Tôi có bốn con mèo.", ("en", "vi"), ("3",)),
        ("It costs 1,500.50", "Ça coûte 1 500,50", ("en", "fr"), ()),
        ("one of them", "l'un d'eux", ("en", "fr"), ()),
        ("Un chat", "A cat", ("fr", "en"), ()),
    ],
)
def test_a_lost_number_is_noticed(
    source: str, translation: str, languages: tuple[str, str], lost: tuple[str, ...]
) -> None:
    assert lost_numbers(source, translation, languages) == lost


@pytest.mark.parametrize(
    ("source", "translation", "languages", "lost"),
    [
        ("a hundred people", "cent personnes", ("en", "fr"), ()),
        ("a hundred people", "mille personnes", ("en", "fr"), ("100",)),
        ("5 million people", "năm triệu người", ("en", "vi"), ()),
        ("3,5 millions", "3.5 million", ("fr", "en"), ()),
        ("vingt et une femmes", "twenty-one women", ("fr", "en"), ()),
        ("une douzaine d'œufs", "a dozen eggs", ("fr", "en"), ()),
        ("Có bốn lăm người", "forty-five people", ("vi", "en"), ()),
        ("Tom&#39;s 7 cats", "les 7 chats de Tom", ("en", "fr"), ()),
    ],
)
def test_numbers_have_many_forms(
    source: str, translation: str, languages: tuple[str, str], lost: tuple[str, ...]
) -> None:
    assert lost_numbers(source, translation, languages) == lost


@pytest.mark.parametrize(
    ("language", "typed", "read"),
    [
        ("en", "the 2nd floor, his 10th, the 11th", "the second floor, his tenth, the 11th"),
        ("en", "3rd place", "Third place"),
        ("fr", "la 1ère fois, le 2e, la 2nde", "la première fois, le deuxième, la seconde"),
        ("fr", "au XIXe siècle, Louis XIV", "au 19e siècle, Louis XIV"),
        ("vi", "tầng thứ 2", "tầng thứ 2"),
    ],
)  # fmt: skip
def test_small_ordinals_are_read_as_words(language: str, typed: str, read: str) -> None:
    assert spell_ordinals(typed, language) == read


def test_ordinals_in_digits_stand_before_french_nouns() -> None:
    assert order_ordinals("C'est le siècle 21e.", "fr") == "C'est le 21e siècle."
    assert order_ordinals("à l'étage 12e", "fr") == "au 12e étage"
    assert order_ordinals("Il vient 15e.", "fr") == "Il vient 15e."
    assert order_ordinals("the floor 12th", "en") == "the floor 12th"
