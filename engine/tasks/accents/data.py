"""Vietnamese texts to learn marks from: corpora, what is held out, and batches of windows."""

from __future__ import annotations

import random
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import torch
from numpy.typing import NDArray

from engine import distributed
from engine.errors import N_, InputError
from engine.language.text import normalise, read_text
from engine.models.tagger import TaggerBatch
from engine.tasks.accents.marks import (
    CLASSES,
    CODES,
    JOINT,
    MOST_CHARACTERS,
    PAIR_BASE,
    SEPARATOR,
    WORD,
    Coder,
    pair_keys,
    strip_marks,
)

MARKED_SHARE = 0.55
"""Share of words with marks from which a text counts as written with marks. Most Vietnamese prose
has about .75; comments typed without marks have few and would teach that words have none."""

HELD_OUT = 20
"""Of a corpus without a dev part the last twentieth is held out."""


@dataclass(frozen=True)
class Corpus:
    """A corpus by its place below the data folder, `repeat` times in the mix; less than once takes
    the first texts only. `learnt` is False for one that only serves to judge; `quotable`: its terms
    allow single texts to be shown, with their source."""

    place: str
    domain: str
    source: str
    terms: str
    repeat: float = 1.0
    learnt: bool = True
    quotable: bool = False


_TED = "TED talks, IWSLT 2015, Cettolo et al. 2015"
_RESEARCH = "no licence stated; research only"

CORPORA = (
    Corpus("charlm/vi_wikinews", "news", "Asian Language Treebank, Riza et al. 2016", "CC BY 4.0",
           quotable=True),
    Corpus("translation/evbnews-en-vi", "news", "EVBCorpus news, Ngo et al. 2013",
           "no licence stated; distributed for research with citation"),
    Corpus("translation/bilingualnews-en-vi", "news", "bilingual news articles, 2020 and 2021",
           _RESEARCH),
    Corpus("translation/subtitles-en-vi", "everyday", "film subtitles", _RESEARCH),
    Corpus("translation/tatoeba-vi-en", "everyday",
           "Tatoeba, www.manythings.org/anki and tatoeba.org, 2024", "CC BY 2.0 FR", 3.0,
           quotable=True),
    Corpus("translation/talpco-en-vi", "everyday", "TALPCo, Nomoto et al. 2018 and 2019",
           "CC BY 4.0", 3.0, quotable=True),
    Corpus("translation/iwslt15-en-vi", "talks", f"{_TED}, tst2012, to judge only",
           "CC BY-NC-ND 3.0", learnt=False),
    Corpus("translation/ted-v2en-en-vi", "talks", _TED, "CC BY-NC-ND 3.0"),
    Corpus("translation/d2l-en-vi", "talks",
           "Dive into Deep Learning and Machine Learning Yearning in Vietnamese",
           "CC BY-SA 4.0, part not stated"),
    Corpus("translation/xquad-en-vi", "talks", "XQuAD, Artetxe et al. 2020", "CC BY-SA 4.0"),
    Corpus("sentiment/vi_ntc_scv_foody", "reviews", "NTC-SCV, Foody reviews", "Apache-2.0", 0.4,
           quotable=True),
    Corpus("sentiment/vi_moveek_movies", "reviews", "Moveek film reviews", "MIT as declared",
           quotable=True),
    Corpus("sentiment/vi_uit_vsfc", "reviews", "UIT-VSFC, Nguyen et al. 2018", "free for research"),
    Corpus("sentiment/vi_aivivn2019", "reviews", "AIVIVN 2019 challenge",
           "no licence stated; competition data", 0.5),
    Corpus("sentiment/vi_vlsp2016", "reviews", "VLSP 2016 shared task",
           "VLSP user agreement: research only"),
    Corpus("sentiment/vi_shopee", "reviews", "Shopee comments", "no licence stated; user comments",
           0.5),
    Corpus("charlm/truyen_kieu", "Kiều", "Nguyễn Du, Truyện Kiều", "public domain", 3.0,
           quotable=True),
)  # fmt: skip
"""All Vietnamese text there is, with the domain that its scores count for."""

UNJUDGED = ("translation/bilingualnews-en-vi", "translation/ted-v2en-en-vi",
            "translation/d2l-en-vi", "translation/xquad-en-vi")  # fmt: skip
"""Corpora of which nothing is held out, since others of their kind have a dev part."""


_ALONE = re.compile("[\u0300-\u036f]")


