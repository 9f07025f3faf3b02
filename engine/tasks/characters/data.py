"""Text as a character model reads it: an alphabet, parts for training and evaluating, streams."""

from __future__ import annotations

import random
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import torch
from jaxtyping import Int
from torch import Tensor

from engine import distributed
from engine.errors import N_, InputError
from engine.language.text import read_text
from engine.models.char_model import CharBatch

TERMS = {
    "tinyshakespeare": (
        "Tiny Shakespeare, karpathy/char-rnn",
        "public-domain text (Shakespeare); file as published with char-rnn (MIT)",
    ),
    "war_and_peace": (
        "Tolstoy, War and Peace, translated by Louise and Aylmer Maude",
        "public domain",
    ),
    "truyen_kieu": ("Nguyễn Du, Truyện Kiều", "public domain"),
    "vi_wikinews": (
        "Asian Language Treebank, Vietnamese side (Riza et al. 2016)",
        "CC BY 4.0 (ALT project, NICT)",
    ),
}
"""Source and terms of each corpus, by the name of its file or folder."""

HELD_OUT_SHARE = 0.05
"""Share of the training text, its end, that is kept to stop early by."""


@dataclass(frozen=True)
class Corpus:
    """A text in three parts: to learn from, held out to stop early by, and to evaluate on."""

    name: str
    train: str
    held_out: str
    dev: str

    @property
    def alphabet(self) -> str:
        """Every character of the training part, sorted; all others are left out when read."""
        return "".join(sorted(set(self.train)))


def read(path: Path) -> str:
    """The text of a UTF-8 file, NFC, with \\n line ends; InputError for anything else."""
    return unicodedata.normalize("NFC", read_text(path))


def corpus(name: str, data: Path) -> Corpus:
    """The corpus `name` below `data`: a folder with train.txt and dev.txt, or one file, of which
    the last twentieth is dev. The last twentieth of what is left to train on is to stop by."""
    folder, file = data / name, data / f"{name}.txt"
    if folder.is_dir():
        rest, dev = read(folder / "train.txt"), read(folder / "dev.txt")
    elif file.is_file():
        rest, dev = _cut(read(file))
    else:
        raise InputError(N_("There is no corpus {name} in {folder}."), name=name, folder=data.name)
    train, held_out = _cut(rest)
    return Corpus(name, train, held_out, dev)


def _cut(text: str) -> tuple[str, str]:
    """All but the last twentieth, and that twentieth, cut at the end of a line."""
    cut = text.find("\n", round(len(text) * (1 - HELD_OUT_SHARE))) + 1
    return text[:cut], text[cut:]


def encode(text: str, alphabet: str, unknown: int | None = None) -> list[int]:
    """Character numbers. A character that the alphabet lacks becomes `unknown`, or is left out."""
    known = {character: k for k, character in enumerate(alphabet)}
    ids = (known.get(character, unknown) for character in text)
    return [k for k in ids if k is not None]


class Streams:
    """Batch of step k, a pure function of k: `rows` streams of the text, side by side.

    Each stream continues where the batch before ended, so that the states can be carried over.
    Every epoch the streams start at another position.

    Args:
        ids: the text as character numbers; InputError when it is too short for one batch.
        epoch_ids: the text of each epoch in `ids`' place, as long as it, where epochs differ.
        rows: streams over all processes; each gets its share.
        steps: characters per stream and batch: what the gradient can see (truncated BPTT).
    """

    def __init__(
        self,
        ids: Sequence[int],
        rows: int,
        steps: int,
        seed: int,
        device: torch.device,
        epoch_ids: Callable[[int], Sequence[int]] | None = None,
    ) -> None:
        self.steps, self.seed, self.device = steps, seed, device
        same = torch.as_tensor(ids, dtype=torch.long)
        self._text = lru_cache(1)(
            lambda epoch: torch.as_tensor(epoch_ids(epoch), dtype=torch.long) if epoch_ids else same
        )
        self._size = len(ids)
        self.rows = min(rows, max(1, len(ids) // (2 * steps)))
        self._length = len(ids) // self.rows
        self.per_epoch = (self._length - 1) // steps
        if self.per_epoch < 1:
            raise InputError(
                N_("The text has {count} characters; training in pieces of {steps} needs more."),
                count=len(ids),
                steps=steps,
            )

    def __call__(self, step: int) -> CharBatch:
        epoch, index = divmod(step, self.per_epoch)
        # The first stream of an epoch starts somewhere else each time.
        place = random.Random(self.seed * 1_000_003 + epoch).randrange(self._size) if epoch else 0
        start = place + index * self.steps
        rows = range(self.rows)[distributed.share(self.rows)]
        starts = torch.tensor([row * self._length for row in rows]) + start
        window = torch.arange(self.steps + 1).unsqueeze(1)
        piece = self._text(epoch)[(starts + window) % self._size].to(self.device)
        return CharBatch(piece[:-1], piece[1:], fresh=index == 0)


def one_stream(ids: Sequence[int], device: torch.device) -> Int[Tensor, "T 1"]:
    """(T, 1) for reading once from start to end."""
    return torch.as_tensor(ids, dtype=torch.long, device=device).unsqueeze(1)
