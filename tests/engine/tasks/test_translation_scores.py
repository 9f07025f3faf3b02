"""BLEU and chrF, of all sentences and of those of each length."""

from __future__ import annotations

from pathlib import Path

import pytest

from engine.tasks.translation import read_lengths
from engine.tasks.translation.data import Pair
from engine.tasks.translation.metrics import BOUNDS, bleu, by_length, chrf, scores, write_lengths

REFERENCES = ["The cat sleeps on the black sofa.", "He never eats with his hands, does he?"]


def test_a_perfect_translation_scores_a_hundred_and_nonsense_next_to_nothing() -> None:
    assert bleu(REFERENCES, REFERENCES) == 100
    assert chrf(REFERENCES[0], REFERENCES[0]) == pytest.approx(100)
    assert bleu(["quux xyzzy"] * 2, REFERENCES) < 5
    assert chrf("qzx", REFERENCES[0]) < 5
    near = ["The cat sleeps on a black sofa.", "He never eats with hands, does he?"]
    assert 40 < bleu(near, REFERENCES) < 90


def test_scores_say_how_they_were_taken() -> None:
    found = scores(REFERENCES, REFERENCES)
    assert {name: found[name] for name in ("bleu", "chrf", "n")} == {
        "bleu": 100, "chrf": 100, "n": 2,
    }  # fmt: skip
    assert "tok:13a" in str(found["signature"])


def test_bins_hold_the_sources_of_their_length() -> None:
    words = [1, 4, 5, 8, 9, 12, 13, 20, 21, 60]
    pairs = [Pair(" ".join(["mot"] * n), " ".join(f"w{k}" for k in range(n))) for n in words]
    written = [p.target if len(p.source) < 50 else "nothing at all" for p in pairs]
    found = by_length("some", pairs, written)
    assert found.bounds == BOUNDS
    assert found.counts == (2, 2, 2, 1, 1, 2)
    assert found.bleu[1:3] == (100, 100)
    assert max(found.bleu[3:]) < 5
    assert found.whole == bleu(written, [pair.target for pair in pairs]) < 100


def test_a_bin_without_sentences_scores_nothing() -> None:
    found = by_length("some", [Pair("mot", "word")], ["word"])
    assert found.counts == (1, 0, 0, 0, 0, 0)
    assert found.bleu[1:] == (0,) * 5


def test_a_file_keeps_other_models_and_replaces_its_own(tmp_path: Path) -> None:
    pairs = [Pair("un mot de plus ici", "one more word over here")]
    good, bad = by_length("b", pairs, [pairs[0].target]), by_length("b", pairs, ["no"])
    other = by_length("a", pairs, ["one more word"])
    path = tmp_path / "lengths.json"
    write_lengths(path, [bad])
    assert read_lengths(path) == (bad,)
    write_lengths(path, [other])
    write_lengths(path, [good])
    assert read_lengths(path) == (other, good)
