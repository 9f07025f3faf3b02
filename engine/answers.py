"""What a model makes of one input, as plain data: the objects that the command line prints with
`--json` and that the server sends, made in one place so that both say the same.

Values are numbers, strings, lists, dictionaries and arrays; `to_json` writes them.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import asdict, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from engine.decoding import Search
from engine.language.text import without_surrogates

if TYPE_CHECKING:
    from engine.results import Restored
    from engine.tasks.captions import CaptionPredictor, PhotoFeatures
    from engine.tasks.frames import FramePredictor
    from engine.tasks.sentiment import SentimentPredictor
    from engine.tasks.translation import TranslationPredictor

SEARCH = Search()


def to_json(found: dict[str, Any]) -> str:
    """One line of JSON; arrays become nested lists, and what is no text is left out."""
    line = json.dumps(found, ensure_ascii=False, default=lambda array: array.tolist())
    return without_surrogates(line)


def classify(model: SentimentPredictor, text: str) -> dict[str, Any]:
    """The verdict on a text that was checked, then everything that led to it."""
    found = model.read(text)
    verdict = found.verdict
    return {
        "text": text,
        "label": verdict.label,
        "probability": verdict.confidence,
        "uncertain": verdict.uncertain,
        **asdict(verdict),
        **{name: value for name, value in asdict(found).items() if name not in ("text", "verdict")},
    }


def caption_search(width: int, penalty: float | None) -> Search:
    """How sentences about a photo are searched; a penalty of None is the usual one."""
    return Search(width, SEARCH.penalty if penalty is None else penalty)


def caption(
    model: CaptionPredictor,
    photo: PhotoFeatures,
    search: Search,
    text: str | None,
    count: int | None = None,
) -> dict[str, Any]:
    """The sentences found about a photo, best first, and whether it is unlike all that was learnt
    from, at most `count`; or the given one `text`: each word's probability, candidates and
    attention weights."""
    if text is None:
        found = model.caption(photo, search, count=count)
        captions, unfamiliar = found.captions, {"unfamiliar": found.unfamiliar}
    else:
        captions, unfamiliar = (model.score(photo, model.tokenize(text)),), {}
    sentences = [{"text": each.text, **asdict(each)} for each in captions]
    return {**unfamiliar, "captions": sentences}


def translation_search(model: TranslationPredictor, width: int, penalty: float | None) -> Search:
    """How translations are searched; a penalty of None is the one that suits the model."""
    from engine.tasks.translation import tuned_search

    search = replace(tuned_search(model.header.recipe), width=width)
    return search if penalty is None else replace(search, penalty=penalty)


def translate(model: TranslationPredictor, text: str, search: Search) -> dict[str, Any]:
    """The translation of a text that was checked, sentence by sentence, with each piece's
    probability, candidates and attention weights."""
    from engine.language.numbers import lost_numbers
    from engine.language.sentences import split_sentences

    found = [model.translate(part, search) for part in split_sentences(text)]
    whole = " ".join(sentence.best.text for sentence in found)
    return {
        "text": text,
        "translation": whole,
        "lost_numbers": lost_numbers(text, whole, model.languages),
        "sentences": [asdict(sentence) for sentence in found],
    }


def restored(found: Restored) -> dict[str, Any]:
    """A text with its marks, and what else each letter could be."""
    letters = [
        {"place": int(place), "candidates": dict(found.candidates(k))}
        for k, place in enumerate(found.places)
    ]
    return {"text": found.typed, "restored": found.text, "letters": letters}


def label_films(model: FramePredictor, path: Path) -> Iterator[dict[str, Any]]:
    """Each film of a file: its stretches, and each frame's probabilities. The films of one file
    follow each other, and so do their frames' numbers; `first` is a film's first one.

    InputError for a file that cannot be used.
    """
    films = model.read(path)
    first = 0
    for film, found in zip(films, model.label([f.frames for f in films]), strict=True):
        yield {
            "film": film.name,
            "first": first,
            "labels": found.labels,
            "stretches": [asdict(part) for part in found.stretches],
            "probabilities": found.probabilities.round(4),
        }
        first += len(film.frames)
