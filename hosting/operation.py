"""What whoever runs the app looks at: a health check, counters, a log. None of it holds a text, an
address or a name of a visitor.
"""

from __future__ import annotations

import asyncio
import json
import logging
import os
import signal
import sys
import threading
import time
import traceback
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from types import FrameType
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp, Receive, Scope, Send
from starlette.websockets import WebSocket

from pages.shared import counters, jobs, models

CHECKED = ("sentiment-en-gru-last", "A good film.", "positive")
"""The inference of the health check: a small network, a text, and what the network says of it."""
FRESH, PATIENCE = 5.0, 30.0
"""Seconds for which a check holds, and after which one that has not ended counts as failed."""

DRAIN = "RNNLAB_DRAIN_SECONDS"
"""The variable that says how long a process that is told to end still serves, while its health
check already sends new visitors elsewhere."""

DEPTH = 8
"""Places of an error that the log names."""

_draining = threading.Event()
_logger = logging.getLogger("rnnlab")


# ---- health ------------------------------------------------------------------------------------


def infer() -> bool:
    """Whether one small inference gives what it has to give."""
    name, text, label = CHECKED
    (verdict,) = models.sentiment(name).classify([text])
    return verdict.label == label


def health(check: Callable[[], bool] = infer) -> Route:
    """`/healthz`: 200 where `check` succeeds, 503 where it fails, takes too long, or the process is
    about to end. Any number of callers cost one check in `FRESH` seconds."""
    lock, at, sound = asyncio.Lock(), -FRESH, False

    async def answer(_request: Request) -> Response:
        nonlocal at, sound
        async with lock:
            if time.monotonic() - at >= FRESH:
                try:
                    sound = await asyncio.wait_for(asyncio.to_thread(check), PATIENCE)
                except Exception as error:  # whatever it is, no visitor should be sent here
                    log_error(error)
                    sound = False
                at = time.monotonic()
        status = "draining" if _draining.is_set() else "ok" if sound else "failing"
        return JSONResponse(
            {"status": status}, 200 if status == "ok" else 503, {"Cache-Control": "no-store"}
        )

    return Route("/healthz", answer)


@asynccontextmanager
async def lifespan(_app: Any) -> AsyncIterator[None]:
    """Settings before the first visitor, and the end: a process that is told to end says so in its
    health check first, and serves on for as many seconds as `DRAIN` says."""
    jobs.configure_process()
    write_json_log()
    seconds = float(os.environ.get(DRAIN, "0"))
    loop, stop = asyncio.get_running_loop(), signal.getsignal(signal.SIGTERM)

    def drain(number: int, frame: FrameType | None) -> None:
        log("draining", seconds=seconds)
        _draining.set()
        if callable(stop):
            loop.call_soon_threadsafe(loop.call_later, seconds, stop, number, frame)

    if seconds > 0 and threading.current_thread() is threading.main_thread():
        signal.signal(signal.SIGTERM, drain)
    log("started", threads=jobs.THREADS)
    yield
    log("stopped")


class TurnAwayWhileDraining:
    """Middleware: what begins while the process is about to end, a page or a connection, gets 503,
    and a proxy asks the next process. What is open already is served on."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        kind = scope["type"] if _draining.is_set() else ""
        if kind == "websocket":
            away = Response(status_code=503)
            await WebSocket(scope, receive, send).send_denial_response(away)
        elif kind == "http" and "text/html" in Request(scope).headers.get("accept", ""):
            away = PlainTextResponse("This process is about to end.", 503, {"Retry-After": "1"})
            await away(scope, receive, send)
        else:
            await self._app(scope, receive, send)


# ---- counters ----------------------------------------------------------------------------------


def memory() -> int:
    """Bytes that the process holds; where the system does not say, the most it has held."""
    try:
        pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
        return pages * os.sysconf("SC_PAGE_SIZE")
    except OSError:
        import resource  # which not every system has

        most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        return most if sys.platform == "darwin" else most * 1024


def metrics() -> Route:
    """`/metrics`: the counters as Prometheus reads them."""

    async def answer(_request: Request) -> Response:
        rows = [
            (f"rnnlab_{name}_total", "counter", counters.NAMES[name], value)
            for name, value in counters.counts().items()
        ]
        rows.append(("rnnlab_memory_bytes", "gauge", "Memory of the process.", memory()))
        text = "".join(
            f"# HELP {name} {summary}\n# TYPE {name} {kind}\n{name} {value:.12g}\n"
            for name, kind, summary, value in rows
        )
        return PlainTextResponse(text, media_type="text/plain; version=0.0.4")

    return Route("/metrics", answer)


# ---- log ---------------------------------------------------------------------------------------


def log(event: str, **values: float | str) -> None:
    """One line of the log. `values` must hold nothing that a visitor typed."""
    _logger.info({"event": event, **values})


def log_error(error: BaseException) -> None:
    """An error of the app's own, by its type and places: its message may quote what was typed."""
    _logger.error({"event": "error"}, exc_info=error)


def count_error(_error: Exception) -> None:
    """Counts an error of a page, which Streamlit writes to the log."""
    counters.count("errors")


def as_json(record: logging.LogRecord) -> str:
    """A record of any logger as one line of JSON.

    Of other people's records it takes the template, and where they have none, the place alone: the
    values could be what a visitor typed. Of an error it takes the type and the innermost places.
    """
    when = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(record.created))
    line: dict[str, Any] = {"time": when, "level": record.levelname.lower()}
    if record.name == _logger.name and isinstance(record.msg, dict):
        line |= record.msg
    else:
        line |= {"event": "message", "logger": record.name}
        line |= {"template": str(record.msg)} if record.args else {}
        line["place"] = f"{record.filename}:{record.lineno}"
    if record.exc_info and (error := record.exc_info[1]):
        found = traceback.extract_tb(error.__traceback__)[-DEPTH:]
        places = [f"{'/'.join(Path(f.filename).parts[-2:])}:{f.lineno}" for f in found]
        line |= {"error": type(error).__name__, "places": places}
    return json.dumps(line, ensure_ascii=False)


def write_json_log() -> None:
    """From now on every logger of the process writes such lines."""

    def record(*args: Any, **values: Any) -> logging.LogRecord:
        made = logging.LogRecord(*args, **values)
        made.msg, made.args = as_json(made), None
        made.exc_info = made.stack_info = None
        return made

    logging.setLogRecordFactory(record)
    _logger.setLevel(logging.INFO)
    if not _logger.handlers:
        _logger.addHandler(logging.StreamHandler())
        _logger.propagate = False
    known = (logging.getLogger(name) for name in logging.root.manager.loggerDict)
    for handler in (handler for logger in known for handler in logger.handlers):
        handler.setFormatter(logging.Formatter("%(message)s"))
