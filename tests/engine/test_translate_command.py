"""`translate` and `evaluate` of translators on the command line: one line for each line."""

from __future__ import annotations

import io
import json
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

import engine.tasks
from engine import checkpoints
from engine.__main__ import main
from engine.decoding import Search
from tests.engine.model_files import HEADER, weights

Output = pytest.CaptureFixture[str]


class Shouting:
    """Translates into capitals, and remembers how it was asked to search."""

    languages = ("fr", "en")

    def __init__(self) -> None:
        self.searches: list[Search] = []
        self.header = SimpleNamespace(recipe={"penalty": 0.5})

    def translate_batch(
        self, sentences: Sequence[str], search: Search
    ) -> Iterator[tuple[int, str]]:
        self.searches.append(search)
        # In another order than it was asked, as the real one does.
        yield from sorted(enumerate(s.upper() for s in sentences), key=lambda pair: len(pair[1]))


class ShoutingTask:
    """Has the interface of `engine.tasks.Task`."""

    kind = "translation"

    def __init__(self) -> None:
        self.network = Shouting()

    def load(self, _path: Path, _device: str) -> Shouting:
        return self.network

    def evaluate(self, _path: Path, *files: Path, **_device: str) -> dict[str, Any]:
        return {"bleu": 12.5, "n": len(files)}


@pytest.fixture
def task(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> ShoutingTask:
    fake = ShoutingTask()
    monkeypatch.setattr(engine.tasks, "REGISTRY", {"small-model": fake})
    checkpoints.save(tmp_path / "small-model.safetensors", HEADER, weights())
    return fake


def test_lines_of_standard_input_are_translated_in_their_order(
    task: ShoutingTask, tmp_path: Path, capsys: Output, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = "une phrase bien longue. et une autre !\nbref\n\nça va\n"
    typed = io.TextIOWrapper(io.BytesIO(text.encode()), encoding="ascii")
    monkeypatch.setattr(sys, "stdin", typed)
    assert main(["translate", "small-model", "--models", str(tmp_path)]) == 2
    written = capsys.readouterr()
    assert written.out.split("\n") == [
        "UNE PHRASE BIEN LONGUE. ET UNE AUTRE !", "BREF", "", "ÇA VA", "",
    ]  # fmt: skip
    assert written.err == (
        "error: text 3: There is no text yet. Type a sentence, or choose an example.\n"
    )


def test_texts_are_translated_with_the_search_that_was_asked_for(
    task: ShoutingTask, tmp_path: Path, capsys: Output
) -> None:
    command = ["translate", "small-model", "a", "b", "--models", str(tmp_path)]
    assert main([*command, "--width", "3", "--penalty", "1.5"]) == 0
    assert main(command) == 0
    assert capsys.readouterr().out == "A\nB\nA\nB\n"
    # The model's own penalty where none is asked for.
    assert [(s.width, s.penalty) for s in task.network.searches] == [(3, 1.5), (5, 0.5)]


def test_a_translator_is_evaluated_on_two_files(
    task: ShoutingTask, tmp_path: Path, capsys: Output
) -> None:
    for name in ("a.fr", "a.en"):
        (tmp_path / name).write_text("x\n")
    command = ["evaluate", "small-model", "--models", str(tmp_path), "--data"]
    assert main([*command, str(tmp_path / "a.fr"), str(tmp_path / "a.en")]) == 0
    assert json.loads(capsys.readouterr().out) == {"bleu": 12.5, "n": 2}
    assert main([*command, str(tmp_path / "a.fr")]) == 2
    message = "error: small-model is evaluated on 2 file(s), not on 1.\n"
    assert capsys.readouterr().err == message
