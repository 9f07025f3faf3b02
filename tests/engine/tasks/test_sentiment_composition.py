"""Composed training texts: what the templates give, and that nothing of the probes is among it."""

import random
import re
from dataclasses import replace

import numpy as np
import pytest
import torch

from engine.language import lexicon
from engine.models.sentiment import SentimentModel, TextBatch
from engine.padding import pad_rows
from engine.tasks.sentiment import composition
from engine.tasks.sentiment.data import COMPOSITION, LABELS, PROBES, Corpora, Corpus, Example
from engine.tasks.sentiment.recipe import RECIPES
from pages.shared.slides import FILM, FOOD, VACUUM

LANGUAGES = pytest.mark.parametrize("language", ["en", "vi"])
GRAMMAR = {"was", "isnt", "not", "scope", "so", "plain", "very", "spell", "look", "lead"}
"""Word lists that are no nouns, judgements or facts."""


def measured(language: str) -> list[str]:
    """Texts that the models are judged by, in lower case."""
    probes = (*PROBES[language], *COMPOSITION[language])
    lecture = (FOOD[language], VACUUM[language], FILM[language])
    return [text.lower() for text in (*(probe.text for probe in probes), *lecture)]


@LANGUAGES
def test_no_noun_judgement_or_fact_occurs_in_a_probe(language: str) -> None:
    judged = " ".join(probe.text.lower() for probe in (*PROBES[language], *COMPOSITION[language]))
    words = lexicon.read(language, "composition")["words"]
    found = [
        entry
        for name, entries in words.items()
        if name not in GRAMMAR
        for entry in entries
        if re.search(rf"(?<!\w){re.escape(entry.lower())}(?!\w)", judged)
    ]
    assert not found
    assert len(COMPOSITION[language]) == len(PROBES[language]) == 40


@LANGUAGES
def test_pairs_are_labelled_alike_often_and_filled_alike(language: str) -> None:
    made = list(composition.composed(language, 400, random.Random(0)))
    positive = [example.text for example in made[::2]]
    assert len(made) == 800
    assert len(set(positive)) > 300
    labels = LABELS[language]
    for k, label in enumerate(("positive", "negative")):
        best = {max(zip(e.probabilities, labels, strict=True))[1] for e in made[k::2]}
        assert best == {label}
    assert not [e.text for e in made if re.search(r"[{}|]", e.text)]
    shared = [
        {*one.text.lower().split()} & {*other.text.lower().split()}
        for one, other in zip(made[::2], made[1::2], strict=True)
    ]
    assert sum(bool(words) for words in shared) > 0.8 * len(shared)


@LANGUAGES
def test_no_text_that_models_are_judged_by_is_made(language: str) -> None:
    generator = random.Random(1)
    made = list(composition.composed(language, 1_000, generator))
    made += composition.neutral(language, (0.5,) * len(LABELS[language]), 300, generator)
    plain = {re.sub(r"\W", "", example.text.lower()) for example in made}
    assert not plain & {re.sub(r"\W", "", text) for text in measured(language)}


def test_corpora_and_their_sentences_are_rehearsed_by_answer() -> None:
    texts = [f"text number {n}" + " and so on" * 20 * (n >= 32) for n in range(40)]
    examples = [Example(t, ("negative", "positive")[n % 4 > 0]) for n, t in enumerate(texts)]
    review = Example("A slow start it has. The rest is quick enough." + " word" * 40, "negative")
    train = {"a": examples, "en_imdb_short": [review]}
    corpora = Corpora(train, {}, [Corpus("a", "", ""), Corpus("en_imdb_short", "", "")])
    recipe = replace(
        RECIPES["sentiment-en"],
        composed=3,
        neutral=2,
        rehearsed=(30, 5, 2),
        contrasts=0,
        emoji=0,
        typing_errors=0.0,
    )
    asked: list[str] = []

    def answers(texts: list[str]) -> np.ndarray:
        asked.extend(texts)
        return np.array([[0.01 * k, 1 - 0.01 * k] for k in range(len(texts))])

    made = composition.mixture(recipe, corpora, answers, seed=0)  # type: ignore[arg-type]
    rehearsed = 30 + 5 + 2  # of the review's sentences the third is too long
    assert [example.text for example in made[:rehearsed]] == asked
    assert sum(text.count(" ") > 30 for text in asked) == 5
    assert set(asked[-2:]) == {"A slow start it has.", "The rest is quick enough."}
    assert len(made) == rehearsed + 6 + 2 + 2
    assert made[7].probabilities == pytest.approx((0.07, 0.93))
    assert made[rehearsed + 6].probabilities == pytest.approx((11 / 41, 30 / 41))


def test_the_loss_of_beginnings_is_the_mean_over_steps_that_late_ones_lead() -> None:
    model = SentimentModel(20, 2, 6, 5, pooling="last", prefixes=1.0).eval()
    texts, targets = [[3, 4, 5], [6, 7]], torch.tensor([[0.1, 0.9], [1.0, 0.0]])
    model.requires_grad_(False)
    expected = []
    for ids, target in zip(texts, targets, strict=True):
        losses = [
            -(model(torch.tensor(ids[:t]).unsqueeze(1)).logits.log_softmax(-1)[0] * target).sum()
            * t
            for t in range(1, len(ids) + 1)
        ]
        expected.append(sum(losses) / sum(range(1, len(ids) + 1)))
    padded, lengths = pad_rows(texts, torch.device("cpu"))
    loss, _ = model.loss(TextBatch(padded, lengths, targets))
    assert loss.item() == pytest.approx(float(sum(expected)) / 2, rel=1e-5)


def test_answers_after_every_step_need_one_direction() -> None:
    with pytest.raises(ValueError, match="one direction"):
        SentimentModel(20, 2, bidirectional=True, prefixes=0.5)
