"""Where a model fails: kinds of text, shares by hand, quotes only where terms allow them."""

from pathlib import Path

import numpy as np
import pytest

from engine.results import ErrorShare, Failures, Misread
from engine.tasks import failures as failure_files
from engine.tasks.sentiment import failures
from engine.tasks.sentiment.data import Corpora, Corpus, Example


@pytest.mark.parametrize(
    ("text", "language", "expected"),
    [
        ("The food wasn't bad but it was cold in there", "en", ("negation", "contrast")),
        ("I dont like it as much as the other place", "en", ("negation",)),
        ("A better film than the book, is it?", "en", ("comparison", "question")),
        ("Nhưng quán này đẹp hơn quán kia nhiều lắm", "vi", ("contrast", "comparison")),
        ("quan nay rat ngon va re tien", "vi", ("no accents",)),
        ("Không", "vi", ("negation", "short")),
        ("well " * 90, "en", ("long",)),
        ("so lovely a place for all of us 😍", "en", ("emoji",)),
        ("The rooms are large and the staff kind", "en", ("plain",)),
    ],
)
def test_kinds(text: str, language: str, expected: tuple[str, ...]) -> None:
    assert failures.kinds(text, language) == expected


def collected() -> Failures:
    texts = [
        Example("it was not good for any of us", "positive"),
        Example("a fine place for all of us", "negative"),
        Example("the rooms are dull and the staff rude", "negative"),
    ]
    open_set = Corpus("en_uci_yelp", "UCI", "CC BY 4.0", quotable=True)
    corpora = Corpora(
        {}, {"en_uci_yelp": texts, "en_sst2": texts[:1]}, [open_set, Corpus("en_sst2", "", "")]
    )
    says = np.array([[0.9, 0.1], [0.4, 0.6], [0.7, 0.3]])
    found = {"en_uci_yelp": says, "en_sst2": says[:1]}
    return failures.collect(corpora, found, ("negative", "positive"), "en")


def test_shares_by_hand_and_quotes_only_from_open_corpora() -> None:
    found = collected()
    assert found.everything == ErrorShare("all", 4, 3)
    assert set(found.kinds) == {ErrorShare("negation", 2, 2), ErrorShare("plain", 2, 1)}
    assert [quote.text for quote in found.quotes] == [
        "it was not good for any of us",  # the surest mistake first
        "a fine place for all of us",
    ]
    assert found.quotes[0] == Misread(
        "it was not good for any of us",
        "positive",
        ("negation",),
        "en_uci_yelp",
        "UCI",
        "CC BY 4.0",
    )


def test_what_is_written_is_read_again(tmp_path: Path) -> None:
    path = failure_files.failures_path(tmp_path / "sentiment-en.safetensors")
    assert path.name == "sentiment-en.failures.json"
    failure_files.write(path, collected())
    assert failures.read_failures(path) == collected()
