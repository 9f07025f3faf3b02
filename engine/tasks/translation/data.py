"""Pairs of sentences: corpora, what is changed in them while learning, and batches of them."""

from __future__ import annotations

import random
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

import torch
from tokenizers import Tokenizer

from engine import distributed
from engine.errors import N_, InputError
from engine.language import lexicon
from engine.language.placeholders import mask_pair
from engine.language.text import normalise, read_text, strip_accents
from engine.models.translator import START, STOP, PairBatch
from engine.padding import pad_rows
from engine.tasks.translation.tokenizer import encode

LONGEST = 80
"""Words of the longest sentence that is learnt from."""


class Pair(NamedTuple):
    """A sentence and its translation."""

    source: str
    target: str


@dataclass(frozen=True)
class Corpus:
    """A set of pairs by folder name; `repeat` is how often it stands in the mix, `clean` whether
    the last part of a training reads it, too. `quotable`: its terms let single pairs be shown."""

    folder: str
    source: str
    terms: str
    repeat: int = 1
    clean: bool = True
    quotable: bool = False


_TED = "TED talks, IWSLT 2015, Cettolo et al. 2015"

CORPORA: dict[frozenset[str], tuple[Corpus, ...]] = {
    frozenset({"en", "fr"}): (
        Corpus("tatoeba-fr-en", "Tatoeba, www.manythings.org/anki and tatoeba.org, 2019",
               "CC BY 2.0 FR", quotable=True),
        Corpus("multi30k-en-de-fr", "Multi30k, Elliott et al. 2016 and 2017",
               "non-commercial research and education", 2),
    ),
    frozenset({"en", "vi"}): (
        Corpus("tatoeba-vi-en", "Tatoeba, www.manythings.org/anki and tatoeba.org, 2024",
               "CC BY 2.0 FR", 4, quotable=True),
        Corpus("evbnews-en-vi", "EVBCorpus news, Ngo et al. 2013",
               "no licence stated; distributed for research with citation", 2),
        Corpus("bilingualnews-en-vi", "bilingual news articles, 2020 and 2021",
               "no licence stated; research only"),
        Corpus("d2l-en-vi", "Dive into Deep Learning and Machine Learning Yearning in Vietnamese",
               "CC BY-SA 4.0, part not stated"),
        Corpus("ted-v2en-en-vi", _TED, "CC BY-NC-ND 3.0"),
        Corpus("iwslt15-en-vi", f"{_TED}, dev2010", "CC BY-NC-ND 3.0"),
        Corpus("xquad-en-vi", "XQuAD, Artetxe et al. 2020", "CC BY-SA 4.0"),
        Corpus("talpco-en-vi", "TALPCo, Nomoto et al. 2018 and 2019", "CC BY 4.0", 2),
        Corpus("subtitles-en-vi", "film subtitles paired by time",
               "no licence stated; research only", clean=False),
    ),
}  # fmt: skip
"""What there is for each two languages, to be used in either direction."""


def read_pairs(source: Path, target: Path) -> list[Pair]:
    """The pairs of two files of which line n translates line n, normalised.

    InputError for a file that is missing or not UTF-8, or if their numbers of lines differ.
    """
    sides = [read_text(path).removesuffix("\n").split("\n") for path in (source, target)]
    if len(sides[0]) != len(sides[1]):
        raise InputError(
            N_("{first} has {count} lines and {second} has {other}: they do not belong together."),
            first=source.name, count=len(sides[0]), second=target.name, other=len(sides[1]),
        )  # fmt: skip
    return [Pair(normalise(s), normalise(t)) for s, t in zip(*sides, strict=True)]


def part(folder: Path, name: str, languages: tuple[str, str]) -> list[Pair]:
    """`name` ("train", "dev") of a corpus; empty if it has no such part."""
    plain = [folder / f"{name}.{language}" for language in languages]
    packed = [path.with_name(path.name + ".gz") for path in plain]
    paths = [p if p.exists() else path for path, p in zip(plain, packed, strict=True)]
    return read_pairs(*paths) if all(path.exists() for path in paths) else []


