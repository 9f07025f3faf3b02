"""A corpus of a few French and English sentences, a recipe that learns it in a moment, and
translators that have learnt nothing."""

from __future__ import annotations

import random
from functools import lru_cache
from itertools import product
from pathlib import Path
from typing import Any

import torch
from tokenizers import Tokenizer

from engine.checkpoints import Header
from engine.models.translator import Translator
from engine.tasks.translation import Part, Recipe, TranslationPredictor
from engine.tasks.translation import tokenizer as pieces

NOUNS = {"cat": "chat", "dog": "chien", "horse": "cheval"}
COLOURS = {"black": "noir", "white": "blanc", "grey": "gris"}
VERBS = {"sleeps": "dort", "eats": "mange", "runs": "court"}

RECIPE = Recipe(
    source="fr",
    target="en",
    layers=1,
    embedding=32,
    hidden=64,
    pieces=120,
    dropout=0.0,
    smoothing=0.0,
    parts=(Part("pairs", 60.0, 1e-2),),
    batch=600,
    ema_decay=0.9,
    mixed_precision=False,
)


def pairs() -> list[tuple[str, str]]:
    """(English, French): each noun with each colour and verb, and some that count years."""
    found = [
        (f"The {c} {n} {v}.", f"Le {NOUNS[n]} {COLOURS[c]} {VERBS[v]}.")
        for n, c, v in product(NOUNS, COLOURS, VERBS)
    ]
    found += [
        (f"In {year} the {n} {v}.", f"En {year} le {NOUNS[n]} {VERBS[v]}.")
        for year, (n, v) in zip(range(1980, 1989), product(NOUNS, VERBS), strict=True)
    ]
    random.Random(0).shuffle(found)
    return found


def corpus(folder: Path, name: str = "tatoeba-fr-en", repeated: int = 4) -> Path:
    """`folder` with one corpus in it: each pair `repeated` times to learn, six of them as dev."""
    (folder / name).mkdir(parents=True)
    for part, rows in (("train", pairs() * repeated), ("dev", pairs()[:6])):
        for side, language in enumerate(("en", "fr")):
            text = "".join(f"{pair[side]}\n" for pair in rows)
            (folder / name / f"{part}.{language}").write_text(text, encoding="utf-8")
    return folder


TEXTS = [
    'The quick brown fox jumps over the lazy dog, doesn\'t it? "Yes!" (0123456789) [really]; so:',
    "Où est l'élève qui a reçu ça, à Noël, dans sa forêt ? Voilà : bœuf, hôtel, naïve — très bien.",
    "Thức ăn rất ngon, quán sạch và đẹp. Tôi không biết vì sao người ta ưu tiên điều ấy hơn cả.",
    "A B C D E F G H I J K L M N O P Q R S T U V W X Y Z Đ É / % & + - * = ’ “ ” « »",
]


@lru_cache
def tokenizer(size: int = 400) -> Tokenizer:
    """Pieces of three languages."""
    return pieces.learn(TEXTS * pieces.RARE, size)


def untrained(source: str = "fr", target: str = "en", **changed: Any) -> TranslationPredictor:
    """A translator of random weights, sharper than those training starts with; it ends at times."""
    arguments: dict[str, Any] = {
        "vocabulary": tokenizer().get_vocab_size(), "embedding": 8, "hidden": 12,
        "cell": "lstm", "attention": True, "bidirectional": True, "layers": 1, "deep": True,
        "reverse": False, **changed,
    }  # fmt: skip
    model = Translator(**arguments, generator=torch.Generator().manual_seed(1))
    with torch.no_grad():
        model.embedding.weight.mul_(15)
        model.bias[2] = 3  # STOP
    described = header(arguments, source=source, target=target)
    return TranslationPredictor(described, model.eval().requires_grad_(False))


def header(arguments: dict[str, Any], **recipe: Any) -> Header:
    return Header(
        model="translation",
        name="translate-small",
        arguments=arguments,
        recipe=recipe,
        seed=0,
        data=[],
        metrics={},
        seconds=1.0,
        device="cpu",
        tokenizer=tokenizer().to_str(),
    )
