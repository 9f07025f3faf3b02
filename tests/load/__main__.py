"""How long visitors wait: many sessions at once on one server, as a table.

    python -m tests.load [--sessions 25 50 100] [--one-link 100] [--visits 5] [--further 500]
                         [--every 1] [--processes 1]

Starts the app, opens every page and every slide (or every second, third …) twice, then lets each
of so many visitors make so many visits, with pauses of 5 to 15 seconds. Half of the visits follow a
link that others follow too, half type a text of their own. A visit lasts until the page is at rest:
what streams has come. `--one-link` visitors open the same link within five seconds, which nobody
has opened before. `--further` visits come at last, to see what memory does. It takes six minutes.
With `--processes 2` there are two behind nginx, as hosting/nginx.conf sets it up.
"""

from __future__ import annotations

import argparse
import asyncio
import random
import statistics
import sys
import tempfile
import time
from collections.abc import Coroutine, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from pages.shared.slides import PAGES, SLIDES
from tests.browser.conftest import Server, serve
from tests.browser.replicas import Replicas, replicas
from tests.load.session import Visit, Visitor

PAUSE = (5.0, 15.0)
ONE_LINK = {"sentiment_text": "Everybody in the class opens this very sentence, and at once."}

WORDS = {
    "en": "the film food room was really good bad not slow warm old never again but quite we they "
    "liked it and then service story town long short happy sad people said",
    "fr": "le chat la maison un homme une femme est dans grand petit voit mange rouge et sur avec",
    "vi": "toi rat thich bo phim nay va mon an khong ngon thay day de hieu hom nay troi dep",
}
BOXES = (
    ("sentiment", "sentiment_text", "en"),
    ("characters", "characters_prompt", "en"),
    ("translation", "translation_text", "fr"),
    ("accents", "accents_text", "vi"),
    ("home", "home_text", "en"),
)
"""Page, text box on it, language of what is typed."""


def own_text(words: str, generator: random.Random) -> str:
    """A text that nobody else types: 6 to 12 words."""
    known = WORDS[words].split()
    return " ".join(generator.choices(known, k=generator.randint(6, 12)))


def name(page: str) -> str:
    """What a page is called in an address."""
    return "" if page == "home" else page


async def warm_up(address: str, every: int) -> list[Visit]:
    """Every page, and every slide, or every second, third …, one after the other."""
    visitor, visits = Visitor(address), []
    for page in PAGES:
        visits.append((await visitor.open(name(page), {}, page))[1])
    for number in [*SLIDES][::every]:
        link = {"slide": str(number)}
        visits.append((await visitor.open("", link, f"slide {number}"))[1])
    await visitor.leave()
    return visits


async def visit(address: str, visits: int, seed: int, pause: tuple[float, float]) -> list[Visit]:
    """One visitor; half the visits are shared links, half what is typed into a page."""
    generator, visitor, found = random.Random(seed), Visitor(address), list[Visit]()
    await asyncio.sleep(generator.uniform(0, pause[1]))
    for _ in range(visits):
        if generator.random() < 0.5:
            number = generator.choice([*SLIDES])
            found.append((await visitor.open("", {"slide": str(number)}, "link"))[1])
        else:
            page, key, words = generator.choice(BOXES)
            session, _ = await visitor.open(name(page), {}, "page")
            found.append(await session.type(key, own_text(words, generator), "own"))
        await asyncio.sleep(generator.uniform(*pause))
    await visitor.leave()
    return found


async def rerun(address: str, times: int = 20) -> dict[str, float]:
    """Milliseconds of each page's first view when it runs again and nothing is new: the median."""
    visitor, found = Visitor(address), dict[str, float]()
    for page in PAGES:
        session, _ = await visitor.open(name(page), {}, page)
        runs = [await session.again(page) for _ in range(times)]
        found[page] = 1_000 * statistics.median(run.seconds for run in runs)
    await visitor.leave()
    return found


async def open_one_link(address: str, count: int, within: float = 5.0) -> list[Visit]:
    """So many visitors open one link that is new to the server."""

    async def one(k: int) -> Visit:
        await asyncio.sleep(within * k / count)
        visitor = Visitor(address)
        _, found = await visitor.open("sentiment", ONE_LINK, "one link")
        await visitor.leave()
        return found

    return await asyncio.gather(*(one(k) for k in range(count)))


