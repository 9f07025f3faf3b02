"""Sub-word pieces of two languages in one vocabulary, and how they are put together again.

Byte-pair encoding (Sennrich et al. 2016) that keeps capitals and, as a mark before each word,
spaces. Signs and digits stand alone. What no piece can spell is copied: see `placeholders`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import chain
from typing import NamedTuple

import numpy as np
from jaxtyping import Float
from tokenizers import Regex, Tokenizer, decoders, models, normalizers, pre_tokenizers, trainers

from engine.errors import N_, InputError
from engine.language.placeholders import PLACEHOLDERS, localise, unmask
from engine.models.translator import SPECIAL, STOP
from engine.results import STOP_WORD, Floats, SourceWord

SPACE = "▁"
"""Stands before the first piece of each word."""
RARE = 20
"""A character seen less often has no piece."""
BLANK = "␣"
"""What is shown of the piece that is a space and nothing else."""
JOINING = "'’-"
"""Signs that go on with the word before them."""
REPEATED, LONGEST_CYCLE = 4, 6
"""The same pieces, up to so many, so often in a row are a repetition without end."""

_NAMES = ("[PAD]", "[START]", "[STOP]")
_SIGN = Regex(rf"[{PLACEHOLDERS[0]}-{PLACEHOLDERS[-1]}]|[^\p{{L}}\p{{M}}\p{{N}}{SPACE}]|\p{{N}}")


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
        initial_alphabet=list(PLACEHOLDERS),
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
        complete = all(tokenizer.token_to_id(each) is not None for each in PLACEHOLDERS)
    except Exception:  # the library raises its errors as bare Exception
        complete = False
    if not complete:
        raise InputError(N_("The tokeniser in this file cannot be used."))
    tokenizer.encode_special_tokens = True
    return tokenizer


def alphabet(tokenizer: Tokenizer) -> frozenset[str]:
    """The characters that have a piece of their own, so that every text of them can be spelled."""
    return frozenset(piece for piece in tokenizer.get_vocab() if len(piece) == 1)


def placeholder_ids(tokenizer: Tokenizer) -> list[int]:
    """The ids of `PLACEHOLDERS`, which every tokeniser from here has."""
    ids = map(tokenizer.token_to_id, PLACEHOLDERS)
    return [id for id in ids if id is not None]


def encode(tokenizer: Tokenizer, texts: Sequence[str]) -> list[list[int]]:
    """The ids of each text's pieces."""
    return [found.ids for found in tokenizer.encode_batch(list(texts), add_special_tokens=False)]


def decode(tokenizer: Tokenizer, ids: Iterable[int]) -> str:
    """What the pieces spell; the special ones nothing."""
    found: str = tokenizer.decode([id for id in ids if id >= SPECIAL], skip_special_tokens=False)
    return found


class PieceText(NamedTuple):
    """A piece's text, whether it goes on with the word before it, and whether it is copied."""

    text: str
    continues: bool
    copied: bool


class Detokenizer:
    """How the pieces of one sentence and of its translations are written.

    Args:
        copied: what the sentence's placeholders stand for.
        written: the same in its translations; numbers and titles are `localise`d without it.
        languages: from which to which it is translated.
    """

    def __init__(
        self,
        tokenizer: Tokenizer,
        copied: tuple[str, ...],
        languages: tuple[str, str],
        written: tuple[str, ...] | None = None,
    ) -> None:
        self._tokenizer, self._copied, self._language = tokenizer, copied, languages[1]
        localised = tuple(localise(part, *languages) for part in copied)
        self._written = localised if written is None else written

    def text(self, ids: Sequence[int]) -> str:
        """What the pieces spell, copied parts in their places."""
        spelled = decode(self._tokenizer, ids)
        whole = unmask(spelled, self._written, self._language, self._language)
        return " ".join(whole.split())

    def source_words(self, ids: Sequence[int]) -> tuple[SourceWord, ...]:
        """The pieces of the source."""
        return tuple(SourceWord(*piece) for piece in self.pieces(ids, translated=False))

    def pieces(self, ids: Sequence[int], *, translated: bool = True) -> list[PieceText]:
        """The pieces of a translation or, if not `translated`, of the source."""
        found: list[PieceText] = []
        before = ""
        for id in ids:
            raw = self._tokenizer.id_to_token(id) or ""
            text, copied = self.word(id, translated=translated)
            joins = before == SPACE or copied or raw[:1].isalnum() or raw[:1] in JOINING
            begins = raw.startswith(SPACE) or id == STOP or not found
            found.append(PieceText(text, not begins and joins, copied))
            before = raw
        return found

    def by_word(
        self, ids: Sequence[int], attention: Sequence[Float[Floats, " M"] | None]
    ) -> tuple[list[str], Float[Floats, "N M"]]:
        """The words of a translation, which spaces separate, and how much their pieces together
        looked at each piece of the source."""
        words: list[list[int]] = []
        rows: list[Floats] = []
        for id, row in zip(ids, attention, strict=True):
            assert row is not None
            if id == STOP:
                continue
            if not words or (self._tokenizer.id_to_token(id) or "").startswith(SPACE):
                words.append([])
                rows.append(np.zeros_like(row))
            words[-1].append(id)
            rows[-1] = rows[-1] + row
        return [self.text(word) for word in words], np.array(rows)

    def unused_placeholders(self) -> list[int]:
        """The ids of those that stand for nothing in this sentence."""
        return placeholder_ids(self._tokenizer)[len(self._copied) :]

    def labels(self, ids: Sequence[int], *, translated: bool) -> tuple[str, ...]:
        """Each piece's text where it stands alone: a blank before a copied part says so."""
        words = [self.word(id, translated=translated) for id in ids]
        after = [*words[1:], ("", False)]
        return tuple(
            f"{text}{part}" if text == BLANK and copied else text
            for (text, _), (part, copied) in zip(words, after, strict=True)
        )

    def word(self, id: int, *, translated: bool = True) -> tuple[str, bool]:
        """A piece's text, and whether it is copied."""
        if id == STOP:
            return STOP_WORD, False
        raw = self._tokenizer.id_to_token(id) or ""
        if raw in PLACEHOLDERS:
            index = PLACEHOLDERS.index(raw)
            parts = self._written if translated else self._copied
            return (parts[index] if index < len(parts) else "?"), True
        return raw.removeprefix(SPACE) or BLANK, False

    def candidate(self, id: int) -> str:
        """The text where it stands alone: a piece that goes on with a word shows it by a hyphen."""
        raw = self._tokenizer.id_to_token(id) or ""
        text, _ = self.word(id)
        goes_on = id != STOP and not raw.startswith(SPACE) and raw[:1].isalnum()
        return f"-{text}" if goes_on else text

    def trouble(self, ids: Sequence[int]) -> str:
        """What is wrong with a translation, as `Sentence.trouble` says it."""
        if not self.text(ids):
            return "empty"
        if repeats(ids):
            return "repeats"
        return "" if ids[-1] == STOP else "cut"


def repeats(ids: Sequence[int]) -> bool:
    """Whether somewhere the same pieces follow each other `REPEATED` times."""
    for length in range(1, LONGEST_CYCLE + 1):
        same = 0
        for k in range(length, len(ids)):
            same = same + 1 if ids[k] == ids[k - length] else 0
            if same >= length * (REPEATED - 1) and (length > 1 or same >= REPEATED):
                return True
    return False
