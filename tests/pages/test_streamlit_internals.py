"""What is used of Streamlit without being documented still works in the installed version."""

from __future__ import annotations

import re
from dataclasses import fields

from streamlit.runtime.scriptrunner import RerunData, get_script_run_ctx
from streamlit.runtime.scriptrunner_utils.script_run_context import ScriptRunContext
from streamlit.runtime.state import SafeSessionState, SessionState
from streamlit.testing.v1 import AppTest

from pages.shared import streamlit_internals as internals
from tests.project import python_files, read

HOME = "pages/shared/streamlit_internals.py"
PRIVATE = re.compile(r"\bstreamlit\.(runtime|elements|proto|web|delta_generator)\b|\bst\.[\w.]*\._")


def script() -> None:
    """Notes what the internals say before and after a widget is drawn."""
    import streamlit as st

    from pages.shared import streamlit_internals as internals

    before = internals.is_missing_in_browser("box")
    st.checkbox("Box", key="box")
    after = internals.is_missing_in_browser("box")
    st.session_state["notes"] = (
        internals.page_id(),
        internals.is_history_navigation(),
        before,
        after,
    )


def notes(at: AppTest) -> tuple[str, bool, bool, bool]:
    at.run()
    assert not at.exception
    found: tuple[str, bool, bool, bool] = at.session_state["notes"]
    return found


def test_a_widget_is_missing_until_the_browser_lists_it() -> None:
    at = AppTest.from_function(script, default_timeout=20)
    page, back, before, after = notes(at)
    assert page
    assert not back
    assert before  # the browser has not built it
    assert not after  # this run has drawn it
    assert notes(at) == (page, False, False, False)


def test_outside_a_run_nothing_is_known() -> None:
    assert get_script_run_ctx(suppress_warning=True) is None
    assert internals.page_id() == ""
    assert not internals.is_history_navigation()
    assert not internals.is_missing_in_browser("box")
    assert internals.text_in_browser("box") is None


def test_the_attributes_are_there() -> None:
    known = {field.name for field in fields(ScriptRunContext)}
    properties = {name for name in dir(ScriptRunContext) if not name.startswith("_")}
    assert {"page_script_hash", "shared", "session_state"} <= known | properties
    assert "is_history_navigation" in known | properties
    assert RerunData(is_history_navigation=True).is_history_navigation
    assert "_state" in vars(SafeSessionState(SessionState(), lambda: None))
    assert {"_new_widget_state"} <= {field.name for field in fields(SessionState)}
    assert callable(SessionState.get_widget_id_from_key)


def test_nothing_else_of_the_app_uses_such_corners() -> None:
    product = [path for path in python_files() if not path.startswith("tests/") and path != HOME]
    assert not [path for path in product if PRIVATE.search(read(path))]
