"""How the next symbol is chosen: filters by hand-computed cases, draws by their frequencies."""

from __future__ import annotations

import pytest
import torch

from engine.decoding import Choice, probabilities, sample
from engine.errors import InputError

LOGITS = torch.tensor([0.5, 0.3, 0.15, 0.05]).log()


def test_at_temperature_1_without_filters_it_is_softmax() -> None:
    torch.testing.assert_close(probabilities(LOGITS, Choice(1.0)), LOGITS.exp())


def test_temperature_sharpens() -> None:
    expected = torch.tensor([0.25, 0.09, 0.0225, 0.0025])
    torch.testing.assert_close(probabilities(LOGITS, Choice(0.5)), expected / expected.sum())


def test_top_k_keeps_the_likeliest() -> None:
    torch.testing.assert_close(
        probabilities(LOGITS, Choice(1.0, top_k=2)), torch.tensor([0.625, 0.375, 0, 0])
    )
    torch.testing.assert_close(probabilities(LOGITS, Choice(1.0, top_k=99)), LOGITS.exp())


@pytest.mark.parametrize(("top_p", "left"), [(0.01, 1), (0.49, 1), (0.51, 2), (0.79, 2), (0.9, 3)])
def test_top_p_keeps_the_smallest_set_that_holds_it(top_p: float, left: int) -> None:
    p = probabilities(LOGITS, Choice(1.0, top_p=top_p))
    assert int((p > 0).sum()) == left
    assert float(p.sum()) == pytest.approx(1)


def test_the_order_of_symbols_does_not_matter() -> None:
    turned = probabilities(LOGITS.flip(0), Choice(0.7, top_k=3, top_p=0.8)).flip(0)
    torch.testing.assert_close(turned, probabilities(LOGITS, Choice(0.7, top_k=3, top_p=0.8)))


def test_draws_follow_the_weights_and_the_seed() -> None:
    choice = Choice(0.7, top_k=3)
    generator = torch.Generator().manual_seed(3)
    drawn = [sample(LOGITS, choice, generator) for _ in range(4000)]
    found = torch.bincount(torch.tensor(drawn), minlength=4) / 4000
    torch.testing.assert_close(found, probabilities(LOGITS, choice), atol=0.03, rtol=0)
    again = torch.Generator().manual_seed(3)
    assert [sample(LOGITS, choice, again) for _ in range(50)] == drawn[:50]


def test_greedy_takes_the_likeliest_at_any_temperature() -> None:
    assert sample(LOGITS.flip(0), Choice(5.0, greedy=True)) == 3


@pytest.mark.parametrize(
    "wrong",
    [
        {"temperature": 0.0},
        {"temperature": float("nan")},
        {"temperature": 6.0},
        {"top_k": -1},
        {"top_p": 0.0},
        {"top_p": 1.1},
    ],
)
def test_values_out_of_range_are_refused(wrong: dict[str, float]) -> None:
    with pytest.raises(InputError, match="temperature must lie"):
        Choice(**wrong)  # type: ignore[arg-type]
