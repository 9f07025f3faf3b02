"""Words that a caption gets from elsewhere: the names of things that an image classifier
recognises, and "person" where the decoder cannot tell a man from a woman.

The decoder knows the words of its corpus only. What it says of a thing it has no word for, such as
"dog" of a zebra, is taken as the *kind* of thing; the classifier says which one. So a recognised
thing becomes a *slot*, a word that the decoder may write where it would have written any word of
that kind (Lu et al. 2018, "Neural Baby Talk"), and the search looks for the likeliest sentence that
has it (constrained beam search, Anderson et al. 2017). In the slot's place the decoder reads the
thing's own word if it knows it, else a stand-in: "horse" for "zebra".
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache

import numpy as np
import torch
from jaxtyping import Float, UInt8
from torch import Tensor

from engine.language import lexicon
from engine.models.captioner import UNWRITTEN
from engine.tasks.captions.data import Vocabulary

CLASSES = 1000
CERTAIN = 0.7
"""The least probability with which a thing is recognised for its name to be used."""
OUTSIDE = 115.0
"""Norm of a photo's regions below which it is taken to be outside the decoder's corpus: there any
recognised thing is named, elsewhere an animal that the decoder took for another one.

Both numbers belong to the weights of captions-en. They are those that name most on 127 photos of
one thing each with neither BLEU-4 nor CIDEr below those without names on the first 500 dev photos;
what they do to the other 500 is in the model's card.
"""
FAMILIAR = 14.4
"""The least `familiarity` of a photo that is like those learnt from: 1.4 % of the first 500
dev photos lie below. It belongs to the weights of captions-en too; how many of other photos and of
generated pictures lie below is in the card."""
NEARLY_BLACK = 16
"""Colours are darker than this, of 256, where a pixel shows nothing."""
GENDER_CERTAIN = 0.9
"""The least share of one gender for it not to be called unsure. On dev, of the words for photos
whose people are said to be of one gender only, 89 % are right above it and 61 % below."""
GENDER_LEAST = 0.6
"""The least share for it to be said of a photo outside the decoder's corpus. A larger one, or the
same for all photos, costs BLEU-4 on dev."""

VOWELS = frozenset("aeiou")
AN_BEFORE, A_BEFORE = ("hour",), ("uni", "uk", "eu", "one")
"""How words begin whose first letter says otherwise than their first sound."""


@dataclass(frozen=True)
class Thing:
    """Something that can be recognised: its name in the singular and plural, words that name it as
    well, the numbers of its classes, and a learnt word that is read in its name's place. `kind` has
    the learnt words for things of its kind, singular and plural, `title` is this kind's id."""

    name: str
    plural: str
    title: str
    also: frozenset[str]
    classes: tuple[int, ...]
    stand_in: str
    kind: tuple[tuple[str, ...], tuple[str, ...]]

    def is_named(self, words: Sequence[str]) -> bool:
        """Whether a sentence already says it, in the singular or plural."""
        text = f" {' '.join(words)} "
        names = (self.name, self.plural, *self.also, *map(plural, self.also))
        return any(f" {name} " in text for name in names)

    def is_mistaken(self, words: Sequence[str]) -> bool:
        """Whether it is an animal and a sentence says another one."""
        return self.title == "animal" and any(word in each for each in self.kind for word in words)


@dataclass(frozen=True)
class Slot:
    """A word as it is written; the id that the decoder reads in its place; the ids of all words
    whose probability it gets; and whether it is `unsure` which gender is seen."""

    text: str
    read: int
    takes: tuple[int, ...]
    unsure: bool = False

    def of(self, p: Float[Tensor, "_ V"]) -> Float[Tensor, " _"]:
        """Its probability, given those of all words that can be written."""
        return p[:, [id - UNWRITTEN for id in self.takes]].sum(-1)


@cache
def things() -> tuple[Thing, ...]:
    """All that can be named, from the lexicon."""
    table, found = lexicon.read("en", "naming"), []
    general = table["general"].split()
    for title, kind in table["kinds"].items():
        members = (tuple(kind["singular"].split()), tuple(kind["plural"].split()))
        for stand_in, lines in kind["words"].items():
            for line in lines.strip().splitlines():
                names, _, classes = line.partition(":")
                name, *also = (each.strip() for each in names.split(","))
                also += [stand_in] * (stand_in in general)
                numbers = tuple(_numbers(classes))
                found.append(
                    Thing(name, plural(name), title, frozenset(also), numbers, stand_in, members)
                )
    return tuple(found)


