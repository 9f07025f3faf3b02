"""Counting characters and hearing verse, against results by hand."""

from __future__ import annotations

from pathlib import Path

import pytest
import torch

from engine.errors import InputError
from engine.models.char_model import CharModel
from engine.tasks.characters.data import encode
from engine.tasks.characters.evaluation import NGrams
from engine.tasks.characters.predictor import alphabet_of, load_network
from engine.tasks.characters.training import load_pretrained
from engine.tasks.characters.verse import form, rime, syllables
from tests.engine.tasks import characters_small as small


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
    assert found.regular == pytest.approx(2 / 3)
    assert (found.rhymed, found.n) == (0.5, 3)


def test_a_model_can_begin_with_anothers_weights(tmp_path: Path) -> None:
    """With its alphabet turned round and a stranger in it, it says the same of the same text."""
    path = small.built(tmp_path)
    header, first = load_network(path)
    letters = "€" + alphabet_of(header)[::-1]
    second = CharModel(len(letters), 24, 1, "lstm").eval()
    load_pretrained(second, letters, path)
    text = "con vit"
    one, other = (
        model(torch.tensor(encode(text, known)).unsqueeze(1))[0][:, 0]
        for model, known in ((first, alphabet_of(header)), (second, letters))
    )
    torch.testing.assert_close(other[:, 1:].flip(1), one)
    with pytest.raises(InputError, match="another shape"):
        load_pretrained(CharModel(len(letters), 25, 1, "lstm"), letters, path)
    with pytest.raises(InputError, match="nothing has to be trained first"):
        load_pretrained(second, letters, tmp_path / "nothing.safetensors")
