"""The app as the pages' tests have it, and the log as whoever hosts it reads it."""

from __future__ import annotations

import json
import logging
from collections.abc import Callable, Iterator
from io import StringIO
from typing import Any

import pytest

from hosting import operation
from tests.pages.conftest import app as app
from tests.pages.conftest import fake_models as fake_models

Lines = Callable[[], list[dict[str, Any]]]


@pytest.fixture
def lines() -> Iterator[Lines]:
    """What the log has from now on, parsed; afterwards logging is as it was."""
    make, written = logging.getLogRecordFactory(), StringIO()
    own, handler = logging.getLogger("rnnlab"), logging.StreamHandler(written)
    loggers = [logging.getLogger(name) for name in logging.root.manager.loggerDict]
    formats = {h: h.formatter for logger in loggers for h in logger.handlers}
    level = own.level
    own.addHandler(handler)
    logging.getLogger("someone.else").addHandler(handler)
    operation.write_json_log()
    yield lambda: [json.loads(line) for line in written.getvalue().splitlines()]
    for name in ("rnnlab", "someone.else"):
        logging.getLogger(name).removeHandler(handler)
    own.setLevel(level)
    logging.setLogRecordFactory(make)
    for known, formatter in formats.items():
        known.setFormatter(formatter)
