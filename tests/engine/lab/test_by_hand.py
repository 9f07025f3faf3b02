"""Back-propagation by hand against autograd, and against finite differences in plain numpy."""

from __future__ import annotations

import numpy as np
import pytest

from engine.errors import InputError
from engine.lab import paths_back
from engine.results import ByHand, Floats


@pytest.mark.parametrize(("word", "units"), [("hello", 2), ("abcdefgh", 3), ("ab", 2), ("aaa", 2)])
def test_the_copies_add_up_to_autograds_gradient(word: str, units: int) -> None:
    hand = paths_back.worked(word, units, 0)
    assert hand.steps == len(word) - 1
    assert hand.difference("h") < 1e-14
    assert hand.difference("x") < 1e-14


def loss(hand: ByHand, W_x: Floats, W_h: Floats, W_y: Floats) -> float:
    """e in numpy, from the equations of slides 22 and 23."""
    h, total = np.zeros(len(W_h)), 0.0
    target = [hand.alphabet.index(letter) for letter in hand.word[1:]]
    for x, k in zip(hand.x, target, strict=True):
        h = np.tanh(W_x @ x + W_h @ h)
        y = np.exp(W_y @ h)
        total -= np.log(y[k] / y.sum())
    return float(total)


def weights(hand: ByHand) -> tuple[Floats, Floats]:
    """W_x and W_y, read off what the result holds: a = atanh h, log y = W_y h + const."""
    a = np.arctanh(hand.h[1:]) - hand.h[:-1] @ hand.W_h.T
    W_x = np.asarray(np.linalg.lstsq(hand.x, a, rcond=None)[0].T, dtype=np.float64)
    logits = np.log(hand.y)
    logits -= logits.mean(1, keepdims=True)
    W_y = np.linalg.lstsq(hand.h[1:], logits, rcond=None)[0].T
    return W_x, np.asarray(W_y, dtype=np.float64)


def test_it_is_the_slope_of_the_loss() -> None:
    hand = paths_back.worked("abcadb", 2, 3)
    W_x, W_y = weights(hand)
    assert loss(hand, W_x, hand.W_h, W_y) == pytest.approx(hand.losses.sum())
    for i in range(2):
        for j in range(2):
            shift = np.zeros((2, 2))
            shift[i, j] = 1e-6
            up = loss(hand, W_x, hand.W_h + shift, W_y)
            down = loss(hand, W_x, hand.W_h - shift, W_y)
            assert hand.copies["h"].sum(0)[i, j] == pytest.approx((up - down) / 2e-6, abs=1e-7)


def test_slide_29_holds_at_every_step() -> None:
    hand = paths_back.worked("lecture", 3, 1)
    for t in range(hand.steps - 1):
        later = hand.W_h.T @ ((1 - hand.h[t + 2] ** 2) * hand.total[t + 1])
        np.testing.assert_allclose(hand.from_future[t], later)
    np.testing.assert_array_equal(hand.from_future[-1], 0)
    np.testing.assert_allclose(hand.y.sum(1), 1)


def test_the_first_copy_of_W_h_reads_a_zero_state() -> None:
    assert not paths_back.worked("hello", 2, 0).copies["h"][0].any()


@pytest.mark.parametrize("word", ["", "a", "ninechars", "   ", "a\x00b", "a\nb", "x" * 5000])
def test_words_that_do_not_fit_are_refused(word: str) -> None:
    with pytest.raises(InputError):
        paths_back.worked(word, 2, 0)


def test_composed_letters_are_one_letter_each() -> None:
    assert paths_back.letters("tê\u0301t") == "tết"
