"""What the page asks of the engine, through the queue: nothing is computed here."""

from __future__ import annotations

from collections.abc import Iterator

import streamlit as st

from engine.device import AUTO
from engine.figures import style
from engine.results import GradientProfile, Reading
from pages.parts.sentiment.ask import CELLS, Question
from pages.shared import jobs, models
from pages.shared.text import literal, translator


def reading(question: Question, text: str) -> Reading:
    """The text as the chosen model reads it. A job, since a long text takes over 50 ms."""
    device = st.session_state.get("device", AUTO)
    classifier = models.sentiment(question.name, device)

    def work(stop: jobs.Stop) -> Iterator[Reading]:
        yield classifier.read(text, stop)

    return jobs.wait(jobs.start("sentiment_reading", (question.name, device, text), work))[0]


def profiles(question: Question, text: str, label: str) -> list[GradientProfile]:
    """The gradient of the loss of `label` in three small models of the text's language."""
    names = [f"sentiment-{question.language}-{cell}" for cell in CELLS]
    classifiers = [models.sentiment(name) for name in names]

    def work(_stop: jobs.Stop) -> Iterator[GradientProfile]:
        return (classifier.gradients(text, label) for classifier in classifiers)

    return jobs.wait(jobs.start("sentiment_gradients", (*names, text, label), work))


def loss(reading: Reading) -> str:
    """Which loss the gradients are of, as Markdown."""
    _ = translator()
    label = style.label_name(reading.verdict.label, _)
    return _(
        "Three small networks of the same size read your text from left to right and judge by "
        "their last state. e = −log P({label}) is the loss as if “{label}” were the right answer."
    ).format(label=literal(label))
