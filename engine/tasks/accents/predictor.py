"""A trained accent model in use: texts in, the same texts with their marks out."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import torch
from torch import nn

from engine import checkpoints
from engine.checkpoints import Header
from engine.errors import N_, InputError
from engine.gradients import exact, norms_through_time
from engine.language.text import check_length, without_surrogates
from engine.models.tagger import LetterTagger
from engine.padding import batches_by_length
from engine.recurrent import fuse_
from engine.results import Floats, LetterGradients, Restored
from engine.tasks.accents.data import Column, joined
from engine.tasks.accents.marks import (
    CLASSES,
    CODES,
    GROUPS,
    MOST_CHARACTERS,
    SEPARATOR,
    Coded,
    Coder,
    nfc,
)

Stop = Callable[[], bool]

CHUNK = 48
"""Pieces of text that are read side by side."""
LONGEST, MARGIN = 160, 32
"""Words of a line that are read at once, and how many of them at either end are there for the
others' sake only, unless the line ends with them."""

_LINE = re.compile(r"[^\r\n]+")


def load(path: Path, device: str = "cpu") -> AccentPredictor:
    """The accent model in a checkpoint; InputError for a file that is not one."""
    header, model = checkpoints.load_network(
        path,
        "accents",
        network,
        InputError(N_("{file} is not an accent model."), file=path.name),
        fits=lambda header: bool(_coder(header)),
        device=device,
    )
    return AccentPredictor(header, model, _coder(header))


def _coder(header: Header) -> Coder:
    """What the model of a header reads texts by: its lexicon lists words, then pairs of them.

    ValueError or TypeError unless alphabet and lexicon are what the arguments say.
    """
    alphabet, words = header.arguments["alphabet"], header.arguments["words"]
    if not all(0 < code < CODES for code in alphabet) or len(alphabet) > MOST_CHARACTERS:
        raise ValueError("the alphabet is not one of characters that are told apart")
    coder = Coder("".join(map(chr, alphabet)), header.lexicon[:words], header.lexicon[words:])
    if (len(coder.words), len(coder.pairs)) != (words, header.arguments["pairs"]):
        raise ValueError("the lexicon is of another size")
    return coder


def network(alphabet: list[int], words: int, pairs: int, **shape: Any) -> LetterTagger:
    """The network that a header's arguments describe."""
    return LetterTagger(len(alphabet) + 1, words + 2, pairs + 1, GROUPS, **shape)


class _Piece(NamedTuple):
    """Tokens `first` to `last` of a line that are read together; of these, from `begin` to `end`
    the letters are labelled. `offset` is where the line stands in text number `text`."""

    text: int
    offset: int
    coded: Coded
    first: int
    last: int
    begin: int
    end: int


