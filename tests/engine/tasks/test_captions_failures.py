"""Which words of a caption count as wrong, and what is quoted."""

from __future__ import annotations

from pathlib import Path

import pytest

from engine.tasks import failures as failure_files
from engine.tasks.captions import failures
from engine.tasks.captions.failures import KINDS, collect


def people(*sentences: str) -> list[tuple[str, ...]]:
    return [tuple(sentence.split()) for sentence in sentences]


def only(kind: str, text: str, *sentences: str) -> tuple[int, int]:
    """Captions with a word of the kind, and wrong ones among them, of one photo."""
    found = collect([tuple(text.split())], [people(*sentences)])
    share = next((k for k in found.kinds if k.name == kind), None)
    return (share.n, share.errors) if share else (0, 0)


@pytest.mark.parametrize(
    ("kind", "text", "sentences", "expected"),
    [
        ("gender", "a man runs", ("a lady runs", "she runs"), (1, 1)),
        ("gender", "a man runs", ("a lady runs", "a boy runs"), (1, 0)),
        ("gender", "a man runs", ("someone runs",), (0, 0)),
        ("animal", "a puppy runs", ("two dogs run",), (1, 0)),
        ("animal", "a cat runs", ("two dogs run",), (1, 1)),
        ("colour", "a red ball", ("a maroon ball",), (1, 0)),
        ("activity", "a dog is running", ("a dog jumps",), (1, 1)),
        ("place", "a dog in the snow", ("a dog on ice",), (1, 0)),
        ("number", "a dog runs", ("two dogs run",), (1, 1)),
        ("number", "dogs on a field", ("two dogs on a field",), (0, 0)),
    ],
)
def test_a_word_is_wrong_when_nobody_agrees(
    kind: str, text: str, sentences: tuple[str, ...], expected: tuple[int, int]
) -> None:
    assert only(kind, text, *sentences) == expected


def test_a_caption_counts_once_however_much_of_it_is_wrong() -> None:
    found = collect(
        [("a", "black", "dog"), ("a", "man")],
        [people(*["two white cats"] * 3), people("a man")],
    )
    assert (found.everything.n, found.everything.errors) == (2, 1)


def test_what_most_agree_on_is_quoted_and_no_sentence_twice() -> None:
    text = [("a", "black", "dog")] * 2 + [("a", "man", "sits")]
    others = [people(*["a white dog"] * 5)] * 2 + [people("a woman sits", "a man stands")]
    found = collect(text, others)
    (quote,) = found.quotes
    assert (quote.kind, quote.wrong, quote.people) == ("colour", "black", 5)
    assert quote.instead[0] == ("white", 5)


def test_what_is_written_is_read_again(tmp_path: Path) -> None:
    found = collect([("a", "black", "dog")], [people(*["a white dog"] * 5)])
    path = failure_files.failures_path(tmp_path / "some.safetensors")
    failure_files.write(path, found)
    assert failures.read_failures(path) == found


def test_no_word_means_two_things_of_one_kind() -> None:
    for groups in KINDS.values():
        words = [word for group in groups for word in group]
        assert len(words) == len(set(words))
