"""The sentiment corpora and probes: where they come from, how they are read and batched."""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple, TypeVar

import torch

from engine import distributed
from engine.errors import N_, InputError
from engine.language import lexicon, normalise
from engine.language.text import read_text
from engine.models.sentiment import TextBatch
from engine.padding import pad_rows

Row = TypeVar("Row")

LABELS = {"en": ("negative", "positive"), "vi": ("negative", "neutral", "positive")}


class Example(NamedTuple):
    """One text and its label, "negative", "neutral" or "positive"."""

    text: str
    label: str


class Probe(NamedTuple):
    """A text, the label that a reader would give it, and what makes it hard."""

    kind: str
    text: str
    label: str


_SIGNS = {"+": "positive", "-": "negative"}


def _probes(name: str) -> dict[str, tuple[Probe, ...]]:
    """The probes that the lexicon lists under `name`, by language."""
    return {
        language: tuple(
            Probe(kind, line[2:], _SIGNS[line[0]])
            for kind, lines in lexicon.read(language, "sentiment")[name].items()
            for line in lines
        )
        for language in LABELS
    }


PROBES = _probes("probes")
"""Forty short texts per language that test what a model has understood; never trained on."""
COMPOSITION = _probes("composition")
"""Forty more, whose sentiment is composed of their words; never trained on either."""


@dataclass(frozen=True)
class Corpus:
    """A corpus by folder name; its texts count `repeat` times, lest larger ones drown it.

    `quotable`: its terms allow single texts to be shown, with their source.
    """

    folder: str
    source: str
    terms: str
    repeat: int = 1
    quotable: bool = False


_RESEARCH = "no licence stated; distributed for research with citation"

_UCI = "UCI Sentiment Labelled Sentences, Kotzias 2015"

CORPORA = {
    "en": (
        Corpus("en_sst2", "Stanford Sentiment Treebank, Socher et al. 2013", _RESEARCH, 2),
        Corpus("en_rt_polarity", "sentence polarity 1.0, Pang & Lee 2005", _RESEARCH, 2),
        Corpus("en_uci_yelp", _UCI, "CC BY 4.0", 3, quotable=True),
        Corpus("en_uci_amazon", _UCI, "CC BY 4.0", 3, quotable=True),
        Corpus(
            "en_yelp_short",
            "Yelp sentences, Shen et al. 2017",
            "Yelp Dataset terms: academic, non-commercial use",
        ),
        Corpus(
            "en_amazon_short",
            "Amazon sentences, Li et al. 2018",
            "CC BY-SA 4.0 as declared",
            2,
            quotable=True,
        ),
        Corpus("en_customer_reviews", "Customer Reviews, Hu & Liu 2004", _RESEARCH, 3),
        Corpus("en_amazon_multidomain", "Multi-Domain Sentiment, Blitzer et al. 2007", _RESEARCH),
        Corpus("en_imdb_short", "Large Movie Review Dataset, Maas et al. 2011", _RESEARCH),
    ),
    "vi": (
        Corpus("vi_uit_vsfc", "UIT-VSFC, Nguyen et al. 2018", "free for research", 2),
        Corpus("vi_aivivn2019", "AIVIVN 2019 challenge", "no licence stated; competition data"),
        Corpus("vi_vlsp2016", "VLSP 2016 shared task", "VLSP user agreement: research only", 2),
        Corpus("vi_ntc_scv_foody", "NTC-SCV, Foody reviews", "Apache-2.0", quotable=True),
        Corpus("vi_moveek_movies", "Moveek film reviews", "MIT as declared", 2, quotable=True),
        Corpus("vi_shopee", "Shopee comments", "no licence stated; user comments"),
    ),
}


def read(path: Path) -> list[Example]:
    """The examples of a TSV (`text`, `label`; .gz too), normalised.

    InputError for a file that is missing, not UTF-8, without that first line, or with a line whose
    label is none of the three.
    """
    lines = read_text(path).split("\n")
    if lines[0].strip() != "text\tlabel":
        raise InputError(N_("{file} has to begin with a line 'text TAB label'."), file=path.name)
    examples = []
    for number, line in enumerate(lines[1:], 2):
        text, _, label = line.rpartition("\t")
        if line.strip() and label.strip() not in LABELS["vi"]:
            raise InputError(
                N_("{file}, line {line}: the label has to be negative, neutral or positive."),
                file=path.name,
                line=number,
            )
        if line.strip():
            examples.append(Example(normalise(text), label.strip()))
    return examples


