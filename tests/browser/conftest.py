"""The app as a visitor has it: a real server and a real Chromium, both started once per test run.

A test fails as well when the server's console shows a traceback or a warning, or the browser's an
error.
"""

from __future__ import annotations

import os
import re
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import ClassVar
from urllib.error import URLError
from urllib.parse import parse_qs, urlencode, urlsplit
from urllib.request import urlopen

import pytest
from playwright.sync_api import (
    Browser,
    BrowserContext,
    Locator,
    Page,
    expect,
    sync_playwright,
)

from tests.project import ROOT

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
FLAGS = [
    *("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-sync"),
    *("--disable-background-networking", "--disable-component-update"),
]
SIZES = {"desktop": (1440, 900), "phone": (390, 844)}
STARTING, PATIENCE = 120.0, 45.0  # seconds: how long a busy machine may take
expect.set_options(timeout=PATIENCE * 1000)

# Streamlit looks for its own addresses below the page's first, and finds them one level up.
HARMLESS = re.compile(r"Failed to load resource.*404")
BAD_OUTPUT = re.compile(r"Traceback|Exception|Error\b|WARNING|Warning:")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Everything in this folder needs Chromium; without one it skips, but fails where CI is set."""
    here = Path(__file__).parent
    for item in items:
        if here in item.path.parents:
            item.add_marker(pytest.mark.browser)
            if CHROMIUM is None and not os.environ.get("CI"):
                item.add_marker(pytest.mark.skip(reason="there is no Chromium here"))


def query(page: Page) -> dict[str, str]:
    """What the address holds at this moment."""
    return {name: values[-1] for name, values in parse_qs(urlsplit(page.url).query).items()}


@dataclass
class Server:
    """The running app: where it is, and what it has printed so far."""

    address: str
    log: Path
    pid: int = field(default=0, kw_only=True)

    def output(self) -> str:
        return self.log.read_text(encoding="utf-8")

    def link(self, path: str = "/", **query: str) -> str:
        return f"{self.address}{path}?{urlencode(query)}" if query else f"{self.address}{path}"


def free_port() -> int:
    """A port of this machine that nobody listens at."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def serve(log: Path, program: str = "streamlit_app.py", **variables: str) -> Iterator[Server]:
    """`streamlit run` of the program on a free port, with the project's own settings; what it
    prints goes to `log`."""
    port = free_port()
    command = [sys.executable, "-m", "streamlit", "run", program]
    options = ["--server.headless=true", "--server.address=127.0.0.1", f"--server.port={port}"]
    environment = {**os.environ, "OMP_NUM_THREADS": "1", **variables}
    with (
        log.open("w", encoding="utf-8") as out,
        subprocess.Popen(
            [*command, *options], cwd=ROOT, env=environment, stdout=out, stderr=subprocess.STDOUT
        ) as process,
    ):
        try:
            running = Server(f"http://127.0.0.1:{port}", log, pid=process.pid)
            _await(running, process)
            yield running
        finally:
            process.terminate()


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """The app, started once for all tests."""
    with serve(tmp_path_factory.mktemp("server") / "output.txt") as running:
        yield running


def _await(server: Server, process: subprocess.Popen[bytes]) -> None:
    end = time.monotonic() + STARTING
    while time.monotonic() < end and process.poll() is None:
        try:
            with urlopen(server.link("/_stcore/health"), timeout=1) as answer:  # noqa: S310 (our own)
                if answer.status == 200:
                    return
        except (URLError, TimeoutError):
            time.sleep(0.2)
    raise RuntimeError(f"the app did not start:\n{server.output()}")


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield browser
        browser.close()


