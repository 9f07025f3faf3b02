"""The gradient panel of this page: three small networks, and which pooling they judge by."""

from __future__ import annotations

import streamlit as st

from engine.figures.sentiment.pooling import title
from engine.results import GradientProfile, Reading
from pages.parts.sentiment import compute
from pages.parts.sentiment.ask import Question
from pages.shared import gradient_panel, links
from pages.shared.text import translator

POOLING = "sentiment_pooling"
CHOICES = ("last", "sum")
"""Slides 51 and 52. Slide 53's two directions have two ends: no lag to count from."""


def draw(question: Question, text: str, reading: Reading) -> list[GradientProfile]:
    """Draws the panel and returns what it shows."""
    pooling = links.choice(POOLING, CHOICES, "last")
    profiles = compute.profiles(question, text, reading.verdict.label, pooling)
    loss = compute.loss(reading, pooling)
    gradient_panel.draw(profiles, "sentiment_gradient", loss, choose=_choose)
    return profiles


def _choose() -> None:
    """What the networks judge by: the lesson of slide 52."""
    _ = translator()
    st.segmented_control(
        _("Pooling"),
        CHOICES,
        key=POOLING,
        format_func=lambda pooling: title(pooling, _),
        required=True,
        label_visibility="collapsed",
    )
