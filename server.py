"""RNN Lab where it is hosted: the app with a health check and a log for programs to read and, where
a variable switches it on, a JSON API (`RNNLAB_API=1`) or counters (`RNNLAB_METRICS=1`).

Start it with `streamlit run server.py`.
"""

from __future__ import annotations

import os
from pathlib import Path

import streamlit as st
from starlette.middleware import Middleware
from starlette.routing import BaseRoute

from hosting import api, operation


def _is_on(switch: str) -> bool:
    return os.environ.get(switch, "").lower() in ("1", "true", "yes", "on")


routes: list[BaseRoute] = [operation.health()]
if _is_on("RNNLAB_METRICS"):
    routes.append(operation.metrics())
if _is_on("RNNLAB_API"):
    routes += api.routes()

app = st.App(
    Path(__file__).with_name("streamlit_app.py"),
    routes=routes,
    middleware=[Middleware(operation.TurnAwayWhileDraining)],
    lifespan=operation.lifespan,
    on_script_error=operation.count_error,
)
