"""What this app uses of Streamlit that its documentation leaves out. All of it is here.

`tests/pages/test_streamlit_internals.py` fails where the installed version has changed any of it.
"""

from __future__ import annotations

from streamlit.delta_generator import DeltaGenerator as DeltaGenerator  # the type of a container
from streamlit.proto.WidgetStates_pb2 import WidgetState
from streamlit.runtime.scriptrunner import get_script_run_ctx


def page_id() -> str:
    """Which page Streamlit runs; known from the start of a run, unless it is a visitor's first."""
    context = get_script_run_ctx()
    return context.page_script_hash if context else ""


def is_history_navigation() -> bool:
    """Whether the browser's Back or Forward led to this run."""
    context = get_script_run_ctx()
    return context is not None and bool(context.is_history_navigation)


def is_missing_in_browser(key: str) -> bool:
    """Whether the widget `key` is not drawn yet in this run, and missing in the browser's message.

    The browser lists all its widgets in every message. A widget that it lists not was never built,
    or was forgotten, and will show what the next run sends. A run's values are lost where another
    run follows before the browser has built its widgets.
    """
    context = get_script_run_ctx()
    if context is None or key in context.shared.widget_user_keys_this_run:
        return False
    state = context.session_state._state
    return state.get_widget_id_from_key(key) not in state._new_widget_state


def text_in_browser(key: str) -> str | None:
    """The text that stands in the browser's box `key` where the session has not drawn it yet.

    So it is where a browser goes on in a new session: its old one has ended with the process that
    held it, or while a phone was asleep.
    """
    context = get_script_run_ctx()
    if context is None:
        return None
    for id, sent in context.session_state._state._new_widget_state.states.items():
        value = sent.value  # still as the browser sent it: "$$ID-hash-key", and a message
        if id.split("-", 2)[2:] == [key] and isinstance(value, WidgetState):
            return value.string_value if value.HasField("string_value") else None
    return None