class Mix(NamedTuple):
    """The corpora of two languages: those found, their training pairs and their dev pairs."""

    corpora: tuple[Corpus, ...]
    train: dict[str, list[Pair]]
    dev: dict[str, list[Pair]]

    def pairs(self, clean: bool = False, once: bool = False) -> list[Pair]:
        """All that is learnt from, each corpus as often as it counts, or `once`; only `clean` ones
        at will."""
        chosen = [c for c in self.corpora if c.clean or not clean]
        return [p for c in chosen for p in self.train[c.folder] * (1 if once else c.repeat)]


def mix(languages: tuple[str, str], data: Path) -> Mix:
    """What lies in `data` for two languages; InputError if nothing does."""
    known = CORPORA[frozenset(languages)]
    corpora = tuple(c for c in known if (data / c.folder).is_dir())
    if not corpora:
        raise InputError(N_("No translation corpus lies in {folder}."), folder=str(data))
    train = {c.folder: part(data / c.folder, "train", languages) for c in corpora}
    dev = {c.folder: part(data / c.folder, "dev", languages) for c in corpora}
    for name, pairs in train.items():
        train[name] = [p for p in pairs if all(p) and max(s.count(" ") for s in p) < LONGEST]
    return Mix(corpora, train, {name: pairs for name, pairs in dev.items() if pairs})


def normalise_source(text: str) -> str:
    """A source as the networks read it: straight quotes, one kind of dots, nothing shouted."""
    text = re.sub("[‘’ʼ]", "'", re.sub("[“”«»„]", '"', text)).replace("…", "...")
    if text.isupper() and len(text.split()) > 1:
        return text.capitalize()

    def calm(match: re.Match[str]) -> str:
        # A word in capitals is no abbreviation if it is accented or long.
        word = match[0]
        shouted = word.isupper() and (len(word) >= 8 or not word.isascii())
        return word.lower() if shouted else word

    return re.sub(r"[^\W\d_]{4,}", calm, text)


REPLACED = {"Tom": "men", "John": "men", "Mike": "men"} | {
    "Mary": "women", "Alice": "women", "Jane": "women",
}  # fmt: skip
"""Whom everyday sentences are full of, and whose Vietnamese names they get while learning."""
FULL, TITLED, BARE = 0.2, 0.2, 0.2
"""Shares of the new names that are a whole name, have a title, and are written without marks."""


def rename_people(
    pair: tuple[str, str], languages: tuple[str, str], share: float, generator: random.Random
) -> tuple[str, str]:
    """A pair with Vietnamese names in both languages, now and then, where both have one of
    `REPLACED` equally often. A title is only read, never made up.

    What reads a Vietnamese name as a word of the language says "tomorrow" for Mai. Where a
    learner's sentences hold such names in both languages, it learns from what stands around them.
    """
    if share == 0:
        return pair
    for name, kind in REPLACED.items():
        found = [re.findall(rf"\b{name}\b", side) for side in pair]
        common = len(found[0]) == len(found[1]) > 0
        if not common or generator.random() >= share:
            continue
        new = _vietnamese_name(kind, generator)
        source, target = (re.sub(rf"\b{name}\b", new, side) for side in pair)
        if languages[0] == "vi" and generator.random() < TITLED:
            titles = lexicon.read("vi", "names")[kind]["titles"].split()
            source = _with_title(source, new, generator.choice(titles))
        pair = source, target
    return pair


def _vietnamese_name(kind: str, generator: random.Random) -> str:
    """A name for one of the "men" or "women", drawn from the lexicon."""
    names = lexicon.read("vi", "names")
    name = generator.choice(names[kind]["given"].split())
    if generator.random() < FULL:
        family = generator.choice(names["finding"]["family"].split())
        name = f"{family} {generator.choice(names[kind]['middle'].split())} {name}"
    return strip_accents(name) if generator.random() < BARE else name