@dataclass
class Visitor:
    """One visitor's browser window, and what its console complained about."""

    page: Page
    server: Server
    complaints: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.page.set_default_timeout(PATIENCE * 1000)
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.on(
            "console",
            lambda message: (
                self.complaints.append(message.text) if message.type == "error" else None
            ),
        )

    def open(self, path: str = "/", **query: str) -> Page:
        """Opens a link of the app and waits until it has been drawn."""
        self.page.goto(self.server.link(path, **query))
        self.settled()
        return self.page

    def settled(self) -> None:
        """Waits until the page has its title and the script is at rest."""
        expect(self.page.locator("h1")).to_be_visible(timeout=PATIENCE * 1000)
        app = self.page.locator("[data-testid=stApp]")
        expect(app).to_have_attribute(
            "data-test-script-state", "notRunning", timeout=PATIENCE * 1000
        )

    def linked(self, **expected: str) -> None:
        """Waits until the address holds these values; it changes after what is on the screen."""
        self.page.wait_for_url(lambda _: expected.items() <= query(self.page).items())

    def type(self, label: str | re.Pattern[str], text: str) -> None:
        """Fills the box of that name and leaves it."""
        box: Locator = self.page.get_by_label(label)
        box.fill(text)
        box.press("Control+Enter")
        self.settled()

    def turn(self, key: str, to: str | re.Pattern[str]) -> None:
        """Presses a key of lecture mode until the title says `to`: keys are only listened to by a
        page at rest, and a page that finds its window larger than it thought is drawn again."""
        title = self.page.locator("h1")
        for _attempt in range(3):
            self.settled()
            self.page.keyboard.press(key)
            with suppress(AssertionError):
                return expect(title).to_contain_text(to, timeout=8000)
        return expect(title).to_contain_text(to)


class Windows:
    """Opens browser windows; checks at the end that all of them, and the server, were quiet.

    A window that a test leaves is emptied and taken by the next test that asks for one of its kind:
    so Streamlit's own programme is loaded and compiled once, which costs twice what a page does.
    Every visit to the app is a session of its own.
    """

    contexts: ClassVar[dict[tuple[str, str, str], BrowserContext]] = {}
    left: ClassVar[dict[tuple[str, BrowserContext], list[Visitor]]] = {}
    """Visitors whose windows are empty, by server and kind."""

    def __init__(self, server: Server, chromium: Browser) -> None:
        self.server, self.chromium = server, chromium
        self.visitors: list[Visitor] = []
        self._printed = len(server.output())

    def visitor(
        self, size: str = "desktop", locale: str = "en-GB", scheme: str = "light"
    ) -> Visitor:
        width, height = SIZES[size]
        kind = (size, locale, scheme)
        if kind not in self.contexts:
            self.contexts[kind] = self.chromium.new_context(
                viewport={"width": width, "height": height},
                locale=locale,
                color_scheme="dark" if scheme == "dark" else "light",
                has_touch=size == "phone",
            )
        left = self._left(self.contexts[kind])
        visitor = left.pop() if left else Visitor(self.contexts[kind].new_page(), self.server)
        self.visitors.append(visitor)
        return visitor

    def _left(self, context: BrowserContext) -> list[Visitor]:
        return self.left.setdefault((self.server.address, context), [])

    def close(self) -> None:
        summary = [text for v in self.visitors for text in v.complaints if not HARMLESS.match(text)]
        for visitor in self.visitors:
            visitor.page.goto(self.server.link("/_stcore/health"))  # the visit ends
            visitor.page.evaluate("sessionStorage.clear(); localStorage.clear()")
            visitor.complaints.clear()
            self._left(visitor.page.context).append(visitor)
        assert summary == []
        printed = self.server.output()[self._printed :]
        assert not BAD_OUTPUT.search(printed), printed


@pytest.fixture
def windows(server: Server, chromium: Browser) -> Iterator[Windows]:
    """`windows.visitor("phone", locale="vi-VN")` -> a visitor of one's own."""
    opened = Windows(server, chromium)
    yield opened
    opened.close()


@pytest.fixture
def desktop(windows: Windows) -> Visitor:
    """An English visitor at 1440 × 900."""
    return windows.visitor("desktop")


@pytest.fixture
def phone(windows: Windows) -> Visitor:
    """An English visitor at 390 × 844."""
    return windows.visitor("phone")
