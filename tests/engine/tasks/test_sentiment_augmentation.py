"""Variations of the training texts, and what a teacher's probabilities are averaged with."""

import random
from pathlib import Path

import numpy as np
import pytest
import torch

from engine.errors import InputError
from engine.tasks.sentiment import augmentation, distillation
from engine.tasks.sentiment.augmentation import SoftExample, smoothed
from engine.tasks.sentiment.data import Corpora, Corpus, Example, sentences
from engine.tasks.sentiment.recipe import Recipe
from engine.tasks.sentiment.training import training_examples
from engine.training import TrainingJob

EXAMPLES = [
    Example("the film was lovely .", "positive"),
    Example("what a dull room", "negative"),
    Example("phim là phim", "neutral"),
]


def generator() -> random.Random:
    return random.Random(0)


def test_probabilities_sum_to_one() -> None:
    assert smoothed("positive", "en") == (0, 1)
    assert smoothed("neutral", "vi", 0.9) == pytest.approx((0.05, 0.9, 0.05))


def test_copies_lose_their_accents_only() -> None:
    plain = [SoftExample("rất ngon", (0, 0, 1))] * 10
    copies = augmentation.without_accents(plain, 0.3, generator())
    assert copies == [SoftExample("rat ngon", (0, 0, 1))] * 3


def test_a_typing_error_changes_long_words_a_little() -> None:
    draw = generator()
    for _ in range(50):
        text = augmentation.misspell("the wonderful film by me", draw)
        words = text.split(" ")
        assert [words[0], *words[3:]] == ["the", "by", "me"]
        assert text != "the wonderful film by me" or "ll" in text
        assert abs(len(text) - len("the wonderful film by me")) <= 1
    assert augmentation.misspell("so bad :( 12345", draw) == "so bad :( 12345"


def test_an_emoji_says_what_its_example_says() -> None:
    made = list(augmentation.with_emoji(EXAMPLES, "vi", 200, generator()))
    assert len(made) == 200
    for example in made:
        label = "positive" if example.probabilities[2] > 0.5 else "negative"
        sign = example.text.rsplit(" ", 1)[1]
        assert any(sign.startswith(emoji) for emoji in augmentation.EMOJI[label])
    assert {example.text.split(" ")[0] for example in made} == {"the", "what"}
    assert list(augmentation.with_emoji([EXAMPLES[2]], "vi", 5, generator())) == []


def test_the_second_side_of_a_contrast_counts() -> None:
    made = list(augmentation.contrasts(EXAMPLES[:2], "en", 60, generator()))
    assert (
        SoftExample("the film was lovely but what a dull room", smoothed("negative", "en", 0.9))
        in made
    )
    assert SoftExample("although what a dull room, the film was lovely", (0.1, 0.9)) in [
        (text, tuple(round(share, 6) for share in shares)) for text, shares in made
    ]
    assert list(augmentation.contrasts(EXAMPLES[:1], "en", 5, generator())) == []


@pytest.fixture
def corpora() -> Corpora:
    review = "A fine film it is indeed. Yes! I would not watch it twice though. " + "word " * 60
    part = [*EXAMPLES[:2], Example(review, "positive")]
    return Corpora({"en_imdb_short": part}, {}, [Corpus("en_imdb_short", "here", "none", 2)])


def test_sentences_come_out_of_long_reviews(corpora: Corpora) -> None:
    found = sentences(corpora, 10, seed=0)
    assert {"A fine film it is indeed.", "I would not watch it twice though."} <= set(found)
    assert "Yes!" not in found


def test_a_teacher_and_the_label_share_the_probabilities(
    corpora: Corpora, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    given: list[list[str]] = []

    class FakeTeacher:
        def probabilities(self, texts: list[str], _report: object) -> np.ndarray:
            given.append(texts)
            return np.tile([0.8, 0.2], (len(texts), 1))

    monkeypatch.setattr(distillation, "fine_tune", lambda *_: FakeTeacher())
    recipe = Recipe(language="en", distilled=True, typing_errors=0.0, emoji=0, contrasts=0)
    job = TrainingJob("small", recipe, tmp_path, tmp_path, torch.device("cpu"))
    cache = tmp_path / "probabilities.npy"

    def probabilities() -> dict[str, tuple[float, ...]]:
        return dict(training_examples(job, corpora, cache))

    found = probabilities()
    assert found["the film was lovely ."] == pytest.approx((0.4, 0.6))
    assert found["what a dull room"] == pytest.approx((0.9, 0.1))
    assert found["A fine film it is indeed."] == pytest.approx((0.8, 0.2))
    assert found[corpora.examples[2].text] == (0, 1)  # too long to ask about
    assert probabilities() == found
    assert len(given) == 1  # the second time its probabilities are read from the file


def test_without_its_packages_the_teacher_says_what_to_install() -> None:
    if distillation.installed():
        pytest.skip("the teacher's packages are installed")
    with pytest.raises(InputError, match="transformers"):
        distillation.Teacher(("negative", "positive"))
