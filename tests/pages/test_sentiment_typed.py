"""What the page Sentiment says of rules: the spelling that was read, and ratings."""

from __future__ import annotations

import pytest

from tests.pages.opened import opened, said

pytestmark = pytest.mark.usefixtures("fake_models")


@pytest.mark.parametrize(
    ("lang", "read", "rated", "alone"),
    [
        (
            "en",
            "Read as: phim tuyệt vời",
            "Rating read by a rule: 1/5 → negative.",
            "The text is hardly anything else, so this is the answer",
        ),
        (
            "vi",
            "Đọc là: phim tuyệt vời",
            "Điểm đánh giá đọc bằng quy tắc: 1/5 → tiêu cực.",
            "Văn bản hầu như không có gì khác nên đây là câu trả lời",
        ),
    ],
)
def test_what_rules_did_is_said(lang: str, read: str, rated: str, alone: str) -> None:
    def page(text: str) -> str:
        return said(opened("sentiment", {"lang": lang, "sentiment_text": text}))

    respelt = page("phim tuyệt zời")
    assert read in respelt
    assert rated not in respelt
    beside = page("The food was good and not dull: 1/5")
    assert rated in beside
    assert read.partition(":")[0] not in beside
    assert alone not in beside
    only = page("1/5")
    assert f"{rated} {alone}" in only
