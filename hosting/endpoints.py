"""What the API can be asked: one table, from which requests are checked and described.

An endpoint takes the parameters of its table and computes what the command line of the same name
prints with `--json` (`engine.answers`), with the predictors that the pages share.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from engine import answers, device, images
from engine.decoding import MAX_WIDTH, MIN_TEMPERATURE, Choice
from engine.errors import InputError
from engine.language import check
from engine.language.sentences import check_translatable
from engine.language.text import MAX_CHARACTERS, without_surrogates
from pages.shared import models
from pages.shared.jobs import Stop

Values = Mapping[str, Any]
Object = dict[str, Any]

TEXTS, LENGTH = 32, 2_000
"""Texts of one request, and characters that it may have written."""
TEXT_BYTES = 2**18
"""Bytes of a request of texts."""

PHOTOS = ("image/*", "application/octet-stream")
FILMS = ("video/*", "image/gif", "image/webp", "application/octet-stream")


@dataclass(frozen=True)
class Parameter:
    """One value of a request: its type, what it is when it is left out, and its bounds, which for a
    string are those of its length. Without a default it has to be given; None stays None."""

    name: str
    type: type
    summary: str
    default: Any = ...
    least: float | None = None
    most: float | None = None


@dataclass(frozen=True)
class Endpoint:
    """Something that can be asked. `kind` is what the files of its models say; `files` are the
    types of the file that is its body, which is JSON where there are none; `most` its bytes.

    `compute(model, values, body, stop)` yields objects. Where `several` is true there is one for
    each of the texts, in which `error` says why a text cannot be used; else there is one in all.
    """

    name: str
    kind: str
    summary: str
    parameters: tuple[Parameter, ...]
    compute: Callable[[str, Values, bytes, Stop], Iterator[Object]]
    files: tuple[str, ...] = ()
    most: int = TEXT_BYTES
    several: bool = False

    def models(self) -> list[str]:
        """The names of the shipped models that it can be asked of."""
        return sorted(name for name, header in models.index().items() if header.model == self.kind)


@cache
def _device() -> str:
    """The device that the command line takes by itself."""
    return str(device.resolve(device.AUTO))


def _each(texts: list[str], stop: Stop, compute: Callable[[str], Object]) -> Iterator[Object]:
    """The answer to each text; one that cannot be used costs no other its answer."""
    for text in map(without_surrogates, texts):
        if stop():
            return
        try:
            yield compute(text)
        except InputError as error:
            yield {"text": text, "error": str(error)}


def _classify(name: str, values: Values, _body: bytes, stop: Stop) -> Iterator[Object]:
    model = models.sentiment(name, _device())
    return _each(
        values["texts"], stop, lambda text: answers.classify(model, model.check(check(text)))
    )


def _translate(name: str, values: Values, _body: bytes, stop: Stop) -> Iterator[Object]:
    model = models.translation(name, _device())
    search = answers.translation_search(model, values["width"], values["penalty"])
    return _each(
        values["texts"],
        stop,
        lambda text: answers.translate(model, check_translatable(text), search),
    )


def _accents(name: str, values: Values, _body: bytes, stop: Stop) -> Iterator[Object]:
    model = models.accents(name, _device())

    def compute(text: str) -> Object:
        return answers.restored(model.restore([text.rstrip("\r\n")])[0])

    return _each(values["texts"], stop, compute)


def _sample(name: str, values: Values, _body: bytes, stop: Stop) -> Iterator[Object]:
    model = models.characters(name)
    choice = Choice(**{key: values[key] for key in ("temperature", "top_k", "top_p", "greedy")})
    prompt = without_surrogates(values["prompt"])
    letters = model.write(prompt, values["length"], choice, values["seed"], stop)
    yield {"prompt": prompt, "text": "".join(letter.text for letter in letters)}


def _caption(name: str, values: Values, body: bytes, stop: Stop) -> Iterator[Object]:
    model = models.captions(name, _device())
    search = answers.caption_search(values["width"], values["penalty"])
    photo = models.photo_features(images.read(body, "photo").squashed)
    if not stop():
        yield answers.caption(model, photo, search, values["text"])


def _frames(name: str, _values: Values, body: bytes, stop: Stop) -> Iterator[Object]:
    model = models.frames(name, _device())
    with TemporaryDirectory() as folder:
        path = Path(folder, "film")
        path.write_bytes(body)
        if not stop():
            yield {"films": list(answers.label_films(model, path))}


CHOICE, SEARCH = Choice(), answers.SEARCH
_TEXTS = Parameter("texts", list, f"From 1 to {TEXTS} texts.", least=1, most=TEXTS)
_WIDTH = Parameter(
    "width", int, "How many beginnings the search keeps.", SEARCH.width, 1, MAX_WIDTH
)
_PENALTY = Parameter("penalty", float, "For length; by default what suits the model.", None, 0, 2)

ENDPOINTS = (
    Endpoint(
        "classify",
        "sentiment",
        "Whether texts are positive or negative, and the probabilities after each piece.",
        (_TEXTS,),
        _classify,
        several=True,
    ),
    Endpoint(
        "translate",
        "translation",
        "Texts translated sentence by sentence, with each piece's candidates and attention.",
        (_TEXTS, _WIDTH, _PENALTY),
        _translate,
        several=True,
    ),
    Endpoint(
        "accents",
        "accents",
        "Vietnamese typed without its marks, with them.",
        (_TEXTS,),
        _accents,
        several=True,
    ),
    Endpoint(
        "sample",
        "characters",
        "The text that a character model writes.",
        (
            Parameter("prompt", str, "What the text goes on from.", "", 0, MAX_CHARACTERS),
            Parameter("length", int, "Characters to write.", 500, 1, LENGTH),
            Parameter(
                "temperature", float, "Below 1: safer.", CHOICE.temperature, MIN_TEMPERATURE, 5
            ),
            Parameter("top_k", int, "Only the K likeliest; 0: all.", CHOICE.top_k, 0, 10_000),
            Parameter("top_p", float, "Only the likeliest P.", CHOICE.top_p, 0.001, 1),
            Parameter("greedy", bool, "Always the likeliest.", CHOICE.greedy),
            Parameter("seed", int, "Where all random numbers come from.", 0, 0, 2**53 - 1),
        ),
        _sample,
    ),
    Endpoint(
        "caption",
        "captions",
        "Sentences about the photo in the body, with each word's candidates and attention.",
        (
            _WIDTH,
            _PENALTY,
            Parameter("text", str, "A sentence to read in place of a search.", None, 1, 500),
        ),
        _caption,
        files=PHOTOS,
        most=images.MAX_BYTES,
    ),
    Endpoint(
        "frames",
        "frames",
        "A label for every frame of the film in the body: .npz, or MP4, MOV, WebM, GIF, WebP.",
        (),
        _frames,
        files=FILMS,
        most=images.MAX_FILM_BYTES,
    ),
)
"""Every endpoint, at `/api/v1/NAME`. Each also takes `model`."""
