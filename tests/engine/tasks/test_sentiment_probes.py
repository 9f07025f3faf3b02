"""The behavioural probes: complete, balanced over the kinds, and clean text."""

from collections import Counter

import pytest

from engine.language import check, detect_language
from engine.tasks.sentiment.data import PROBES


@pytest.mark.parametrize("language", ["en", "vi"])
def test_forty_probes_five_of_each_kind(language: str) -> None:
    probes = PROBES[language]
    assert len({probe.text for probe in probes}) == 40
    assert set(Counter(probe.kind for probe in probes).values()) == {5}
    assert {probe.label for probe in probes} == {"positive", "negative"}


@pytest.mark.parametrize("language", ["en", "vi"])
def test_probes_are_plain_text_of_their_language(language: str) -> None:
    found = [detect_language(probe.text) for probe in PROBES[language]]
    assert all(check(probe.text) == probe.text for probe in PROBES[language])
    assert found.count(language) >= 38  # four words may say too little
