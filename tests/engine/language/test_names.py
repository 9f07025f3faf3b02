"""Which words of a sentence are names to copy, and which a corpus has translated."""

from __future__ import annotations

from itertools import permutations

import pytest

from engine.language.lexicon import NAMES as LANGUAGES
from engine.language.names import ALSO_WORDS, GIVEN, LEARNT, NameFinder, titles, translated_words
from engine.language.placeholders import localise

WHOLE = "mai hoa tim thành Paris summer house times here Tom Mary Jack An My".split()  # noqa: SIM905
"""Words of one piece; others are spelled by three letters at a time."""
LEXICON = {"en": ("China", "French"), "fr": ("Chine", "États-Unis"), "vi": ()}


def found(text: str, source: str = "en", target: str = "vi", looked: bool = True) -> list[str]:
    """The names in a text, as they are copied."""

    def spelled(word: str) -> int:
        return 1 if word in WHOLE else (len(word) + 2) // 3

    names = NameFinder((source, target), spelled, LEXICON[source] if looked else ())
    return [text[start:stop] for start, stop in names.spans(text)]


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("Yesterday Linh met Jack in Paris.", ["Linh", "Jack"]),
        ("Jack and Emma saw Tom and Mary.", ["Jack", "Emma"]),
        ("I told Emma's brother.", ["Emma"]),
        ("Emma Watson met Tom Oster.", ["Emma Watson", "Tom Oster"]),
        ("He said: Peter is here.", ["Peter"]),
        ("They flew from Oslo to China.", ["Oslo"]),
        ("We met in the French House in Summer.", []),
        ("I am a Persian, she is Polish.", []),
        ("An apple is here. My apple.", []),
        ("I met An and My.", ["An", "My"]),
        ("Mark my words, Mark.", ["Mark"]),
        (
            "The Oslo Gloucestershire Times Are Here.",
            ["Gloucestershire"],
        ),  # headlines: only what is long
        ("I am what I am.", []),
        ("Oslo is far.", []),
        ("Orszag is far.", []),
        ("nobody here", []),
        ("", []),
    ],
)
def test_names_in_english(text: str, names: list[str]) -> None:
    assert found(text) == names


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("Pierre a acheté des pommes.", ["Pierre"]),
        ("C'est l'ami d'Anna.", ["Anna"]),
        ("Qu'Emma vienne de Chine ou d'Oslo !", ["Emma", "Oslo"]),
        ("Jean-Paul Sartre est parti.", ["Jean-Paul Sartre"]),
        ("Il vit aux États-Unis.", []),
        ("Je m'appelle Nguyễn Văn An.", ["Nguyễn Văn An"]),
        ("L'Anglais est là.", ["Anglais"]),
    ],
)
def test_names_in_french(text: str, names: list[str]) -> None:
    assert found(text, "fr", "en") == names


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("Hôm qua Lan gặp Nam ở trường.", ["Lan", "Nam"]),
        ("Mai và Hoa đi chợ.", ["Mai", "Hoa"]),
        ("Mai tôi đi học.", []),  # tomorrow
        ("Hoa hồng và lá đẹp.", []),  # roses
        ("Cường đi học.", ["Cường"]),
        ("Cô Hoa dạy anh Minh.", ["Hoa", "Minh"]),
        ("Bạn Nguyễn Văn An là ai?", ["Nguyễn Văn An"]),
        ("Ngày mai Phạm Minh Chính đến Paris.", ["Phạm Minh Chính"]),
        ("Tôi thích Thu Hà.", ["Thu Hà"]),
        ("Thành phố Hồ Chí Minh ở miền Nam Việt Nam.", []),
        ("Người Đức đến Hà Lan, người Hoa đến Nga.", []),
        ("Tôi thấy sông Hồng.", []),
        ("Emma Watson và Kevin gặp Tom.", ["Emma Watson", "Kevin"]),
        ("Tim tôi đau, Tim ơi.", ["Tim"]),  # a heart
        ("Hôm qua tôi gặp Krzysztofowicz Kowalski.", ["Krzysztofowicz Kowalski"]),
        ("", []),
    ],
)
def test_names_in_vietnamese_are_told_from_words_and_places(text: str, names: list[str]) -> None:
    assert found(text, "vi", "en") == names


def test_where_nobody_has_looked_only_given_and_long_names_are_copied() -> None:
    text = "They flew with Emma from Oslo to Gloucestershire."
    assert found(text, looked=False) == ["Emma", "Gloucestershire"]
    assert found(text) == ["Emma", "Oslo", "Gloucestershire"]


@pytest.mark.parametrize(
    ("text", "source", "target", "name", "shown"),
    [
        ("Monsieur Dupont est là.", "fr", "en", "Monsieur Dupont", "Mr. Dupont"),
        ("J'ai vu Mme de Beauvoir et M. Petit.", "fr", "en", "M. Petit", "Mr. Petit"),
        ("Mrs. Miller is late.", "en", "fr", "Mrs. Miller", "Mme Miller"),
        ("Ask Dr. House about it.", "en", "fr", "Dr. House", "Dr House"),
        ("I met Miss Emma Watson.", "en", "fr", "Miss Emma Watson", "Mlle Emma Watson"),
        ("I met Mr. Oster.", "en", "vi", "Oster", "Oster"),
    ],
)
def test_a_title_is_written_as_its_readers_write_it(
    text: str, source: str, target: str, name: str, shown: str
) -> None:
    assert found(text, source, target)[-1] == name
    assert localise(name, source, target) == shown


def test_a_title_alone_is_a_word() -> None:
    assert found("Monsieur, où est la gare ?", "fr", "en") == []
    assert localise("Monsieur", "fr", "en") == "Monsieur"


def test_each_table_speaks_of_names_and_titles_that_are_known() -> None:
    assert {*LEARNT, *(word for words in ALSO_WORDS.values() for word in words)} <= GIVEN
    pairs = [pair for pair in permutations(LANGUAGES, 2) if titles(*pair)]
    assert sorted(pairs) == [("en", "fr"), ("fr", "en")]
    for pair in pairs:
        assert set(titles(*pair).values()) <= set(titles(*pair[::-1]))


def test_what_a_corpus_translates_is_learnt_from_the_inside_of_its_sentences() -> None:
    pairs = [
        *[("I live in China.", "Je vis en Chine.")] * 2,
        *[("Ask Tom about China's sun.", "Demande à Tom.")] * 3,
        ("I live in Spain.", "Je vis en Espagne."),
        *[("Germany is here.", "L'Allemagne est là.")] * 3,
        *[("I saw Rome.", "J'ai vu Rome.")] * 2,
        *[("I saw Rome.", "J'ai vu la ville.")] * 2,
        *[("I saw Oslo.", "J'ai vu Oslo.")] * 3,
        *[("I saw Oslo.", "J'ai vu la ville.")] * 2,
    ]
    assert translated_words(pairs, "en") == ["China", "Rome"]
