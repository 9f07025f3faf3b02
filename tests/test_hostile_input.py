"""What anyone may hand in, mutated and made up: it is used or refused with an InputError, in
bounded time and memory. 100 of each kind by default, 2,000 with `-m slow`.

Files are whole ones with bytes changed, cut, doubled or moved. Texts are drawn from all of Unicode,
with the characters that break programs among them more often.
"""

from __future__ import annotations

import random
import resource
import time
from collections.abc import Callable
from contextlib import suppress
from functools import cache
from io import BytesIO
from pathlib import Path

import numpy as np
import pytest

from engine import answers, commands, images
from engine.errors import InputError
from engine.language import check
from engine.language.sentences import check_translatable, split_sentences
from engine.tasks import REGISTRY, frames
from engine.tasks.characters import own_files
from pages.parts.sentiment import tables
from pages.shared import text as screen
from pages.shared.uploads import decode
from tests.engine.images import films, pictures
from tests.engine.tasks.test_own_files import training

SOME, MANY = 100, 2000
SECONDS, MEGABYTES = 5.0, 400
"""The longest that one input may take, and what all of a kind may add to the process."""

ODD = (
    *("\0", "\x1b[31m", "\x7f", "\r", "\u0085", "\u2028", "\u00ad", "\ufeff", "\ufffd", "\uffff"),
    *("\u202e", "\u2066", "\u200b", "\u200d", "\ufe0f", "\ud83d", "\udcff", "\udfff\ud800"),
    *("\u0301" * 30, "e\u0323\u0302", "🏳️‍🌈", "👩🏽‍🚀", "🇻🇳", "ﷺ", "ǅ", "ß", "İ", "ı", "ſ", "Å"),
    *("{}", "{0}", "%s", "%(x)s", "${x}", "{{", "\\", "\\u0000", "'", '"', "“", "`", "$", "$$"),
    *("<b>", "&lt;", "</script>", "[x](y)", "![", ":red[", ":material/x:", "#", "---", "|", "~~"),
    *(
        "=1+1",
        "@SUM(A1)",
        "1e999",
        "-0",
        "NaN",
        "½",
        "١٢٣",
        "10/10",
        "9" * 400,
        "0x1F",
        "1,5",
        "★★",
    ),
    *("http://a.b/?c=d&e", "a@b.c", "<i>chat</i>", "\ue000", "\uf8ff", "\U000f0000", "⟨1⟩", "▁"),
)
WORDS = (
    *("good", "không", "phim", "le", "chat", "the", "not", "và", "rất", "Paris", "Toi", "khong"),
    *("10", ".", ",", "?", "!", ";", "-", "'", "("),
)


def text_of(rng: random.Random) -> str:
    """Words, odd characters and any others, with or without blanks between them."""
    makers: list[Callable[[], str]] = [
        lambda: rng.choice(WORDS),
        lambda: rng.choice(ODD),
        lambda: chr(rng.randrange(0x110000)),
        lambda: chr(rng.randrange(0x250)) * rng.choice((1, 2, 40)),
    ]
    parts = [rng.choice(makers)() for _ in range(rng.choice((1, 3, 12, 60)))]
    return rng.choice((" ", "", "\n")).join(parts)


def mutated(data: bytes, rng: random.Random) -> bytes:
    """Bytes changed, a piece cut out, doubled or moved, or the end missing; a head more often."""
    changed = bytearray(data)
    for _ in range(rng.choice((1, 1, 2, 5))):
        at = rng.randrange(min(len(changed), rng.choice((64, 1024, len(changed)))))
        end = min(len(changed), at + rng.choice((1, 2, 8, 64)))
        match rng.randrange(6):
            case 0 | 1:
                changed[at] = rng.randrange(256)
            case 2:
                del changed[at:end]
            case 3:
                changed[at:at] = changed[at:end]
            case 4:
                there = rng.randrange(len(changed))
                changed[there : there + end - at] = changed[at:end]
            case _:
                del changed[end:]
        if not changed:
            break
    return bytes(changed)


@cache
def model(name: str) -> object:
    """A shipped model by its name, on the CPU."""
    return REGISTRY[name].load(commands.MODELS / f"{name}.safetensors", "cpu")