def read_lines(path: Path) -> list[str]:
    """The texts of a UTF-8 file (.gz too), one a line, normalised; of a .tsv its first column.

    Marks that stand alone, since no letter has them, are left out: once a letter lost its own, they
    would join it.

    InputError for a file that cannot be read, is not UTF-8 or has no text.
    """
    lines = read_text(path).split("\n")
    if ".tsv" in path.name:
        lines = [line.rpartition("\t")[0] for line in lines[1:]]
    texts = [text for line in lines if (text := _ALONE.sub("", normalise(line)))]
    if not texts:
        raise InputError(N_("{file} holds no text."), file=path.name)
    return texts


MOST_LINES = 1_500
"""Held-out texts of one corpus that are judged."""


class Mix(NamedTuple):
    """Texts to learn from, those held out by corpus, and what was found."""

    train: list[str]
    dev: dict[str, list[str]]
    corpora: tuple[Corpus, ...]


def mix(data: Path) -> Mix:
    """The corpora that lie in `data`, each text once, repeated as they count.

    What equals a held-out text, marks and signs aside, is not learnt from. InputError if there is
    none.
    """
    parts = {corpus: _parts(data, corpus) for corpus in CORPORA}
    found = tuple(corpus for corpus, (train, dev) in parts.items() if train or dev)
    if not found:
        raise InputError(N_("No Vietnamese corpus lies in {folder}."), folder=data.name)
    dev = {c.place: [t for t in parts[c][1] if is_marked(t)] for c in found if parts[c][1]}
    known = {_key(text) for texts in dev.values() for text in texts}
    train: list[str] = []
    for corpus in found:
        fresh = []
        for text in parts[corpus][0] if corpus.learnt else ():
            if (key := _key(text)) and key not in known and is_marked(text):
                known.add(key)
                fresh.append(text)
        whole = int(corpus.repeat)
        train += fresh * whole + fresh[: round(len(fresh) * (corpus.repeat - whole))]
    return Mix(train, dev, found)


def _parts(data: Path, corpus: Corpus) -> tuple[list[str], list[str]]:
    """The texts to learn from and those held out; both empty if the corpus is not there."""
    place = data / corpus.place
    names = (".vi", ".vi.gz", ".tsv", ".tsv.gz")
    train, dev = (
        next((read_lines(p) for n in names if (p := place / f"{part}{n}").is_file()), [])
        for part in ("train", "dev")
    )
    if (text := place.with_name(f"{place.name}.txt")).is_file():
        train = read_lines(text)
    if train and not dev and corpus.place not in UNJUDGED:
        cut = len(train) - len(train) // HELD_OUT
        train, dev = train[:cut], train[cut:]
    return train, dev


def is_marked(text: str) -> bool:
    """Whether the text is written with marks: see `MARKED_SHARE`."""
    words = WORD.findall(text)
    marked = sum(word != strip_marks(word) for word in words)
    return bool(marked >= MARKED_SHARE * len(words) and marked > 0)


def _key(text: str) -> str:
    return "".join(c for c in strip_marks(text).lower() if c.isalnum())


def list_words(texts: Sequence[str], words: int, pairs: int = 0, least: int = 20) -> Coder:
    """Lists the letters that carry marks, other characters that stand at least `least` times in the
    texts, and the most frequent `words` words and `pairs` pairs of these, without their marks."""
    letters: Counter[str] = Counter()
    counted: Counter[str] = Counter()
    for text in texts:
        letters.update(text.lower())
        counted.update(WORD.findall(strip_marks(text).lower()))
    letters[SEPARATOR] += least
    frequent = [c for c, n in letters.most_common() if n >= least and ord(c) < CODES]
    alphabet = "".join(sorted({*frequent[: MOST_CHARACTERS - len(CLASSES)], *CLASSES}))
    listed = [word for word, _ in counted.most_common(words)]
    if not pairs:
        return Coder(alphabet, listed)
    keys = pair_keys(Coder(alphabet, listed)(SEPARATOR.join(texts)).words)
    found, count = np.unique(keys[keys > 0], return_counts=True)
    most = found[np.argsort(-count, kind="stable")[:pairs]].tolist()
    names = (divmod(key, PAIR_BASE) for key in most)
    joined = [f"{listed[first - 2]}{JOINT}{listed[second - 2]}" for first, second in names]
    return Coder(alphabet, listed, joined)


