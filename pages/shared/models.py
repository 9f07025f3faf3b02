"""The trained models, each loaded once per process and shared by all sessions.

The only place with `st.cache_*`. What it hands out is read by many threads at once: weights are
frozen and in evaluation mode, nothing is stored on them, and no page ever trains one.
"""

from __future__ import annotations

import csv
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import streamlit as st

from engine import checkpoints
from engine.checkpoints import Header
from engine.errors import N_, InputError
from engine.results import (
    CaptionFailures,
    FailureReport,
    Failures,
    LearningCurve,
    LengthScores,
    Misrestored,
    TranslationFailures,
)
from engine.tasks import accents as accents_task
from engine.tasks import captions as captions_task
from engine.tasks import characters as characters_task
from engine.tasks import frames as frames_task
from engine.tasks import sentiment as sentiment_task
from engine.tasks import translation as translation_task
from engine.tasks.accents import AccentPredictor
from engine.tasks.captions import CaptionPredictor, PhotoFeatures
from engine.tasks.characters import TextGenerator
from engine.tasks.frames import Film, FramePredictor, motion
from engine.tasks.sentiment import SentimentPredictor
from engine.tasks.translation import TranslationPredictor

FOLDER = Path(__file__).resolve().parents[2] / "assets" / "models"
EXAMPLES = FOLDER.parent / "examples"
Contents = TypeVar("Contents")


@st.cache_resource(show_spinner=False)
def index() -> dict[str, Header]:
    """Every shipped model by name; reads headers only."""
    return {header.name: header for header in checkpoints.index(FOLDER)}


def _headers(kind: str) -> dict[str, Header]:
    return {name: header for name, header in index().items() if header.model == kind}


def _installed(name: str) -> Path:
    """The file of the shipped model `name`."""
    if name not in index():
        raise InputError(N_("The model {name} is not installed here."), name=name)
    return index()[name].path


def sentiment_headers() -> dict[str, Header]:
    """The shipped classifiers by name."""
    return _headers("sentiment")


@st.cache_resource(show_spinner=False, max_entries=16)
def sentiment(name: str, device: str = "cpu") -> SentimentPredictor:
    """The classifier `name` on `device`; InputError when it is not among the shipped ones."""
    return sentiment_task.load(_installed(name), device)


def characters_headers() -> dict[str, Header]:
    """The shipped character models by name."""
    return _headers("characters")


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
    return _headers("captions")


def photo_features(squashed: Any) -> PhotoFeatures:
    """What the encoder makes of a photo, uint8 (224, 224, 3): one for every captioner."""
    return captions_task.encode_photo(squashed)


def photo_classes(photo: PhotoFeatures) -> tuple[tuple[str, float], ...]:
    """The encoder's likeliest ImageNet classes of a photo, best first, with probabilities."""
    return captions_task.classes(photo)


def captions_failures(name: str) -> CaptionFailures | None:
    """Where the shipped captioner `name` fails on its dev photos; None where nobody noted it."""
    return _read(captions_task.read_failures, captions_task.failures_path(_weights(name)))


@st.cache_resource(show_spinner=False, max_entries=16)
def translation(name: str, device: str = "cpu") -> TranslationPredictor:
    """The translator `name` on `device`; InputError when it is not among the shipped ones."""
    return translation_task.load(_installed(name), device)


def translation_headers() -> dict[str, Header]:
    """The shipped translators by name."""
    return _headers("translation")


def translation_failures(name: str) -> TranslationFailures | None:
    """Where the shipped translator `name` fails on dev sentences; None where nobody noted it."""
    return _read(translation_task.read_failures, translation_task.failures_path(_weights(name)))


def translation_lengths() -> tuple[LengthScores, ...]:
    """BLEU by sentence length of every French-English translator; empty where nobody measured."""
    return _read(translation_task.read_lengths, FOLDER / translation_task.LENGTHS) or ()


@st.cache_resource(show_spinner=False, max_entries=8)
def accents(name: str, device: str = "cpu") -> AccentPredictor:
    """The accent model `name` on `device`; InputError when it is not among the shipped ones."""
    return accents_task.load(_installed(name), device)


def accents_headers() -> dict[str, Header]:
    """The shipped accent models by name."""
    return _headers("accents")


def accents_failures(name: str) -> FailureReport[Misrestored] | None:
    """Where the shipped accent model `name` fails on held-out texts; None where nobody noted it."""
    return _read(accents_task.read_failures, accents_task.failures_path(_weights(name)))


@st.cache_resource(show_spinner=False, max_entries=8)
def frames(name: str, device: str = "cpu") -> FramePredictor:
    """The frame model `name` on `device`; InputError when it is not among the shipped ones."""
    return frames_task.load(_installed(name), device)


def frames_headers() -> dict[str, Header]:
    """The shipped frame models by name."""
    return _headers("frames")


@st.cache_resource(show_spinner=False)
def example_films() -> dict[str, Film]:
    """The films of the heat sensor that are shipped, by name; empty where there are none."""
    path = EXAMPLES / "frames.npz"
    return {film.name: film for film in frames_task.read(path)} if path.is_file() else {}


@st.cache_resource(show_spinner=False)
def photos_in_grey() -> list[Any]:
    """The example photos, from which films are made up."""
    return motion.photos(EXAMPLES)


def pooling_table() -> tuple[dict[str, str], ...]:
    """The scores of the small models of slides 51 to 53, a row per network; empty without a file.

    Columns: language, cell, pooling, seed, parameters, seconds, accuracy and, by length in pieces,
    up_to_16, 17_to_48, over_48.
    """

    def rows(path: Path) -> tuple[dict[str, str], ...]:
        with path.open(encoding="utf-8", newline="") as file:
            return tuple(csv.DictReader(file))

    return _read(rows, FOLDER / "sentiment-pooling.csv") or ()


def sentiment_failures(name: str) -> Failures | None:
    """Where the shipped model `name` fails on its dev texts; None where nobody noted it."""
    return _read(sentiment_task.read_failures, sentiment_task.failures_path(_weights(name)))


def _weights(name: str) -> Path:
    """The file of `name`, whether it is installed or not: what was noted lies beside it."""
    return FOLDER / f"{name}.safetensors"


def _read(parse: Callable[[Path], Contents], path: Path) -> Contents | None:
    """What a file holds, read again only when it has changed; None where there is no file."""
    return _parsed(parse, path, path.stat().st_mtime_ns) if path.is_file() else None


@st.cache_resource(show_spinner=False, max_entries=16)
def _parsed(_parse: Callable[[Path], Contents], path: Path, changed: int) -> Contents:  # noqa: ARG001 (part of the cache's key)
    """The key is the path and the time of its last change."""
    return _parse(path)
