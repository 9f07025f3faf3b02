"""The page Accents and what other pages offer of it, on the shipped models."""

from __future__ import annotations

import pytest
from streamlit.testing.v1 import AppTest

from pages.parts.accents import inputs
from pages.shared import models
from tests.pages.opened import opened, press, said

VIEWS = ("text", "gradient", "follows", "networks", "fails", "lesson")


def accents_page(**query: str) -> AppTest:
    return opened("accents", {f"accents_{key}": value for key, value in query.items()}, 60)


@pytest.mark.parametrize("view", VIEWS)
@pytest.mark.parametrize("lang", ["en", "vi"])
def test_every_view_shows_a_worked_example(view: str, lang: str) -> None:
    at = opened("accents", {"lang": lang, "accents_view": view}, 60)
    assert len(at.error) == 0
    assert len(at.get("plotly_chart")) == {"follows": 0, "lesson": 0}.get(view, 1)


def test_a_text_gets_its_marks_and_keeps_all_else() -> None:
    typed = "Toi khong biet,  OK?\nTôi KHONG biet 😀"
    at = accents_page(text=typed)
    assert at.code[0].value == "Tôi không biết,  OK?\nTôi KHÔNG biết 😀"
    assert at.text_area(key="accents_text").value == typed
    assert "Letters that got marks:" in said(at)


def test_a_tapped_letter_shows_its_rivals_and_is_forgotten_with_the_text() -> None:
    at = accents_page(text="toi khong biet", at="12")
    assert "In place of “ế” in “biết”:" in said(at)
    at.text_area(key="accents_text").set_value("hom nay").run()
    assert not at.exception
    assert "biết" not in said(at)
    # What a link says of a letter without a choice, or of none, is passed over.
    assert "In place of" in said(accents_page(text="toi khong biet", at="3"))
    assert "In place of" in said(accents_page(text="toi khong biet", at="-7"))


@pytest.mark.parametrize("text", ["", "  \n ", "x" * 5001])
def test_what_cannot_be_restored_is_told_kindly_and_kept(text: str) -> None:
    at = accents_page()
    at.text_area(key="accents_text").set_value(text).run()
    assert not at.exception
    assert len(at.error) == 1
    assert at.text_area(key="accents_text").value == text


@pytest.mark.parametrize("text", ["12 + 3 = 15", "Привет", "<b>xin chao</b>", "a" * 5000])
def test_whatever_is_typed_is_answered(text: str) -> None:
    at = accents_page()
    for view in ("text", "gradient", "follows"):
        at.query_params["accents_view"] = view
        at.text_area(key="accents_text").set_value(text).run()
        assert not at.exception
        assert len(at.error) == 0


def test_a_file_is_read_whole_and_its_beginning_shown() -> None:
    at = accents_page()
    text = "toi khong biet ban dang o dau.\n" * 400
    at.file_uploader(key="accents_upload").upload("x.txt", text.encode(), "text/plain").run()
    assert not at.exception
    assert "x.txt" in said(at)
    assert f"of {len(text):,} characters are shown" in said(at)
    press(at, "accents_box")
    assert at.text_area(key="accents_text").value == inputs.EXAMPLES[0]
    at.file_uploader(key="accents_upload").upload("y.txt", b"\xff\x00\x81", "text/plain").run()
    assert len(at.error) == 1
    assert at.text_area(key="accents_text").value == inputs.EXAMPLES[0]


def test_a_text_is_cut_between_words() -> None:
    text = "mot hai ba " * 1000
    pieces = list(inputs._pieces(text))
    assert "".join(pieces) == text
    assert all(len(piece) <= 5000 and piece.endswith(" ") for piece in pieces)
    assert [len(piece) for piece in inputs._pieces("x" * 12_000)] == [5000, 5000, 2000]


def test_what_only_what_follows_decides_is_counted() -> None:
    text = inputs.EXAMPLES[0]
    forward, both = (models.accents(n).restore([text])[0].text for n in networks())
    differ = sum(a != b for a, b in zip(forward.split(), both.split(), strict=True))
    assert differ > 0, "the first example shows no difference"
    at = accents_page(view="follows")
    assert f"{differ} of {len(text.split())} words differ" in said(at)


def networks() -> tuple[str, str]:
    return inputs.FORWARD, inputs.MODEL


@pytest.mark.usefixtures("no_models")
def test_without_models_it_says_so() -> None:
    assert "is not installed here" in said(accents_page())


@pytest.mark.parametrize(("page", "box"), [("sentiment", "sentiment_text"),
                                           ("translation", "translation_text")])  # fmt: skip
def test_other_pages_offer_it_and_say_that_they_used_it(page: str, box: str) -> None:
    typed = "hom nay troi rat dep va toi rat vui"
    at = opened(page, {box: typed, "translation_direction": "vi-en"}, 60)
    press(at, f"{page}_accents")
    marked = at.text_area(key=box).value
    assert marked == "hôm nay trời rất đẹp và tôi rất vui"
    assert "The marks were put in by our network accents-vi" in said(at)
    press(at, f"{page}_as_typed")
    assert at.text_area(key=box).value == typed
    assert "The marks were put in" not in said(at)
    # English, and Vietnamese with its marks, get no offer.
    for text in ("The food was really good", marked.replace("vui", "mừng")):
        at.text_area(key=box).set_value(text).run()
        assert f"{page}_accents" not in [button.key for button in at.button]
