"""The page Captions run by Streamlit itself, on a model whose numbers are known."""

from __future__ import annotations

import json
import threading
from io import BytesIO
from typing import Any

import numpy as np
import pytest
from PIL import Image
from streamlit.testing.v1 import AppTest

from engine.errors import InputError
from engine.results import Description
from pages.parts.captions import compute, source
from pages.shared import models
from pages.shared.slides import SLIDES
from tests.pages.conftest import Open
from tests.pages.fake_describer import FakeDescriber
from tests.pages.opened import opened, said, widget
from tests.pages.slow_work import until

pytestmark = pytest.mark.usefixtures("fake_models")


def page(lang: str = "en", **query: str) -> AppTest:
    """The page, opened by a link with this `query`; its keys without their `captions_`."""
    own = {f"captions_{name}": value for name, value in query.items()}
    return opened("captions", {"lang": lang, **own})


def photo(colour: str = "red", form: str = "PNG") -> bytes:
    out = BytesIO()
    Image.new("RGB", (40, 30), colour).save(out, form)
    return out.getvalue()


def upload(at: AppTest, *files: tuple[str, bytes]) -> AppTest:
    """Hands in all files at once."""
    at.file_uploader(key=source.UPLOADER).set_value(
        [(name, data, "application/octet-stream") for name, data in files]
    )
    at.run()
    assert not at.exception
    return at


def shown(at: AppTest) -> dict[str, Any]:
    """What the token component was given."""
    data: dict[str, Any] = json.loads(at.get("bidi_component")[0].proto.json)
    return data


def drawn(at: AppTest) -> list[str]:
    """The alternative texts of all figures."""
    return [str(figure.proto.alt) for figure in at.get("plotly_chart")]


def photos(at: AppTest) -> list[str]:
    """The names to choose from, without Markdown's backslashes."""
    return [str(name).replace("\\", "") for name in widget(at, source.PICK).options]


def rows(at: AppTest) -> list[tuple[str, str]]:
    table = at.dataframe[0].value
    return list(zip(table["file"], table["sentence"], strict=True))


def test_an_example_is_described_before_anything_is_done() -> None:
    at = page()
    assert len(at.title) == 1
    assert [str(h.value) for h in at.header] == [r"A dog runs\."]
    assert [piece["text"] for piece in shown(at)["pieces"]] == ["a", "dog", "runs", "STOP"]
    assert photos(at) == ["photographer", "cat", "rocket", "astronaut"]
    assert widget(at, source.PICK).value == "photographer"
    assert "captions_photo" not in at.query_params


def test_before_a_tap_a_word_that_names_something_is_marked() -> None:
    at = page()
    assert shown(at)["marked"] == 1
    assert "In place of “dog”, after “a”:" in said(at)
    assert "Where it looked for “dog”: most: upper right, 50%" in said(at)
    assert "is not an explanation" in said(at)


def test_a_tapped_word_is_what_all_panels_speak_of() -> None:
    at = page(word="3")
    assert shown(at)["selected"] == 3
    assert "Where it ends, after “a dog runs”:" in said(at)
    assert "e = −log P(STOP)" in said(at)
    assert any("Attention for “STOP”" in alt for alt in drawn(at))
    widget(at, source.PICK).set_value("cat").run()
    assert shown(at)["selected"] is None  # it was a place in another sentence
    assert at.query_params["captions_photo"] == "cat"


def test_alternatives_have_scores_and_can_be_chosen() -> None:
    at = page()
    radio = widget(at, "captions_alternative")
    assert [str(option).replace("\\", "") for option in radio.options] == [
        "A dog runs.",
        "A dog runs in the snow.",
    ]
    radio.set_value("1").run()
    assert not at.exception
    assert len(shown(at)["pieces"]) == 7
    assert at.query_params["captions_alternative"] == "1"


