"""How good a translator is: BLEU and chrF of free-running output, and what else is measured."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

from engine import checkpoints
from engine.decoding import Search
from engine.errors import N_, InputError
from engine.language import lexicon
from engine.language.sentences import translate_by_sentence
from engine.language.text import TOKEN
from engine.tasks.failures import failures_path, write
from engine.tasks.translation import failures
from engine.tasks.translation.data import Mix, Pair, read_pairs
from engine.tasks.translation.metrics import (
    LENGTHS,
    NearestPair,
    by_length,
    scores,
    write_lengths,
)
from engine.tasks.translation.predictor import (
    DEFAULT,
    TranslationPredictor,
    load,
    tuned_search,
)
from engine.tasks.translation.recipe import COMPARED
from engine.training import Report

GREEDY = Search(width=1, penalty=0.0, longest=DEFAULT.longest)
MOST = 2_000
"""Dev sentences of one set at most."""

PUBLISHED: dict[str, dict[str, float | str]] = {
    "multi30k-en-de-fr": {
        "bleu": 28.3,
        "source": "pytorch-seq2seq's attention model on Multi30k German to English, for "
        "orientation: another pair of languages",
    },
    "evbnews-en-vi": {
        "bleu": 26.1,
        "source": "TF-NMT on IWSLT 2015 English to Vietnamese, tst2013, with 133,000 pairs of TED "
        "talks, for orientation: another domain (Luong and Manning 2015: 23.3)",
    },
}


class Probe(NamedTuple):
    """A sentence, and what its translation must have: of each group at least one."""

    text: str
    wanted: tuple[tuple[str, ...], ...]

    def passes(self, translation: str) -> bool:
        """Whether a translation has all that is wanted, ignoring capitals."""
        words = _spaced(translation)
        return all(any(_spaced(w) in words for w in group) for group in self.wanted)


def _spaced(text: str) -> str:
    """Words and signs in small letters with a space around each."""
    return " ".join(["", *TOKEN.findall(text.lower()), ""])


def probes(source: str, target: str) -> list[Probe]:
    """The everyday sentences of the lexicon for one direction."""
    found = []
    for line in lexicon.read(source, "translation")["probes"][target].strip().splitlines():
        text, _, wanted = line.partition(" | ")
        groups = tuple(tuple(group.split("/")) for group in wanted.split(", "))
        found.append(Probe(text, groups))
    return found


def evaluate(path: Path, source: Path, target: Path, device: str = "cpu") -> dict[str, Any]:
    """The scores of the model at `path` on two files of which line n translates line n."""
    pairs = read_pairs(source, target)
    predictor = load(path, device)
    found = _translated(predictor, pairs, tuned_search(predictor.header.recipe))
    return scores(found, [pair.target for pair in pairs])


def _translated(
    predictor: TranslationPredictor, pairs: Sequence[Pair], search: Search
) -> list[str]:
    if not any(pair.source for pair in pairs):
        raise InputError(N_("There is nothing to translate in these files."))
    translate = partial(predictor.translate_batch, search=search)
    return translate_by_sentence([pair.source for pair in pairs], translate)


def evaluate_trained(path: Path, mix: Mix, report: Report) -> None:
    """Measures the model at `path` as shipped, on dev sentences, and writes that into the file;
    failures and, of those who translate French, BLEU by length into files beside it."""
    predictor = load(path)
    direction = "-".join(predictor.languages)
    header = checkpoints.read_header(path)
    search = tuned_search(header.recipe)
    nearest = NearestPair([pair for pairs in mix.train.values() for pair in pairs])
    metrics: dict[str, Any] = {}
    examples: list[failures.Example] = []
    for corpus, dev in mix.dev.items():
        pairs = dev[:MOST]
        found = _translated(predictor, pairs, search)
        metrics[f"{corpus} dev, beam {search.width}"] = _compared(corpus, pairs, found, nearest)
        examples += [failures.Example(corpus, *each) for each in zip(pairs, found, strict=True)]
        if path.stem not in COMPARED:
            greedy = _translated(predictor, pairs, GREEDY)
            metrics[f"{corpus} dev, greedy"] = _without(
                "signature", scores(greedy, [p.target for p in pairs])
            )
        report(f"{path.stem}, {corpus}: {metrics}")
    if path.stem not in COMPARED:
        everyday = probes(*predictor.languages)
        translate = partial(predictor.translate_batch, search=search)
        answers = translate_by_sentence([probe.text for probe in everyday], translate)
        right = [probe.passes(text) for probe, text in zip(everyday, answers, strict=True)]
        metrics[f"everyday sentences, beam {search.width}"] = {
            "passed": sum(right),
            "n": len(right),
        }
        quotable = frozenset(corpus.folder for corpus in mix.corpora if corpus.quotable)
        write(failures_path(path), failures.collect(examples, predictor.languages, quotable))
    if direction == "fr-en":
        translations = [each.translation for each in examples]
        row = by_length(path.stem, [each.pair for each in examples], translations)
        write_lengths(path.with_name(LENGTHS), [row])
    signature = scores(["a"], ["a"])["signature"]
    recipe = {**header.recipe, "scored_by": f"sacreBLEU, {signature}"}
    checkpoints.rewrite_header(
        path, replace(header, metrics=metrics, recipe=recipe), with_card=True
    )


def _compared(
    corpus: str, pairs: Sequence[Pair], found: Sequence[str], nearest: NearestPair
) -> dict[str, Any]:
    """Scores with the baseline's and, if there is something to compare with, published ones."""
    references = [pair.target for pair in pairs]
    baseline = scores([nearest.translate(pair.source) for pair in pairs], references)
    source = "the translation of the training sentence with most words in common"
    published = {"published": PUBLISHED[corpus]} if corpus in PUBLISHED else {}
    return {
        **_without("signature", scores(found, references)),
        "baseline": {**_without("n", _without("signature", baseline)), "source": source},
        **published,
    }


def _without(name: str, found: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in found.items() if key != name}