async def crowd(
    address: str, count: int, visits: int, pause: tuple[float, float] = PAUSE
) -> list[Visit]:
    """So many visitors at once."""
    ways = (visit(address, visits, 1_000 * count + k, pause) for k in range(count))
    return [each for found in await asyncio.gather(*ways) for each in found]


def memory(pid: int) -> float:
    """MB that the server has in memory at present."""
    lines = Path(f"/proc/{pid}/status").read_text(encoding="ascii").splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmRSS")) / 1024


def processor(pid: int) -> float:
    """Seconds of processor time that the server has had."""
    fields = Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / 100


HEAD = (
    "| visitors | visits | p50 s | p95 s | longest s | visits/s | CPU s | refused | errors | MB |"
)


def row(title: str, visits: Sequence[Visit], seconds: float, cpu: float, size: float) -> str:
    """One line of the table."""
    times = sorted(each.seconds for each in visits)
    p50, p95 = statistics.median(times), times[max(0, -(-95 * len(times) // 100) - 1)]
    refused = sum(each.refused for each in visits)
    errors = sum(bool(each.errors) for each in visits)
    return (
        f"| {title} | {len(times)} | {p50:.2f} | {p95:.2f} | {times[-1]:.2f} "
        f"| {len(times) / seconds:.1f} | {cpu:.1f} | {refused} | {errors} | {size:.0f} |"
    )


@contextmanager
def start(folder: Path, processes: int) -> Iterator[Replicas]:
    """The app by itself, or several of it behind the proxy."""
    if processes > 1:
        with replicas(folder, processes) as running:
            yield running
    else:
        with serve(folder / "output.txt") as server:
            yield Replicas(server.address, [server])


def main(arguments: Sequence[str]) -> None:
    """Prints the table, a line as soon as it is measured."""
    parser = argparse.ArgumentParser(prog="python -m tests.load", description=__doc__)
    parser.add_argument("--sessions", type=int, nargs="*", default=[25, 50, 100])
    parser.add_argument("--one-link", type=int, default=100)
    parser.add_argument("--visits", type=int, default=5)
    parser.add_argument("--further", type=int, default=500)
    parser.add_argument("--processes", type=int, default=1, help="more than one: behind nginx")
    parser.add_argument("--every", type=int, default=1, help="slides: all, every second, …")
    options = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory() as folder, start(Path(folder), options.processes) as app:
        address, servers = app.address, app.servers
        began = time.monotonic()
        print(f"{HEAD}\n{'|---' * 10}|", flush=True)

        def show(title: str, work: Coroutine[Any, Any, list[Visit]]) -> None:
            start, before = time.monotonic(), sum(processor(each.pid) for each in servers)
            visits = asyncio.run(work)
            passed = time.monotonic() - start
            used = sum(processor(each.pid) for each in servers) - before
            size = sum(memory(each.pid) for each in servers)
            print(row(title, visits, passed, used, size), flush=True)
            for fault in sorted({f"{v.kind}: {e}" for v in visits for e in v.errors})[:5]:
                print(f"    {fault}", file=sys.stderr)

        show("1, every page", warm_up(address, options.every))
        show("1, the same again", warm_up(address, options.every))
        for count in options.sessions:
            show(f"{count}", crowd(address, count, options.visits))
        if options.one_link:
            show(f"{options.one_link}, one link", open_one_link(address, options.one_link))
        if options.further:
            count = options.further // 10
            further = crowd(address, count, 10, (0.1, 0.5))
            show(f"{count}, {options.further} more visits", further)
        for page, milliseconds in asyncio.run(rerun(address)).items():
            print(f"| {page}, nothing new | {milliseconds:.0f} ms |", flush=True)
        _report(servers)
        print(f"{time.monotonic() - began:.0f} s in all", file=sys.stderr)


def _report(servers: Sequence[Server]) -> None:
    """What the servers complained about."""
    lines = [line for server in servers for line in server.output().splitlines()]
    faults = [line for line in lines if "Error" in line or "Trace" in line]
    for line in faults[:5]:
        print(f"    server: {line}", file=sys.stderr)


if __name__ == "__main__":
    main(sys.argv[1:])
