"""Normalising, checking and telling languages apart."""

import unicodedata

import pytest

from engine.errors import InputError
from engine.language import MAX_CHARACTERS, check, detect_language, normalise, strip_accents


def test_decomposed_vietnamese_becomes_composed() -> None:
    typed = unicodedata.normalize("NFD", "Thức ăn rất ngon")
    assert len(typed) > len("Thức ăn rất ngon")
    assert normalise(typed) == "Thức ăn rất ngon"


@pytest.mark.parametrize(
    ("typed", "plain"),
    [
        ("  two\t\nlines \u00a0 here ", "two lines here"),
        ("over\u202eride\u202c", "override"),
        ("zero\u200bwidth\ufeff", "zerowidth"),
        ("bell\x07 and nul\x00", "bell and nul"),
        ("lone \ud800surrogate", "lone surrogate"),
        ("family \U0001f468\u200d\U0001f469", "family \U0001f468\u200d\U0001f469"),
        ("<b>bold</b>", "<b>bold</b>"),
    ],
)
def test_what_cannot_be_seen_goes_and_the_rest_stays(typed: str, plain: str) -> None:
    assert normalise(typed) == plain


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ("", "no text yet"),
        (" \n\u200b ", "no text yet"),
        ("x" * 100_000, "100,000 characters"),
        ("12345 !!!", "no words"),
        ("مرحبا بالعالم", "script"),
        ("この映画はとても良い", "script"),
    ],
)
def test_what_cannot_be_read_is_refused_with_the_reason(typed: str, says: str) -> None:
    with pytest.raises(InputError, match=says):
        check(typed)


def test_the_limit_is_the_longest_text_that_is_read() -> None:
    assert len(check("x" * MAX_CHARACTERS)) == MAX_CHARACTERS
    with pytest.raises(InputError):
        check("x" * (MAX_CHARACTERS + 1))


def test_accents_are_stripped_from_every_vietnamese_letter() -> None:
    assert strip_accents("Đồ ăn rất đáng thử, phở ngon tuyệt ưởng") == (
        "Do an rat dang thu, pho ngon tuyet uong"
    )


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("The food was really good", "en"),
        ("Thức ăn rất ngon", "vi"),
        ("Máy hút bụi bị hỏng trong vòng hai tuần", "vi"),
        ("thuc an rat ngon", "vi"),
        ("phim do te qua, khong dang xem", "vi"),
        ("Phở is tasty and the café is great", "en"),
        ("I would not say it was bad", "en"),
        ("Shop giao hàng ok", "vi"),
        ("???", "en"),
        (unicodedata.normalize("NFD", "Rất đáng xem"), "vi"),
    ],
)
def test_language(text: str, language: str) -> None:
    assert detect_language(text) == language