def test_settings_reach_the_search_and_the_link(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[tuple[int, float]] = []
    plain = FakeDescriber.describe

    def watched(self: FakeDescriber, seen: Any, search: Any, **more: Any) -> Description:
        asked.append((search.width, search.penalty))
        return plain(self, seen, search, **more)

    monkeypatch.setattr(FakeDescriber, "describe", watched)
    at = page(width="1", penalty="0.5")
    assert asked == [(1, 0.5)]
    assert len(widget(at, "captions_alternative").options) == 1
    label = widget(at, "captions_settings").proto.popover.label
    assert label == "Settings: beam width 1, length penalty 0.5"
    assert at.query_params["captions_width"] == "1"
    widget(at, "captions_width").set_value("7").run()
    assert asked[-1] == (7, 0.5)


def test_what_a_link_asks_for_wrongly_falls_back() -> None:
    at = page(photo="<b>", width="99", penalty="x", word="77", alternative="9", view="?")
    assert widget(at, source.PICK).value == "photographer"
    assert widget(at, "captions_width").value == "5"
    assert shown(at)["selected"] is None
    assert shown(at)["marked"] == 1


def test_several_uploads_are_described_and_a_broken_one_is_said() -> None:
    at = upload(
        page(),
        ("broken.jpg", photo(form="JPEG")[:80]),
        ("one.png", photo("red")),
        ("empty.png", b""),
        ("two.webp", photo("blue", "WEBP")),
        ("drawing.svg", b"<svg xmlns='http://www.w3.org/2000/svg'/>"),
        ("notes.txt", b"not a photo at all"),
    )
    told = said(at)
    for name in ("broken.jpg is damaged", "empty.png is empty", "drawing.svg is a vector", "notes.txt"):
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
    assert widget(at, source.PICK).value != "photographer"
    widget(at, source.PICK).set_value("rocket").run()
    assert widget(at, source.PICK).value == "rocket"
    at.run()
    assert widget(at, source.PICK).value == "rocket"


def test_a_photo_is_decoded_once(monkeypatch: pytest.MonkeyPatch) -> None:
    decoded: list[str] = []
    plain = compute.images.read

    def watched(data: bytes, name: str) -> Any:
        decoded.append(name)
        return plain(data, name)

    monkeypatch.setattr(compute.images, "read", watched)
    at = upload(page(), ("one.png", photo()))
    widget(at, "captions_width").set_value("2").run()
    widget(at, source.PICK).set_value("photographer").run()
    assert decoded == ["photographer", "one.png"]


def test_more_than_twenty_are_refused_by_name() -> None:
    files = [(f"{k}.png", photo(f"rgb({k}, 0, 0)")) for k in range(22)]
    at = upload(page(), *files)
    assert "20.png is left out: 20 photos are taken at a time." in said(at)
    assert "21.png is left out" in said(at)
    assert len(photos(at)) == 20 + len(source.EXAMPLES)


def test_more_than_is_held_for_a_visit_is_refused_by_name(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(source, "HELD", 3 * 2**20)
    noise = np.random.default_rng(0).integers(0, 256, (700, 700, 3), np.uint8)
    out = BytesIO()
    Image.fromarray(noise).save(out, "PNG")
    at = upload(page(), ("large.png", out.getvalue()), ("small.png", photo()))
    assert "small.png is left out: with it, more than 3 MB would be held." in said(at)
    assert photos(at)[0] == "large.png"


def test_names_and_markup_do_no_harm() -> None:
    at = upload(page(), ("=HYPERLINK(1).png", photo()), ("[x](javascript:0).png", photo("blue")))
    assert not at.error
    raw = "\n".join(str(e.value) for e in [*at.markdown, *at.caption, *at.header])
    assert "](javascript" not in raw
    assert rows(at)[0][0] == "\u00a0=HYPERLINK(1).png"


def test_describing_can_be_stopped_and_goes_on(monkeypatch: pytest.MonkeyPatch) -> None:
    gate = threading.Event()
    plain = FakeDescriber.describe
    done: list[Any] = []

    def slow(self: FakeDescriber, seen: Any, search: Any, **more: Any) -> Description:
        if len(done) >= 2:
            gate.wait(5)
        done.append(seen)
        return plain(self, seen, search, **more)

    monkeypatch.setattr(FakeDescriber, "describe", slow)
    monkeypatch.setattr(compute, "PATIENCE", 0.05)
    at = page()
    assert until(lambda: len(at.run().header))
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


def test_the_panel_compares_cells_and_says_what_it_leaves_out() -> None:
    words = said(page())
    assert "**RNN** · 900\u202f000 parameters" in words
    assert "Here the photo's h₀ gets a gradient 4 times smaller" in words  # 0.5²
    assert "along h alone" in words
    assert "all that is known of the photo has to come through h₀" in words
    attentive = said(page(models="with"))
    assert "so not like for like" in attentive
    assert "does not answer whether the photo still matters" in attentive
    assert said(page(models="pairs")).count(" with attention** · ") == 2


def test_saliency_stands_beside_the_attention() -> None:
    (alt,) = [alt for alt in drawn(page()) if "Gradient of the loss of “dog”" in alt]
    assert "middle" in alt


def test_a_model_without_attention_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(models, "captions", lambda *_: FakeDescriber("captions-en-lstm"))
    at = page()
    assert "This model has no attention" in said(at)
    assert "The photo." in drawn(at)


def test_the_camera_is_asked_for_only_when_wanted() -> None:
    at = page()
    assert not at.get("camera_input")
    widget(at, source.CAMERA).set_value(True).run()
    assert not at.exception
    assert at.get("camera_input")


def test_in_vietnamese_it_says_that_sentences_are_english() -> None:
    at = page("vi")
    assert "tiếng Anh" in said(at)
    assert "6.000 ảnh" in said(at)
    assert photos(at)[1] == "con mèo"


def test_missing_models_are_said(monkeypatch: pytest.MonkeyPatch) -> None:
    def missing(name: str, _device: str = "cpu") -> FakeDescriber:
        raise InputError("The model {name} is not installed here.", name=name)

    monkeypatch.setattr(models, "captions", missing)
    monkeypatch.setattr(models, "captions_headers", dict)
    at = page()
    assert len(at.error) == 1
    assert "captions\\-en" in at.error[0].value


@pytest.mark.parametrize("lang", ["en", "vi"])
@pytest.mark.parametrize("slide", [11, 12, 55, 56])
def test_slides_open_the_page(app: Open, slide: int, lang: str) -> None:
    assert SLIDES[slide].page == "captions"
    at = app(lang=lang, slide=str(slide)).switch_page("pages/captions.py").run()
    assert not at.exception
    assert widget(at, source.PICK).value == "photographer"
    assert widget(at, "captions_view").value == SLIDES[slide].state(lang)["captions_view"]
