"""How long each control of each page takes until the page is at rest again, for one visitor.

    python -m tests.bench_redraw [page ...] [--repeat 3]

Starts the app and a Chromium, opens every view of every page, and finds the controls itself: it
presses each segment, button and toggle, and moves each slider, there and back. Two times are taken
in the browser, from the press on: until something changes in the page, and until the script has
ended and nothing has changed for a while. A control that starts long work (a training, a text that
is written) is not at rest for long; its first change counts. Links, downloads and uploads stay
untouched.
"""

from __future__ import annotations

import argparse
import statistics
import sys
import tempfile
from collections import defaultdict
from dataclasses import dataclass, field
from pathlib import Path

from playwright.sync_api import Error, Locator, Page, sync_playwright

from tests.browser.conftest import CHROMIUM, FLAGS, SIZES, Visitor, serve
from tests.project import ROOT

AT_MOST = 300
"""Milliseconds that 95 of 100 redraws may take."""
QUIET, PATIENCE = 150, 4_000
"""Milliseconds without a change after which a page is at rest, and how long that is waited for."""

WATCH = """([quiet, patience]) => new Promise(done => {
    const app = document.querySelector('[data-testid=stApp]');
    const start = performance.now();
    let first = null, last = start;
    const seen = new MutationObserver(() => {
        last = performance.now();
        first ??= last;
    });
    const all = {subtree: true, childList: true, attributes: true, characterData: true};
    seen.observe(app, all);
    const look = () => {
        const now = performance.now();
        const resting = app.dataset.testScriptState === 'notRunning' && now - last > quiet;
        if (now - start > patience || resting) {
            seen.disconnect();
            done([(first ?? start) - start, last - start, resting]);
        } else setTimeout(look, 5);
    };
    look();
})"""
"""Resolves to the time of the first change, that of the last, and whether the page is at rest."""

KINDS = {
    "choice": ("[data-testid=stButtonGroup]", "button"),
    "radio": ("[data-testid=stRadio]", "label"),
    "toggle": ("[data-testid=stCheckbox] label", None),
    "slider": ("[data-testid=stSlider] [role=slider]", None),
    "button": ("[data-testid=stButton] button", None),
}
"""Kinds of controls: how one is found, and within it what is pressed in turn."""


@dataclass
class Times:
    """Milliseconds of one control: until the first change, and until the page was at rest."""

    first: list[float] = field(default_factory=list)
    rest: list[float] = field(default_factory=list)
    restless: int = 0


def controls(page: Page) -> dict[tuple[str, str], Locator]:
    """What can be pressed at the moment, by kind and name."""
    found: dict[tuple[str, str], Locator] = {}
    page.wait_for_timeout(QUIET)
    for kind, (selector, _) in KINDS.items():
        for control in page.locator(f"{selector}:visible").all():
            try:
                label = control.get_attribute("aria-label", timeout=500)
                named = control.locator("[role=radiogroup], [role=group]").first
                if label is None and named.count():
                    label = named.get_attribute("aria-label", timeout=500)
                name = " ".join((label or control.inner_text(timeout=500)).split())[:40]
            except Error:
                continue  # drawn anew meanwhile
            found.setdefault((kind, name), control)
    return found


def press(kind: str, control: Locator, turn: int) -> None:
    """Moves a slider by one step there or back, presses the next choice, or anything else."""
    inner = KINDS[kind][1]
    if kind == "slider":
        control.press("ArrowRight" if turn % 2 == 0 else "ArrowLeft")
    elif inner is None:
        control.click()
    else:
        choices = control.locator(inner)
        choices.nth((turn + 1) % choices.count()).click()


