"""What people hand to the page Translation: odd texts, other languages, files."""

from __future__ import annotations

import pytest

from pages.parts.translation import inputs
from tests.pages.opened import press, said, widget
from tests.pages.translation_page import page, rows, strip, translation, typed, upload

pytestmark = pytest.mark.usefixtures("fake_models")


def test_only_so_many_lines_are_translated_and_it_is_said() -> None:
    at = page()
    typed(at, "\n".join(f"Il a {k} ans." for k in range(205)))
    assert len(rows(at)) == inputs.LINES
    assert "Only the first 200 of 205 lines are translated." in said(at)


def test_lines_that_stay_as_they_are_are_counted() -> None:
    at = page()
    typed(at, "Il fait froid.\n🙂\nمرحبا")
    assert "2 lines without Latin letters stay as they are." in said(at)


@pytest.mark.parametrize("text", ["", " \n\t"])
def test_an_empty_box_is_no_fault(text: str) -> None:
    at = typed(page(), text)
    assert not at.error
    assert [info.value for info in at.info] == [
        "There is no text yet. Type a sentence, or choose an example."
    ]
    assert "The models are small" in said(at)


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("\u200b", "There is no text yet"),
        ("🙂🙂 12", "There are no words in this text"),
        ("a" * 5_001, "the box takes 5,000 at most, a file 100 kB"),
        ("你好，世界", "know Latin letters only"),
        ("مرحبا بالعالم", "know Latin letters only"),
    ],
)
def test_what_cannot_be_translated_is_said(text: str, complaint: str) -> None:
    at = typed(page(), text)
    assert len(at.error) == 1
    assert complaint in said(at)


@pytest.mark.parametrize(
    "text",
    [
        "Il dit « 🙂 » à Marie.",
        "<b>Un</b> <script>alert(1)</script> chat",
        "Il a dit שלום à sa mère hier soir.",
        "# Un [titre](http://x) $x^2$ *fort*",
        "Un\u202e chat",
        "l" * 900,
    ],
)
def test_odd_texts_are_translated_like_others(text: str) -> None:
    at = typed(page(), text)
    assert not at.error
    assert strip(at)["pieces"]
    assert "<script>" not in "".join(str(m.value) for m in at.markdown)


def test_another_language_is_noticed_and_the_fitting_direction_offered() -> None:
    at = page(text="I have to go to the doctor with my sister.")
    assert len(at.warning) == 1
    assert "looks like English, but the model translates from French" in at.warning[0].value
    at = press(at, "translation_fit")
    assert widget(at, "translation_direction").value == "en-fr"
    assert not at.warning
    assert translation(at).startswith("I HAVE TO GO")
    typed(at, "Tôi không biết cô ấy sống ở đâu.")
    at = press(at, "translation_fit")
    assert widget(at, "translation_direction").value == "vi-en"


def test_a_file_stands_in_for_the_box() -> None:
    at = upload(page(), "mine.txt", "\ufeffIl pleut.\r\nMarie dort.\r\n".encode())
    assert [found for _number, _source, found in rows(at)] == ["IL PLEUT.", "MARIE DORT."]
    assert "mine.txt" in said(at)
    assert "is not part of the link" in said(at)
    at = press(at, "translation_box")
    assert translation(at) == "LA NATURE EST UN TEMPLE."


def test_a_file_in_utf_16_is_read() -> None:
    at = upload(page(), "mine.txt", "Il pleut à Hà Nội.".encode("utf-16"))
    assert translation(at) == "IL PLEUT À HÀ NỘI."


@pytest.mark.parametrize(
    ("data", "complaint"),
    [
        (b"", "mine.txt is empty"),
        ("été".encode("latin-1"), "is not UTF-8 text (see line 1). Please save it as UTF-8"),
        (b"PK\x03\x04...", "not a text file"),
        (b"\x00\x01\x02", "is not a text file"),
        (b"Il pleut. " * 10_001, "has 100 kB; at most 100 kB"),
    ],
)
def test_a_file_that_cannot_be_read_is_said(data: bytes, complaint: str) -> None:
    at = upload(page(), "mine.txt", data)
    assert complaint in said(at)
    assert translation(at) == "LA NATURE EST UN TEMPLE."
