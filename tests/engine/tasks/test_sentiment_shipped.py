"""The sentiment models as shipped: what the lecture, the probes and the cards ask of them."""

import csv
import time
from functools import cache

import numpy as np
import pytest
from torch import Tensor

from engine import checkpoints
from engine.cells import LSTMCell, State
from engine.checkpoints import Header
from engine.results import Floats
from engine.tasks.sentiment import PROBES, RECIPES, SentimentPredictor, load, read_failures
from engine.tasks.sentiment.data import COMPOSITION, CORPORA
from engine.tasks.sentiment.evaluation import evaluate_probes
from engine.tasks.sentiment.recipe import COMPARED
from tests.project import ROOT

MODELS = ROOT / "assets" / "models"
LANGUAGES = pytest.mark.parametrize("language", ["en", "vi"])
COMPOSED = {
    "sentiment-en": 30,
    "sentiment-en-forward": 34,
    "sentiment-vi": 27,
    "sentiment-vi-forward": 34,
}
"""Composition probes of 40 that the models trained on composed texts answer at least."""

LECTURE = [
    ("en", "The food was really good", "positive"),
    ("vi", "Thức ăn rất ngon", "positive"),
    ("vi", "Máy hút bụi bị hỏng trong vòng hai tuần", "negative"),
    ("vi", "Bộ phim có những phần buồn tẻ, nhưng tổng thể là rất đáng xem", "positive"),
]


PRIOR = {"en": (0.45, 0.55), "vi": (0.38, 0.08, 0.54)}
"""Shares of the labels in the training texts, each corpus as often as it counts."""


@cache
def shipped() -> dict[str, Header]:
    return {header.name: header for header in checkpoints.index(MODELS)}


@cache
def flagship(language: str) -> SentimentPredictor:
    return load(MODELS / f"sentiment-{language}.safetensors")


@cache
def forward(language: str) -> SentimentPredictor:
    return load(MODELS / f"sentiment-{language}-forward.safetensors")


NEUTRAL = {
    "en": [
        *("The neighbour", "My uncle", "This parcel", "We drove", "It has"),
        *("She said", "Last winter", "The second", "There were", "On Thursday"),
    ],
    "vi": [
        *("Ông hàng xóm", "Cậu tôi", "Bưu kiện", "Chúng tôi lái", "Nó có"),
        *("Cô ấy", "Mùa đông", "Thứ năm", "Bộ phim", "Chiếc xe"),
    ],
}
"""Beginnings that say nothing yet."""


def positive(model: SentimentPredictor, probabilities: Floats) -> float:
    """P(positive) among the two signs."""
    signs = [probabilities[model.labels.index(label)] for label in ("negative", "positive")]
    return float(signs[1] / sum(signs))


def test_every_recipe_is_shipped_and_nothing_else() -> None:
    assert {name for name in shipped() if name.startswith("sentiment")} == set(RECIPES)


@pytest.mark.parametrize(("language", "sentence", "label"), LECTURE)
def test_the_lectures_sentences_come_out_right(language: str, sentence: str, label: str) -> None:
    for model in (flagship(language), forward(language)):
        (verdict,) = model.classify([sentence])
        assert verdict.label == label
        assert not verdict.uncertain


@pytest.mark.parametrize(
    ("language", "low", "turn", "below"),
    [("en", 5, 8, -0.5), ("vi", 7, 10, -0.2)],
)
def test_the_line_falls_at_dull_and_turns_at_worth_watching(
    language: str, low: int, turn: int, below: float
) -> None:
    """Slide 7. Words 1 to `low` end with "dull"; from word `turn` on the praise begins."""
    sentence = {
        "en": "The film has its dull parts, but on the whole it is well worth watching",
        "vi": "Bộ phim có những phần buồn tẻ, nhưng tổng thể là rất đáng xem",
    }[language]
    reading = forward(language).read(sentence)
    assert reading.computed is None
    course = reading.course()
    words = np.cumsum([not piece.continues for piece in reading.pieces])
    assert abs(course[words <= 2]).max() < 0.5  # "The film"
    fallen = course[(words >= low) & (words < turn)]
    assert fallen.min() < below
    assert course[-1] > 0.5
    assert np.diff(course[words >= turn]).max() > 0.1