class Batches:
    """Batch of step k, a pure function of k: windows of all texts one after the other.

    Every epoch the texts are cut elsewhere and their marks taken off anew. Of `partly` of the
    windows only some are: each word's, or in a quarter of these each letter's, stay with a
    probability that is drawn per window. A letter that keeps its mark is nothing to choose.

    Args:
        texts: to learn from, with marks.
        size: windows per batch over all processes; each gets its share.
        steps: tokens of a window.
        partly: share of the windows that keep some of their marks.
        hidden_words: share of the words that are read as unlisted ones.
        pairs: whether pairs of words are read, too.
        first: the batch that step 0 reads.
    """

    CAPITAL, SMALL = 0.03, 0.08
    """Shares of the windows that are all in capitals, and all without them."""

    def __init__(
        self,
        texts: Sequence[str],
        coder: Coder,
        size: int,
        steps: int,
        seed: int,
        device: torch.device,
        partly: float = 0.3,
        hidden_words: float = 0.05,
        pairs: bool = True,
        first: int = 0,
    ) -> None:
        self.steps, self.seed, self.device, self.first = steps, seed, device, first
        self.partly, self.hidden_words, self.pairs = partly, hidden_words, pairs
        order = random.Random(seed).sample(range(len(texts)), len(texts))
        self._text = coder(SEPARATOR + SEPARATOR.join(texts[i] for i in order) + SEPARATOR)
        self.windows = len(self._text.words) // steps - 1
        if self.windows < 1:
            raise InputError(
                N_("The text has {count} words; training in pieces of {steps} needs more."),
                count=len(self._text.words),
                steps=steps,
            )
        self.size = min(size, self.windows)
        self.per_epoch = self.windows // self.size
        self._order = lru_cache(maxsize=2)(self._shuffled)

    def _shuffled(self, epoch: int) -> NDArray[np.int64]:
        """The first tokens of an epoch's windows, in the order in which they are read."""
        generator = np.random.default_rng((self.seed, epoch))
        first = generator.integers(self.steps)
        return generator.permutation(self.windows) * self.steps + first

    def __call__(self, step: int) -> TaggerBatch:
        step += self.first
        epoch, index = divmod(step, self.per_epoch)
        firsts = self._order(epoch)[index * self.size : (index + 1) * self.size]
        firsts = firsts[distributed.share(len(firsts))]
        generator = np.random.default_rng((self.seed, step, distributed.rank(), 1))
        columns = [self._window(int(first), generator) for first in firsts]
        return joined(columns, self.device)

    def _window(self, first: int, generator: np.random.Generator) -> Column:
        """One text of a batch, with marks and capitals as they happen to be typed."""
        text, last = self._text, first + self.steps
        letters = slice(text.starts[first], text.starts[last])
        lengths = np.diff(text.starts[first : last + 1])
        characters, plain = text.characters[letters], text.plain[letters]
        groups = text.groups[letters]
        if generator.random() < self.partly:
            draws = generator.random(len(plain))
            if generator.random() > 0.25:
                draws = np.repeat(generator.random(self.steps), lengths)
            kept = (draws < 1.1 * generator.random()) & text.marked[letters]
            plain, groups = np.where(kept, characters, plain), np.where(kept, 0, groups)
        words, cases = text.words[first:last], text.cases[first:last]
        hidden = (generator.random(self.steps) < self.hidden_words) & (words > 1)
        style = generator.random()
        if style < self.SMALL:
            cases = np.zeros_like(cases)
        elif style > 1 - self.CAPITAL:
            cases = np.full_like(cases, 2)
        unpaired = hidden | np.roll(hidden, 1) if self.pairs else True
        pairs = np.where(unpaired, 0, text.pairs[first:last])
        words = np.where(hidden, 0, words)
        return Column(words, pairs, cases, lengths, plain, groups, text.targets[letters])


class Column(NamedTuple):
    """One text of a batch: numbers of its T tokens and of their characters, as in `Coded`."""

    words: NDArray[Any]
    pairs: NDArray[Any]
    cases: NDArray[Any]
    lengths: NDArray[np.int64]
    characters: NDArray[Any]
    groups: NDArray[Any]
    targets: NDArray[Any]


def joined(columns: Sequence[Column], device: torch.device) -> TaggerBatch:
    """Texts side by side, shorter ones filled up with word 0 and no letters."""
    steps, rows = max(len(c.words) for c in columns), len(columns)
    tables = np.zeros((3, steps, rows), dtype=np.int64)
    for row, column in enumerate(columns):
        for table, numbers in zip(tables, column[:3], strict=True):
            table[: len(numbers), row] = numbers
    owners = [
        np.repeat(np.arange(len(c.words)) * rows + row, c.lengths) for row, c in enumerate(columns)
    ]
    flat = [np.concatenate(part) for part in list(zip(*columns, strict=True))[4:]]
    parts = (*tables, flat[0], np.concatenate(owners), *flat[1:])
    return TaggerBatch(*(torch.from_numpy(n.astype(np.int64)).to(device) for n in parts))
