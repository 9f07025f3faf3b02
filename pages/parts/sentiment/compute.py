"""What the page asks of the engine, through the queue: nothing is computed here."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import streamlit as st

from engine.cells import CELLS
from engine.device import AUTO
from engine.figures import style
from engine.figures.sentiment import pooling as pooling_figures
from engine.results import Contributions, GradientProfile, Influence, Reading
from pages.parts.sentiment.ask import Question
from pages.shared import jobs, models
from pages.shared.text import literal, translator


@dataclass(frozen=True)
class Pooled:
    """How one small model's verdict adds up, and the margin that the model itself arrived at."""

    parts: Contributions
    margin: float


def small(language: str, cell: str, pooling: str) -> str:
    """The name of the small model of this cell and pooling (last, sum or both)."""
    return f"sentiment-{language}-{cell}-{pooling}"


def reading(question: Question, text: str, slot: str = "sentiment_reading") -> Reading:
    """The text as the chosen model reads it. A job, since a long text takes over 50 ms.

    What reads two texts in one run needs a `slot` for each, or one would cancel the other.
    """
    device = st.session_state.get("device", AUTO)
    classifier = models.sentiment(question.name, device)

    def work(stop: jobs.Stop) -> Iterator[Reading]:
        yield classifier.read(text, stop)

    return jobs.wait(jobs.start(slot, (question.name, device, text), work))[0]


def influence(question: Question, text: str) -> Influence:
    """What each word does to the chosen model's verdict: one more reading per word."""
    device = st.session_state.get("device", AUTO)
    classifier = models.sentiment(question.name, device)

    def work(stop: jobs.Stop) -> Iterator[Influence]:
        yield classifier.influence(text, stop)

    return jobs.wait(jobs.start("sentiment_influence", (question.name, device, text), work))[0]


def pooled(language: str, cell: str, text: str) -> list[Pooled]:
    """How the verdicts of the cell's three small models add up, one per pooling."""
    names = [small(language, cell, pooling) for pooling in pooling_figures.POOLINGS]
    classifiers = [models.sentiment(name) for name in names]

    def work(_stop: jobs.Stop) -> Iterator[Pooled]:
        for classifier in classifiers:
            parts = classifier.contributions(text)
            margin = pooling_figures.margin_from(parts.verdict, classifier.temperature)
            yield Pooled(parts, margin)

    return jobs.wait(jobs.start("sentiment_pooled", (*names, text), work))


def profiles(
    question: Question, text: str, label: str, pooling: str = "last"
) -> list[GradientProfile]:
    """The gradient of the loss of `label` in three small models of the text's language."""
    names = [small(question.language, cell, pooling) for cell in CELLS]
    classifiers = [models.sentiment(name) for name in names]

    def work(_stop: jobs.Stop) -> Iterator[GradientProfile]:
        return (classifier.gradients(text, label) for classifier in classifiers)

    return jobs.wait(jobs.start("sentiment_gradients", (*names, text, label), work))


def loss(reading: Reading, pooling: str = "last") -> str:
    """Which loss the gradients are of, as Markdown, and how it reaches the states."""
    _ = translator()
    if pooling == "sum":
        how = _(
            "Three small networks with about as many parameters each read your text from left to "
            "right and judge by the sum of all their states: besides the way through the later "
            "states, every state has its own direct way to the loss."
        )
    else:
        how = _(
            "Three small networks with about as many parameters each read your text from left to "
            "right and judge by their last state: the loss reaches the earlier states only "
            "through the later ones."
        )
    label = literal(style.label_name(reading.verdict.label, _))
    what = _("e = −log P({label}) is the loss as if “{label}” were the right answer.")
    return f"{how} {what.format(label=label)}"
