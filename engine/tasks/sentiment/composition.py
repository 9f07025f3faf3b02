"""Training texts whose sentiment is composed of their words, made from templates over a lexicon.

The corpora have few texts whose words say the opposite of what the text says: "not bad", "could
not be better", "nothing disappoints", "arrived after five weeks, so fast". Every template here is a
pair that differs in as little as turns the sentiment round (counterfactual pairs, Kaushik et al.
2020), so that neither its nouns nor its judgements alone give the label away. Neutral texts and
beginnings teach that a text of which nothing is said yet is uncertain. Templates and words are
data: `assets/lexicon/XX/composition.toml`.
"""

from __future__ import annotations

import random
import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence

from jaxtyping import Float

from engine.language import lexicon
from engine.results import Floats
from engine.tasks.sentiment import augmentation
from engine.tasks.sentiment.augmentation import EMOJI, SoftExample, smoothed
from engine.tasks.sentiment.data import LABELS, Corpora, Example, sentences
from engine.tasks.sentiment.recipe import Recipe

SURE = 0.96  # probability of a label that is right by construction
SHOWN = 0.06  # share of the pairs with an emoji that fits
LOWER, BARE, SHOUTED = 0.3, 0.35, 0.1  # share without a capital, without a mark, with a "!"
SHORT = 30  # words that a short text has at most
BEGINNING = 8  # words that the beginning of a text has at most
_SLOT = re.compile(r"\{([a-z_]+)(\d?)\}")


Answers = Callable[[Sequence[str]], Float[Floats, "N K"]]
"""What a trained network says of texts: the probability of each label."""


def mixture(recipe: Recipe, corpora: Corpora, answers: Answers, seed: int) -> list[SoftExample]:
    """What a part with `composition` learns from: composed and neutral texts, and beside them those
    of the corpora with a trained network's answers, lest they be forgotten (Li & Hoiem 2016)."""
    language, generator = recipe.language, random.Random(seed)
    prior = label_shares(corpora.examples, language)
    chosen: list[Example] = []
    for count, is_long in zip(recipe.rehearsed[:2], (False, True), strict=True):
        like = [e for e in corpora.examples if (e.text.count(" ") >= SHORT) == is_long]
        chosen += generator.sample(like, min(count, len(like)))
    texts = [*(e.text for e in chosen), *sentences(corpora, recipe.rehearsed[2], seed)]
    told = answers(texts).tolist()
    rehearsed = [SoftExample(text, tuple(p)) for text, p in zip(texts, told, strict=True)]
    plain = [
        *rehearsed,
        *composed(language, recipe.composed, generator),
        *augmentation.contrasts(chosen, language, recipe.contrasts // 3, generator),
        *neutral(language, prior, recipe.neutral, generator),
    ]
    return [
        *plain,
        *beginnings(chosen, language, recipe.neutral, generator),
        *augmentation.without_accents(plain, recipe.plain_copies, generator),
        *augmentation.with_typing_errors(plain, recipe.typing_errors, generator),
        *augmentation.with_emoji(chosen, language, recipe.emoji // 4, generator),
    ]


def composed(language: str, count: int, generator: random.Random) -> Iterator[SoftExample]:
    """`count` pairs, the kinds in turn: a positive text and its negative counterpart."""
    data = lexicon.read(language, "composition")
    kinds = list(data["pairs"].values())
    for k in range(count):
        drawn: dict[tuple[str, str], str] = {}
        typist = generator.random(), generator.random()
        halves = generator.choice(kinds[k % len(kinds)]).split(" | ")
        for half, label in zip(halves, ("positive", "negative"), strict=True):
            text = _as_typed(_filled(half, data["words"], drawn, generator), typist)
            if generator.random() < SHOWN:
                text = f"{text} {generator.choice(EMOJI[label])}"
            yield SoftExample(text, smoothed(label, language, SURE))


def neutral(
    language: str, prior: Sequence[float], count: int, generator: random.Random
) -> Iterator[SoftExample]:
    """Beginnings, facts, recipes and code, with the probability that each label has on its own."""
    data = lexicon.read(language, "composition")
    words = {**data["words"], **data["neutral"]}
    for _ in range(count):
        template = generator.choice(data["neutral"]["texts"])
        text = _filled(template, words, {}, generator)
        typist = generator.random(), generator.random()
        yield SoftExample(_as_typed(text, typist), tuple(prior))


def beginnings(
    examples: Sequence[Example], language: str, count: int, generator: random.Random
) -> Iterator[SoftExample]:
    """First words of labelled texts with the label of the whole: over many texts, what a beginning
    gives away of it."""
    for example in generator.choices(examples, k=count):
        words = example.text.split(" ")
        text = " ".join(words[: generator.randint(1, min(BEGINNING, len(words)))])
        yield SoftExample(text, smoothed(example.label, language))


def label_shares(examples: Sequence[Example], language: str) -> tuple[float, ...]:
    """The share of the examples that each label of the language has: what is to be said of a text
    before it is read."""
    counts = Counter(example.label for example in examples)
    return tuple(counts[label] / len(examples) for label in LABELS[language])


def _filled(
    template: str,
    words: dict[str, list[str]],
    drawn: dict[tuple[str, str], str],
    generator: random.Random,
) -> str:
    """The template with its slots filled: one entry each, the same wherever the slot stands, also
    in a template before this one that `drawn` comes from; another one for another number."""
    for name, number in _SLOT.findall(template):
        if (name, number) not in drawn:
            taken = {entry for (other, _), entry in drawn.items() if other == name}
            left = [word for word in words[name] if word not in taken]
            drawn[name, number] = generator.choice(left)
    return _SLOT.sub(lambda slot: drawn[slot[1], slot[2]], template)


def _as_typed(text: str, typist: tuple[float, float]) -> str:
    """The text as one visitor types: with a capital letter and a final mark, or without."""
    capital, mark = typist
    text = text if capital < LOWER else text[:1].upper() + text[1:]
    if mark < BARE:
        return text.rstrip(".")
    return text.rstrip(".") + "!" if mark > 1 - SHOUTED and text.endswith(".") else text
