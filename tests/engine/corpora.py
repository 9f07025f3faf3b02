"""Small made-up corpora in the shape of the real ones, easy enough to be learnt in seconds."""

from __future__ import annotations

import random
from pathlib import Path

GOOD = {"en": ("good", "lovely", "great"), "vi": ("tốt", "ngon", "tuyệt")}
BAD = {"en": ("bad", "awful", "dull"), "vi": ("tệ", "dở", "chán")}
REST = {
    "en": ["the", "film", "food", "room", "was", "were", "a", "very", "so"],
    "vi": ["phim", "đồ", "ăn", "phòng", "rất", "quá", "là"],
}


def texts(language: str, count: int, seed: int) -> list[tuple[str, str]]:
    """Sentences whose label is that of the one telling word in them."""
    generator = random.Random(seed)
    rows = []
    for n in range(count):
        words = generator.choices(REST[language], k=generator.randint(2, 9))
        label, telling = [("positive", GOOD), ("negative", BAD)][n % 2]
        words.insert(generator.randint(0, len(words)), generator.choice(telling[language]))
        rows.append((f"{' '.join(words)} {n}", label))
    return rows


def write(path: Path, rows: list[tuple[str, str]]) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    lines = ["text\tlabel", *(f"{text}\t{label}" for text, label in rows)]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def sentiment_corpora(folder: Path) -> Path:
    """One English and one Vietnamese corpus with train and dev parts."""
    for language, name in (("en", "en_uci_yelp"), ("vi", "vi_uit_vsfc")):
        write(folder / name / "train.tsv", texts(language, 400, seed=1))
        write(folder / name / "dev.tsv", texts(language, 60, seed=2))
    neutral = [(f"phim là phim {n}", "neutral") for n in range(60)]
    path = folder / "vi_uit_vsfc" / "train.tsv"
    write(path, texts("vi", 400, seed=1) + neutral)
    return folder
