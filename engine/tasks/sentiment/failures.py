"""Where a sentiment model fails: how often by kind of text, and real dev texts that it misread.

Texts are quoted only from corpora whose terms allow it, a handful each, with their source.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Sequence
from pathlib import Path

from jaxtyping import Float

from engine.language import lexicon
from engine.language.negation import has_negation
from engine.results import Failures, Floats, Misread
from engine.tasks import failures
from engine.tasks.sentiment.data import LABELS, Corpora
from engine.tasks.sentiment.evaluation import confidence_and_hits, probabilities
from engine.tasks.sentiment.predictor import load

QUOTES, PER_KIND, LONGEST = 12, 2, 220
"""Texts quoted at most: in all, of one kind, and characters of one."""

SHORT, LONG = 5, 80  # words


def kinds(text: str, language: str) -> tuple[str, ...]:
    """What may make the text hard, in the order of `KINDS`; "plain" where nothing of it applies."""
    return tuple(name for name, applies in KINDS.items() if applies(text, language)) or ("plain",)


def _has_words(kind: str) -> Callable[[str, str], bool]:
    """Whether a text of a language has one of the words that the lexicon lists for this kind."""
    patterns = {
        language: re.compile(lexicon.read(language, "sentiment")["kinds"][kind], re.IGNORECASE)
        for language in LABELS
    }
    return lambda text, language: bool(patterns[language].search(text))


KINDS: dict[str, Callable[[str, str], bool]] = {
    "negation": has_negation,
    "contrast": _has_words("contrast"),
    "comparison": _has_words("comparison"),
    "question": lambda text, _: "?" in text,
    "no accents": lambda text, language: (
        language == "vi" and text.isascii() and text.count(" ") >= 2
    ),
    "emoji": lambda text, _: any(unicodedata.category(c) == "So" for c in text),
    "short": lambda text, _: text.count(" ") < SHORT,
    "long": lambda text, _: text.count(" ") >= LONG,
}


def collect(
    corpora: Corpora, found: dict[str, Float[Floats, "_ K"]], labels: Sequence[str], language: str
) -> Failures:
    """The failures of a model on the dev texts; `found` are its probabilities (N, K) by corpus.

    The most confident errors are quoted, by the kind that is first of each.
    """
    counts = failures.ErrorCounts((*KINDS, "plain"))
    quotable: list[tuple[float, Misread]] = []
    for corpus in corpora.sources:
        part = corpora.dev.get(corpus.folder, [])
        if not part:
            continue
        confidences, hits = confidence_and_hits(found[corpus.folder], labels, part)
        for example, confidence, hit in zip(part, confidences, hits, strict=True):
            hard = kinds(example.text, language)
            counts.add((kind, not hit) for kind in hard)
            if corpus.quotable and not hit and len(example.text) <= LONGEST:
                quote = Misread(
                    example.text, example.label, hard, corpus.folder, corpus.source, corpus.terms
                )
                quotable.append((float(confidence), quote))
    surest = [quote for _, quote in sorted(quotable, key=lambda pair: -pair[0])]
    quotes = failures.choose_quotes(surest, lambda quote: quote.kinds[0], QUOTES, PER_KIND)
    return counts.report(quotes)


def write_failures(path: Path, corpora: Corpora) -> None:
    """Writes where the model at `path` fails on the dev texts, beside it."""
    model = load(path)
    found = {name: probabilities(model, part) for name, part in corpora.dev.items()}
    report = collect(corpora, found, model.labels, model.language)
    failures.write(failures.failures_path(path), report)


def read_failures(path: Path) -> Failures:
    """The failures that were written beside a sentiment model."""
    return failures.read(path, Misread)
