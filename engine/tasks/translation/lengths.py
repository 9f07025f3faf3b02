"""How good translators are at sentences of each length (Sutskever et al. 2014, figure 3)."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

from engine.results import LengthScores
from engine.tasks.translation.data import Pair
from engine.tasks.translation.scoring import bleu

BOUNDS = (4, 8, 12, 16, 20, None)
"""The most words of each bin's sources."""
LENGTHS = "translate-fr-en.lengths.json"


def by_length(model: str, pairs: Sequence[Pair], written: Sequence[str]) -> LengthScores:
    """BLEU of translations `written` of the pairs' sources, in bins by the source's words."""
    counts, scores = [], []
    least = 0
    for bound in BOUNDS:
        chosen = [
            k
            for k, pair in enumerate(pairs)
            if least < len(pair.source.split()) <= (bound or len(pair.source))
        ]
        counts.append(len(chosen))
        references = [pairs[k].target for k in chosen]
        scores.append(bleu([written[k] for k in chosen], references) if chosen else 0.0)
        least = bound or least
    whole = bleu(written, [pair.target for pair in pairs])
    return LengthScores(model, BOUNDS, tuple(counts), tuple(scores), whole)


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
