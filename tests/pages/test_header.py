"""The header: the glossary, sharing, and lecture mode, which leaves the slide and its figure."""

from __future__ import annotations

from urllib.parse import parse_qs, urlsplit

import pytest
import streamlit as st

from engine.figures import style
from pages.shared import glossary, links
from pages.shared.slides import PAGES, SLIDES
from pages.shared.text import ASSETS, LANGUAGES, parts
from tests.pages.conftest import Open


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_term_has_a_sentence_and_a_slide(lang: str) -> None:
    text = (ASSETS / "lessons" / lang / "glossary.md").read_text(encoding="utf-8")
    assert set(parts(text)) == set(glossary.SLIDE_OF)
    assert set(glossary.SLIDE_OF.values()) <= set(SLIDES)


def test_pages_name_terms_that_exist() -> None:
    assert set(glossary.OF_PAGE) == set(PAGES) - {"home"}
    for terms in glossary.OF_PAGE.values():
        assert set(terms.split()) <= set(glossary.SLIDE_OF)


@pytest.mark.usefixtures("fake_models")
@pytest.mark.parametrize("lang", LANGUAGES)
def test_lecture_mode_shows_the_slide_in_place_of_the_page(app: Open, lang: str) -> None:
    at = app(slide="31", mode="lecture", lang=lang).switch_page("pages/gradients.py").run()
    assert not at.exception
    assert [title.value.split(" · ")[0] for title in at.title] == ["31"]
    assert not [c for c in at.segmented_control if c.key in ("lang", "gradients_view")]
    assert at.query_params["mode"] == "lecture"
    assert at.query_params["slide"] == "31"
    at.button(key="lecture_leave").click().run()
    assert "31" not in at.title[0].value
    assert at.segmented_control(key="lang").value == lang


@pytest.mark.usefixtures("fake_models")
def test_a_reload_of_a_slide_keeps_what_was_changed(app: Open) -> None:
    at = app(slide="38", lang="en").switch_page("pages/cells.py").run()
    at.query_params["slide"], at.query_params["cells_cell"] = "38", "gru"
    kept = {name: at.query_params[name] for name in at.query_params}
    again = app()
    again.switch_page("pages/cells.py")
    for name, value in kept.items():
        again.query_params[name] = value
    again.run()
    assert again.session_state["cells_cell"] == "gru"
    assert again.session_state["cells_stage"] == again.query_params.get("cells_stage", "update")


def test_type_marks_and_margins_grow_with_the_figure() -> None:
    figure = style.frame(400).add_scatter(x=[0, 1], y=[1, 2], line={"width": 2}, marker={"size": 5})
    figure.add_annotation(x=0, y=1, text="here", font={"size": 11})
    grown = style.enlarged(figure, 800, 24.0, 2.0)
    assert grown.layout.height == 800
    assert grown.layout.annotations[0].font.size == 24
    assert grown.layout.xaxis.tickfont.size == 26
    assert (grown.data[0].line.width, grown.data[0].marker.size) == (4, 10)
    assert grown.layout.margin.l == 2 * style.LEFT
    assert grown.layout.legend.font.size == 28
    assert figure.layout.annotations[0].font.size == 11


def test_a_shared_link_holds_what_this_run_will_write(monkeypatch: pytest.MonkeyPatch) -> None:
    address = links._Address()
    address.pending.update({"cells_cell": "gru", "slide": None})

    class Query(dict[str, str]):
        def to_dict(self) -> dict[str, str]:
            return dict(self)

    class Context:
        url = "http://host/cells?old=1"

    monkeypatch.setattr(st, "session_state", {"_links": address})
    monkeypatch.setattr(st, "query_params", Query(lang="vi", slide="16"))
    monkeypatch.setattr(st, "context", Context)
    shared = urlsplit(links.share())
    assert shared.path == "/cells"
    assert parse_qs(shared.query) == {"lang": ["vi"], "cells_cell": ["gru"]}
