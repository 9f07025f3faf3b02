"""The page's state in its address. What only a browser shows is in tests/browser/test_links.py."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable

import pytest
from streamlit.proto.WidgetStates_pb2 import WidgetStates
from streamlit.runtime.state.query_params import QueryParams
from streamlit.testing.v1 import AppTest

from pages.shared import links
from pages.shared.slides import PAGES, SLIDES
from tests.pages.conftest import Open


def cells() -> None:
    """A page with one choice, whose labels depend on the language, and one text."""
    import streamlit as st

    from pages.shared import links

    names = {"rnn": "RNN", "lstm": "LSTM"}
    with links.synced_address():
        links.follow_slide_link("cells")
        st.write("cell", links.choice("cells_cell", names, "lstm"))
        lang = st.query_params.get("lang", "en")
        st.segmented_control(
            "Cell",
            list(names),
            key="cells_cell",
            format_func=lambda id: f"{names[id]} ({lang})",
            required=True,
        )
        text = links.text("cells_text", "hello", always=lang == "vi")
        st.text_area("Text", key="cells_text")
        links.note_if_too_long(text)


def test_a_run_that_overtakes_another_writes_the_address(monkeypatch: pytest.MonkeyPatch) -> None:
    address, written = links._Address(), list[int]()
    monkeypatch.setattr(links, "_address", lambda: address)
    monkeypatch.setattr(links._Address, "write", lambda _self: written.append(address.run))
    begun, over = threading.Event(), threading.Event()

    def overtaken() -> None:
        with links.synced_address():
            begun.set()
            over.wait(20)

    thread = threading.Thread(target=overtaken)
    thread.start()
    assert begun.wait(20)
    assert not links.is_syncing()
    with links.synced_address():
        assert links.is_syncing()
        with links.synced_address():  # the inner one leaves it to the outer one
            pass
        assert written == []
    assert written == [0]
    over.set()
    thread.join()
    assert written == [0]


def test_what_was_typed_into_an_old_page_reaches_a_new_session() -> None:
    before = AppTest.from_function(cells, default_timeout=20)
    before.query_params["cells_text"] = "in the link"
    before.run()
    box = before.text_area(key="cells_text")
    assert box.value == "in the link"
    # The process is another one now, and the browser sends what stands in its boxes.
    after = AppTest.from_function(cells, default_timeout=20)
    after.query_params["cells_text"] = "in the link"
    sent = WidgetStates()
    sent.widgets.add(id=box.id, string_value="typed since")
    after._run(sent)
    assert not after.exception
    assert after.text_area(key="cells_text").value == "typed since"
    assert after.query_params["cells_text"] == "typed since"


def header() -> None:
    """A choice that is settled before the page is known, as the language is."""
    import streamlit as st

    from pages.shared import links

    with links.synced_address():
        links.choice("tongue", ["en", "vi"], "en")
        links.follow_slide_link("cells")
        st.segmented_control("Tongue", ["en", "vi"], key="tongue", required=True)


def hasty() -> None:
    """A box that can give way to something else; a hasty browser cuts the first run short."""
    import streamlit as st
    from streamlit.proto.WidgetStates_pb2 import WidgetStates
    from streamlit.runtime.scriptrunner import RerunData, get_script_run_ctx

    from pages.shared import links

    with links.synced_address():
        if st.checkbox("Box", value=True):
            links.text("cells_text", "hello")
            st.text_area("Text", key="cells_text")
        if "seen" not in st.session_state:
            st.session_state["seen"] = True
            context = get_script_run_ctx()
            assert context is not None
            assert context.script_requests is not None
            context.script_requests.request_rerun(RerunData(widget_states=WidgetStates()))
        st.write("the run ends before this")


def opened(page: Callable[[], None] = cells, **query: str) -> AppTest:
    at = AppTest.from_function(page, default_timeout=20)
    for name, value in query.items():
        at.query_params[name] = value
    at.run()
    assert not at.exception
    return at


def address(at: AppTest) -> dict[str, str]:
    return {name: at.query_params[name] for name in at.query_params}


def test_an_untouched_page_has_a_clean_address() -> None:
    assert address(opened()) == {}


def test_a_choice_is_read_and_written_as_its_id() -> None:
    at = opened(cells_cell="rnn", lang="vi")
    assert at.segmented_control(key="cells_cell").value == "rnn"
    at.segmented_control(key="cells_cell").set_value("lstm").run()
    assert address(at)["cells_cell"] == "lstm"


@pytest.mark.parametrize("junk", ["", "LSTM", "gru", "../x", "rnn "])
def test_an_unknown_id_is_the_default(junk: str) -> None:
    at = opened(cells_cell=junk)
    assert at.segmented_control(key="cells_cell").value == "lstm"
    assert address(at)["cells_cell"] == "lstm"


def test_the_widget_outranks_the_address_once_it_was_used() -> None:
    at = opened(cells_cell="rnn")
    at.segmented_control(key="cells_cell").set_value("lstm").run()
    at.query_params["cells_cell"] = "rnn"  # as a slow browser still sends it
    at.run()
    assert at.segmented_control(key="cells_cell").value == "lstm"
    assert address(at)["cells_cell"] == "lstm"


def test_the_first_choice_on_an_opened_link_outranks_it_even_ahead_of_the_page() -> None:
    at = opened(header, tongue="en")
    at.segmented_control(key="tongue").set_value("vi").run()
    assert at.segmented_control(key="tongue").value == "vi"
    assert address(at) == {"tongue": "vi"}


def test_a_text_is_in_the_link_as_typed() -> None:
    at = opened(cells_text="Bộ phim & 50% <b>?")
    assert at.text_area(key="cells_text").value == "Bộ phim & 50% <b>?"
    at.text_area(key="cells_text").set_value("ngon").run()
    assert address(at)["cells_text"] == "ngon"


def test_a_default_that_depends_on_the_language_is_in_the_link() -> None:
    assert address(opened(lang="vi"))["cells_text"] == "hello"


def test_a_long_text_stays_out_of_the_link_and_the_page_says_so() -> None:
    at = opened(cells_text="short")
    assert len(at.caption) == 0
    at.text_area(key="cells_text").set_value("x" * (links.LIMIT + 1)).run()
    assert "cells_text" not in address(at)
    assert "1,500" in at.caption[0].value
    assert at.text_area(key="cells_text").value == "x" * (links.LIMIT + 1)
    at.text_area(key="cells_text").set_value("x" * links.LIMIT).run()
    assert address(at)["cells_text"] == "x" * links.LIMIT


def told(at: AppTest) -> str | None:
    """What the browser is told to put into the box, if it is told anything."""
    box = at.text_area(key="cells_text").proto
    return box.value if box.set_value else None


def test_the_browser_is_told_a_value_until_it_says_that_it_has_it() -> None:
    at = opened(hasty)
    assert told(at) == "hello"
    at.text_area(key="cells_text").set_value("typed").run()
    assert told(at) is None  # it knows
    for shown in (False, True):
        at.checkbox[0].set_value(shown).run()
    assert told(at) == "typed"
    at.run()
    assert told(at) is None


def test_an_address_that_a_fast_click_has_overtaken_is_sent_again(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    at = opened(cells_cell="lstm")
    sent: list[dict[str, str]] = []
    update = QueryParams.update

    def spy(self: QueryParams, values: dict[str, str]) -> None:
        sent.append(values)
        update(self, values)

    monkeypatch.setattr(QueryParams, "update", spy)
    at.segmented_control(key="cells_cell").set_value("rnn").run()
    at.query_params["cells_cell"] = "lstm"  # where the browser is while the new one is on its way
    at.segmented_control(key="cells_cell").set_value("lstm").run()
    assert sent == [{"cells_cell": "rnn"}, {"cells_cell": "lstm"}]
    at.run()
    assert len(sent) == 2


@pytest.mark.usefixtures("fake_models")
@pytest.mark.parametrize(
    ("number", "lang"), [(number, ("en", "vi")[k % 2]) for k, number in enumerate(SLIDES)]
)
def test_each_slide_opens_its_page_in_its_state(app: Open, number: int, lang: str) -> None:
    at = app(slide=str(number), lang=lang)
    assert not at.exception
    assert at.query_params["slide"] == str(number)
    assert at.query_params["lang"] == lang
    for key, value in SLIDES[number].state(lang).items():
        assert at.session_state[key] == value
        # A default is not written into the address, but nothing else may stand there either.
        assert at.query_params.get(key, value) == value


@pytest.mark.usefixtures("fake_models")
def test_a_slide_outranks_what_the_link_or_the_session_held(app: Open) -> None:
    at = app(slide="6", lang="vi", sentiment_text="cũ")
    assert at.text_area(key="sentiment_text").value == "Máy hút bụi bị hỏng trong vòng hai tuần"


@pytest.mark.usefixtures("fake_models")
@pytest.mark.parametrize("junk", ["0", "-5", "5.0", "five", "", "٥", "9" * 5000])
def test_an_unknown_slide_is_ignored_and_removed(app: Open, junk: str) -> None:
    at = app(slide=junk)
    assert not at.exception
    assert at.title[0].value == "What does a recurrent network remember?"
    assert "slide" not in at.query_params


def test_slides_name_pages_that_exist_and_keys_of_those_pages() -> None:
    for slide in SLIDES.values():
        assert slide.page in PAGES
        assert all(key.startswith(f"{slide.page}_") for key in slide.values)


@pytest.mark.usefixtures("fake_models")
def test_the_device_is_in_the_link_and_an_unknown_one_is_not_believed(app: Open) -> None:
    assert app(device="cpu").radio(key="device").value == "cpu"
    assert app(device="cuda:99").radio(key="device").value == "auto"


@pytest.mark.usefixtures("fake_models")
def test_a_choice_survives_a_visit_to_another_page(app: Open) -> None:
    at = app(lang="vi", home_view="references")
    at.switch_page("pages/sentiment.py").run()
    at.switch_page("pages/home.py").run()
    assert not at.exception
    assert at.segmented_control(key="home_view").value == "references"
    assert at.segmented_control(key="lang").value == "vi"


@pytest.mark.usefixtures("fake_models")
@pytest.mark.parametrize("form", ["svg", "png"])
def test_figures_are_saved_as_the_header_says(app: Open, form: str) -> None:
    at = app(home_view="gradient", home_kind="loop", save=form)
    assert at.segmented_control(key="save").value == form
    (chart,) = at.get("plotly_chart")
    assert json.loads(chart.proto.config)["toImageButtonOptions"]["format"] == form
