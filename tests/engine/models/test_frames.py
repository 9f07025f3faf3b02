"""The tagger of frames: what it sees of a film, and which way it looks."""

import pytest
import torch
from torch import nn

from engine.models.frames import NO_LABEL, STILL, FrameBatch, FrameTagger

T, B, S = 7, 2, 8


def model(**options: object) -> FrameTagger:
    sizes = {"size": S, "filters": (3, 4), "features": 5, "hidden": 6, "layers": 1, "memory": 3}
    seeded = torch.Generator().manual_seed(0)
    return FrameTagger(4, **(sizes | options), generator=seeded).eval()  # type: ignore[arg-type]


FILMS = torch.randn(T, B, S, S, generator=torch.Generator().manual_seed(1))


def test_one_frame_by_hand() -> None:
    network = model(bidirectional=False)
    cell = network.recurrent.cell()  # type: ignore[union-attr]
    state = cell.initial_state(1)
    film, rows = FILMS[:, 0], []
    for t in range(T):
        past = [film[max(0, t - k)] for k in (1, 2, 3)]
        x = torch.stack([film[t], film[t] - past[0], film[t] - sum(past) / 3])
        for layer in network.convolutions:
            x = nn.functional.max_pool2d(layer(x.unsqueeze(0)).relu(), 2)[0]
        h, state = cell(network.features(x.flatten()).relu().unsqueeze(0), state)
        rows.append(network.output(h)[0])
    assert torch.allclose(network(FILMS)[:, 0], torch.stack(rows), atol=1e-5)


@pytest.mark.parametrize("cell", ["rnn", "lstm", "gru"])
def test_one_direction_does_not_look_ahead(cell: str) -> None:
    later = FILMS.clone()
    later[4:] += 1
    forward, both = model(cell=cell, bidirectional=False), model(cell=cell)
    assert torch.equal(forward(FILMS)[:4], forward(later)[:4])
    assert not torch.allclose(both(FILMS)[0], both(later)[0])


def test_without_recurrence_a_frame_is_seen_alone() -> None:
    network = model(cell=STILL)
    order = torch.randperm(T, generator=torch.Generator().manual_seed(0))
    assert torch.allclose(network(FILMS)[order], network(FILMS[order]), atol=1e-6)
    with pytest.raises(ValueError, match="no states"):
        network.probes(T)


def test_a_shorter_film_beside_a_longer_one_is_seen_as_if_alone() -> None:
    network = model()
    found = network(FILMS, torch.tensor([T, 4]))
    assert torch.allclose(found[:4, 1], network(FILMS[:4, 1:])[:, 0], atol=1e-6)


def test_frames_without_a_label_do_not_count() -> None:
    network = model()
    targets = torch.full((T, B), NO_LABEL)
    targets[2, 0], targets[5, 1] = 1, 3
    loss, carry = network.loss(FrameBatch(FILMS, targets))
    p = network(FILMS).log_softmax(-1)
    assert carry is None
    assert torch.isclose(loss, -(p[2, 0, 1] + p[5, 1, 3]) / 2)


@pytest.mark.parametrize("wrong", [{"size": 6}, {"cell": "x"}, {"memory": 0}, {"memory": 10**9}])
def test_what_cannot_be_built(wrong: dict[str, object]) -> None:
    with pytest.raises(ValueError, match="must"):
        model(**wrong)
