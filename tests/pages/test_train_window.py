"""Truncated BPTT on the text, and the lesson of the train page."""

from __future__ import annotations

import re
import runpy
from pathlib import Path

import numpy as np
import pytest

from engine.tasks.characters.own_files import OwnText
from pages.parts.train import session, window
from pages.parts.train.inputs import example_text
from pages.shared.text import ASSETS, parts
from tests.pages.opened import said, widget
from tests.pages.test_train import page

LESSON = {lang: ASSETS / "lessons" / lang / "train.md" for lang in ("en", "vi")}


def test_the_window_shows_what_the_gradient_sees() -> None:
    at = page(train_view="window", train_steps="20", train_character="0")
    assert "through the 20 characters in colour" in said(at)
    assert "but it is cut off" in said(at)
    widget(at, "train_window").set_value("50").run()
    assert "through the 50 characters in colour" in said(at)
    assert at.query_params["train_steps"] in ("50", ["50"])
    widget(at, "train_view").set_value("train").run()
    assert "the gradient sees 50 characters" in said(at)


@pytest.mark.parametrize("steps", [5, 50, 200])
def test_exactly_the_window_is_coloured(steps: int) -> None:
    text = OwnText(example_text("jack"), "")
    part = window.strip(text, steps)
    position = text.text.index(part.characters)
    assert (position + len(part.characters)) % steps == 0
    assert text.text[position + len(part.characters)] == part.target
    values = window.strengths(part, session.examples("jack")[0])
    assert sum(value is not None for value in values) == steps
    assert values[-1] == 1
    assert all(value is None for value in values[:-steps])


@pytest.mark.parametrize("lang", LESSON)
def test_the_pytorch_in_the_lesson_learns(lang: str, tmp_path: Path) -> None:
    text = parts(LESSON[lang].read_text(encoding="utf-8"))["how"]
    (code,) = re.findall(r"```python\n(.*?)```", text, re.DOTALL)
    (tmp_path / "snippet.py").write_text(code, encoding="utf-8")
    given = {"text": example_text("jack"), "iterations": 30}
    found = runpy.run_path(str(tmp_path / "snippet.py"), given)
    assert float(found["loss"].detach()) < 2.8 < np.log(found["V"])
    assert float(found["norm"]) > 0


def test_both_languages_have_the_same_lesson() -> None:
    names = [list(parts(path.read_text(encoding="utf-8"))) for path in LESSON.values()]
    assert names[0] == names[1]
