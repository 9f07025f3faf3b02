"""The home page: a live tile, the slides, the models; kind where no model is installed."""

from __future__ import annotations

from dataclasses import replace

import pytest
from streamlit.testing.v1 import AppTest

from pages.parts.home import board, views
from pages.shared import models
from pages.shared.slides import FILM, PAGES, SLIDES, Page
from tests.engine.model_files import HEADER
from tests.pages.conftest import Open
from tests.project import ROOT


def said(at: AppTest) -> str:
    elements = [*at.markdown, *at.caption, *at.subheader, *at.title, *at.info, *at.error]
    return "\n".join(str(element.value) for element in elements)


@pytest.mark.usefixtures("fake_models")
@pytest.mark.parametrize(("lang", "verdict"), [("en", "Positive"), ("vi", "Tích cực")])
def test_a_worked_example_is_there(app: Open, lang: str, verdict: str) -> None:
    at = app(lang=lang)
    assert not at.exception
    assert len(at.title) == 1
    assert at.text_area(key="home_text").value == FILM[lang]
    assert verdict in said(at)


@pytest.mark.usefixtures("fake_models")
def test_typing_gives_a_new_verdict(app: Open) -> None:
    at = app()
    at.text_area(key="home_text").set_value("dull, so dull").run()
    assert not at.exception
    assert "Negative" in said(at)
    assert at.query_params["home_text"] == "dull, so dull"


@pytest.mark.usefixtures("fake_models")
def test_untouched_examples_follow_the_language_and_own_texts_stay(app: Open) -> None:
    at = app()
    at.text_area(key="home_text").set_value("My own sentence.").run()
    at.segmented_control(key="lang").set_value("vi").run()
    assert not at.exception
    assert at.text_area(key="home_text").value == "My own sentence."
    assert at.text_area(key="home_source").value == board.TRANSLATORS["vi"][1]
    assert at.text_area(key="home_prompt").value == board.WRITERS["vi"][1]
    at.segmented_control(key="lang").set_value("en").run()
    assert at.text_area(key="home_source").value == board.TRANSLATORS["en"][1]
    linked = app(home_source=board.TRANSLATORS["vi"][1])  # somebody's choice, not an example
    linked.run()
    assert linked.text_area(key="home_source").value == board.TRANSLATORS["vi"][1]


@pytest.mark.usefixtures("fake_models")
@pytest.mark.parametrize("text", ["", "   ", "🙂🙂", "x" * 100_000])
def test_bad_input_gets_a_clear_message_and_is_not_lost(app: Open, text: str) -> None:
    at = app(lang="vi")
    at.text_area(key="home_text").set_value(text).run()
    assert not at.exception
    assert len(at.error) == 1
    assert at.text_area(key="home_text").value == text


@pytest.mark.usefixtures("no_models")
@pytest.mark.parametrize("lang", ["en", "vi"])
def test_without_models_the_page_says_so(app: Open, lang: str) -> None:
    at = app(lang=lang)
    assert not at.exception
    assert len(at.error) == len(board.CARDS)
    at = app(lang=lang, home_view="models")
    assert not at.exception
    assert len(at.info) == 1


def test_every_page_that_exists_is_listed() -> None:
    scripts = {f"pages/{path.name}" for path in (ROOT / "pages").glob("[!_]*.py")}
    assert {page.path for page in PAGES.values()} == scripts


@pytest.mark.usefixtures("fake_models")
@pytest.mark.parametrize("page", PAGES.values(), ids=list(PAGES))
def test_every_page_opens_with_one_title_in_both_languages(app: Open, page: Page) -> None:
    titles = set()
    for lang in ("en", "vi"):
        at = app(lang=lang)
        at.switch_page(page.path).run()
        assert not at.exception
        assert len(at.title) == 1
        assert at.segmented_control(key="lang").value == lang, "the page lacks begin_page()"
        titles.add(at.title[0].value)
    assert len(titles) == 2


@pytest.mark.usefixtures("fake_models")
def test_the_search_opens_a_slide(app: Open) -> None:
    at = app(home_view="slides")
    at.selectbox(key="home_slide").set_value(5).run()
    assert not at.exception
    assert at.text_area(key="sentiment_text").value == "The food was really good"


@pytest.mark.usefixtures("fake_models", "no_models")
def test_the_slide_map_opens_every_slide(app: Open) -> None:
    at = app(home_view="slides")
    labels = {at.button(key=f"home_slide_{number}").label for number in SLIDES}
    assert labels == {views.slide_title(number) for number in SLIDES}
    at.button(key="home_slide_5").click().run()
    assert not at.exception
    assert at.text_area(key="sentiment_text").value == "The food was really good"


@pytest.mark.usefixtures("fake_models")
def test_only_the_chosen_view_is_drawn(app: Open) -> None:
    at = app(home_view="transformer")
    assert at.segmented_control(key="home_view").value == "transformer"
    assert "Transformer is the better choice" in said(at)
    assert "cs231n" not in said(at)


def test_the_models_table_shows_the_main_test_set_and_its_baseline() -> None:
    rows = views.table([HEADER, replace(HEADER, metrics={})]).astype(str).to_numpy().tolist()
    assert rows[0][:4] == ["`small-model`", "81.2%", "50.0%", "dev set"]
    assert rows[1][:4] == ["`small-model`", "–", "–", ""]


def test_the_scores_have_a_row_per_test_set_with_its_rivals() -> None:
    rows = views.scores(HEADER).astype(str).to_numpy().tolist()
    assert rows == [["dev set", "0.812", "0.500", "0.900", "accuracy", "872"]]


@pytest.mark.usefixtures("fake_models")
def test_the_models_view_shows_each_shipped_model_and_the_chosen_card(app: Open) -> None:
    names = list(models.index())
    at = app(home_view="models", home_model=names[-1])
    assert not at.exception
    assert at.selectbox(key="home_model").value == names[-1]
    assert len(at.table[0].value) == len(names)
    assert len(at.table[1].value) >= 2


@pytest.mark.usefixtures("fake_models")
@pytest.mark.parametrize("kind", board.NAMES)
@pytest.mark.parametrize("lang", ["en", "vi"])
def test_every_kind_of_problem_is_shown(app: Open, lang: str, kind: str) -> None:
    at = app(lang=lang, home_view="gradient", home_kind=kind)
    assert not at.exception
    assert at.segmented_control(key="home_kind").value == kind
    assert len(at.get("plotly_chart")) == 1
