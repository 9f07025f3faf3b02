"""Texts are cut where sentences end, and nothing of them is lost."""

from __future__ import annotations

import random

import pytest

from engine.errors import InputError
from engine.language.placeholders import PLACEHOLDERS
from engine.language.sentences import (
    LONGEST,
    MAX_CHARACTERS,
    check_translatable,
    split_sentences,
)


@pytest.mark.parametrize(
    "parts",
    [
        ["One sentence"],
        ["It rains.", "Nobody minds!", "Do you?", "Well…", "Yes."],
        ["Mr. Smith met Dr. Brown and J. Doe in St. Ives.", "They talked."],
        ["M. Dupont et Mme. Durand sont là.", "Ils parlent."],
        ["Ông ấy sống ở TP. Hồ Chí Minh.", "GS. Nam cũng vậy."],
        ["I... don't know.", "Well...", "Perhaps."],
        ["He thinks… nothing."],
        ['"Stop!" he said.', '"Why?"', "Nobody knew."],
        ["« Bonjour ! » dit-il.", "« Ça va ? »", "Oui."],
        ["(He left.)", "She stayed (really?) and sang.", "That was it."],
        ["It costs 3.50 dollars, i.e. nothing."],
        ["There were No. 5 and no. 7. 3 people came."],
        ["no capitals here.", "and none here?", "none."],
        ["See https://example.org/a.b?c!d now.", "Done."],
        ["1. 2. 3."],
        ["Wait!!!", "What?!", "Oh."],
        ["你好。世界。"],
        ["👍 Good.", "😀"],
        ["<b>Bold.</b> <i>x"],
    ],
    ids=lambda parts: parts[0][:20],
)
def test_sentences_end_where_people_end_them(parts: list[str]) -> None:
    assert split_sentences(" ".join(parts)) == parts


def test_an_empty_text_has_no_sentences() -> None:
    assert split_sentences("") == []
    assert split_sentences("   ") == []


def test_long_sentences_are_cut_at_commas_or_else_at_spaces_or_else_anywhere() -> None:
    clause = "a few words that go on and on"
    commas = split_sentences(", ".join([clause] * 30))
    assert len(commas) > 3
    assert all(part.endswith(f"{clause},") for part in commas[:-1])
    spaces = split_sentences(" ".join([clause] * 30))
    assert {*" ".join(spaces).split()} == {*clause.split()}
    solid = "".join(random.Random(0).choices("abc", k=5_000))
    assert "".join(split_sentences(solid)) == solid
    assert max(map(len, split_sentences(solid))) <= LONGEST
    dashes = split_sentences(" – ".join([clause] * 30))
    assert all(part.startswith("– ") for part in dashes[1:])


WORD, START = "mot ", "Il " + "mot " * 40


@pytest.mark.parametrize(
    ("boundary", "head", "tail"),
    [
        ("avait dit ; et puis, elle : oui", "avait dit ;", "et puis, elle : oui"),
        ("avait dit : et puis, elle", "avait dit :", "et puis, elle"),
        ("avait dit – et puis, elle", "avait dit", "– et puis, elle"),
        ("frères, sœurs et parents", "frères,", "sœurs et parents"),
        ("deux frères et sa sœur", "deux frères", "et sa sœur"),
        ("two brothers and her sister", "two brothers", "and her sister"),
        ("hai anh trai và chị gái", "hai anh trai", "và chị gái"),
        ("a,b;c:d-e etc.", None, None),
    ],
)
def test_the_best_boundary_near_the_limit_is_taken(
    boundary: str, head: str | None, tail: str | None
) -> None:
    text = START + boundary + " " + (WORD * 20).strip() + "."
    first, second = split_sentences(text)
    assert f"{first} {second}" == text
    if head is None:
        assert len(first) > LONGEST - len(WORD) - 1
    else:
        assert first.endswith(head)
        assert second.startswith(str(tail))


def test_a_boundary_far_from_the_limit_is_none() -> None:
    text = "Oui ; " + (WORD * 80).strip()
    first, second = split_sentences(text)
    assert len(first) > LONGEST - len(WORD) - 1
    assert f"{first} {second}" == text


def test_a_sentence_that_may_stay_together_does() -> None:
    whole = ("mot, " * 60)[: LONGEST - 1].strip() + "."
    assert split_sentences(whole) == [whole]


def test_no_text_loses_anything_and_no_part_is_too_long() -> None:
    generator = random.Random(0)
    bits = ["word", "Word", ".", "...", "!", "?", "…", '"', "«", "»", ")", "(", ",", ";", ": ",
            " – ", "Mr.", "3.5", "x" * 100, "é", "😀", "你好。", "<b>"]  # fmt: skip
    for _ in range(300):
        text = " ".join(generator.choice(bits) + generator.choice(bits) for _ in range(60)).strip()
        parts = split_sentences(text)
        assert "".join("".join(parts).split()) == "".join(text.split())
        assert all(part and part == part.strip() and len(part) <= LONGEST for part in parts)


def test_what_is_prepared_is_plain() -> None:
    assert check_translatable("  Một\n\tcâu\u202e\x07 ") == "Một câu"
    assert check_translatable(f"a{PLACEHOLDERS[0]}b {PLACEHOLDERS[7]}") == "ab"
    assert check_translatable("<b>x</b> [STOP]") == "<b>x</b> [STOP]"
    assert len(check_translatable("a" * MAX_CHARACTERS)) == MAX_CHARACTERS
    assert check_translatable("abc", limit=3) == "abc"


@pytest.mark.parametrize(
    ("text", "summary"),
    [
        ("", "no text"),
        (" \n\u200b\x00", "no text"),
        (PLACEHOLDERS[0], "no text"),
        ("😀 🎉", "no words"),
        ("12 + 34 = ?", "no words"),
        ("a" * (MAX_CHARACTERS + 1), "2,001 characters; at most 2,000"),
    ],
    ids=["empty", "invisible", "mark", "emoji", "numbers", "long"],
)
def test_what_cannot_be_translated_is_refused(text: str, summary: str) -> None:
    with pytest.raises(InputError, match=summary):
        check_translatable(text)
