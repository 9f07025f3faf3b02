"""Photos that visitors hand in on the page Captions: many, broken, too many, stopped."""

from __future__ import annotations

import threading
from io import BytesIO
from typing import Any

import numpy as np
import pytest
from PIL import Image

from engine import images
from engine.results import Description
from pages.parts.captions import compute, inputs
from tests.pages.captions_page import choose, chosen, page, photo, photos, rows, upload
from tests.pages.fake_caption_predictor import FakeCaptionPredictor
from tests.pages.opened import press, said, widget
from tests.pages.slow_work import until

pytestmark = pytest.mark.usefixtures("fake_models")


def test_several_uploads_are_described_and_a_broken_one_is_said() -> None:
    at = upload(
        page(view="many"),
        ("broken.jpg", photo(form="JPEG")[:80]),
        ("one.png", photo("red")),
        ("empty.png", b""),
        ("two.webp", photo("blue", "WEBP")),
        ("drawing.svg", b"<svg xmlns='http://www.w3.org/2000/svg'/>"),
        ("notes.txt", b"not a photo at all"),
    )
    told = said(at)
    for name in (
        "broken.jpg is damaged",
        "empty.png is empty",
        "drawing.svg is a vector",
        "notes.txt",
    ):
        assert name in told
    assert len(at.error) == 4
    assert photos(at)[:2] == ["one.png", "two.webp"]
    assert rows(at) == [
        ("one.png", "A dog runs."),
        ("two.webp", "A dog runs."),
        ("photographer", "A dog runs."),
    ]
    assert "are not part of the link" in told
    assert not [key for key, value in at.query_params.items() if "png" in str(value)]
    assert "captions_photo" not in at.query_params


def test_ones_own_is_shown_and_an_example_can_be_chosen_again() -> None:
    at = upload(page(), ("one.png", photo()))
    assert chosen(at) != "photographer"
    choose(at, "rocket")
    assert chosen(at) == "rocket"
    at.run()
    assert chosen(at) == "rocket"


def test_a_file_that_is_refused_leaves_the_chosen_photo_and_its_word() -> None:
    at = page(photo="rocket")
    assert until(lambda: len(at.run().header))
    at.session_state["captions_word"] = "1"
    at.run()
    own, broken = ("one.png", photo()), ("broken.jpg", photo(form="JPEG")[:80])
    at = upload(at, broken, ("notes.txt", b"not a photo at all"))
    assert len(at.error) == 2
    assert chosen(at) == "rocket"
    assert at.query_params["captions_photo"] == "rocket"
    assert at.session_state["captions_word"] == "1"
    at = upload(at, broken, own)
    own_id = chosen(at)
    assert photos(at)[0] == "one.png"
    assert own_id not in inputs.EXAMPLES
    at = upload(at, broken, own, ("empty.png", b""))
    assert chosen(at) == own_id


def test_a_photo_is_decoded_once(monkeypatch: pytest.MonkeyPatch) -> None:
    decoded: list[str] = []
    plain = images.read

    def watched(data: bytes, name: str) -> Any:
        decoded.append(name)
        return plain(data, name)

    monkeypatch.setattr(images, "read", watched)
    at = upload(page(), ("one.png", photo()))
    widget(at, "captions_width").set_value("2").run()
    choose(at, "photographer")
    assert decoded == ["photographer", "one.png"]


def test_more_than_twenty_are_refused_by_name() -> None:
    files = [(f"{k}.png", photo(f"rgb({k}, 0, 0)")) for k in range(22)]
    at = upload(page(), *files)
    assert "20.png is left out: 20 photos are taken at a time." in said(at)
    assert "21.png is left out" in said(at)
    assert len(photos(at)) == 20 + len(inputs.EXAMPLES)


def test_more_than_is_held_for_a_visit_is_refused_by_name(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(inputs, "LIMIT", 3 * 2**20)
    noise = np.random.default_rng(0).integers(0, 256, (700, 700, 3), np.uint8)
    out = BytesIO()
    Image.fromarray(noise).save(out, "PNG")
    at = upload(page(), ("large.png", out.getvalue()), ("small.png", photo()))
    assert "small.png is left out: with it, more than 3 MB would be held." in said(at)
    assert photos(at)[0] == "large.png"


def test_names_and_markup_do_no_harm() -> None:
    at = upload(
        page(view="many"), ("=HYPERLINK(1).png", photo()), ("[x](javascript:0).png", photo("blue"))
    )
    assert not at.error
    raw = "\n".join(str(e.value) for e in [*at.markdown, *at.caption, *at.header])
    assert "](javascript" not in raw
    assert rows(at)[0][0] == "\u00a0=HYPERLINK(1).png"


def test_describing_can_be_stopped_and_goes_on(monkeypatch: pytest.MonkeyPatch) -> None:
    gate = threading.Event()
    plain = FakeCaptionPredictor.caption
    done: list[Any] = []

    def slow(self: FakeCaptionPredictor, seen: Any, search: Any, **more: Any) -> Description:
        if len(done) >= 2:
            gate.wait(5)
        done.append(seen)
        return plain(self, seen, search, **more)

    monkeypatch.setattr(FakeCaptionPredictor, "caption", slow)
    monkeypatch.setattr(compute, "PATIENCE", 0.05)
    at = page(view="many")
    assert until(lambda: len(at.run().dataframe))
    upload(at, *((f"{k}.png", photo(f"rgb({k}, 0, 0)")) for k in range(3)))
    assert until(lambda: at.run() and len(rows(at)) == 2)
    progress = at.get("progress")[0].proto
    assert progress.text == "1 of 3 photos are described."
    at.button(key="captions_stop").click().run()
    gate.set()
    assert "Stopped: " in said(at)
    next(b for b in at.button if b.label == "Go on").click().run()
    assert until(lambda: at.run() and len(rows(at)) == 4)
    assert not at.get("progress")


def test_photos_stay_when_the_page_is_left_and_one_can_be_removed() -> None:
    at = upload(page(), ("one.png", photo("red")), ("two.png", photo("blue")))
    own = chosen(at)
    at.switch_page("pages/home.py").run()
    at.switch_page("pages/captions.py").run()
    assert photos(at)[:2] == ["one.png", "two.png"]
    assert chosen(at) == own
    at = press(at, "captions_remove")
    assert photos(at)[0] == "two.png"
    at = press(at, "captions_remove")
    assert chosen(at) == "photographer"


def test_the_camera_is_asked_for_only_when_wanted() -> None:
    at = page()
    assert not at.get("camera_input")
    widget(at, inputs.CAMERA).set_value(True).run()
    assert not at.exception
    assert at.get("camera_input")
