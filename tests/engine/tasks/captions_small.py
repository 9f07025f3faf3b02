"""A corpus of a few coloured squares, and a recipe that learns it in a moment."""

from __future__ import annotations

import csv
from pathlib import Path

from PIL import Image

from engine.tasks.captions import Part, Recipe

COLOURS = {"red": (220, 20, 20), "green": (20, 200, 20), "blue": (30, 30, 230)}
SENTENCES = (
    "A {} square .",
    "a {} square",
    "There is a {} square !",
    "A square that is {}",
    "a {} square on a page",
)

RECIPE = Recipe(
    embedding=8,
    hidden=16,
    dropout=0.0,
    smoothing=0.0,
    head=False,
    forms=1,
    photos=3,
    ema_decay=0.5,
    mixed_precision=False,
    dtype="float16",
    parts=(Part("words", 60.0, 2e-2), Part("rewarded", 5.0, 1e-3, samples=3)),
)


def corpus(folder: Path, each: int = 2) -> Path:
    """A folder like Flickr8k's: `each` photos of every colour to learn from, one of it to try."""
    (folder / "images").mkdir(parents=True)
    captions, parts = [["image", "caption_index", "caption"]], [["image", "split"]]
    for colour, pixel in COLOURS.items():
        for k in range(each + 1):
            name = f"{colour}{k}.jpg"
            dimmed = tuple(max(0, value - 5 * k) for value in pixel)
            Image.new("RGB", (224, 224), dimmed).save(folder / "images" / name)
            parts.append([name, "dev" if k == each else "train"])
            captions += [[name, str(n), s.format(colour)] for n, s in enumerate(SENTENCES)]
    for file, rows in (("captions.csv", captions), ("split.csv", parts)):
        with (folder / file).open("w", encoding="utf-8", newline="") as out:
            csv.writer(out).writerows(rows)
    return folder
