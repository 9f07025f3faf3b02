"""The trained models, each loaded once per process and shared by all sessions.

The only place with `st.cache_*`. What it hands out is read by many threads at once: weights are
frozen and in evaluation mode, nothing is stored on them, and no page ever trains one.
"""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Any

import streamlit as st

from engine import checkpoints
from engine.checkpoints import Header
from engine.errors import N_, InputError
from engine.results import (
    CaptionFailures,
    Failures,
    LearningCurve,
    LengthScores,
    TranslationFailures,
)
from engine.tasks import captions as captions_task
from engine.tasks import characters as characters_task
from engine.tasks import sentiment as sentiment_task
from engine.tasks import translation as translation_task
from engine.tasks.captions import CaptionPredictor, PhotoFeatures
from engine.tasks.characters import TextGenerator
from engine.tasks.sentiment import SentimentPredictor
from engine.tasks.translation import TranslationPredictor

FOLDER = Path(__file__).resolve().parents[2] / "assets" / "models"


@st.cache_resource(show_spinner=False)
def index() -> dict[str, Header]:
    """Every shipped model by name; reads headers only."""
    return {header.name: header for header in checkpoints.index(FOLDER)}


def _installed(name: str) -> Path:
    """The file of the shipped model `name`."""
    if name not in index():
        raise InputError(N_("The model {name} is not installed here."), name=name)
    return index()[name].path


@st.cache_resource(show_spinner=False, max_entries=16)
def sentiment(name: str, device: str = "cpu") -> SentimentPredictor:
    """The classifier `name` on `device`; InputError when it is not among the shipped ones."""
    return sentiment_task.load(_installed(name), device)


def characters_headers() -> dict[str, Header]:
    """The shipped character models by name."""
    return {name: header for name, header in index().items() if header.model == "characters"}


@st.cache_resource(show_spinner=False, max_entries=24)
def characters(name: str, moment: int | None = None) -> TextGenerator:
    """The character model `name`, or as it was at iteration `moment`; InputError when it is not
    among the shipped ones."""
    return characters_task.load(_installed(name), moment=moment)


def characters_curve(name: str) -> LearningCurve | None:
    """The losses of the character model `name` as it learnt; None where nobody kept them."""
    return characters_task.curve(index()[name].path)


@st.cache_resource(show_spinner=False, max_entries=8)
def captions(name: str, device: str = "cpu") -> CaptionPredictor:
    """The captioner `name` on `device`; InputError when it is not among the shipped ones."""
    return captions_task.load(_installed(name), device)


def captions_headers() -> dict[str, Header]:
    """The shipped captioners by name."""
    return {name: header for name, header in index().items() if header.model == "captions"}


def photo_features(squashed: Any) -> PhotoFeatures:
    """What the encoder makes of a photo, uint8 (224, 224, 3): one for every captioner."""
    return captions_task.encode_photo(squashed)


def photo_classes(photo: PhotoFeatures) -> tuple[tuple[str, float], ...]:
    """The encoder's likeliest ImageNet classes of a photo, best first, with probabilities."""
    return captions_task.classes(photo)


def captions_failures(name: str) -> CaptionFailures | None:
    """Where the shipped captioner `name` fails on its dev photos; None where nobody noted it."""
    path = captions_task.failures_path(FOLDER / f"{name}.safetensors")
    return _caption_failures(path, path.stat().st_mtime_ns) if path.is_file() else None


@st.cache_resource(show_spinner=False, max_entries=2)
def _caption_failures(path: Path, changed: int) -> CaptionFailures:  # noqa: ARG001 (part of the cache's key)
    return captions_task.read_failures(path)


@st.cache_resource(show_spinner=False, max_entries=16)
def translation(name: str, device: str = "cpu") -> TranslationPredictor:
    """The translator `name` on `device`; InputError when it is not among the shipped ones."""
    return translation_task.load(_installed(name), device)


def translation_headers() -> dict[str, Header]:
    """The shipped translators by name."""
    return {name: header for name, header in index().items() if header.model == "translation"}


def translation_failures(name: str) -> TranslationFailures | None:
    """Where the shipped translator `name` fails on dev sentences; None where nobody noted it."""
    path = translation_task.failures_path(FOLDER / f"{name}.safetensors")
    return _translation_failures(path, path.stat().st_mtime_ns) if path.is_file() else None


@st.cache_resource(show_spinner=False, max_entries=8)
def _translation_failures(path: Path, changed: int) -> TranslationFailures:  # noqa: ARG001 (part of the cache's key)
    return translation_task.read_failures(path)


def translation_lengths() -> tuple[LengthScores, ...]:
    """BLEU by sentence length of every French-English translator; empty where nobody measured."""
    path = FOLDER / translation_task.LENGTHS
    return _lengths(path, path.stat().st_mtime_ns) if path.is_file() else ()


@st.cache_resource(show_spinner=False, max_entries=2)
def _lengths(path: Path, changed: int) -> tuple[LengthScores, ...]:  # noqa: ARG001 (part of the cache's key)
    return translation_task.read_lengths(path)


def pooling_table() -> tuple[dict[str, str], ...]:
    """The scores of the small models of slides 51 to 53, a row per network; empty without a file.

    Columns: language, cell, pooling, seed, parameters, seconds, accuracy and, by length in pieces,
    up_to_16, 17_to_48, over_48.
    """
    path = FOLDER / "sentiment-pooling.csv"
    return _rows(path, path.stat().st_mtime_ns) if path.is_file() else ()


@st.cache_resource(show_spinner=False, max_entries=4)
def _rows(path: Path, changed: int) -> tuple[dict[str, str], ...]:  # noqa: ARG001 (part of the cache's key)
    """A CSV file's rows; read again when it has changed."""
    with path.open(encoding="utf-8", newline="") as file:
        return tuple(csv.DictReader(file))


def sentiment_failures(name: str) -> Failures | None:
    """Where the shipped model `name` fails on its dev texts; None where nobody noted it."""
    path = sentiment_task.failures_path(FOLDER / f"{name}.safetensors")
    return _failures(path, path.stat().st_mtime_ns) if path.is_file() else None


@st.cache_resource(show_spinner=False, max_entries=4)
def _failures(path: Path, changed: int) -> Failures:  # noqa: ARG001 (part of the cache's key)
    return sentiment_task.read_failures(path)
