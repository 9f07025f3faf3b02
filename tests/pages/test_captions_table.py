"""The table of many sentences as files: nothing in them is computed, and nothing is lost."""

from __future__ import annotations

import csv
import json
from io import StringIO
from types import SimpleNamespace

import numpy as np
import pytest

from engine.images import Photo
from engine.tasks.captions import PhotoFeatures
from pages.parts.captions import many
from pages.parts.captions.session import LoadedPhoto
from tests.pages.captions_page import page
from tests.pages.fake_caption_predictor import FakeCaptionPredictor


def plain(text: str) -> str:
    return text


def row(name: str) -> many.Row:
    pixels = np.zeros((30, 40, 3), np.uint8)
    features = PhotoFeatures(SimpleNamespace())  # type: ignore[arg-type]
    loaded = LoadedPhoto(name, Photo(name, pixels, pixels, (40, 30)), features)
    return many.Row(name, loaded, FakeCaptionPredictor().caption(None))


def test_the_csv_opens_with_its_accents_whole() -> None:
    data = many.as_csv([row("ảnh, của tôi.jpg")], many.headings(plain))
    assert data.startswith(b"\xef\xbb\xbf")
    heading, line = csv.reader(StringIO(data.decode("utf-8-sig")))
    assert heading == ["file", "sentence", "score"]
    assert line == ["ảnh, của tôi.jpg", "A dog runs.", f"{np.log(0.5):.4f}"]


@pytest.mark.parametrize("name", ["=HYPERLINK(1).png", "@sum.png", "+1.png", "-1.png"])
def test_a_name_is_never_a_formula(name: str) -> None:
    text = many.as_csv([row(name)], many.headings(plain)).decode("utf-8-sig")
    assert text.splitlines()[1].startswith(f"'{name}")
    screen = many.screen([row(name)], many.headings(plain), lambda _: "")
    assert screen["file"][0] == f"\u00a0{name}"


def test_the_json_has_every_sentence_and_word() -> None:
    (found,) = json.loads(many.as_json([row("a.png")]))
    assert found["file"] == "a.png"
    assert [caption["text"] for caption in found["captions"]] == [
        "A dog runs.",
        "A dog runs in the snow.",
    ]
    assert found["captions"][0]["words"][-1] == ["STOP", 0.5]
    assert found["captions"][0]["log_probability"] == pytest.approx(4 * np.log(0.5), abs=1e-6)


@pytest.mark.usefixtures("no_models")
@pytest.mark.parametrize("lang", ["en", "vi"])
def test_without_weights_the_page_says_so_kindly(lang: str) -> None:
    at = page(lang)
    assert len(at.error) == 1
    assert r"captions\-en" in at.error[0].value
    assert len(at.title) == 1
    assert at.file_uploader
