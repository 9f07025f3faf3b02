"""The bar of a page that was opened by a slide: on to the next, back to its state, away."""

from __future__ import annotations

import pytest
from streamlit.testing.v1 import AppTest

from pages.shared.slides import SLIDES
from tests.pages.conftest import Open


def opened(app: Open, slide: int) -> AppTest:
    """The app at a slide's page; AppTest has to be told which page the script went to."""
    at = app(slide=str(slide))
    return at.switch_page(f"pages/{SLIDES[slide].page}.py").run()


def bar(at: AppTest) -> str:
    """What the bar says, or nothing."""
    found = [text.value for text in at.markdown if text.value.startswith("**Slide ")]
    return found[0] if found else ""


@pytest.mark.usefixtures("fake_models")
def test_a_page_that_no_slide_opened_has_no_bar(app: Open) -> None:
    assert bar(app()) == ""


@pytest.mark.usefixtures("fake_models")
def test_next_and_previous_go_through_the_lecture(app: Open) -> None:
    at = opened(app, 28)
    assert bar(at) == f"**Slide 28** · {SLIDES[28].about}"
    at.button(key="slide_1").click().run()
    assert bar(at).startswith("**Slide 29**")
    assert at.session_state["cells_view"] == "unrolled"
    at.button(key="slide_1").click().run()
    assert bar(at).startswith("**Slide 30**")
    assert at.title[0].value == "Why does the gradient vanish or explode?"
    at.switch_page("pages/gradients.py").run()
    at.button(key="slide_-1").click().run()
    assert bar(at).startswith("**Slide 29**")


@pytest.mark.usefixtures("fake_models")
def test_reset_brings_the_slides_state_back(app: Open) -> None:
    at = opened(app, 38)
    at.segmented_control(key="cells_cell").set_value("gru").run()
    assert at.session_state["cells_cell"] == "gru"
    at.button(key="slide_reset").click().run()
    assert at.session_state["cells_cell"] == "lstm"
    assert at.session_state["cells_stage"] == "input"


@pytest.mark.usefixtures("fake_models")
def test_it_can_be_closed_and_stays_so(app: Open) -> None:
    at = opened(app, 38)
    at.button(key="slide_close").click().run()
    assert bar(at) == ""
    assert at.session_state["cells_stage"] == "input"


@pytest.mark.usefixtures("fake_models")
def test_the_first_and_the_last_slide_have_one_neighbour(app: Open) -> None:
    first, last = min(SLIDES), max(SLIDES)
    ways = {key: [b.key for b in app(slide=str(key)).button] for key in (first, last)}
    assert "slide_-1" not in ways[first]
    assert "slide_1" in ways[first]
    assert "slide_1" not in ways[last]
    assert "slide_-1" in ways[last]


def test_no_slide_of_the_lecture_is_without_a_place() -> None:
    assert set(range(4, 58)) <= set(SLIDES)
