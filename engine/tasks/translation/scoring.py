"""How like people's translations are: BLEU and chrF, by sacreBLEU.

The library is loaded where it is needed: with its parsers in memory, one of two processes that
trained together was seen to abort as it ended.
"""

from __future__ import annotations

from collections.abc import Sequence


def scores(written: Sequence[str], references: Sequence[str]) -> dict[str, float | str]:
    """`bleu` and `chrf` (0 to 100), `n`, and the `signature` of the first."""
    from sacrebleu.metrics.bleu import BLEU
    from sacrebleu.metrics.chrf import CHRF

    metric = BLEU()
    found = metric.corpus_score(list(written), [list(references)])
    chrf = CHRF().corpus_score(list(written), [list(references)])
    return {
        "bleu": round(found.score, 2),
        "chrf": round(chrf.score, 2),
        "n": len(written),
        "signature": str(metric.get_signature()),
    }


def bleu(written: Sequence[str], references: Sequence[str]) -> float:
    """BLEU (0 to 100) of a corpus."""
    from sacrebleu.metrics.bleu import BLEU

    found = BLEU().corpus_score(list(written), [list(references)])
    return round(float(found.score), 2)


def chrf(written: str, reference: str) -> float:
    """chrF (0 to 100) of one text: the F-score of runs of up to 6 characters (Popović 2015)."""
    from sacrebleu.metrics.chrf import CHRF

    found: float = CHRF().sentence_score(written, [reference]).score
    return found
