"""Pieces of two languages: every text of known characters comes back as it was."""

from __future__ import annotations

import random

import pytest

from engine.errors import InputError
from engine.language import normalise
from engine.language.placeholders import PLACEHOLDERS
from engine.tasks.translation import tokenizer as pieces
from tests.engine.tasks.translation_small import TEXTS, tokenizer


def again(text: str) -> str:
    (numbers,) = pieces.encode(tokenizer(), [text])
    return pieces.decode(tokenizer(), numbers)


@pytest.mark.parametrize(
    "text",
    [
        *TEXTS,
        "2024-05-01 at 10:30, for 2,500.75 %",
        '"Quoted" (in brackets) [and others], l\'été: “so”',
        "Người đến Đà ấy; ăn rất ngon — ưu tiên",
        "nothing-like-these wordsever",
        "...",
        "A",
    ],
)
def test_a_text_comes_back_as_it_was(text: str) -> None:
    assert again(text) == normalise(text)


def test_random_texts_of_the_alphabet_come_back_as_they_were() -> None:
    generator = random.Random(0)
    signs = sorted(pieces.alphabet(tokenizer()) - {pieces.SPACE})
    assert {*'aZ0"([ếđœ«'} <= {*signs}
    for _ in range(300):
        words = ("".join(generator.choices(signs, k=generator.randint(1, 9))) for _ in range(5))
        text = normalise(" ".join(words))
        assert again(text) == text


def test_special_pieces_are_never_typed() -> None:
    for typed in ("[STOP]", "[PAD] [START]", "a[STOP]b"):
        (numbers,) = pieces.encode(tokenizer(), [typed])
        assert min(numbers) >= 3
        assert again(typed) == typed


def test_marks_have_a_piece_each_that_joins_no_other() -> None:
    numbers = pieces.placeholder_ids(tokenizer())
    assert len({*numbers}) == len(PLACEHOLDERS)
    for mark, number in zip(PLACEHOLDERS, numbers, strict=True):
        assert pieces.encode(tokenizer(), [f"fox{mark}dog"])[0].count(number) == 1


def test_special_numbers_spell_nothing() -> None:
    (numbers,) = pieces.encode(tokenizer(), ["The lazy dog"])
    assert pieces.decode(tokenizer(), [1, *numbers, 2, 0, 0]) == "The lazy dog"


def test_the_same_texts_give_the_same_pieces() -> None:
    texts = TEXTS * pieces.RARE
    assert pieces.learn(texts, 400).to_str() == tokenizer().to_str()
    assert pieces.learn(texts, 300).get_vocab_size() <= 300


def test_a_rare_character_has_no_piece_and_spells_nothing() -> None:
    learnt = pieces.learn([*(TEXTS * pieces.RARE), *["ẞ"] * (pieces.RARE - 1)], 400)
    assert "ẞ" not in pieces.alphabet(learnt)
    (numbers,) = pieces.encode(learnt, ["lazyẞ dog"])
    assert pieces.decode(learnt, numbers) == "lazy dog"
    assert "ẞ" in pieces.alphabet(pieces.learn([*TEXTS * pieces.RARE, *["ẞ"] * pieces.RARE], 400))


def test_a_tokeniser_is_restored_as_it_was() -> None:
    written = tokenizer().to_str()
    restored = pieces.restore(written)
    assert pieces.encode(restored, TEXTS) == pieces.encode(tokenizer(), TEXTS)


@pytest.mark.parametrize("text", ["", "rubbish", "{}", "[]", '{"model": {"type": "BPE"}}'])
def test_rubbish_is_no_tokeniser(text: str) -> None:
    with pytest.raises(InputError, match="tokeniser"):
        pieces.restore(text)


def test_a_tokeniser_without_marks_is_refused() -> None:
    with pytest.raises(InputError, match="tokeniser"):
        pieces.restore(tokenizer().to_str().replace(PLACEHOLDERS[3], "\ue0ff"))
