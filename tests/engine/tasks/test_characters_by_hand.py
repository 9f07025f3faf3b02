"""Counting characters and hearing verse, against results by hand."""

from __future__ import annotations

import pytest

from engine.tasks.characters.ngrams import NGrams
from engine.tasks.characters.verse import form, rime, syllables


def test_n_grams_by_hand() -> None:
    """Witten and Bell: after a (seen 3 times, 2 kinds) b is (2 + 2·P(b)) / 5."""
    counted = NGrams([0, 1, 0, 1, 0, 0], vocabulary=2, order=2)
    p_b = (2 + 2 * 0.5) / (6 + 2)
    assert counted.probability([], 1) == pytest.approx(p_b)
    assert counted.probability([0], 1) == pytest.approx((2 + 2 * p_b) / 5)
    assert sum(counted.probability([0], k) for k in (0, 1)) == pytest.approx(1)


def test_luc_bat_is_counted_and_heard() -> None:
    good = ("Trăm năm trong cõi người ta,", "Chữ tài chữ mệnh khéo là ghét nhau.")
    assert [len(syllables(verse)) for verse in good] == [6, 8]
    assert [rime(s) for s in ("ta", "là", "nghiêng", "quyền", "gì", "giếng")] == [
        *("a", "a", "iêng", "yên", "i", "iêng")
    ]
    found = form([good, ("Một hai ba", "bốn năm"), (good[0], good[1].replace("là", "lo"))])
    assert found.kept == pytest.approx(2 / 3)
    assert (found.rhymed, found.n) == (0.5, 3)
