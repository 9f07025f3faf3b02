"""Runs the default race and writes it down: `python -m engine.tasks.memory FILE.json`.

The page shows the file until somebody starts a race of their own.
"""

from __future__ import annotations

import sys
from pathlib import Path

from engine.tasks.memory import Plan, Race, save


def main(path: Path) -> None:
    """Runs the race to its end and writes it to `path`."""
    plan = Plan()
    race = Race(plan)
    while not race.finished:
        race.advance(60.0, lambda: False)
    save(plan, race.result, path)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
