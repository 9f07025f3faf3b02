"""The memory tasks: what is shown, what is asked, what blind guessing gets."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from engine.models.memory import MemoryBatch
from engine.tasks.memory import CLOSE, COPIED, SYMBOLS, TASKS, examples
from engine.tasks.memory.sequences import batch


def drawn(task: str, lag: int = 20, size: int = 500, seed: int = 0, step: int = 0) -> MemoryBatch:
    return batch(task, lag, size, seed, step, "train")


@pytest.mark.parametrize("task", TASKS)
def test_a_batch_is_a_function_of_seed_and_step(task: str) -> None:
    torch.rand(3)  # the process's own generator plays no part
    for one, same in zip(drawn(task), drawn(task), strict=True):
        assert torch.equal(one, same)
    for other in (drawn(task, seed=1), drawn(task, step=1), batch(task, 20, 500, 0, 0, "fresh")):
        assert not torch.equal(drawn(task).inputs, other.inputs)


def test_recall_asks_for_the_first_symbol() -> None:
    inputs, targets = drawn("recall")
    assert inputs.shape == (21, 500, SYMBOLS)
    assert torch.equal(inputs.sum(-1), torch.ones(21, 500))
    assert torch.equal(inputs[0].argmax(-1), targets[0])
    counts = np.bincount(inputs.argmax(-1).flatten().numpy(), minlength=SYMBOLS)
    np.testing.assert_allclose(counts / counts.sum(), 1 / SYMBOLS, atol=0.01)


def test_copy_asks_for_each_symbol_a_lag_after_it() -> None:
    inputs, targets = drawn("copy")
    shown = inputs.argmax(-1)
    assert len(shown) == COPIED + 20
    assert torch.equal(shown[:COPIED], targets)
    assert (shown[COPIED:-COPIED] == SYMBOLS).all()  # blanks
    assert (shown[-COPIED:] == SYMBOLS + 1).all()  # calls


@pytest.mark.parametrize("lag", [5, 20])
def test_adding_asks_for_the_sum_of_two(lag: int) -> None:
    numbers, marks = drawn("adding", lag).inputs.unbind(-1)
    assert torch.equal(marks.sum(0), torch.full((500,), 2.0))
    early = max(1, (lag + 1) // 10)
    assert (marks[:early].sum(0) == 1).all()
    sums = [float(n[m == 1].sum()) for n, m in zip(numbers.T, marks.T, strict=True)]
    np.testing.assert_allclose(drawn("adding", lag).targets[0].numpy(), sums, rtol=1e-6)


def test_the_chance_of_adding_is_that_of_the_best_constant() -> None:
    random = np.random.default_rng(0)
    sums = random.random(400_000) + random.random(400_000)
    tried = {s: float((abs(sums - s) < CLOSE).mean()) for s in (0.8, 0.9, 1.0, 1.1, 1.2)}
    assert max(tried, key=lambda s: tried[s]) == 1.0
    assert TASKS["adding"].chance_level == pytest.approx(tried[1.0], abs=0.003)


def test_right_answers_are_counted() -> None:
    scores = torch.zeros(1, 2, SYMBOLS)
    scores[0, 0, 3] = scores[0, 1, 4] = 1
    assert TASKS["recall"].correct(scores, torch.tensor([[3, 5]])).tolist() == [[True, False]]
    sums = torch.tensor([[[1.05], [1.2]]])
    assert TASKS["adding"].correct(sums, torch.ones(1, 2)).tolist() == [[True, False]]


@pytest.mark.parametrize("task", TASKS)
def test_examples_say_what_the_answer_depends_on(task: str) -> None:
    for example in examples(task, 20, 0, 5):
        kept = [example.inputs[k] for k in example.relevant]
        if task == "adding":
            assert sum(map(float, kept)) == pytest.approx(float(example.answer[0]), abs=0.02)
        else:
            assert tuple(kept) == example.answer
