"""Which language a text is in, and what no translator can read."""

from __future__ import annotations

import pytest

from engine.language import identify, is_latin

TEXTS = {
    "en": [
        "The weather is nice today.",
        "I don’t know where they are",
        "She was born in Hanoi and lives in Paris with her two children.",
        "the café is very good",
        "WHERE ARE YOU?",
        "hello how are you",
        "He's here.",
        "Mr. Dupont and his wife are in Bordeaux.",
    ],
    "fr": [
        "Je ne sais pas.",
        "Où est la gare ?",
        "C’est l’été, et les enfants sont dans le jardin.",
        "il est dans la maison avec son chat",
        "Ça va très bien, à bientôt",
        "merci beaucoup",
        "J'aime l'été.",
        "IL EST DANS LA MAISON",
        "Le pho de Hà Nội est très bon, je l'ai mangé dans la rue.",
    ],
    "vi": [
        "Tôi không biết.",
        "Trời hôm nay đẹp quá",
        "toi khong biet nguoi nhu the",
        "Cô ấy làm việc ở Paris",
        "thức ăn rất ngon",
        "trời hôm nay đẹp quá",
        "Xin chào",
        "Nguyễn Văn An sống ở Hà Nội với gia đình.",
    ],
}
SENTENCES = [(name, text) for name, texts in TEXTS.items() for text in texts]


@pytest.mark.parametrize(("name", "text"), SENTENCES)
@pytest.mark.parametrize("expected", ["en", "fr", "vi"])
def test_sentences_are_told_apart_whatever_was_expected(
    name: str, text: str, expected: str
) -> None:
    assert identify(text, expected) == name


@pytest.mark.parametrize(
    "text", ["", "Tom", "Paris, London!", "12:30", "😀", "Berlin 2024", "你好"]
)
@pytest.mark.parametrize("expected", ["en", "fr", "vi"])
def test_without_evidence_it_is_what_was_expected(text: str, expected: str) -> None:
    assert identify(text, expected) == expected


@pytest.mark.parametrize("text", ["the end", "Où ?", "La Traviata"])
def test_one_word_turns_nothing_round(text: str) -> None:
    assert [identify(text, expected) for expected in TEXTS] == list(TEXTS)


def test_a_mixed_text_is_what_most_of_it_is() -> None:
    assert identify("The word bonjour is what they say in the streets of Paris", "fr") == "en"
    assert identify("Il dit « the end » et il est parti avec les autres", "en") == "fr"
    assert identify("Tôi nói là the end rồi về với mọi người", "en") == "vi"


@pytest.mark.parametrize(
    "text",
    [
        "Nguyễn Văn An habite à Hà Nội.",
        "Nguyễn Thị Lan parle français.",
        "Demain Trần Văn Đức travaille à Đà Nẵng.",
        "Mr. Trần Văn Đức works near Đà Nẵng.",
        "Le Havre, La Rochelle",
    ],
)
def test_names_do_not_tell(text: str) -> None:
    assert [identify(text, expected) for expected in TEXTS] == list(TEXTS)


@pytest.mark.parametrize(
    "text",
    [
        "Hello bonjour xin chào, je suis here with you và tôi",
        "Bonjour my friend, bạn khỏe không?",
        "Je suis in the garden với các bạn",
    ],
)
def test_a_mixture_without_a_clear_majority_turns_nothing_round(text: str) -> None:
    assert [identify(text, expected) for expected in TEXTS] == list(TEXTS)


@pytest.mark.parametrize(
    "text", ["Hello", "Thức ăn", "Où ça", "Straße", "hello 你好", "", "12", "😀", "ạạạ"]
)
def test_latin_letters_can_be_read(text: str) -> None:
    assert is_latin(text)


@pytest.mark.parametrize(
    "text", ["你好", "Привет, мир", "مرحبا a", "नमस्ते", "Ελλάδα", "ひらがな abc"]
)
def test_other_scripts_cannot(text: str) -> None:
    assert not is_latin(text)
