"""What the page Translation says of typed text that is read otherwise than it was typed."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from engine.results import Sentence
from pages.shared.text import literal
from tests.pages.fake_translation_predictor import FakeTranslationPredictor
from tests.pages.opened import said
from tests.pages.translation_page import page, seen, typed

pytestmark = pytest.mark.usefixtures("fake_models")


def test_what_was_read_is_said_where_it_differs(monkeypatch: pytest.MonkeyPatch) -> None:
    plain = FakeTranslationPredictor.translate

    def respelt(self: FakeTranslationPredictor, sentence: str, *rest: Any, **more: Any) -> Sentence:
        found = plain(self, sentence, *rest, **more)
        return replace(found, read_as="Mes sœurs *dorment*.") if "soeurs" in sentence else found

    monkeypatch.setattr(FakeTranslationPredictor, "translate", respelt)
    at = typed(page(), "Mes soeurs *dorment*.")
    (caption,) = [each.value for each in at.caption if each.value.startswith("Read as")]
    assert caption == f"Read as: {literal('Mes sœurs *dorment*.')}"
    at = typed(at, "Il pleut.")
    assert "Read as" not in said(at)
    at = typed(page("vi"), "Mes soeurs *dorment*.")
    assert "Đọc là: Mes sœurs" in said(at)


def test_a_lost_number_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    plain = FakeTranslationPredictor.translate

    def losing(self: FakeTranslationPredictor, sentence: str, *rest: Any, **more: Any) -> Sentence:
        return replace(plain(self, sentence, *rest, **more), lost_numbers=("22", "7"))

    monkeypatch.setattr(FakeTranslationPredictor, "translate", losing)
    at = typed(page(), "Il a vingt-deux ans.")
    (warning,) = at.warning
    assert warning.value == "A number may be wrong. Not found in the translation: 22, 7."
    # The fake translator writes the source in capitals, where no English number is.
    assert "A number may be wrong in line: 1." in said(seen(at, "many"))
    at = typed(page("vi"), "Il a vingt-deux ans.")
    assert at.warning[0].value.startswith("Có thể có con số bị dịch sai.")


def test_vietnamese_without_accents_is_noticed() -> None:
    at = page(direction="vi-en", text="Toi khong biet co ay song o dau.")
    (warning,) = at.warning
    assert warning.value.startswith("This Vietnamese is typed without accents.")
    assert not typed(at, "Tôi không biết cô ấy sống ở đâu.").warning
    assert not typed(at, "Tom ăn cơm.").warning
    at = page("vi", direction="vi-en", text="Toi khong biet co ay song o dau.")
    assert at.warning[0].value.startswith("Văn bản tiếng Việt này được gõ không dấu.")
