"""Vietnamese names in sentences to learn from: in both languages or not at all."""

from __future__ import annotations

import random

import pytest

from engine.language import lexicon, normalise, strip_accents
from engine.language.names import FAMILIES
from engine.tasks.translation.data import REPLACED, rename_people

NAMES = lexicon.read("vi", "names")
MEN, WOMEN = (tuple(NAMES[kind]["given"].split()) for kind in ("men", "women"))
TITLES = {kind: NAMES[kind]["titles"].split() for kind in ("men", "women")}
NEW = {name for given in (MEN, WOMEN) for name in (*given, *map(strip_accents, given))}
PAIR = ("Tom quên mua vé cho Mary.", "Tom forgot to buy Mary a ticket.")


def renamed(pair: tuple[str, str], seed: int, source: str = "vi") -> tuple[str, str]:
    target = "en" if source == "vi" else "vi"
    return rename_people(pair, (source, target), 1.0, random.Random(seed))


def words(text: str) -> set[str]:
    return set(text.rstrip(".").split())


@pytest.mark.parametrize("seed", range(20))
def test_both_languages_have_the_new_names_and_nothing_else_changes(seed: int) -> None:
    source, target = renamed(PAIR, seed)
    assert not {"Tom", "Mary"} & (words(source) | words(target))
    assert words(source) & words(target) & NEW
    assert target == normalise(target)
    assert target.endswith(" a ticket.")
    assert " forgot to buy " in target


def test_men_and_women_keep_their_kind_of_name_and_are_written_in_several_ways() -> None:
    sources, targets = zip(*(renamed(PAIR, seed) for seed in range(300)), strict=True)
    first = {t.partition(" forgot")[0] for t in targets}
    assert len(first & set(MEN)) > 20
    assert not first & (set(WOMEN) - {strip_accents(name) for name in MEN})
    assert any(name.split()[0] in FAMILIES for name in first)
    assert any(strip_accents(name) == name and name not in MEN for name in first)
    starts = {s.split()[0] for s in sources}
    assert {title.capitalize() for title in TITLES["men"]} <= starts


def test_a_title_is_read_and_never_made_up_in_a_translation() -> None:
    everyone = {title for titles in TITLES.values() for title in titles}
    for seed in range(100):
        _english, vietnamese = renamed(PAIR[::-1], seed, source="en")
        assert not everyone & {word.lower() for word in words(vietnamese)}
        source, _target = renamed(("Tôi gặp chị Mary.", "I met Mary."), seed)
        assert source.count("chị") == 1
        assert len(everyone & words(source)) == 1


@pytest.mark.parametrize(
    "pair",
    [
        ("Anh ấy quên.", "Tom forgot."),
        ("Tom nói Tom quên.", "Tom says he forgot."),
        ("Tomas quên.", "Tomas forgot."),
        ("Obama quên.", "Obama forgot."),
        ("", ""),
    ],
)
def test_others_stay(pair: tuple[str, str]) -> None:
    assert renamed(pair, 0) == pair


def test_the_share_decides_and_without_one_chance_is_left_alone() -> None:
    generator = random.Random(0)
    before = generator.getstate()
    pair = ("Obama quên.", "Obama forgot.")
    assert rename_people(pair, ("vi", "en"), 0.5, generator) == pair
    assert rename_people(PAIR, ("vi", "en"), 0.0, generator) == PAIR
    assert generator.getstate() == before
    changed = sum(rename_people(PAIR, ("vi", "en"), 0.5, generator) != PAIR for _ in range(400))
    assert 0.7 < changed / 400 < 0.8  # one of two names: 3 in 4


def test_each_name_is_one_that_sentences_call_somebody() -> None:
    assert set(REPLACED.values()) == {"men", "women"} == set(TITLES)
    assert not set(MEN) & set(WOMEN)
