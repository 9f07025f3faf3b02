"""How good a translator is: BLEU and chrF of free-running output, and what else is measured."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

from engine import checkpoints
from engine.decoding import Search
from engine.errors import N_, InputError
from engine.tasks.failure_files import failures_path, write
from engine.tasks.translation import failures, lengths
from engine.tasks.translation.baseline import Nearest
from engine.tasks.translation.data import Mix, Pair, read_pairs
from engine.tasks.translation.loading import load, tuned
from engine.tasks.translation.predictor import DEFAULT, TranslationPredictor
from engine.tasks.translation.probes import PROBES, passed
from engine.tasks.translation.recipe import COMPARED
from engine.tasks.translation.scoring import scores
from engine.tasks.translation.sentences import written
from engine.training import Report

GREEDY = Search(width=1, penalty=0.0, longest=DEFAULT.longest)
JUDGED = 2_000
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


def evaluate(path: Path, source: Path, target: Path, device: str = "cpu") -> dict[str, Any]:
    """The scores of the model at `path` on two files of which line n translates line n."""
    pairs = read_pairs(source, target)
    interpreter = load(path, device)
    found = _written(interpreter, pairs, tuned(interpreter.header.recipe))
    return scores(found, [pair.target for pair in pairs])


def _written(interpreter: TranslationPredictor, pairs: Sequence[Pair], search: Search) -> list[str]:
    if not pairs:
        raise InputError(N_("There is nothing to translate in these files."))
    return written([p.source for p in pairs], partial(interpreter.many, search=search))


def judge(path: Path, mix: Mix, report: Report) -> None:
    """Measures the model at `path` as shipped, on dev sentences, and writes that into the file;
    failures and, of those who translate French, BLEU by length into files beside it."""
    interpreter = load(path)
    languages = interpreter.languages
    header = checkpoints.read_header(path)
    search = tuned(header.recipe)
    nearest = Nearest([pair for pairs in mix.train.values() for pair in pairs])
    metrics: dict[str, Any] = {}
    judged: list[failures.Judged] = []
    for corpus, dev in mix.dev.items():
        pairs = dev[:JUDGED]
        found = _written(interpreter, pairs, search)
        metrics[f"{corpus} dev, beam {search.width}"] = _rated(corpus, pairs, found, nearest)
        judged += [failures.Judged(corpus, *each) for each in zip(pairs, found, strict=True)]
        if path.stem not in COMPARED:
            greedy = _written(interpreter, pairs, GREEDY)
            metrics[f"{corpus} dev, greedy"] = _numbers(greedy, [p.target for p in pairs])
        report(f"{path.stem}, {corpus}: {metrics}")
    direction = "-".join(languages)
    if path.stem not in COMPARED:
        everyday = [probe.text for probe in PROBES[direction]]
        answers = written(everyday, partial(interpreter.many, search=search))
        right = passed(direction, answers)
        metrics[f"everyday sentences, beam {search.width}"] = {
            "passed": sum(right),
            "n": len(right),
        }
        quotable = frozenset(corpus.folder for corpus in mix.corpora if corpus.quotable)
        write(failures_path(path), failures.collect(judged, languages, quotable))
    if direction == "fr-en":
        row = lengths.by_length(path.stem, [j.pair for j in judged], [j.written for j in judged])
        lengths.write_lengths(path.with_name(lengths.LENGTHS), [row])
    recipe = {**header.recipe, "scored_by": f"sacreBLEU, {_signature()}"}
    checkpoints.rewrite_header(
        path, replace(header, metrics=metrics, recipe=recipe), with_card=True
    )


def _rated(
    corpus: str, pairs: Sequence[Pair], found: Sequence[str], nearest: Nearest
) -> dict[str, Any]:
    """Scores with the baseline's and, if there is something to compare with, published ones."""
    references = [pair.target for pair in pairs]
    looked_up = _numbers([nearest.translation(pair.source) for pair in pairs], references)
    source = "the translation of the training sentence with most words in common"
    baseline = {**{k: v for k, v in looked_up.items() if k != "n"}, "source": source}
    published = {"published": PUBLISHED[corpus]} if corpus in PUBLISHED else {}
    return {**_numbers(found, references), "baseline": baseline, **published}


def _numbers(found: Sequence[str], references: Sequence[str]) -> dict[str, Any]:
    return {k: v for k, v in scores(found, references).items() if k != "signature"}


def _signature() -> str:
    return str(scores(["a"], ["a"])["signature"])