def measure(page: Page, kind: str, control: Locator, turn: int, times: Times) -> None:
    """Presses the control once and waits until the page is at rest."""
    control.scroll_into_view_if_needed(timeout=1_000)
    if kind == "slider":
        control.focus(timeout=1_000)
    page.wait_for_timeout(QUIET)  # what scrolling and focus change is not measured
    page.evaluate(f"arguments => {{ window.redraw = ({WATCH})(arguments); }}", [QUIET, PATIENCE])
    press(kind, control, turn)
    first, rest, resting = page.evaluate("() => window.redraw")
    if first == 0:
        return  # nothing was there to change: a choice that was made already, a slider's end
    times.first.append(first)
    times.rest.append(rest)
    times.restless += not resting
    page.keyboard.press("Escape")  # closes a dialogue that a button may have opened


def measure_page(
    visitor: Visitor, path: str, repeat: int, found: dict[tuple[str, str], Times]
) -> None:
    """Every control in the first view that has it; views are the choices of the control "View"."""
    visitor.open(path)
    page = visitor.page
    groups = page.locator("[data-testid=stButtonGroup]:visible")
    switch = groups.filter(has=page.locator("[aria-label=View]")).first
    views = switch.locator("button").count() if switch.count() else 1
    seen: set[tuple[str, str]] = set()

    def show(view: int) -> None:
        visitor.open(path)
        if view:
            switch.locator("button").nth(view).click()
            visitor.settled()

    for view in range(views):
        show(view)
        new = [key for key in controls(page) if key not in seen]
        seen.update(new)
        for key in new:
            if key not in controls(page):  # what was pressed before it changed the page
                show(view)
            for turn in range(2 * repeat):
                try:
                    measure(page, key[0], controls(page)[key], turn, found[key])
                except (Error, KeyError):
                    break  # it went away with what it did, or something lies above it


def main() -> int:
    """Prints the table; 1 if a page's 95th percentile is above the limit."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    known = sorted(p.stem for p in (ROOT / "pages").glob("*.py") if p.stem != "__init__")
    parser.add_argument("pages", nargs="*", default=known)
    parser.add_argument("--repeat", type=int, default=2)
    options = parser.parse_args()
    total: list[float] = []
    missed = 0
    print(HEADING)
    with (
        tempfile.TemporaryDirectory() as folder,
        serve(Path(folder, "output.txt")) as server,
        sync_playwright() as playwright,
    ):
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        width, height = SIZES["desktop"]
        for name in options.pages:
            page = browser.new_page(viewport={"width": width, "height": height})
            found: defaultdict[tuple[str, str], Times] = defaultdict(Times)
            path = "/" if name == "home" else f"/{name}"
            measure_page(Visitor(page, server), path, options.repeat, found)
            page.close()
            counted = report(name, found)
            missed += bool(counted) and percentile(counted) > AT_MOST
            total += counted
        browser.close()
    if total:
        print(f"{'all pages':12} {'':49} {len(total):4} {'':13} {percentile(total):6.0f}")
    return 1 if missed else 0


def percentile(values: list[float]) -> float:
    """The 95th."""
    return (
        values[0]
        if len(values) == 1
        else statistics.quantiles(values, n=20, method="inclusive")[-1]
    )


HEADING = f"{'page':12} {'kind':8} {'control':40} {'n':>4} {'first':>6} {'rest':>6} {'p95':>6}"


def report(name: str, found: dict[tuple[str, str], Times]) -> list[float]:
    """Prints a line for each control of a page, slowest last, and one for all; returns the times
    that count."""
    every: list[float] = []
    known = {key: times for key, times in found.items() if times.rest}
    for (kind, label), times in sorted(
        known.items(), key=lambda item: statistics.median(item[1].rest)
    ):
        counted = times.first if times.restless else times.rest
        every += counted
        first, rest = statistics.median(times.first), statistics.median(times.rest)
        note = " works on" if times.restless else ""
        print(
            f"{name:12} {kind:8} {label:40} {len(times.rest):4} {first:6.0f} {rest:6.0f} "
            f"{percentile(counted):6.0f}{note}"
        )
    if every:
        print(f"{name:12} {'all':8} {'':40} {len(every):4} {'':13} {percentile(every):6.0f}\n")
    sys.stdout.flush()
    return every


if __name__ == "__main__":
    sys.exit(main())
