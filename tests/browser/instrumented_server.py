"""A server that reports what no browser shows.

Run as a program (`python -m tests.browser.instrumented_server SCRIPT PORT REPORT`) it serves
SCRIPT, with classifiers whose numbers are known in place of the trained ones, and writes to REPORT,
as JSON, which models were loaded and which worker threads there are.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import product
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from tests.browser.conftest import Server, _await, free_port
from tests.project import ROOT

NAMES = [
    "-".join(("sentiment", lang, *small))
    for lang in ("en", "vi")
    for small in ((), ("forward",), *product(("rnn", "lstm", "gru"), ("last", "sum", "both")))
]


@dataclass
class InstrumentedServer(Server):
    """A running server and the file that it reports to."""

    report: Path = Path()

    def inside(self) -> dict[str, Any]:
        """What the report says now."""
        collected: dict[str, Any] = json.loads(self.report.read_text(encoding="utf-8"))
        return collected


@contextmanager
def serve(script: Path, folder: Path) -> Iterator[InstrumentedServer]:
    """Runs this file as a program while the block lasts; log and report lie in `folder`."""
    port = free_port()
    report = folder / "report.json"
    command = [
        sys.executable,
        "-m",
        "tests.browser.instrumented_server",
        str(script),
        str(port),
        str(report),
    ]
    environment = {**os.environ, "OMP_NUM_THREADS": "1"}
    log = folder / "output.txt"
    with (
        log.open("wb") as out,
        subprocess.Popen(
            command, cwd=ROOT, env=environment, stdout=out, stderr=subprocess.STDOUT
        ) as process,
    ):
        try:
            running = InstrumentedServer(f"http://127.0.0.1:{port}", log, report)
            _await(running, process)
            yield running
        finally:
            process.terminate()


def _watch(report: Path, loaded: list[str]) -> None:
    """Writes the report ten times a second, each time as a whole."""
    from pages.shared import jobs

    while True:
        collected = {
            "loaded": loaded,
            "workers": [t.name for t in threading.enumerate() if t.name.startswith("worker-")],
            "pool": [t.name for t in jobs.POOL.threads],
        }
        new = report.with_suffix(".new")
        new.write_text(json.dumps(collected), encoding="utf-8")
        new.replace(report)
        time.sleep(0.1)


def _stand_in(loaded: list[str]) -> None:
    """Known classifiers take the trained ones' place *below* the cache, which stays the app's."""
    from engine.tasks import sentiment
    from pages.shared import models
    from tests.pages.fake_sentiment_predictor import FakeSentimentPredictor

    def load(path: Path, _device: str = "cpu") -> FakeSentimentPredictor:
        loaded.append(path.stem)
        return FakeSentimentPredictor(path.stem)

    headers = {
        name: SimpleNamespace(name=name, path=Path(name), model="sentiment") for name in NAMES
    }
    models.index = lambda: headers  # type: ignore[assignment]
    sentiment.load = load  # type: ignore[assignment]


def main(script: str, port: str, report: str) -> None:
    from streamlit.web import cli

    loaded: list[str] = []
    _stand_in(loaded)
    threading.Thread(target=_watch, args=(Path(report), loaded), daemon=True).start()
    options = ["--server.headless=true", "--server.address=127.0.0.1", f"--server.port={port}"]
    sys.argv = ["streamlit", "run", script, *options]
    cli.main()


if __name__ == "__main__":
    main(*sys.argv[1:])
