"""Variations of the training texts, and what a teacher's opinions are mixed with."""

import random
from pathlib import Path

import numpy as np
import pytest
import torch

from engine.errors import InputError
from engine.tasks.sentiment import augment, lessons, teacher
from engine.tasks.sentiment.augment import Lesson, certain
from engine.tasks.sentiment.data import Corpus, Example, Mix
from engine.tasks.sentiment.recipe import Recipe

EXAMPLES = [
    Example("the film was lovely .", "positive"),
    Example("what a dull room", "negative"),
    Example("phim là phim", "neutral"),
]


def chance() -> random.Random:
    return random.Random(0)


def test_belief_sums_to_one() -> None:
    assert certain("positive", "en") == (0, 1)
    assert certain("neutral", "vi", 0.9) == pytest.approx((0.05, 0.9, 0.05))


def test_copies_lose_their_accents_only() -> None:
    plain = [Lesson("rất ngon", (0, 0, 1))] * 10
    copies = augment.without_accents(plain, 0.3, chance())
    assert copies == [Lesson("rat ngon", (0, 0, 1))] * 3


def test_a_slip_changes_long_words_a_little() -> None:
    draw = chance()
    for _ in range(50):
        text = augment.slip("the wonderful film by me", draw)
        words = text.split(" ")
        assert [words[0], *words[3:]] == ["the", "by", "me"]
        assert text != "the wonderful film by me" or "ll" in text
        assert abs(len(text) - len("the wonderful film by me")) <= 1
    assert augment.slip("so bad :( 12345", draw) == "so bad :( 12345"


def test_an_emoji_says_what_its_lesson_says() -> None:
    made = list(augment.with_emoji(EXAMPLES, "vi", 200, chance()))
    assert len(made) == 200
    for lesson in made:
        label = "positive" if lesson.shares[2] > 0.5 else "negative"
        sign = lesson.text.rsplit(" ", 1)[1]
        assert any(sign.startswith(emoji) for emoji in augment.EMOJI[label])
    assert {lesson.text.split(" ")[0] for lesson in made} == {"the", "what"}
    assert list(augment.with_emoji([EXAMPLES[2]], "vi", 5, chance())) == []


def test_the_second_side_of_a_contrast_counts() -> None:
    made = list(augment.contrasts(EXAMPLES[:2], "en", 60, chance()))
    assert (
        Lesson("the film was lovely but what a dull room", certain("negative", "en", 0.9)) in made
    )
    assert Lesson("although what a dull room, the film was lovely", (0.1, 0.9)) in [
        (text, tuple(round(share, 6) for share in shares)) for text, shares in made
    ]
    assert list(augment.contrasts(EXAMPLES[:1], "en", 5, chance())) == []


@pytest.fixture
def mixed() -> Mix:
    review = "A fine film it is indeed. Yes! I would not watch it twice though. " + "word " * 60
    part = [*EXAMPLES[:2], Example(review, "positive")]
    return Mix({"en_imdb_short": part}, {}, [Corpus("en_imdb_short", "here", "none", 2)])


def test_sentences_come_out_of_long_reviews(mixed: Mix) -> None:
    found = lessons.sentences(mixed, 10, seed=0)
    assert {"A fine film it is indeed.", "I would not watch it twice though."} <= set(found)
    assert "Yes!" not in found


def test_a_teacher_and_the_label_share_the_belief(
    mixed: Mix, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[list[str]] = []

    class Master:
        def probabilities(self, texts: list[str], _report: object) -> np.ndarray:
            asked.append(texts)
            return np.tile([0.8, 0.2], (len(texts), 1))

    monkeypatch.setattr(teacher, "fit", lambda *_: Master())
    recipe = Recipe(language="en", taught=True, slips=0.0, emoji=0, contrasts=0)
    kept = tmp_path / "opinions.npy"

    def learnt() -> dict[str, tuple[float, ...]]:
        made = lessons.lessons(recipe, mixed, 0, torch.device("cpu"), kept, lambda _: None)
        return dict(made)

    found = learnt()
    assert found["the film was lovely ."] == pytest.approx((0.4, 0.6))
    assert found["what a dull room"] == pytest.approx((0.9, 0.1))
    assert found["A fine film it is indeed."] == pytest.approx((0.8, 0.2))
    assert found[mixed.train[2].text] == (0, 1)  # too long to ask about
    assert learnt() == found
    assert len(asked) == 1  # the second time its opinions are read from the file


def test_without_its_packages_the_teacher_says_what_to_install() -> None:
    if teacher.installed():
        pytest.skip("the teacher's packages are installed")
    with pytest.raises(InputError, match="transformers"):
        teacher.Teacher(("negative", "positive"))
