"""The page Characters run by Streamlit itself, on a model whose numbers are known."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from engine.errors import InputError
from engine.results import Letter
from pages.parts.characters import compute, controls
from pages.shared import models
from pages.shared.slides import SLIDES
from tests.pages.conftest import Open
from tests.pages.fake_text_generator import CANDIDATES, FakeTextGenerator
from tests.pages.opened import opened
from tests.pages.slow_work import until

pytestmark = pytest.mark.usefixtures("fake_models")
SHAKESPEARE = "chars-shakespeare"


def page(lang: str = "en", **query: str) -> AppTest:
    """The page, opened by a link with this `query`; its keys without their `characters_`."""
    own = {f"characters_{name}": value for name, value in query.items()}
    return opened("characters", {"lang": lang, **own})


def said(at: AppTest) -> str:
    """All Markdown of the page, without the backslashes that keep text from being markup."""
    elements = [*at.markdown, *at.caption, *at.subheader, *at.error]
    return "\n".join(str(element.value) for element in elements).replace("\\", "")


def widget(at: AppTest, name: str) -> Any:
    return at.get_by_key(f"characters_{name}")


def shown(at: AppTest, which: int = 0) -> dict[str, Any]:
    """What a token component was given; the first has the written text."""
    data: dict[str, Any] = json.loads(at.get("bidi_component")[which].proto.json)
    return data


def written(at: AppTest) -> str:
    return "".join(piece["text"] for piece in shown(at)["pieces"]).replace("↵\n", "\n")


def chart(at: AppTest, alt: str) -> dict[str, Any]:
    """The figure whose words for the blind begin with `alt`."""
    (found,) = [c.proto for c in at.get("plotly_chart") if c.proto.alt.startswith(alt)]
    spec: dict[str, Any] = json.loads(found.spec)
    return spec


@pytest.mark.parametrize(("lang", "model"), [("en", SHAKESPEARE), ("vi", "chars-kieu")])
def test_a_finished_sample_is_there_in_colours(lang: str, model: str) -> None:
    at = page(lang)
    assert len(at.title) == 1
    assert widget(at, "model").value == model
    assert len(written(at)) == 300
    data = shown(at)
    assert data["flowing"]
    assert data["before"] == widget(at, "prompt").value
    assert data["pieces"][0]["value"] == 0.0  # p = 0.5
    assert data["pieces"][7]["value"] == pytest.approx(-0.96)
    assert data["marked"] == 7  # its boldest choice
    assert at.query_params["characters_model"] == model  # since it depends on the language


def test_the_same_seed_writes_the_same_text_and_another_one_another() -> None:
    first = written(page())
    assert written(page()) == first
    assert written(page(seed="1")) != first
    at = page()
    next(b for b in at.button if b.label == "Write another").click().run()
    assert written(at) == written(page(seed="1"))


def test_temperature_length_top_k_and_top_p_reach_the_writer(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    asked: list[tuple[Any, ...]] = []
    plain = FakeTextGenerator.write

    def watched(self: FakeTextGenerator, *given: Any) -> Iterator[Letter]:
        asked.append(given)
        return plain(self, *given)

    monkeypatch.setattr(FakeTextGenerator, "write", watched)
    at = page(temperature="1.2", length="100", top_k="5", top_p="0.9", seed="7", prompt="Oh\n")
    ((prompt, length, choice, seed, stop),) = [given for given in asked if given[0] == "Oh\n"]
    assert (prompt, length, seed) == ("Oh\n", 100, 7)
    assert (choice.temperature, choice.top_k, choice.top_p) == (1.2, 5, 0.9)
    assert not choice.greedy
    assert not stop()
    assert len(written(at)) == 100
    assert "Settings: 100 characters, seed 7" in widget(at, "settings").proto.popover.label


def test_what_a_link_asks_for_wrongly_falls_back() -> None:
    at = page(model="<b>", temperature="9", length="1e9", seed="-1", mark="x", view="?")
    assert widget(at, "model").value == SHAKESPEARE
    assert widget(at, "temperature").value == "0.7"
    assert len(written(at)) == 300


def test_another_model_brings_its_prompt_unless_one_was_typed() -> None:
    at = page()
    widget(at, "model").set_value("chars-tolstoy").run()
    assert widget(at, "prompt").value == "Prince Andrew "
    widget(at, "prompt").set_value("My own").run()
    widget(at, "model").set_value(SHAKESPEARE).run()
    assert widget(at, "prompt").value == "My own"


def test_a_tapped_character_shows_its_candidates_and_is_what_the_panels_speak_of() -> None:
    at = page(mark="20", seed="3")
    letter = written(at)[20].replace("\n", "↵").replace(" ", "␣")
    assert f"In place of the tapped “{letter}”" in said(at)
    figure = chart(at, "The likeliest characters in this place: a 50%, b 20%, ␣ 10%, ↵ 5%, c 4%")
    assert len(figure["data"][0]["text"]) == len(CANDIDATES) + (letter not in "abc␣↵")
    assert f"loss of “{letter}”, 27 characters read" in said(at)
    widget(at, "temperature").set_value("0.2").run()
    assert shown(at)["selected"] is None  # it was a place in another text


def test_perplexity_stands_beside_nats() -> None:
    words = said(page())
    assert "1.40 nats per character, which is a perplexity of 4.06" in words
    assert "It was over 90% sure of <1% of these 300 characters" in words
    assert "1,40 nat trên mỗi ký tự" in said(page("vi"))


def test_the_gradient_panel_compares_three_cells_where_they_exist() -> None:
    words = said(page(view="gradient"))
    assert words.count("It gave “") == 3
    assert words.count("On text it never saw: 1.40 nats per character.") == 3
    assert "Three small networks" in words
    alone = said(page(model="chars-tolstoy", view="gradient"))
    assert alone.count("It gave “") == 1
    assert "The network reads the" in alone


def test_how_far_back_it_looks_is_computed() -> None:
    at = page(view="gradient")
    assert "It looks 2 characters back for" in said(at)
    assert "2 back, helps most: without it log p would fall by 1.50" in said(at)
    figure = chart(at, "Change of log p when one earlier character")
    assert len(figure["data"][0]["x"]) == len("ROMEO:\n") + 7


BAD = {"long": "a" * 1001, "unknown": "漢字", "emoji": "😀🎉", "control": "\x00\x07\u202e"}


@pytest.mark.parametrize("prompt", BAD.values(), ids=BAD)
@pytest.mark.parametrize("lang", ["en", "vi"])
def test_a_bad_prompt_gets_a_kind_message_or_is_read_without_it(lang: str, prompt: str) -> None:
    at = page(lang)
    widget(at, "prompt").set_value(prompt).run()
    assert not at.exception
    assert len(at.error) == (0 if prompt == BAD["control"] else 1)
    assert len(at.title) == 1


def test_an_empty_prompt_is_a_lines_beginning_and_markup_stays_text() -> None:
    at = page()
    widget(at, "prompt").set_value("").run()
    assert not at.error
    assert len(written(at)) == 300
    widget(at, "prompt").set_value("<img src=x> **b** [x](javascript:0)").run()
    assert not at.error
    assert "has never seen" in said(at)
    raw = "\n".join(str(e.value) for e in [*at.markdown, *at.caption])
    assert "](javascript" not in raw
    assert "<img" not in raw


def test_a_text_can_be_stopped_and_keeps_what_is_written(monkeypatch: pytest.MonkeyPatch) -> None:
    gate = threading.Event()

    def slow(self: FakeTextGenerator, _p: str, length: int, *given: Any) -> Iterator[Letter]:
        for k in range(length):
            if k == 60:
                gate.wait(5)
            yield Letter("a", 0.5, CANDIDATES)

    monkeypatch.setattr(FakeTextGenerator, "write", slow)
    monkeypatch.setattr(compute, "PATIENCE", 0.05)
    at = page()
    assert until(lambda: len(written(at.run())) == 60)
    assert "Writing: 60 of 300 characters." in said(at)
    assert "The rest of the page comes" in said(at)
    next(b for b in at.button if b.label == "Stop writing").click().run()
    gate.set()
    assert not at.exception
    assert "Stopped after 60 characters." in said(at)
    assert len(written(at)) == 60
    assert "characters read" in said(at)
    next(b for b in at.button if b.label == "Write it again").click().run()
    assert until(lambda: len(written(at.run())) == 300)


def test_a_missing_model_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    def missing(name: str, moment: int | None = None) -> FakeTextGenerator:
        raise InputError("The model {name} is not installed here.", name=name)

    monkeypatch.setattr(models, "characters_headers", dict)
    monkeypatch.setattr(models, "characters", missing)
    at = page("vi")
    assert len(at.error) == 1
    assert "kieu" in at.error[0].value


def test_the_link_holds_what_makes_the_text() -> None:
    at = page(seed="5", temperature="0.3")
    held = {key: at.session_state[key] for key in controls.KEYS}
    assert held["characters_seed"] == "5"
    assert controls.FINISHED in at.session_state
    assert at.session_state[controls.FINISHED] == "ROMEO:\n" + written(at)


@pytest.mark.parametrize("lang", ["en", "vi"])
@pytest.mark.parametrize(
    ("slide", "view"), [(8, "predict"), (9, "predict"), (10, "predict"), (54, "learn")]
)
def test_slides_open_the_page(app: Open, slide: int, view: str, lang: str) -> None:
    assert SLIDES[slide].page == "characters"
    at = app(lang=lang, slide=str(slide)).switch_page("pages/characters.py").run()
    assert not at.exception
    assert widget(at, "view").value == view
    if slide == 54:
        assert widget(at, "network").value == "chars-tolstoy-lstm"
        assert widget(at, "moment").value == "100"
