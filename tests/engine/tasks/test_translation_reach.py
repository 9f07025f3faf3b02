"""How a translation's loss reaches back, and which files hold a translator."""

from __future__ import annotations

from itertools import product
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from torch import Tensor

from engine import LSTM, checkpoints
from engine.errors import InputError
from engine.models.translator import START, EncodedSource
from engine.stacking import Recurrent
from engine.tasks import translation
from tests.engine.tasks.translation_small import header, tokenizer, untrained


@pytest.mark.parametrize("cell", ["rnn", "lstm", "gru"])
@pytest.mark.parametrize(("attention", "deep", "bidirectional", "reverse"),
                         list(product(*[[True, False]] * 4)))  # fmt: skip
def test_the_reach_is_finite_and_has_a_norm_for_each_state(
    cell: str, attention: bool, deep: bool, bidirectional: bool, reverse: bool
) -> None:
    predictor = untrained(
        cell=cell, attention=attention, deep=deep, bidirectional=bidirectional, reverse=reverse
    )
    found = predictor.reach("Le chien mange.", "The dog", 1)
    pieces = predictor.pieces("Le chien mange.", "The dog")
    assert found.target == pieces[1]
    assert found.written == ("START", pieces[0])
    assert (found.cell, found.attention, found.reverse) == (cell, attention, reverse)
    assert found.read_h.shape == (len(found.source),)
    assert found.written_h.shape == (2,)
    assert (found.read_c is not None) == (found.written_c is not None) == (cell == "lstm")
    for norms in (found.read_h, found.written_h, found.read_c, found.written_c):
        if norms is not None:
            assert np.isfinite(norms).all()
            assert (norms > 0).any()
    assert (found.read_h > 0).all()


def stepped(layer: Recurrent, x: Tensor, before: tuple[Tensor, ...] | None) -> tuple[Tensor, ...]:
    """h, for the LSTM and c, after one more piece, each wanting a gradient.

    The LSTM by its equations, so that h follows from c as autograd sees it.
    """
    if not isinstance(layer, LSTM):
        _, h = layer(x, None if before is None else before[0])
        return (h if h.requires_grad else h.requires_grad_(),)
    W_x, W_h, b_x, b_h = layer.weights()
    zeros = torch.zeros(1, 1, layer.hidden_size)
    assert b_x is not None
    assert b_h is not None
    h, c = before or (zeros, zeros)
    i, f, g, o = (x @ W_x.T + h @ W_h.T + b_x + b_h).chunk(4, -1)
    c = f.sigmoid() * c + i.sigmoid() * g.tanh()
    c = c if c.requires_grad else c.requires_grad_()
    return o.sigmoid() * c.tanh(), c


@pytest.mark.parametrize("attention", [True, False])
@pytest.mark.parametrize("reverse", [True, False])
@pytest.mark.parametrize("cell", ["rnn", "lstm", "gru"])
def test_the_reach_is_what_autograd_says_of_states_one_by_one(
    cell: str, reverse: bool, attention: bool
) -> None:
    predictor = untrained(cell=cell, bidirectional=False, reverse=reverse, attention=attention)
    model = predictor._model
    sentence, text = "Le chien mange.", "The dog"
    found = predictor.reach(sentence, text, 1)
    encoded = predictor._encode(sentence)
    message = predictor._forced(text, encoded)
    numbers = torch.tensor(encoded.ids).unsqueeze(1)
    kept: list[tuple[Tensor, ...]] = []
    for x in model.embedding(numbers.flip(0) if reverse else numbers):
        kept.append(stepped(model.encoder, x.unsqueeze(0), kept[-1] if kept else None))
    places = torch.cat([states[0] for states in kept])
    places = places.flip(0) if reverse else places
    begun = kept[-1] + tuple(torch.zeros_like(s) for s in kept[-1])
    source = EncodedSource(
        places.transpose(0, 1), torch.ones(1, len(numbers), dtype=torch.bool), begun
    )
    logits, _, _ = model(torch.tensor([[START], [message[0]]]), source, begun)
    loss = torch.nn.functional.cross_entropy(logits[-1], torch.tensor([message[1]]))
    flat = [state for states in kept for state in states]
    gradients = torch.autograd.grad(loss, flat)
    norms = np.array([float(g.norm()) for g in gradients]).reshape(len(kept), -1)
    norms = norms[::-1] if reverse else norms
    np.testing.assert_allclose(found.read_h, norms[:, 0], rtol=1e-3)
    if found.read_c is not None:
        np.testing.assert_allclose(found.read_c, norms[:, 1], rtol=1e-3)


def test_files_that_are_no_translator_are_refused(tmp_path: Path) -> None:
    predictor = untrained()
    weights, arguments = predictor._model.state_dict(), predictor.header.arguments
    path = tmp_path / "some.safetensors"
    checkpoints.save(path, header(arguments, source="fr", target="en"), weights)
    again = translation.load(path)
    assert again.languages == ("fr", "en")
    assert again.translate("Le chat dort.").translations
    refused: list[tuple[dict[str, Any], dict[str, Any]]] = [
        ({"cell": "transformer"}, {}),
        ({"hidden": 13}, {}),
        ({"vocabulary": tokenizer().get_vocab_size() + 1}, {}),
        ({"surprise": 1}, {}),
        ({}, {"source": "de"}),
        ({}, {"target": ["en"]}),
        ({}, {"target": None}),
    ]
    for changed, recipe in refused:
        summary = header({**arguments, **changed}, **{"source": "fr", "target": "en", **recipe})
        checkpoints.save(path, summary, weights)
        with pytest.raises(InputError, match="cannot be built"):
            translation.load(path)
    other = untrained(hidden=14)._model.state_dict()
    checkpoints.save(path, header(arguments, source="fr", target="en"), other)
    with pytest.raises(InputError, match="wrong shape"):
        translation.load(path)
