"""Reading photos and sentences, words and their numbers, batches."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import torch

from engine.errors import InputError
from engine.models.captioner import PAD, START, STOP, UNKNOWN
from engine.tasks.captions.data import (
    LONGEST,
    SPECIAL_NAMES,
    Batches,
    Example,
    Vocabulary,
    learn_words,
    read,
    split,
)
from tests.engine.tasks.captions_small import corpus


@pytest.mark.parametrize(
    ("sentence", "words"),
    [
        ("A Dog runs .", ("a", "dog", "runs")),
        ("it's a black-and-white dog !", ("it's", "a", "black-and-white", "dog")),
        ('" Hello " - he_said', ("hello", "he", "said")),
        ("  ", ()),
    ],
)
def test_sentences_are_words_without_signs(sentence: str, words: tuple[str, ...]) -> None:
    assert split(sentence) == words


def test_a_folder_is_read_by_part(tmp_path: Path) -> None:
    folder = corpus(tmp_path / "photos")
    train, dev = read(folder, "train"), read(folder, "dev")
    assert (len(train), len(dev), len(read(folder))) == (6, 3, 9)
    assert dev[0].image == folder / "images" / "red2.jpg"
    assert dev[0].sentences[0] == ("a", "red", "square")
    assert {len(e.sentences) for e in train} == {5}


def test_a_folder_that_cannot_be_used_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="captions"):
        read(tmp_path)
    folder = corpus(tmp_path / "photos")
    (folder / "images" / "red0.jpg").unlink()
    with pytest.raises(InputError, match="red0"):
        read(folder)
    (folder / "captions.csv").write_text("image,caption\n", encoding="utf-8")
    with pytest.raises(InputError, match="no photos"):
        read(folder)
    (folder / "captions.csv").write_bytes(b"image,caption\nred1.jpg,\xff\n")
    with pytest.raises(InputError, match="table"):
        read(folder)
    (folder / "captions.csv").write_text("image,text\nred1.jpg,red\n", encoding="utf-8")
    with pytest.raises(InputError, match="table"):
        read(folder)


def test_names_in_the_table_stay_in_the_folder(tmp_path: Path) -> None:
    folder = corpus(tmp_path / "photos")
    (tmp_path / "secret.jpg").write_bytes(b"")
    table = "image,caption\n../../secret.jpg,a secret\n"
    (folder / "captions.csv").write_text(table, encoding="utf-8")
    with pytest.raises(InputError, match="does not exist"):
        read(folder)


def test_the_vocabulary_holds_what_is_used_often() -> None:
    examples = [Example(Path("x"), (("a", "dog"), ("a", "cat"))), Example(Path("y"), (("a",),))]
    assert learn_words(examples, rare=1) == [*SPECIAL_NAMES, "a", "cat", "dog"]
    assert learn_words(examples, rare=2) == [*SPECIAL_NAMES, "a"]


def test_words_become_numbers_and_words_again() -> None:
    vocabulary = Vocabulary([*SPECIAL_NAMES, "a", "dog"])
    assert vocabulary.encode(("a", "dog", "unicorn", "[STOP]")) == [4, 5, UNKNOWN, UNKNOWN]
    assert vocabulary.decode([4, UNKNOWN, 5, STOP, 4]) == ("a", "dog")
    table = vocabulary.table([("a", "dog"), ("a",)])
    assert table.T.tolist() == [[START, 4, 5, STOP], [START, 4, STOP, PAD]]
    assert len(vocabulary.table([["a"] * 50])) == LONGEST + 2


def batches(seed: int = 0) -> Batches:
    sentences = [(("a",), ("dog",)) for _ in range(7)]
    maps = np.arange(2 * 7).reshape(2, 7, 1, 1) * np.ones((2, 7, 49, 208))
    vocabulary = Vocabulary([*SPECIAL_NAMES, "a", "dog"])
    return Batches(maps, sentences, vocabulary, 3, seed, torch.device("cpu"))


def test_a_batch_is_a_function_of_its_step() -> None:
    first, again, other = batches()(1), batches()(1), batches(1)(1)
    assert torch.equal(first.feature_maps, again.feature_maps)
    assert not torch.equal(first.feature_maps, other.feature_maps)
    assert first.feature_maps.shape == (3, 49, 208)
    assert first.words.T.tolist() == [[START, 4, STOP], [START, 5, STOP]] * 3


def test_an_epoch_takes_no_photo_twice_and_forms_vary() -> None:
    own = batches()
    assert own.per_epoch == 2
    photos = [p for step in range(2) for _, p in own.photos(step)]
    assert len(set(photos)) == 6
    assert {form for step in range(20) for form, _ in own.photos(step)} == {0, 1}
