"""Rows become answers, answers a score and a file, on classifiers whose numbers are known."""

from __future__ import annotations

import csv
import io

import numpy as np
import pytest

from engine.errors import InputError
from engine.tasks.sentiment.data import Example
from engine.tasks.sentiment.evaluation import evaluate_probabilities
from pages.parts.sentiment.batch import (
    READABLE,
    Batch,
    checked_text,
    read_rows,
)
from pages.parts.sentiment.many import csv_file, headings, records
from pages.parts.sentiment.scores import answer_among, counts, score
from pages.parts.sentiment.tables import Row, parse_labels
from pages.shared.text import displayed, harmless
from tests.pages.fake_sentiment_predictor import FakeSentimentPredictor

MODELS = {language: FakeSentimentPredictor(f"sentiment-{language}") for language in READABLE}


def read_all(found: list[Row], forced: str | None = None) -> Batch:
    batch = Batch(tuple(found), forced)
    for chunk in read_rows(found, range(len(found)), forced, MODELS):  # type: ignore[arg-type]
        batch.keep(chunk)
    return batch


CELLS = {
    "long": ("a" * 100_000, "This text has 100,000 characters"),
    "emoji": ("😀🎉", "no words"),
    "arabic": ("الطعام كان جيدًا حقًا", "script cannot be read"),
    "invisible": ("\u200b\u202e", "no text yet"),
}


@pytest.mark.parametrize(("cell", "words"), CELLS.values(), ids=CELLS)
def test_a_cell_that_cannot_be_read_is_named_and_the_others_go_on(cell: str, words: str) -> None:
    batch = read_all([Row(1, "good"), Row(2, cell), Row(3, "<b>dull</b> dull")])
    assert words in str(batch.answers[1].fault)
    assert batch.answers[1].verdict is None
    assert [batch.answers[k].verdict.label for k in (0, 2)] == ["positive", "negative"]  # type: ignore[union-attr]


def test_each_row_goes_to_its_languages_model() -> None:
    mixed = [Row(1, "The food was good"), Row(2, "Món ăn ngon"), Row(3, "It broke")] * 50
    batch = read_all(mixed)
    assert [batch.answers[k].language for k in range(3)] == ["en", "vi", "en"]
    assert not batch.left
    for place, row in enumerate(mixed):
        language = batch.answers[place].language or ""
        alone = MODELS[language].read(row.text).verdict
        verdict = batch.answers[place].verdict
        assert verdict is not None
        assert verdict.probabilities.tolist() == alone.probabilities.tolist()
    assert {a.language for a in read_all(mixed, "vi").answers.values()} == {"vi"}


def test_a_respelt_row_keeps_its_text_and_says_how_it_was_read() -> None:
    batch = read_all([Row(1, "quán tuyệt zời"), Row(2, "rất ngon")], "vi")
    first, second = records(batch.rows, batch.answers, None, str)
    assert (first["text"], first["read"]) == ("quán tuyệt zời", "quán tuyệt vời")
    assert second["read"] is None


def test_rows_of_like_length_are_read_together() -> None:
    found = [Row(k, "good " * (1 + k % 2 * 50)) for k in range(128)]
    first, second = read_rows(found, range(128), "en", MODELS)  # type: ignore[arg-type]
    assert {k % 2 for k in first.answers} == {0}
    assert {k % 2 for k in second.answers} == {1}


def test_a_missing_model_is_said_in_its_rows_only() -> None:
    missing = InputError("The model {name} is not installed here.", name="sentiment-vi")
    known = {**MODELS, "vi": missing}
    both = [Row(1, "good"), Row(2, "rất ngon")]
    (chunk,) = read_rows(both, [0, 1], None, known)  # type: ignore[arg-type]
    assert chunk.answers[0].verdict is not None
    assert chunk.answers[1].fault is missing


