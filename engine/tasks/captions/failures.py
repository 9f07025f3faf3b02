"""Where a captioner fails: how often by kind of word, and real sentences of its own that are wrong.

A word of a caption is wrong when nobody who described the photo used it or one that means the same
here, while somebody used another of its kind. People's own sentences are counted, not quoted.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from engine.results import CaptionFailures, CaptionMistake, ErrorShare

QUOTES, PER_KIND = 14, 2
"""Sentences quoted at most: in all, and for one kind."""
AGREED = 3
"""So many of a photo's people have to say the same for a sentence to be quoted."""

Words = Sequence[str]

# By kind, what can be said: each line holds words that mean the same here, its name first.
_WORDS = {
    "gender": """
        man men boy boys guy guys male gentleman he his father
        woman women girl girls lady ladies female she her mother
    """,
    "age": """
        child children boy boys girl girls kid kids toddler baby little infant
        adult adults man men woman women lady ladies guy guys gentleman
    """,
    "animal": """
        dog dogs puppy puppies terrier poodle greyhound greyhounds retriever dalmatian
        cat cats kitten
        horse horses bull pony
        bird birds duck ducks goose seagull
        monkey
        sheep
        cow cows
    """,
    "colour": """
        black dark
        white
        brown tan
        red maroon
        blue navy
        green
        yellow
        orange
        pink
        purple
        grey gray silver
        blond blonde
    """,
    "activity": """
        run runs running race races racing chase chases chasing sprint
        jump jumps jumping leap leaps leaping midair air
        swim swims swimming wade wades wading float
        sit sits sitting seated
        stand stands standing stood
        walk walks walking stroll strolling hike hikes hiking
        climb climbs climbing scale scaling rappelling
        ride rides riding biking cycling bike bicycle
        ski skis skiing skier skiers snowboard snowboarding snowboarder sled sledding
        surf surfs surfing surfer surfboard
        skateboard skateboards skateboarding skateboarder
        lie lies lying laying lays sleeping
        dance dances dancing
        swing swings swinging
        slide slides sliding
    """,
    "place": """
        water pool ocean sea lake river wave waves stream creek pond surf
        snow snowy ice
        grass grassy field lawn yard meadow
        sand sandy beach desert
        street road sidewalk city pavement crosswalk
        forest woods trees
        rock rocks rocky cliff mountain mountains
        room indoors couch bed kitchen floor
    """,
    "number": """
        one a an single alone
        two pair couple both
        three trio
        four five six several many group crowd team
    """,
}

KINDS: dict[str, tuple[frozenset[str], ...]] = {
    kind: tuple(frozenset(line.split()) for line in text.strip().splitlines())
    for kind, text in _WORDS.items()
}
_NAMES = {
    kind: tuple(line.split()[0] for line in text.strip().splitlines())
    for kind, text in _WORDS.items()
}
_HEADS = ("dog", "man", "woman", "boy", "girl", "person", "people", "child", "men", "women", "dogs")
"""What numbers are counted of: "a dog in a field" is one dog, and no field is counted."""


class _Judged(NamedTuple):
    """One word of a caption that can be wrong, and what the people said of the same kind."""

    word: str
    wrong: bool
    instead: tuple[tuple[str, int], ...]


def collect(said: Sequence[Words], people: Sequence[Sequence[Words]]) -> CaptionFailures:
    """The failures of captions `said` of photos that `people` described."""
    counts: dict[str, list[bool]] = {kind: [] for kind in KINDS}
    mistakes: list[CaptionMistake] = []
    free: list[bool] = []
    for words, others in zip(said, people, strict=True):
        found = [(kind, j) for kind in KINDS for j in _judged(kind, words, others)]
        for kind, judged in found:
            counts[kind].append(judged.wrong)
            if judged.wrong and judged.instead[0][1] >= AGREED:
                text = " ".join(words)
                mistakes.append(
                    CaptionMistake(kind, text, judged.word, judged.instead, len(others))
                )
        free.append(any(judged.wrong for _, judged in found))
    shares = (ErrorShare(kind, len(each), sum(each)) for kind, each in counts.items() if each)
    return CaptionFailures(
        ErrorShare("all", len(free), sum(free)), tuple(shares), tuple(_quotes(mistakes))
    )


def _judged(kind: str, words: Words, people: Sequence[Words]) -> Iterator[_Judged]:
    """The first word of the kind, if the people have something to say of it."""
    said = _groups(kind, words)
    theirs = Counter(group for sentence in people for group in set(_groups(kind, sentence)))
    if not (said and theirs):
        return
    group = next(iter(said))
    instead = tuple((_NAMES[kind][g], n) for g, n in theirs.most_common(2))
    yield _Judged(said[group], group not in theirs, instead)


def _groups(kind: str, words: Words) -> dict[int, str]:
    """Which meanings of the kind a sentence has, and by which word, in the sentence's order."""
    found: dict[int, str] = {}
    for k, word in enumerate(words):
        if kind == "number" and word in ("a", "an", "one") and not _counts(words[k + 1 : k + 4]):
            continue
        for group, members in enumerate(KINDS[kind]):
            if word in members:
                found.setdefault(group, word)
    return found


def _counts(following: Words) -> bool:
    """Whether "a" counts someone: "a black dog" does, "a field with dogs" does not."""
    for word in following:
        if word in _HEADS:
            return True
        if word in ("in", "on", "with", "of", "at"):
            return False
    return False


def _quotes(mistakes: Sequence[CaptionMistake]) -> Iterator[CaptionMistake]:
    """Those that most people disagree with, at most `PER_KIND` of one kind, no sentence twice."""
    taken: Counter[str] = Counter()
    texts: set[str] = set()
    for mistake in sorted(mistakes, key=lambda m: (-m.instead[0][1], m.caption)):
        if taken[mistake.kind] < PER_KIND and mistake.caption not in texts:
            taken[mistake.kind] += 1
            texts.add(mistake.caption)
            if sum(taken.values()) > QUOTES:
                return
            yield mistake


def read_failures(path: Path) -> CaptionFailures:
    """What `write` wrote."""
    found = json.loads(path.read_text(encoding="utf-8"))
    return CaptionFailures(
        ErrorShare(**found["everything"]),
        tuple(ErrorShare(**kind) for kind in found["kinds"]),
        tuple(
            CaptionMistake(**{**quote, "instead": tuple(map(tuple, quote["instead"]))})
            for quote in found["quotes"]
        ),
    )
