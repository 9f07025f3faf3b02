"""How like people's translations are: BLEU and chrF, by sacreBLEU, also by length of the sentence;
and what a translator has to beat.

The library is loaded where it is needed: with its parsers in memory, one of two processes that
trained together was seen to abort as it ended.
"""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

from engine.language.text import TOKEN
from engine.results import LengthScores
from engine.tasks.translation.data import Pair

RAREST, CANDIDATES = 3, 400
"""Words of a sentence by which similar ones are looked for, and how many each may offer."""
BOUNDS = (4, 8, 12, 16, 20, None)
"""The most words of each bin's sources (Sutskever et al. 2014, figure 3)."""
LENGTHS = "translate-fr-en.lengths.json"


def scores(translations: Sequence[str], references: Sequence[str]) -> dict[str, float | str]:
    """`bleu` and `chrf` (0 to 100), `n`, and the `signature` of the first."""
    from sacrebleu.metrics.bleu import BLEU
    from sacrebleu.metrics.chrf import CHRF

    metric = BLEU()
    found = metric.corpus_score(list(translations), [list(references)])
    chrf = CHRF().corpus_score(list(translations), [list(references)])
    return {
        "bleu": round(found.score, 2),
        "chrf": round(chrf.score, 2),
        "n": len(translations),
        "signature": str(metric.get_signature()),
    }


def bleu(translations: Sequence[str], references: Sequence[str]) -> float:
    """BLEU (0 to 100) of a corpus."""
    return float(scores(translations, references)["bleu"])


def chrf(translation: str, reference: str) -> float:
    """chrF (0 to 100) of one text: the F-score of runs of up to 6 characters (Popović 2015)."""
    from sacrebleu.metrics.chrf import CHRF

    return float(CHRF().sentence_score(translation, [reference]).score)


def by_length(model: str, pairs: Sequence[Pair], translations: Sequence[str]) -> LengthScores:
    """BLEU of translations of the pairs' sources, in bins by the source's words."""
    counts, found = [], []
    least = 0
    for bound in BOUNDS:
        chosen = [
            k
            for k, pair in enumerate(pairs)
            if least < len(pair.source.split()) <= (bound or len(pair.source))
        ]
        counts.append(len(chosen))
        references = [pairs[k].target for k in chosen]
        found.append(bleu([translations[k] for k in chosen], references) if chosen else 0.0)
        least = bound or least
    whole = bleu(translations, [pair.target for pair in pairs])
    return LengthScores(model, BOUNDS, tuple(counts), tuple(found), whole)


def write_lengths(path: Path, found: Sequence[LengthScores]) -> None:
    """Puts these models' scores into the file, in the place of what it says of them."""
    known = {each.model: each for each in (read_lengths(path) if path.is_file() else ())}
    known |= {each.model: each for each in found}
    rows = [asdict(known[name]) for name in sorted(known)]
    path.write_text(json.dumps(rows, indent=1) + "\n", encoding="utf-8")


def read_lengths(path: Path) -> tuple[LengthScores, ...]:
    """What `write_lengths` wrote."""
    rows = json.loads(path.read_text(encoding="utf-8"))
    lists = ("bounds", "counts", "bleu")
    return tuple(LengthScores(**{**row, **{k: tuple(row[k]) for k in lists}}) for row in rows)


class NearestPair:
    """The baseline: the translation of the most similar sentence that was learnt from, by the share
    of its words that both have."""

    def __init__(self, pairs: Sequence[Pair]) -> None:
        self._pairs = pairs
        self._words = [_words(pair.source) for pair in pairs]
        self._counts = Counter(word for words in self._words for word in words)
        self._having: dict[str, list[int]] = defaultdict(list)
        for k, words in enumerate(self._words):
            for word in words:
                if len(self._having[word]) < CANDIDATES:
                    self._having[word].append(k)

    def translate(self, source: str) -> str:
        """What people wrote for the most similar sentence."""
        words = _words(source)

        def similarity(k: int) -> float:
            return len(words & self._words[k]) / len(words | self._words[k])

        rarest = sorted((w for w in words if w in self._counts), key=self._counts.__getitem__)
        candidates = sorted({k for word in rarest[:RAREST] for k in self._having[word]})
        return self._pairs[max(candidates, key=similarity, default=0)].target


def _words(text: str) -> frozenset[str]:
    """Words and numbers in small letters, without signs."""
    return frozenset(token for token in TOKEN.findall(text.lower()) if token[0].isalnum())
