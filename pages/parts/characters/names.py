"""What the models are called on the page, and which prompt shows each at its best."""

from __future__ import annotations

from engine.cells import CELLS
from engine.errors import N_

MODELS = {
    "chars-shakespeare": N_("Shakespeare"),
    "chars-tolstoy": N_("Tolstoy, War and Peace"),
    "chars-kieu": N_("Truyện Kiều, verse"),
    "chars-vi-news": N_("Vietnamese news"),
    "chars-shakespeare-rnn": N_("Shakespeare, small RNN"),
    "chars-shakespeare-lstm": N_("Shakespeare, small LSTM"),
    "chars-shakespeare-gru": N_("Shakespeare, small GRU"),
    "chars-kieu-rnn": N_("Truyện Kiều, small RNN"),
    "chars-kieu-lstm": N_("Truyện Kiều, small LSTM"),
    "chars-kieu-gru": N_("Truyện Kiều, small GRU"),
    "chars-tolstoy-lstm": N_("Tolstoy, small LSTM"),
}

PROMPTS = {
    "shakespeare": "ROMEO:\n",
    "tolstoy": "Prince Andrew ",
    "kieu": "Trăm năm trong cõi người ta,\n",
    "vi": "Hôm nay, ",
}
"""By the corpus in the model's name."""


def corpus(model: str) -> str:
    """What the model has read: `chars-kieu-gru` -> kieu."""
    return model.split("-")[1]


def small(model: str) -> list[str]:
    """The small models that have read the same, one per cell; some corpora have none or one."""
    named = [f"chars-{corpus(model)}-{cell}" for cell in CELLS]
    return [name for name in named if name in MODELS]


def prompt(model: str) -> str:
    return PROMPTS[corpus(model)]
