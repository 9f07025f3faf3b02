"""The tagger of letters: its equations by hand, its masks, and texts of different lengths."""

import pytest
import torch
from torch import Tensor

from engine.models.tagger import REACH, LetterTagger, TaggerBatch

GROUPS = (3, 2)


def model(**options: object) -> LetterTagger:
    sizes = {"embedding": 4, "pair_embedding": 3, "hidden": 5, "head": 6, "layers": 1}
    seeded = torch.Generator().manual_seed(0)
    network = LetterTagger(7, 9, 5, GROUPS, **(sizes | options), generator=seeded)  # type: ignore[arg-type]
    assert not network.pair_input.weight.any()
    network.pair_input.weight.data.normal_(generator=seeded)
    return network.eval()


def batch(words: list[list[int]], letters: list[list[list[int]]]) -> TaggerBatch:
    """Texts by their words and the letters of these; letters 1 and 2 have a choice."""
    steps, rows = max(map(len, words)), len(words)
    table = torch.zeros(steps, rows, dtype=torch.long)
    characters, owners = [], []
    for b, text in enumerate(words):
        table[: len(text), b] = torch.tensor(text)
        for t, word in enumerate(letters[b]):
            characters += word
            owners += [t * rows + b] * len(word)
    numbers = torch.tensor(characters)
    groups = torch.where(numbers <= len(GROUPS), numbers, 0)
    targets = torch.where(numbers == 2, 3, 0)
    return TaggerBatch(table, table % 5, table % 3, numbers, torch.tensor(owners), groups, targets)


TEXT = batch([[3, 4, 8]], [[[1, 3], [4, 2, 5], [1]]])


def states(network: LetterTagger, x: Tensor, reverse: bool) -> Tensor:
    """(T, H) by a loop over the cell."""
    cell = network.recurrent.cell(reverse=reverse)
    state, found = cell.initial_state(1), []
    for step in x.flip(0) if reverse else x:
        h, state = cell(step.unsqueeze(0), state)
        found.append(h[0])
    return torch.stack(found[::-1] if reverse else found)


@pytest.mark.parametrize("cell", ["rnn", "lstm", "gru"])
@pytest.mark.parametrize("bidirectional", [False, True])
def test_the_equations_by_hand(cell: str, bidirectional: bool) -> None:
    network = model(cell=cell, bidirectional=bidirectional)
    words = [[1, 3], [4, 2, 5], [1]]
    x = torch.stack(
        [
            network.words.weight[w] + network.cases.weight[w % 3]
            + network.pair_input(network.pairs.weight[w % 5])
            + network.letters.weight[letters].sum(0) / len(letters) ** 0.5
            for w, letters in zip([3, 4, 8], words, strict=True)
        ]
    )  # fmt: skip
    h = states(network, x, False)
    if bidirectional:
        h = torch.cat([h, states(network, x, True)], 1)
    rows = []
    for t, j in ((0, 0), (1, 1), (2, 0)):
        z = network.head(h[t])
        for d in range(-REACH, REACH + 1):
            letter = words[t][j + d] if 0 <= j + d < len(words[t]) else 0
            z = z + network.neighbours.weight[(d + REACH) * 7 + letter]
        rows.append(network.output(z.tanh()))
    expected = torch.stack(rows)
    found = network(TEXT)
    first, second = slice(0, 3), slice(3, 5)
    assert torch.allclose(found[[0, 2], first], expected[[0, 2], first], atol=1e-6)
    assert torch.allclose(found[1, second], expected[1, second], atol=1e-6)
    # What a letter cannot be is impossible.
    assert found[[0, 2], second].eq(-torch.inf).all()
    assert found[1, first].eq(-torch.inf).all()


def test_a_shorter_text_beside_a_longer_one_is_read_as_if_alone() -> None:
    network = model()
    both = batch([[3, 4, 8], [5, 6]], [[[1, 3], [4, 2, 5], [1]], [[2, 2], [1]]])
    alone = batch([[5, 6]], [[[2, 2], [1]]])
    found = network(both, torch.tensor([3, 2]))
    assert torch.allclose(found[:3], network(TEXT), atol=1e-6)
    assert torch.allclose(found[3:], network(alone), atol=1e-6)


def test_one_direction_knows_nothing_of_what_follows() -> None:
    other = batch([[3, 4, 2]], [[[1, 3], [4, 2, 5], [6, 6]]])
    forward, both = model(bidirectional=False), model()
    assert torch.equal(forward(TEXT)[:2], forward(other)[:2])
    assert not torch.allclose(both(TEXT)[:2], both(other)[:2])


def test_the_loss_is_of_letters_with_a_choice_only() -> None:
    network = model()
    loss, carry = network.loss(TEXT)
    p = network(TEXT).log_softmax(-1)
    assert carry is None
    assert torch.isclose(loss, -(p[0, 0] + p[1, 3] + p[2, 0]) / 3)
    changed = TEXT._replace(targets=TEXT.targets + (TEXT.groups == 0) * 4)
    assert torch.equal(network.loss(changed)[0], loss)


def test_gradients_reach_every_step_of_both_directions() -> None:
    network = model().double()
    probe = network.probes(3)
    assert [tuple(p.shape) for p in probe] == [(2, 3, 1, 5)] * 2
    network(TEXT, probe=probe)[1].softmax(-1)[3].backward()
    assert probe[0].grad is not None
    reached = probe[0].grad.norm(dim=-1)[:, :, 0] > 0
    # Word 1's label: the forward direction from what came before, the other from what follows.
    assert reached.tolist() == [[True, True, False], [False, True, True]]
