"""Two processes behind the proxy: a visitor stays with one of them, and outlives it."""

from __future__ import annotations

import os
import re
import signal
from collections.abc import Iterator
from pathlib import Path
from urllib.request import urlopen

import pytest
from playwright.sync_api import Browser, FilePayload, Page, expect

from tests.browser.conftest import Server, Visitor
from tests.browser.replicas import NGINX, Replicas, replicas

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(NGINX is None, reason="there is no nginx here"),
]

BOX = "Your text, in English or Vietnamese"


@pytest.fixture
def two(tmp_path: Path) -> Iterator[Replicas]:
    with replicas(tmp_path, RNNLAB_METRICS="1") as running:
        yield running


def visits(server: Server) -> int:
    with urlopen(f"{server.address}/metrics", timeout=5) as answer:  # noqa: S310 (our own)
        found = re.search(r"^rnnlab_visits_total (\d+)$", answer.read().decode(), re.MULTILINE)
    assert found
    return int(found[1])


def arrive(chromium: Browser, two: Replicas, text: str) -> tuple[Visitor, Server]:
    """A new visitor with a text, and the process that serves them."""
    before = [visits(each) for each in two.servers]
    page = chromium.new_context(viewport={"width": 1440, "height": 900}, locale="en-GB").new_page()
    visitor = Visitor(page, Server(two.address, two.servers[0].log))
    visitor.open("/sentiment", sentiment_text=text)
    grown = [visits(each) - count for each, count in zip(two.servers, before, strict=True)]
    assert sorted(grown) == [0, 1], "a visit reaches one process only"
    return visitor, two.servers[grown.index(1)]


def one_each(chromium: Browser, two: Replicas) -> list[tuple[Visitor, Server]]:
    """Visitors until each process has one: the cookie is drawn at random."""
    found: dict[int, tuple[Visitor, Server]] = {}
    for k in range(12):
        visitor, server = arrive(chromium, two, f"A good film, said visitor {k}.")
        if server.pid in found:
            visitor.page.context.close()
        found.setdefault(server.pid, (visitor, server))
        if len(found) == 2:
            return list(found.values())
    pytest.fail("twelve visitors were all sent to one process")


def said(page: Page, words: str) -> None:
    expect(page.get_by_role("group").filter(has_text=words).first).to_be_visible()


def test_a_process_is_killed_and_its_visitor_goes_on_elsewhere(
    chromium: Browser, two: Replicas
) -> None:
    (stays, living), (moves, dying) = one_each(chromium, two)
    for visitor in (stays, moves):  # a file has to reach the process that the visit is with
        page = visitor.open("/frames", frames_source="own")
        film = FilePayload(name="hand.mp4", mimeType="video/mp4", buffer=b"no film")
        with page.expect_response(re.compile("/_stcore/upload_file/")) as sent:
            page.locator("input[type=file]").first.set_input_files([film])
        assert sent.value.status == 204
        visitor.settled()
        expect(page.get_by_role("alert").first).to_be_visible()  # it was read, and is no film
    for visitor, word in ((stays, "soup"), (moves, "cake")):
        visitor.open("/sentiment", sentiment_text=f"The {word} was really good.")
        said(visitor.page, word)
    before = visits(living)
    os.kill(dying.pid, signal.SIGKILL)
    stays.type(BOX, "And we go on as if nothing had happened.")
    said(stays.page, "nothing")
    moves.type(BOX, "Now somebody else reads this sentence.")
    said(moves.page, "somebody")  # typed into the page that the dead process had drawn
    assert visits(living) == before + 1
    moves.page.reload()
    said(moves.page, "somebody")
    for visitor in (stays, moves):
        visitor.page.context.close()


def test_a_process_that_is_told_to_end_gets_nobody_new(chromium: Browser, tmp_path: Path) -> None:
    with replicas(tmp_path, RNNLAB_METRICS="1", RNNLAB_DRAIN_SECONDS="60") as two:
        (stays, draining), _ = one_each(chromium, two)
        before = visits(draining)
        os.kill(draining.pid, signal.SIGTERM)
        for word in ("soup", "cake", "rice", "bread", "fish"):
            page = chromium.new_context(locale="en-GB").new_page()
            visitor = Visitor(page, Server(two.address, draining.log))
            visitor.open("/sentiment", sentiment_text=f"The {word} was really good.")
            said(page, word)
            page.context.close()
        stays.type(BOX, "I was here before and may stay a while.")
        said(stays.page, "while")
        assert visits(draining) == before
        stays.page.context.close()
        os.kill(draining.pid, signal.SIGKILL)