def _with_title(text: str, name: str, title: str) -> str:
    """The text with a title before the name where it first stands, unless it has one."""
    before, name, after = text.partition(name)
    titles = "|".join(lexicon.read("vi", "names")["finding"]["titles"].split())
    if re.search(rf"\b(?:{titles})\s+$", before, re.IGNORECASE):
        return text
    return f"{before}{title if before else title.capitalize()} {name}{after}"


class Batches:
    """Batch of step k, a pure function of k: pairs of like length together, in a new order and with
    other placeholders each epoch.

    Args:
        size: characters of the longer sides per batch, padding included.
        share: of numbers and names that give way to placeholders; of sources that lose their
            capitals or pairs that lose their full stop, a fifth of that.
        renamed: share of people who get a Vietnamese name.
    """

    BUCKET = 6  # characters

    def __init__(
        self,
        pairs: Sequence[Pair],
        tokenizer: Tokenizer,
        languages: tuple[str, str],
        size: int,
        share: float,
        seed: int,
        device: torch.device,
        renamed: float = 0.0,
    ) -> None:
        self._renamed = renamed
        self._pairs, self._tokenizer, self._languages = pairs, tokenizer, languages
        self._share, self.seed, self.device = share, seed, device
        self._bucket = [max(map(len, pair)) // self.BUCKET for pair in pairs]
        self._bounds = _bounds(sorted(self._bucket), size // self.BUCKET)
        self.per_epoch = len(self._bounds)
        self._order = lru_cache(maxsize=2)(self._shuffled)

    def _shuffled(self, epoch: int) -> list[list[int]]:
        """Which pairs go together. However they are shuffled, buckets of the same size follow each
        other, so that an epoch always has the same number of batches."""
        generator = random.Random(self.seed * 1_000_003 + epoch)
        rows = generator.sample(range(len(self._pairs)), len(self._pairs))
        rows.sort(key=lambda row: self._bucket[row])
        batches = [rows[first:last] for first, last in self._bounds]
        generator.shuffle(batches)
        return batches

    def __call__(self, step: int) -> PairBatch:
        epoch, index = divmod(step, self.per_epoch)
        rows = self._order(epoch)[index]
        even = len(rows) // distributed.world() * distributed.world()
        rows = rows[:even][distributed.share(even)] if even else rows
        generator = random.Random(f"{self.seed} {epoch} {index} {distributed.rank()}")
        pairs = [self._augmented(self._pairs[row], generator) for row in rows]
        sources, targets = (encode(self._tokenizer, side) for side in zip(*pairs, strict=True))
        source, lengths = pad_rows([s or [STOP] for s in sources])
        target, _ = pad_rows([[START, *t, STOP] for t in targets])
        return PairBatch(*(t.to(self.device) for t in (source, lengths, target)))

    def _augmented(self, pair: Pair, generator: random.Random) -> tuple[str, str]:
        """The pair as it is learnt from this time."""
        read = normalise_source(pair.source), pair.target
        named = rename_people(read, self._languages, self._renamed, generator)
        source, target = mask_pair(named, self._languages, self._share, generator)
        if generator.random() < self._share / 5:
            source = source.lower()
        if generator.random() < self._share / 5 and source[-1:] == target[-1:] == ".":
            source, target = source[:-1], target[:-1]
        return source, target


def _bounds(buckets: Sequence[int], size: int) -> list[tuple[int, int]]:
    """Where each batch begins and ends: as many as fit, each counted as long as the longest."""
    bounds, first = [], 0
    for k, bucket in enumerate(buckets):
        if k > first and (k - first + 1) * (bucket + 1) > size:
            bounds.append((first, k))
            first = k
    return [*bounds, (first, len(buckets))]