def _numbers(text: str) -> Iterator[int]:
    """`"3 5-7"` -> 3, 5, 6, 7."""
    for part in text.split():
        first, _, last = part.partition("-")
        yield from range(int(first), int(last or first) + 1)


def plural(name: str) -> str:
    """A noun's plural, by English rules where the lexicon has none of its own."""
    known: Mapping[str, str] = lexicon.read("en", "naming")["plurals"]
    head, _, last = name.rpartition(" ")
    if name in known:
        return known[name]
    if last.endswith(("s", "x", "ch", "sh")):
        ending = f"{last}es"
    elif last.endswith("y") and last[-2] not in VOWELS:
        ending = f"{last[:-1]}ies"
    else:
        ending = f"{last}s"
    return f"{head} {known.get(last, ending)}".strip()


@cache
def stand_ins() -> dict[str, str]:
    """What is read in place of each thing's name, and of its plural."""
    found: dict[str, str] = {}
    for thing in things():
        found |= {thing.name: thing.stand_in, thing.plural: plural(thing.stand_in)}
    return found


@cache
def nouns() -> frozenset[str]:
    """Words that name things and people that a photo can show."""
    table = lexicon.read("en", "naming")
    kinds = {word for thing in things() for words in thing.kind for word in words}
    named = {name for thing in things() for name in (thing.name, thing.plural, *thing.also)}
    people = {word for words in table["people"]["neutral"].values() for word in words.split()}
    people |= table["people"]["neutral"].keys() - {"their"}
    return frozenset(kinds | named | people - {"his", "her"} | {*table["scenery"].split()})


@cache
def _members() -> Float[Tensor, "1000 N"]:
    """Which classes (rows) show which thing (columns)."""
    table = torch.zeros(CLASSES, len(things()))
    for column, thing in enumerate(things()):
        table[list(thing.classes), column] = 1.0
    return table


def recognise(classes: Float[Tensor, " 1000"]) -> tuple[Thing, float]:
    """The likeliest thing, given the probabilities of all classes, and the sum of its own."""
    p = classes.float().cpu() @ _members()
    best = int(p.argmax())
    return things()[best], float(p[best])


def is_wanted(thing: Thing, p: float, words: Sequence[str], norm: float) -> bool:
    """Whether a thing that was recognised with probability `p` is to be named where the decoder
    says `words` of a photo whose regions have this `norm`."""
    if p < CERTAIN or thing.is_named(words):
        return False
    return norm < OUTSIDE or thing.is_mistaken(words)


def familiarity(norm: float, logits: Float[Tensor, " 1000"], empty: float) -> float:
    """How much a photo is like those that were learnt from: the classifier's energy, log Σ exp of
    its logits (Liu et al. 2020, "Energy-based Out-of-distribution Detection"), and the `norm` of
    the regions that the decoder looks at, less the `empty_share`; each scaled for its spread."""
    return float(logits.logsumexp(-1)) + 0.06 * norm - 4.0 * empty


def empty_share(photo: UInt8[np.ndarray, "H W 3"]) -> float:
    """The share of pixels that show nothing: exactly as their neighbours above and to the left, as
    in drawings and screenshots, or nearly black."""
    here, above, left = photo[1:, 1:], photo[:-1, 1:], photo[1:, :-1]
    same = (here == above).all(-1) & (here == left).all(-1)
    return float((same | (here.max(-1) < NEARLY_BLACK)).mean())


def slots(thing: Thing, vocabulary: Vocabulary) -> tuple[Slot, ...]:
    """The thing's name in the singular and plural; none if the decoder has no words of its kind."""
    found = []
    names = (thing.name, thing.plural)
    stand_ins = (thing.stand_in, plural(thing.stand_in))
    for name, stand_in, kind in zip(names, stand_ins, thing.kind, strict=True):
        known = [word for word in (name, stand_in, *kind) if word in vocabulary]
        if not known:
            return ()
        others = {word for word in kind if word in vocabulary} - {known[0]}
        ids = vocabulary.encode([known[0], *sorted(others)])
        found.append(Slot(name, ids[0], tuple(ids)))
    return tuple(found)