@LANGUAGES
def test_what_has_said_nothing_yet_is_uncertain(language: str) -> None:
    prior = positive(forward(language), np.array(PRIOR[language]))
    answers = [
        positive(forward(language), answer)
        for beginning in NEUTRAL[language]
        for answer in forward(language).read(beginning).after[:2]
    ]
    assert len(answers) == 20
    assert sum(abs(answer - prior) <= 0.25 for answer in answers) >= {"en": 19, "vi": 20}[language]
    assert all(abs(answer - prior) <= 0.28 for answer in answers)


@pytest.mark.parametrize("name", COMPOSED)
def test_the_recipe_is_the_one_that_made_the_file(name: str) -> None:
    assert shipped()[name].recipe == RECIPES[name].summary()


@pytest.mark.parametrize(("name", "least"), COMPOSED.items())
def test_composition_probes(name: str, least: int) -> None:
    model = load(MODELS / f"{name}.safetensors")
    passed = sum(right for _, right in evaluate_probes(model, COMPOSITION))
    message = model.header.metrics["composition probes"]
    assert message == {"passed": passed, "n": len(COMPOSITION[model.language])}
    assert passed >= least


@LANGUAGES
def test_the_answer_so_far_is_the_answer_to_the_beginning(language: str) -> None:
    """One pass gives what reading each beginning anew would give."""
    model, text = forward(language), LECTURE[0 if language == "en" else 3][1]
    reading = model.read(text)
    for n, piece in enumerate(reading.pieces):
        if n + 1 == len(reading.pieces) or not reading.pieces[n + 1].continues:
            (verdict,) = model.classify([text[: piece.end]])
            assert reading.after[n] == pytest.approx(verdict.probabilities, abs=1e-5)


@LANGUAGES
def test_behavioural_probes(language: str) -> None:
    passed = sum(right for _, right in evaluate_probes(flagship(language)))
    message = shipped()[f"sentiment-{language}"].metrics["behavioural probes"]
    assert message == {"passed": passed, "n": len(PROBES[language])}
    assert passed >= 33


@LANGUAGES
def test_confidence_means_what_it_says(language: str) -> None:
    assert shipped()[f"sentiment-{language}"].metrics["all dev texts"]["ece"] <= 0.05


@LANGUAGES
def test_without_accents_with_slips_and_with_emoji(language: str) -> None:
    texts = {
        "en": [("The fodo was realy good", "positive"), ("The soup 🤮", "negative")],
        "vi": [("thuc an rat ngon", "positive"), ("Bát phở này 🤮", "negative")],
    }[language]
    verdicts = flagship(language).classify([text for text, _ in texts])
    assert [v.label for v in verdicts] == [label for _, label in texts]


def test_the_comparison_models_are_small_and_all_alike() -> None:
    sizes = {name: header.size for name, header in shipped().items() if name in COMPARED}
    assert len(sizes) == 18
    assert max(sizes.values()) <= 1_000_000
    mine = [header.size for header in shipped().values() if header.model == "sentiment"]
    assert sum(mine) <= 15_000_000


@LANGUAGES
def test_the_table_holds_three_seeds_of_each(language: str) -> None:
    with (MODELS / "sentiment-pooling.csv").open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["language"] == language]
    kinds = {(row["cell"], row["pooling"], row["seed"]) for row in rows}
    assert len(kinds) == len(rows) == 27
    for row in rows:
        name = f"sentiment-{language}-{row['cell']}-{row['pooling']}"
        header = shipped()[name]
        if row["seed"] == str(header.seed):
            assert float(row["accuracy"]) == header.metrics["all dev texts"]["accuracy"]