class AccentPredictor:
    """Texts in, texts with marks out. Read-only: any number of threads may use it at once.

    Args:
        header: of the checkpoint.
        model: the network, weights in place, frozen.
        coder: the characters and words that it knows.
    """

    def __init__(self, header: Header, model: LetterTagger, coder: Coder) -> None:
        self.header, self._coder = header, coder
        self.device = model.output.weight.device
        self.cell: str = header.arguments["cell"]
        self.bidirectional = bool(header.arguments["bidirectional"])
        self._model, self._exact = model, exact(model)
        fuse_(self._model)

    def restore(self, texts: Sequence[str], stop: Stop | None = None) -> list[Restored]:
        """Each text with the marks that were left out; all else stays: marks that were typed,
        capitals, signs, spaces and line ends. Letters and their marks are joined first (NFC), and
        what is no text is left out.

        InputError for a text of more than `MAX_CHARACTERS`; InterruptedError once `stop()` is true.
        """
        texts = [nfc(without_surrogates(text)) for text in texts]
        for text in texts:
            check_length(text)
        pieces = [piece for k, text in enumerate(texts) for piece in self._pieces(k, text)]
        places: list[list[Any]] = [[] for _ in texts]
        for numbers in batches_by_length([piece.last - piece.first for piece in pieces], CHUNK):
            if stop is not None and stop():
                raise InterruptedError("stopped")
            chunk = [pieces[k] for k in numbers]
            for piece, found in zip(chunk, self._read(chunk), strict=True):
                places[piece.text].append(found)
        return [self._restored(text, found) for text, found in zip(texts, places, strict=True)]

    def _pieces(self, number: int, text: str) -> Iterator[_Piece]:
        for line in _LINE.finditer(text):
            coded = self._coder(SEPARATOR + line[0] + SEPARATOR)
            count, step = len(coded.words), LONGEST - 2 * MARGIN
            starts = range(0, count, step) if count > LONGEST else (0,)
            for start in starts:
                whole = count <= LONGEST
                end = count if whole else min(count, start + step)
                first, last = (0, count) if whole else (max(0, start - MARGIN), end + MARGIN)
                yield _Piece(number, line.start() - 1, coded, first, min(count, last), start, end)

    def _read(self, pieces: Sequence[_Piece]) -> Iterator[tuple[Any, Floats]]:
        """Of each piece, where the letters with a choice stand in the text (C,), and the
        probabilities of their forms (C, K)."""
        columns = [_column(piece.coded, piece.first, piece.last) for piece in pieces]
        batch = joined(columns, self.device)
        lengths = torch.tensor([len(c.words) for c in columns], device=self.device)
        with torch.inference_mode():
            rows = self._model(batch, lengths).double().softmax(-1).cpu().numpy()
        counts = [int((column.groups > 0).sum()) for column in columns]
        for piece, column, part in zip(
            pieces, columns, np.split(rows, np.cumsum(counts)[:-1]), strict=True
        ):
            starts = piece.coded.starts
            number = starts[piece.first] + np.flatnonzero(column.groups)
            inside = (number >= starts[piece.begin]) & (number < starts[piece.end])
            yield piece.coded.places[number[inside]] + piece.offset, part[inside]

    @staticmethod
    def _restored(text: str, found: list[tuple[Any, Floats]]) -> Restored:
        places = np.concatenate([[], *(p for p, _ in found)]).astype(np.int64)
        rows = np.concatenate([np.zeros((0, len(CLASSES))), *(r for _, r in found)])
        order = places.argsort()
        letters = list(text)
        for place, form in zip(places.tolist(), rows.argmax(1).tolist(), strict=True):
            capital = letters[place].isupper()
            letters[place] = CLASSES[form].upper() if capital else CLASSES[form]
        return Restored(text, "".join(letters), CLASSES, places[order], rows[order])

    def gradients(self, text: str, place: int, form: str | None = None) -> LetterGradients:
        """‖∂e/∂h_t‖ (and ‖∂e/∂c_t‖) of every word, e being the loss of the letter at `place` if
        `form` were right: by default the form that is likeliest.

        InputError where the letter has no choice, or not that one.
        """
        text = nfc(text)
        check_length(text)
        line = next((m for m in _LINE.finditer(text) if m.start() <= place < m.end()), None)
        coded = self._coder(SEPARATOR + line[0] + SEPARATOR) if line else self._coder("")
        number = _open_letters(coded)
        offset = line.start() - 1 if line else 0
        index = np.flatnonzero(coded.places[number] + offset == place)
        if not len(index):
            raise InputError(N_("There is nothing to choose at this character."))
        batch = joined([_column(coded, 0, len(coded.words))], torch.device("cpu"))
        probe = self._exact.probes(len(coded.words))
        logits = self._exact(batch, probe=probe)[int(index[0])]
        answer = CLASSES[int(logits.argmax())] if form is None else form.lower()
        k = CLASSES.find(answer)
        if k < 0 or not bool(torch.isfinite(logits[k])):
            raise InputError(N_("This letter has no form {form}."), form=answer)
        loss = nn.functional.cross_entropy(logits.unsqueeze(0), torch.tensor([k]))
        top = -self._exact.recurrent.directions
        norms = [n[top:, :, 0].numpy() for n in norms_through_time(loss, probe)]
        edges = coded.places[np.minimum(coded.starts[:-1], len(coded.places) - 1)] + offset
        spans = np.stack([edges, edges + np.diff(coded.starts)], 1)
        step = int(np.searchsorted(coded.starts, number[index[0]], side="right")) - 1
        return LetterGradients(
            self.cell,
            self.header.name,
            self.header.parameters,
            spans,
            step,
            answer,
            norms[0],
            norms[1] if len(norms) > 1 else None,
        )


def _open_letters(coded: Coded) -> Any:
    """(C,) which characters can take marks and have none yet."""
    return np.flatnonzero((coded.groups > 0) & ~coded.marked)


def _column(coded: Coded, first: int, last: int) -> Column:
    """Tokens `first` to `last` as typed: a letter that has a mark has no choice."""
    letters = slice(coded.starts[first], coded.starts[last])
    characters = coded.characters[letters]
    groups = np.where(coded.marked[letters], 0, coded.groups[letters])
    lengths = np.diff(coded.starts[first : last + 1])
    words, pairs, cases = (part[first:last] for part in (coded.words, coded.pairs, coded.cases))
    targets = coded.targets[letters]
    return Column(words, pairs, cases, lengths, characters, groups, targets)