@dataclass(frozen=True)
class Rules:
    """Ids of words for a search for sentences about a thing: what may stand `before` it; `barred`
    ones, which do not fit it; `open` ones, which a sentence does not end with; and after which one
    no `articles` follow."""

    before: frozenset[int]
    barred: tuple[int, ...]
    open: tuple[int, ...]
    of: int
    articles: tuple[int, ...]


def rules(thing: Thing, slots: Sequence[Slot], vocabulary: Vocabulary) -> Rules:
    """A thing is the first noun of a sentence, unless it is a place. All words of its kind give way
    to it; only the living do and have what the living do, and only people are dressed."""
    table = lexicon.read("en", "naming")

    def ids(*texts: str) -> list[int]:
        return vocabulary.encode(w for text in texts for w in text.split() if w in vocabulary)

    kinds = table["kinds"]
    lead = ids(table["lead"], "and" * (thing.title == "animal"))  # "a black and white panda"
    barred = [id for slot in slots for id in slot.takes]
    if thing.title not in ("animal", "person"):
        barred += ids(table["animate"], kinds["animal"]["singular"], kinds["animal"]["plural"])
    if thing.title not in ("clothing", "person"):
        barred += ids(kinds["clothing"]["singular"], kinds["clothing"]["plural"])
    everything = range(len(vocabulary))
    before = everything if thing.title in table["anywhere"].split() else lead
    of, *articles = vocabulary.encode(["of", "a", "an", "the"])
    return Rules(frozenset(before), tuple(barred), tuple(lead), of, tuple(articles))


def agreeing(words: Sequence[Slot], slots: Sequence[Slot], vocabulary: Vocabulary) -> list[Slot]:
    """The sentence with each of the `slots`, singular and plural, in the number that the words
    before it ask for, and with "a" or "an" by the sound that follows."""
    table, fixed = lexicon.read("en", "naming"), list(words)
    for k, word in enumerate(words):
        if word not in slots:
            continue
        before = [each.text for each in fixed[max(0, k - 4) : k]][::-1]
        asked = [
            text
            for text in before
            if text in (*table["singular"].split(), *table["plural"].split())
        ]
        if asked:
            word = slots[asked[0] in table["plural"].split()]
        fixed[k] = word
        if before and before[0] in ("a", "an"):
            right = article(word.text)
            ids = vocabulary.encode([right, "a", "an"])
            fixed[k - 1] = Slot(right, ids[0], tuple(dict.fromkeys(ids)))
    return fixed


def article(word: str) -> str:
    """ "a" or "an", by the sound a word begins with."""
    text = word.lower()
    vowel = text[0] in VOWELS and not text.startswith(A_BEFORE)
    return "an" if vowel or text.startswith(AN_BEFORE) else "a"


def doubt_gender(
    words: Sequence[Slot], p: Float[Tensor, "n V"], vocabulary: Vocabulary, *, outside: bool
) -> list[Slot]:
    """The sentence with words marked whose gender is unsure by `p`, the probabilities at each
    place. `outside` of the corpus "person", "people", "child" or "children" take the place of those
    that are least sure, and "their" that of "his" and "her" after them."""
    table = lexicon.read("en", "naming")["people"]
    genders = []
    for name in ("male", "female"):
        known = [word for word in table[name].split() if word in vocabulary]
        genders.append([id - UNWRITTEN for id in vocabulary.encode(known)])
    neutral = {
        gendered: word
        for word, texts in table["neutral"].items()
        for gendered in texts.split()
        if word in vocabulary
    }
    found, changed = list(words), False
    for k, word in enumerate(words):
        if word.text not in neutral or word.takes != (word.read,):
            continue
        new = neutral[word.text]
        if new == "their":
            said, unsure = changed, False
        else:
            shares = [float(p[k, ids].sum()) for ids in genders]
            share = max(shares) / max(sum(shares), 1e-30)
            said, unsure = outside and share < GENDER_LEAST, share < GENDER_CERTAIN
            changed |= said
        if said:
            (read,) = vocabulary.encode([new])
            same = [text for text, other in neutral.items() if other == new and text in vocabulary]
            word = Slot(new, read, (read, *vocabulary.encode(same)))
        found[k] = replace(word, unsure=unsure)
    return found