class Corpora(NamedTuple):
    """All corpora of a language: training and dev texts by corpus, and what the corpora are."""

    train: dict[str, list[Example]]
    dev: dict[str, list[Example]]
    sources: list[Corpus]

    @property
    def examples(self) -> list[Example]:
        """The training texts in one list, each corpus as often as it counts."""
        return [e for c in self.sources for e in self.train[c.folder] * c.repeat]


def read_corpora(language: str, data: Path) -> Corpora:
    """The corpora of `language` that lie in `data`, without the training texts that occur twice.

    What equals a dev text of any corpus, or a behavioural probe, is left out of training too.
    InputError if none is there.
    """
    sources = [c for c in CORPORA[language] if (data / c.folder).is_dir()]
    if not sources:
        raise InputError(N_("No sentiment corpus lies in {folder}."), folder=str(data))
    dev = {c.folder: _part(data / c.folder, "dev") for c in sources}
    dev = {name: examples for name, examples in dev.items() if examples}
    known = {_key(e.text) for examples in dev.values() for e in examples}
    known |= {_key(probe.text) for table in (PROBES, COMPOSITION) for probe in table[language]}
    train: dict[str, list[Example]] = {c.folder: [] for c in sources}
    for folder, examples in train.items():
        for example in _part(data / folder, "train"):
            if (key := _key(example.text)) and key not in known:
                known.add(key)
                examples.append(example)
    return Corpora(train, dev, sources)


REVIEWS = ("en_imdb_short", "en_amazon_multidomain", "vi_ntc_scv_foody")
"""Corpora of long reviews."""
_SENTENCE_END = re.compile(r"(?<=[.!?])\s+")


def sentences(corpora: Corpora, count: int, seed: int) -> list[str]:
    """Up to `count` different sentences of 4 to 30 words out of the long reviews."""
    reviews = (example for name in REVIEWS for example in corpora.train.get(name, []))
    found = (s for review in reviews for s in _SENTENCE_END.split(review.text))
    different = list(dict.fromkeys(s for s in found if 4 <= len(s.split(" ")) <= 30))
    return random.Random(seed).sample(different, min(count, len(different)))


def _part(folder: Path, name: str) -> list[Example]:
    """`name` ("train", "dev") of one corpus; empty if the corpus has no such part."""
    paths = (folder / f"{name}.tsv", folder / f"{name}.tsv.gz")
    found = next((p for p in paths if p.exists()), None)
    return read(found) if found else []


def _key(text: str) -> str:
    """By which texts are the same, whatever their case, spaces and signs."""
    return "".join(c for c in text.lower() if c.isalnum())


POOL = 50
"""Batches among which texts are sorted by length."""


def of_like_length(rows: Sequence[Row], size: int, length: Callable[[Row], int]) -> list[list[Row]]:
    """The rows in batches of `size`, those of like length together, in each `POOL` of batches."""
    batches: list[list[Row]] = []
    for start in range(0, len(rows), POOL * size):
        like = sorted(rows[start : start + POOL * size], key=length)
        batches += [like[i : i + size] for i in range(0, len(like), size)]
    return batches


class Batches:
    """Batch of step k, a pure function of k: texts of like length together, in a new order each
    epoch.

    Args:
        ids: the texts as token numbers.
        targets: per text, the probability of each class that is to be learnt.
        size: texts per batch over all processes; each gets its share. Leftovers wait an epoch.
    """

    def __init__(
        self,
        ids: Sequence[Sequence[int]],
        targets: Sequence[Sequence[float]],
        size: int,
        seed: int,
        device: torch.device,
    ) -> None:
        self.size, self.seed, self.device = min(size, len(ids)), seed, device
        self.per_epoch = len(ids) // self.size
        self._ids, self._targets = ids, targets
        self._order = lru_cache(maxsize=2)(self._shuffled)

    def _shuffled(self, epoch: int) -> list[list[int]]:
        generator = random.Random(self.seed * 1_000_003 + epoch)
        rows = generator.sample(range(len(self._ids)), self.per_epoch * self.size)
        batches = of_like_length(rows, self.size, lambda row: len(self._ids[row]))
        generator.shuffle(batches)
        return batches

    def __call__(self, step: int) -> TextBatch:
        epoch, index = divmod(step, self.per_epoch)
        rows = self._order(epoch)[index]
        rows = rows[distributed.share(len(rows))]
        ids, lengths = pad_rows([self._ids[r] for r in rows], self.device)
        targets = torch.tensor([self._targets[r] for r in rows], device=self.device)
        return TextBatch(ids, lengths, targets)
