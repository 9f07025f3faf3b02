"""Which numbers stand in a text, and which a translation has lost."""

from __future__ import annotations

import pytest
from num2words import num2words

from engine.language.numbers import lost_numbers, numbers


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
