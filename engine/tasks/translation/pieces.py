"""Sub-word pieces of two languages in one vocabulary, from which a text can be put together again.

Byte-pair encoding (Sennrich et al. 2016) that keeps capitals and, as a mark before each word,
spaces. Signs and digits stand alone. What no piece can spell is copied: see `copying`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import chain

from tokenizers import Regex, Tokenizer, decoders, models, normalizers, pre_tokenizers, trainers

from engine.errors import N_, InputError
from engine.models.translator import SPECIAL

SPACE = "▁"
"""Stands before the first piece of each word."""
MARKS = tuple(chr(0xE000 + k) for k in range(8))
"""Characters for private use, each of which stands for a copied part of a text."""
RARE = 20
"""A character seen less often has no piece."""

_NAMES = ("[PAD]", "[START]", "[STOP]")
_SIGN = Regex(rf"[{MARKS[0]}-{MARKS[-1]}]|[^\p{{L}}\p{{M}}\p{{N}}{SPACE}]|\p{{N}}")


def learn(texts: Sequence[str], size: int) -> Tokenizer:
    """At most `size` pieces, learnt from texts of both languages; the same texts give the same."""
    assert len(_NAMES) == SPECIAL
    tokenizer = Tokenizer(models.BPE())
    tokenizer.normalizer = normalizers.NFC()
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence(
        [
            pre_tokenizers.Metaspace(SPACE, prepend_scheme="always", split=True),
            pre_tokenizers.Split(_SIGN, behavior="isolated"),
        ]
    )
    tokenizer.decoder = decoders.Metaspace(SPACE, prepend_scheme="always")
    counts = Counter(chain.from_iterable(texts))
    # Spaces in their place, so that they take no pieces.
    rare = {ord(c): " " for c, count in counts.items() if count < RARE}
    trainer = trainers.BpeTrainer(
        vocab_size=size,
        min_frequency=3,
        special_tokens=list(_NAMES),
        initial_alphabet=list(MARKS),
        show_progress=False,
    )
    tokenizer.train_from_iterator((text.translate(rare) for text in texts), trainer)
    return restore(tokenizer.to_str())


def restore(serialised: str) -> Tokenizer:
    """The tokeniser that `Tokenizer.to_str` wrote; InputError for anything else.

    Someone who types "[STOP]" means these six characters: special pieces never come from text.
    """
    try:
        tokenizer = Tokenizer.from_str(serialised)
        complete = all(tokenizer.token_to_id(mark) is not None for mark in MARKS)
    except Exception:  # the library raises its errors as bare Exception
        complete = False
    if not complete:
        raise InputError(N_("The tokeniser in this file cannot be used."))
    tokenizer.encode_special_tokens = True
    return tokenizer


def alphabet(tokenizer: Tokenizer) -> frozenset[str]:
    """The characters that have a piece of their own, so that every text of them can be spelled."""
    return frozenset(piece for piece in tokenizer.get_vocab() if len(piece) == 1)


def mark_numbers(tokenizer: Tokenizer) -> list[int]:
    """The numbers of `MARKS`, which every tokeniser from here has."""
    numbers = map(tokenizer.token_to_id, MARKS)
    return [number for number in numbers if number is not None]


def encode(tokenizer: Tokenizer, texts: Sequence[str]) -> list[list[int]]:
    """The numbers of each text's pieces."""
    return [found.ids for found in tokenizer.encode_batch(list(texts), add_special_tokens=False)]


def text_of(tokenizer: Tokenizer, numbers: Iterable[int]) -> str:
    """What the pieces spell; the special ones nothing."""
    found: str = tokenizer.decode([n for n in numbers if n >= SPECIAL], skip_special_tokens=False)
    return found