def use_text(text: str) -> None:
    """Through every entry of a text, each refusing it for itself."""
    reader, restorer = model("sentiment-en-rnn-last"), model("accents-vi-rnn")
    writer = model("chars-shakespeare-rnn")
    uses: tuple[Callable[[], object], ...] = (
        lambda: answers.to_json(answers.classify(reader, reader.check(check(text)))),  # type: ignore[attr-defined, arg-type]
        lambda: answers.to_json(answers.restored(restorer.restore([text])[0])),  # type: ignore[attr-defined]
        lambda: split_sentences(check_translatable(text)),
        lambda: writer.candidates(text),  # type: ignore[attr-defined]
        lambda: own_files.check(text * 9),
        lambda: tables.lines(text),
        lambda: (screen.literal(text), screen.displayed(text)),
    )
    for use in uses:
        with suppress(InputError):
            use()


def use_translation(text: str) -> None:
    """Through the translator, whose entry copies parts of a text and puts them back."""
    translator = model("translate-fr-en-rnn-attention")
    search = answers.translation_search(translator, 2, None)  # type: ignore[arg-type]
    text = check_translatable(text[:80])
    answers.to_json(answers.translate(translator, text, search))  # type: ignore[arg-type]


def use_table(data: bytes) -> None:
    """Through the upload of a table, with every column read as texts and as labels."""
    found = tables.table("a.csv", decode("a.csv", data, tables.MAX_BYTES).text)
    for column, _ in enumerate(found.names(found.heading)):
        with suppress(InputError):
            found.sheet(found.heading, column, column)
    tables.guess_text_column(found.names(found.heading), found.body(found.heading))


def use_films(data: bytes, folder: Path = Path("/tmp")) -> None:
    """Through the reader of the heat sensor's films, which opens an archive of arrays."""
    path = folder / "hostile.npz"
    path.write_bytes(data)
    frames.read(path)


TABLES = (
    'text,label\nThe food was good,positive\n"It, broke",negative\n',
    "id;câu;nhãn\r\n1;Phim hay;tích cực\r\n2;Dở;tiêu cực\r\n",
    "review\trating\n" + "so so\t3\n" * 40,
    'sep=|\n\n“a”|b\n\\"x\\"|-1\n',
)


@cache
def whole(kind: str) -> tuple[bytes, ...]:
    """The files that are mutated."""
    small = [pictures.encoded(pictures.noise(3, 60, 44), form) for form in pictures.ENCODERS]
    moving = films.moving(8, 48, 32)
    npz = BytesIO()
    np.savez_compressed(npz, frames=np.zeros((20, 16, 16), np.uint8), lengths=np.array([12, 8]))
    return {
        "image": tuple(small),
        "film": (
            films.video("mp4", "libx264", moving),
            films.video("webm", "libvpx-vp9", moving),
            films.animation("GIF", moving),
            films.animation("WEBP", moving),
        ),
        "table": tuple(t.encode(c) for t in TABLES for c in ("utf-8", "utf-8-sig", "utf-16")),
        "model": (training("gru").file(), training("lstm").file()),
        "npz": (npz.getvalue(),),
    }[kind]


FILES: dict[str, Callable[[bytes], object]] = {
    "image": lambda data: images.read(data, "a"),
    "film": lambda data: images.read_film(data, "a", 16),
    "table": use_table,
    "model": lambda data: own_files.from_bytes("a", data),
    "npz": use_films,
}
TEXTS: dict[str, Callable[[str], object]] = {"text": use_text, "translated": use_translation}


def hand_in(kind: str, count: int) -> tuple[int, float]:
    """Uses so many inputs of a kind; how many were used, and what the slowest took. Whatever is no
    InputError is let through."""
    rng, used, slowest = random.Random(f"{kind}-24"), 0, 0.0
    for _ in range(count):
        begun = time.process_time()
        with suppress(InputError):
            if kind in TEXTS:
                TEXTS[kind](text_of(rng))
            else:
                FILES[kind](mutated(rng.choice(whole(kind)), rng))
            used += 1
        slowest = max(slowest, time.process_time() - begun)
    return used, slowest


@pytest.mark.parametrize("kind", [*FILES, *TEXTS])
def test_a_hundred_of_each_are_used_or_refused(kind: str) -> None:
    # Some have to get through, or the mutations would only test the first check.
    used, _ = hand_in(kind, SOME if kind != "translated" else 10)
    assert used > 0


@pytest.mark.slow
@pytest.mark.parametrize("kind", [*FILES, *TEXTS])
def test_thousands_of_each_in_bounded_time_and_memory(kind: str) -> None:
    hand_in(kind, 20)  # models loaded, decoders started
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    used, slowest = hand_in(kind, MANY)
    grown = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024
    assert used > 0
    assert slowest < SECONDS
    assert grown < MEGABYTES