@LANGUAGES
def test_misread_texts_are_quoted_from_open_corpora_only(language: str) -> None:
    found = read_failures(MODELS / f"sentiment-{language}.failures.json")
    message = shipped()[f"sentiment-{language}"].metrics["all dev texts"]
    assert found.everything.n == message["n"]
    assert found.everything.rate == pytest.approx(1 - message["accuracy"], abs=1e-4)
    quotable = {corpus.folder for corpus in CORPORA[language] if corpus.quotable}
    assert found.quotes
    assert {quote.corpus for quote in found.quotes} <= quotable
    for quote in found.quotes:
        (verdict,) = flagship(language).classify([quote.text])
        assert verdict.label != quote.label


def long_text(language: str, tokens: int) -> str:
    """A text of so many tokens, of the lecture's sentences and probes."""
    sentences = [sentence for code, sentence, _ in LECTURE if code == language]
    sentences += [probe.text for probe in PROBES[language]]
    text = ". ".join(sentences * 20)
    _, pieces, _ = flagship(language).encode(text)
    return text[: pieces[tokens - 1].end]


@LANGUAGES
def test_a_short_text_is_read_as_if_each_beginning_were_a_text(language: str) -> None:
    model, text = flagship(language), long_text(language, 64)
    reading, found = model.read(text), model.influence(text)
    assert reading.computed is None
    beginnings = [text[: piece.end] for piece in reading.pieces]
    anew = [v.probabilities for v in model.classify(beginnings)]
    same = [model.encode(b)[1] == reading.pieces[: n + 1] for n, b in enumerate(beginnings)]
    assert sum(same) > 40  # half a word may be cut into other pieces than in the text
    for n in range(64):
        if same[n]:
            assert reading.after[n] == pytest.approx(anew[n], abs=1e-5)
    assert found.measured == len(found.words)
    margins = model.logits([text])[0]
    assert found.margin == pytest.approx(margins[-1] - margins[0], abs=1e-5)
    word = found.words[3]
    less = model.logits([text[: word.start] + text[word.end :]])[0]
    assert found.shifts[3] == pytest.approx(found.margin - (less[-1] - less[0]), abs=1e-5)


@LANGUAGES
def test_a_long_text_takes_a_bounded_number_of_steps(
    language: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    model, rows, step = flagship(language), [0], LSTMCell.forward

    def counted(cell: LSTMCell, x: Tensor, state: State) -> tuple[Tensor, State]:
        rows[0] += len(state[0])
        return step(cell, x, state)

    monkeypatch.setattr(LSTMCell, "forward", counted)
    text = long_text(language, 1000)
    reading = model.read(text)
    assert rows[0] <= 65_000  # 500,000 if each beginning were read
    assert reading.computed is not None
    assert {*range(1, 100), 1000} <= {*reading.computed}
    (verdict,) = model.classify([text])
    assert reading.after[-1] == pytest.approx(verdict.probabilities, abs=1e-5)
    assert reading.after.sum(1) == pytest.approx(np.ones(1000))
    rows[0] = 0
    found = model.influence(text)
    assert rows[0] <= 310_000
    assert found.measured == 300 < len(found.words)
    # The words that were left out are the strongest: of a few of the others none is stronger.
    left = np.flatnonzero(np.isnan(found.shifts))[::60]
    least = np.nanquantile(np.abs(found.shifts), 0.9)
    for k in left:
        word = found.words[k]
        less = model.logits([text[: word.start] + text[word.end :]])[0]
        assert abs(found.margin - (less[-1] - less[0])) < max(least, 0.05)


@pytest.mark.slow
@LANGUAGES
def test_a_thousand_tokens_are_shown_in_a_second_and_all_in_five(language: str) -> None:
    model, text = flagship(language), long_text(language, 1000)
    started = time.process_time()
    model.read(text)
    assert time.process_time() - started <= 1
    model.influence(text)
    assert time.process_time() - started <= 5


@pytest.mark.slow
@LANGUAGES
def test_a_thousand_sentences_in_ten_seconds(language: str) -> None:
    text = {code: sentence for code, sentence, _ in LECTURE}[language]
    model = flagship(language)
    started = time.perf_counter()
    assert len(list(model.classify([f"{text} {n}" for n in range(1000)]))) == 1000
    assert time.perf_counter() - started <= 10
