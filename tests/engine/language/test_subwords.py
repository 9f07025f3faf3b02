"""Pieces of words: one tokeniser for raw and pre-tokenised text, with places in the text."""

from itertools import pairwise

import pytest
from tokenizers import Tokenizer

from engine.errors import InputError
from engine.language.subwords import SPECIAL, UNKNOWN, encode, learn, restore, words

TEXTS = [
    "I don't like the food here.",
    "the food was really good , and cheap",
    "it isn't good :( but it's cheap :)",
    "they'll come again, they've been here",
] * 20


@pytest.fixture(scope="module")
def tokenizer() -> Tokenizer:
    return learn(TEXTS, 300)


@pytest.mark.parametrize(
    ("raw", "tokenised"),
    [
        ("I don't like it.", "i do n't like it ."),
        ("It's good, really", "it 's good , really"),
        ("They'll come", "they 'll come"),
        ("don’t", "don't"),
    ],
)
def test_raw_and_tokenised_text_read_alike(tokenizer: Tokenizer, raw: str, tokenised: str) -> None:
    assert encode(tokenizer, raw, 99)[0] == encode(tokenizer, tokenised, 99)[0]


def test_pieces_cover_the_words_in_order(tokenizer: Tokenizer) -> None:
    text = "The  food wasn't goodest :)"
    _, pieces, cut = encode(tokenizer, text, 99)
    assert not cut
    assert "".join(p.text for p in pieces) == text.replace(" ", "")
    assert all(text[p.start : p.end] == p.text for p in pieces)
    assert pieces[-1].text == ":)"
    words = [p for p in pieces if not p.continues]
    assert [w.start for w in words] == [0, 5, 10, 17, 25]


def test_words_are_put_together_again(tokenizer: Tokenizer) -> None:
    text = "The goodest food, isn't it"
    _, pieces, _ = encode(tokenizer, text, 99)
    found = words(text, pieces)
    assert [w.piece.text for w in found] == ["The", "goodest", "food", ",", "isn't", "it"]
    assert [k for w in found for k in range(w.first, w.last)] == list(range(len(pieces)))
    assert found[1].last - found[1].first > 1


def test_an_emoji_reads_alike_with_and_without_its_selector(tokenizer: Tokenizer) -> None:
    assert encode(tokenizer, "good \u2764\ufe0f", 9)[0] == encode(tokenizer, "good \u2764", 9)[0]


def test_rewritten_text_keeps_places_in_order(tokenizer: Tokenizer) -> None:
    _, pieces, _ = encode(tokenizer, "I do n't like it", 99)
    assert all(a.end <= b.start for a, b in pairwise(pieces))
    assert all(p.text for p in pieces)


def test_padding_is_piece_zero_and_never_comes_out(tokenizer: Tokenizer) -> None:
    assert [tokenizer.token_to_id(name) for name in SPECIAL] == [0, UNKNOWN]
    assert 0 not in encode(tokenizer, "[PAD] good [PAD]", 99)[0]


def test_what_is_unknown_still_gives_a_piece(tokenizer: Tokenizer) -> None:
    ids, pieces, _ = encode(tokenizer, "", 99)
    assert ids == [UNKNOWN]
    assert len(pieces) == 1
    assert encode(tokenizer, "ω", 99)[0] == [UNKNOWN]


def test_long_text_is_cut_and_says_so(tokenizer: Tokenizer) -> None:
    ids, pieces, cut = encode(tokenizer, "good " * 50, 20)
    assert len(ids) == len(pieces) == 20
    assert cut


def test_the_same_texts_give_the_same_tokeniser(tokenizer: Tokenizer) -> None:
    assert learn(TEXTS, 300).to_str() == tokenizer.to_str()


def test_what_is_no_tokeniser_is_refused() -> None:
    with pytest.raises(InputError, match="tokeniser"):
        restore('{"model": "none"}')
