"""Sub-word units: one tokeniser per language for raw and for pre-tokenised text.

Text reaches models as pieces of words, learnt by byte-pair encoding (Sennrich et al. 2016), so that
a typo or a rare name is spelled out and not lost. Lower-case; spaces count only as boundaries, so
that "don't stop." and "do n't stop ." read alike.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import chain
from typing import NamedTuple

from tokenizers import Regex, Tokenizer, models, normalizers, pre_tokenizers, trainers

from engine.errors import N_, InputError
from engine.results import Piece

SPECIAL = ("[PAD]", "[UNK]")
UNKNOWN = 1  # its number
START = "▁"  # stands before the first piece of each unit
RARE = 10  # a character seen less often is spelled out as unknown

Token = tuple[int, str, tuple[int, int], int | None]

# An emoticon; a word, with its apostrophe if it has one; any other single sign.
_UNIT = Regex(
    r"[:;=][-']?[)(dDpP3/]+|<3|[\p{L}\p{M}\p{N}]+(?:['’][\p{L}\p{M}]+)*|[^\s\p{L}\p{M}\p{N}]"
)

# What the corpora wrote differently from people: split contractions, and the words that the student
# feedback corpus puts for emoticons and signs.
_REWRITTEN = {
    r"\s+n't\b": "n't", r"\s+'s\b": "'s", r"\s+'m\b": "'m", r"\s+'re\b": "'re", r"\s+'ve\b": "'ve",
    r"\s+'ll\b": "'ll", r"\s+'d\b": "'d", "’": "'", r"\bcolon(big|small)?smile\b": ":)",
    r"\bcolonsad\b": ":(", r"\bcolonlove\b": "<3", r"\bdotdotdot\b": "...", r"\bfraction\b": "/",
    r"\bcsharp\b": "c#", r"\bdoubledot\b": ":", r"\bwzjwz\d*\b": "wzjwz",
    "\ufe0f": "",
}  # fmt: skip


def learn(texts: Sequence[str], size: int) -> Tokenizer:
    """A tokeniser of at most `size` pieces, learnt from `texts`; piece 0 is padding.

    The same texts give the same tokeniser, on which resuming a training depends.
    """
    tokenizer = Tokenizer(models.BPE(unk_token=SPECIAL[UNKNOWN]))
    rewritten = [normalizers.Replace(Regex(old), new) for old, new in _REWRITTEN.items()]
    tokenizer.normalizer = normalizers.Sequence(
        [normalizers.NFC(), normalizers.Lowercase(), *rewritten]
    )
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence(
        [
            pre_tokenizers.Split(_UNIT, behavior="removed", invert=True),
            pre_tokenizers.Metaspace(START, prepend_scheme="always", split=False),
        ]
    )
    trainer = trainers.BpeTrainer(
        vocab_size=size,
        min_frequency=3,
        special_tokens=list(SPECIAL),
        show_progress=False,
    )
    # Rare characters give way to spaces, so that they take no pieces. (The trainer's own limit
    # breaks ties at random.)
    counts = Counter(chain.from_iterable(texts))
    rare = {ord(c): " " for c, count in counts.items() if count < RARE}
    tokenizer.train_from_iterator((text.translate(rare) for text in texts), trainer)
    return restore(tokenizer.to_str())


def restore(serialised: str) -> Tokenizer:
    """The tokeniser that `Tokenizer.to_str` wrote; InputError for anything else.

    Someone who types "[PAD]" means these five characters: special pieces never come from text.
    """
    try:
        tokenizer = Tokenizer.from_str(serialised)
    except Exception:  # the library raises its errors as bare Exception
        raise InputError(N_("The tokeniser in this file cannot be used.")) from None
    tokenizer.encode_special_tokens = True
    return tokenizer


def encode(
    tokenizer: Tokenizer, text: str, limit: int
) -> tuple[list[int], tuple[Piece, ...], bool]:
    """Piece numbers, the pieces as they stand in `text`, and whether it was cut at `limit`.

    A text that gives no piece at all is read as one unknown piece.
    """
    encoding = tokenizer.encode(text, add_special_tokens=False)
    tokens = zip(encoding.ids, encoding.tokens, encoding.offsets, encoding.word_ids, strict=True)
    # A unit that begins with an unknown character leaves its start mark alone: nothing to read.
    kept = [token for token in tokens if token[1] != START]
    if not kept:
        return [UNKNOWN], (Piece(text, 0, len(text), False),), False
    pieces = tuple(_pieces(text, kept[:limit]))
    return [token[0] for token in kept[:limit]], pieces, len(kept) > limit


class Word(NamedTuple):
    """A whole word as it stands in the text, and which of the text's pieces it is made of."""

    piece: Piece
    first: int
    last: int
    """One beyond its last piece."""


def words(text: str, pieces: Sequence[Piece]) -> list[Word]:
    """The pieces put together again to whole words, in order."""
    starts = [k for k, piece in enumerate(pieces) if not piece.continues]
    found = []
    for first, last in zip(starts, [*starts[1:], len(pieces)], strict=True):
        start, end = pieces[first].start, pieces[last - 1].end
        shown = text[start:end] or pieces[first].text
        found.append(Word(Piece(shown, start, end, False), first, last))
    return found


def _pieces(text: str, tokens: Sequence[Token]) -> Iterator[Piece]:
    """The pieces in order, none beginning before the one ahead of it ends.

    Where a rewritten form ("do n't") gives several pieces the same place, the first keeps the text
    and the others show their own.
    """
    reached, unit_before = 0, None
    for _, token, (start, end), unit in tokens:
        start, end = max(start, reached), max(end, reached)
        shown = text[start:end] or token.removeprefix(START)
        yield Piece(shown, start, end, unit == unit_before)
        reached, unit_before = end, unit
