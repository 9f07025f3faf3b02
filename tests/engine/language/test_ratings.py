"""Ratings that are stated in numbers or stars."""

from __future__ import annotations

import pytest

from engine.language.ratings import only_rating, rating


@pytest.mark.parametrize(
    ("text", "share", "label"),
    [
        ("1/5 stars", 0.2, "negative"),
        ("2 out of 10", 0.2, "negative"),
        ("10/10", 1.0, "positive"),
        ("10/10 would buy again", 1.0, "positive"),
        ("5 sao", 1.0, "positive"),
        ("0 điểm", 0.0, "negative"),
        ("Cho quán 4,5/5", 0.9, "positive"),
        ("I give it 3/5.", 0.6, "neutral"),
        ("five stars", 1.0, "positive"),
        ("a solid 4-star book", 0.8, "positive"),
        ("một sao cho thái độ", 0.2, "negative"),
        ("★★☆☆☆", 0.4, "negative"),
        ("⭐⭐⭐⭐⭐ tuyệt vời", 1.0, "positive"),
        ("8 điểm", 0.8, "positive"),
        ("85/100", 0.85, "positive"),
    ],
)
def test_a_rating_is_read(text: str, share: float, label: str) -> None:
    found = rating(text)
    assert found is not None
    assert found.share == pytest.approx(share)
    assert found.label == label


@pytest.mark.parametrize(
    "text",
    [
        "Ngày 1/5 tôi đi chơi",
        "delivered on 1/5/2024",
        "open 24/7",
        "11/10",
        "a five-star hotel",
        "khách sạn 5 sao",
        "9/10 people liked it",
        "some say 2/10, some say 9/10",
        "The food was really good",
        "movie stars",
        "không sao đâu",
        "",
    ],
)
def test_what_is_no_rating_is_left_alone(text: str) -> None:
    assert rating(text) is None


@pytest.mark.parametrize(
    ("text", "share"),
    [
        ("ten out of ten", 1.0),
        ("one out of five", 0.2),
        ("1 star out of 5", 0.2),
        ("2 of 10", 0.2),
        ("5*", 1.0),
        ("⭐️⭐️", 0.4),
        ("mười điểm", 1.0),
        ("không điểm", 0.0),
        ("điểm 9", 0.9),
        ("no stars", 0.0),
        ("I give it 1/5 stars.", 0.2),
        ("2/10 would not", None),
        ("5 sao nhưng đồ ăn nguội", None),
        ("a lovely film with a dull ending: 2/10", None),
        ("3/5", 0.6),
        ("3/5, quite good", None),
        ("3 of 5 dishes were cold", None),
        ("5 điểm cộng", None),
    ],
)
def test_a_text_that_is_hardly_more_than_a_rating(text: str, share: float | None) -> None:
    found = only_rating(text)
    assert (found and round(found.share, 2)) == share


def test_the_words_that_state_it_are_told() -> None:
    found = rating("Not great: 2 out of 10 from me")
    assert found is not None
    assert found.text == "2 out of 10"
