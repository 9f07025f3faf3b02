"""Words on the screen: language, errors, lessons, numbers."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
import streamlit as st

from engine.errors import N_, InputError
from pages.shared import text
from tests.pages.conftest import Open

Speak = Callable[[str], None]


@pytest.fixture
def speak(monkeypatch: pytest.MonkeyPatch) -> Speak:
    """Sets the session's language outside of a session."""
    state: dict[str, str] = {}
    monkeypatch.setattr(st, "session_state", state)
    return lambda lang: state.update(lang=lang)


def test_english_is_the_key(speak: Speak) -> None:
    speak("en")
    assert text.translator()("Home") == "Home"
    speak("vi")
    assert text.translator()("Home") == "Trang chủ"
    assert text.translator()("a text that no catalogue has") == "a text that no catalogue has"


def test_plurals(speak: Speak) -> None:
    speak("en")
    forms = ("CPU ({n} core)", "CPU ({n} cores)")
    assert [text.counter()(*forms, n) for n in (1, 2)] == list(forms)
    speak("vi")
    assert text.counter()(*forms, 2) == "CPU ({n} nhân)"


@pytest.mark.parametrize(
    ("locale", "lang"),
    [("vi", "vi"), ("vi-VN", "vi"), ("en-GB", "en"), ("fr-FR", "en"), (None, "en")],
)
def test_the_first_visit_follows_the_browser(
    monkeypatch: pytest.MonkeyPatch, speak: Speak, locale: str | None, lang: str
) -> None:
    monkeypatch.setattr(type(st.context), "locale", locale)
    assert text.language() == lang


def test_an_unknown_language_is_not_believed(speak: Speak) -> None:
    speak("xx/../..")
    assert text.language() == "en"


def test_an_error_is_told_in_the_language(speak: Speak) -> None:
    speak("vi")
    error = InputError(
        N_("There is no device {name} here. Choose one of: {choices}."), name="x", choices="cpu"
    )
    assert "cpu" in text.message(error)
    assert text.message(error) != str(error)


@pytest.mark.parametrize(
    "evil", ["![](https://x.y/z.png)", "[a](javascript:b)", "<b>", ":red[x]", "$x$", "# x", "`x`"]
)
def test_an_error_shows_what_was_typed_and_obeys_none_of_it(speak: Speak, evil: str) -> None:
    speak("en")
    shown = text.message(InputError("no {name}", name=evil))
    assert re.sub(r"\\(.)", r"\1", shown) == f"no {evil}"
    assert not re.search(r"(?<!\\)[\[\](){}<>$#`!:]", shown)


def test_numbers_as_the_language_writes_them(speak: Speak) -> None:
    speak("en")
    assert (text.decimal(1234.5), text.percent(0.853, 1)) == ("1,234.50", "85.3%")
    assert text.listing(["a", "b", "c"]) == "a, b, and c"
    speak("vi")
    assert (text.decimal(1234.5), text.percent(0.853, 1)) == ("1.234,50", "85,3%")
    assert (text.decimal(1234, 0), text.percent(0.853)) == ("1.234", "85%")


def test_numbers_in_errors_as_the_language_writes_them(speak: Speak) -> None:
    error = InputError(N_("{file} has {size} MB; at most {limit} MB are read at once."),
                       file="a1.5.csv", size=17.0, limit=1500)  # fmt: skip
    assert str(error).startswith("a1.5.csv has 17.0 MB; at most 1,500 MB")
    speak("vi")
    assert "1.500 MB" in text.message(error)
    assert "17,0 MB" in text.message(error)
    assert text.message(error).startswith(text.literal("a1.5.csv"))


def lessons(lang: str) -> dict[str, dict[str, str]]:
    folder = text.ASSETS / "lessons" / lang
    return {p.stem: text.parts(p.read_text(encoding="utf-8")) for p in folder.glob("*.md")}


@pytest.mark.parametrize("lang", [lang for lang in text.LANGUAGES if lang != text.SOURCE])
def test_lessons_have_the_same_parts_in_every_language(lang: str) -> None:
    ours, theirs = lessons(text.SOURCE), lessons(lang)
    assert {page: list(parts) for page, parts in theirs.items()} == {
        page: list(parts) for page, parts in ours.items()
    }
    assert all(body for parts in theirs.values() for body in parts.values())


@pytest.mark.parametrize("lang", text.LANGUAGES)
def test_lessons_have_no_first_level_heading(lang: str) -> None:
    bodies = [body for parts in lessons(lang).values() for body in parts.values()]
    assert bodies
    assert not any(re.search(r"^# ", body, re.MULTILINE) for body in bodies)


def test_a_page_without_a_lesson_in_the_language_gets_the_english_one(
    monkeypatch: pytest.MonkeyPatch, speak: Speak, tmp_path: Path
) -> None:
    (tmp_path / "lessons" / "en").mkdir(parents=True)
    (tmp_path / "lessons" / "en" / "x.md").write_text("<!-- intro -->\nHello\n", encoding="utf-8")
    monkeypatch.setattr(text, "ASSETS", tmp_path)
    speak("vi")
    assert text.lesson("x") == {"intro": "Hello"}
    with pytest.raises(LookupError, match="no lesson"):
        text.lesson("y")


def test_an_edited_catalogue_is_read_again(
    monkeypatch: pytest.MonkeyPatch, speak: Speak, tmp_path: Path
) -> None:
    path = tmp_path / "locale" / "vi" / "LC_MESSAGES" / "app.po"
    path.parent.mkdir(parents=True)
    monkeypatch.setattr(text, "ASSETS", tmp_path)
    monkeypatch.setattr(text, "_found", {})
    monkeypatch.setattr(text, "FRESH", 0.0)  # seconds until a file is looked at again
    speak("vi")
    assert text.translator()("Home") == "Home"
    head = 'msgid ""\nmsgstr "Content-Type: text/plain; charset=utf-8\\n"\n\n'
    for word in ("Nhà", "Trang chính"):
        path.write_text(f'{head}msgid "Home"\nmsgstr "{word}"\n', encoding="utf-8")
        assert text.translator()("Home") == word


@pytest.mark.usefixtures("fake_models")
def test_the_language_control_translates_the_page(app: Open) -> None:
    at = app()
    at.segmented_control(key="lang").set_value("vi").run()
    assert not at.exception
    assert at.title[0].value == "Mạng hồi quy nhớ được những gì?"
    assert at.query_params["lang"] == "vi"