def test_a_fault_of_the_row_comes_before_its_text() -> None:
    with pytest.raises(InputError, match="ragged"):
        checked_text(Row(1, "good", fault=InputError("ragged")))


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t=", " =", "＝", "\r", "\n"])
def test_no_cell_of_the_download_is_a_formula(start: str) -> None:
    cell = f'{start}HYPERLINK("https://x","y")'
    assert harmless(cell) == f"'{cell}"
    assert displayed(cell).startswith("\u00a0")
    found = read_all([Row(1, f"{cell} good")])
    record = records(found.rows, found.answers, None, str)
    written = csv_file(record, headings(str, labelled=False), "yes", "no").decode("utf-8-sig")
    assert next(csv.DictReader(io.StringIO(written, newline="")))["text"].startswith("'")


def test_what_is_no_formula_is_left_alone() -> None:
    assert harmless("1 - 1 = 0 @ home") == displayed("1 - 1 = 0 @ home") == "1 - 1 = 0 @ home"


def test_the_download_is_whole_and_opens_with_accents() -> None:
    given = [Row(2, 'Món ăn "ngon",\nrất ngon', "pos"), Row(3, "😀", "=1+1")]
    batch = read_all(given)
    scored = score(batch.answers, parse_labels([row.label for row in given]).values)
    found = records(given, batch.answers, scored, str)
    data = csv_file(found, headings(str, labelled=True), "yes", "no")
    assert data.startswith(b"\xef\xbb\xbf")
    first, second = csv.DictReader(io.StringIO(data.decode("utf-8-sig"), newline=""))
    assert first["text"] == given[0].text
    assert (first["row"], first["verdict"], first["correct"]) == ("2", "positive", "yes")
    assert (second["label"], second["correct"], second["verdict"]) == ("'=1+1", "", "")
    assert "no words" in second["note"]
    assert b"\xef\xbb\xbf" in data


def test_two_labels_make_a_model_with_three_answer_with_the_larger_of_the_two() -> None:
    texts = ["rất ngon", "tạm được thôi", "bị hỏng", "xem", "quán bị buồn"]
    words = ["positive", "negative", "negative", "positive", "positive"]
    batch = read_all([Row(k, text) for k, text in enumerate(texts)], "vi")
    ours = score(batch.answers, words)
    assert ours is not None
    verdicts = [batch.answers[k].verdict for k in range(len(texts))]
    table = [v.probabilities for v in verdicts if v is not None]
    theirs = evaluate_probabilities(
        np.array(table),
        ("negative", "neutral", "positive"),
        [Example(t, w) for t, w in zip(texts, words, strict=True)],
    )
    assert ours.accuracy == pytest.approx(theirs["accuracy"], abs=1e-4)
    assert ours.turned == sum(v is not None and v.label == "neutral" for v in verdicts) > 0
    three = score(batch.answers, [*words[:4], "neutral"])
    assert three is not None
    assert three.turned == 0


def test_a_label_the_model_cannot_give_counts_as_wrong() -> None:
    batch = read_all([Row(1, "good"), Row(2, "it is so so"), Row(3, "broke")], "en")
    found = score(batch.answers, ["positive", "neutral", "negative"])
    assert found is not None
    assert (found.beyond, found.table.hits, found.table.n) == (1, 2, 3)
    assert found.right == {0: True, 1: False, 2: True}


def test_rows_without_verdict_or_label_do_not_count() -> None:
    batch = read_all([Row(1, "good"), Row(2, "😀"), Row(3, "good")])
    found = score(batch.answers, [None, "positive", "positive"])
    assert found is not None
    assert (found.table.n, {*found.right}) == (1, {2})
    assert score(batch.answers, [None, "positive", None]) is None
    assert counts(batch.answers) == {"positive": 2}


def test_one_label_alone_restricts_nothing() -> None:
    verdict = MODELS["vi"].read("tạm").verdict
    assert answer_among(verdict, ["positive"]) == verdict.label == "neutral"
    assert answer_among(verdict, ["negative", "positive"]) == "positive"
