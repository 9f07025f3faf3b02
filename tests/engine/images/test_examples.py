"""The example photos can be read, are small, and say where they come from."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from engine import images
from tests.project import ROOT

FOLDER = ROOT / "assets" / "examples"
PHOTOS = sorted(FOLDER.glob("*.jpg"))
README = (FOLDER / "README.md").read_text(encoding="utf-8")


def test_each_is_listed_with_its_terms() -> None:
    rows = re.findall(r"^\| \[([^]]+)\].*\|([^|]+)\|$", README, re.M)
    assert [name for name, _ in rows] == [path.name for path in PHOTOS]
    assert len(rows) == 4
    assert all(re.search("CC0|public domain", terms) for _, terms in rows)


@pytest.mark.parametrize("path", PHOTOS, ids=lambda path: path.name)
def test_each_is_shown_as_it_is(path: Path) -> None:

    photo = images.read_file(path)
    assert photo.size == photo.pixels.shape[1::-1]
    assert min(photo.size) >= images.ENCODED


def test_they_are_light() -> None:
    assert 0 < sum(path.stat().st_size for path in PHOTOS) < 400_000
