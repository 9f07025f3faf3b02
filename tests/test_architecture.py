"""The shape of the code: who imports whom, what is used nowhere, how long things are.

A check takes a file's path and text and returns the faults it found; COUNTER_EXAMPLES holds, for
each, a small file that it has to object to. What can be seen of many files together only (the
modules of the tasks, modules too small to stand alone) is checked at the end, each with a counter-
example of its own.
"""

from __future__ import annotations

import ast
import re
import statistics
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from pathlib import PurePosixPath

import pytest

from tests.project import files, imports, parse, product_files, python_files, read

# Low to high: a room may import itself and what stands before it.
ENGINE = (
    *("errors", "device", "distributed", "images", "results", "language"),
    *("second_order", "cells", "attention", "cross_entropy", "decoding", "dropout"),
    *("bptt", "padding", "stacking", "recurrent", "gradients", "__init__", "vision", "lab"),
    *("models", "checkpoints", "training", "tasks", "bench", "answers", "commands", "__main__"),
)
FIGURES = {"results", "figures"}  # drawn from results only, and nothing below the pages draws
SCREEN = ("pages.shared", "pages.parts", "pages", "streamlit_app")

# Top-level packages that code in a folder must do without.
FOREIGN = {
    "engine/figures/": {"torch", "streamlit", "pages", "tests", "hosting"},
    "engine/": {"streamlit", "pages", "tests", "hosting"},
    "pages/": {"torch", "tests", "hosting", "server"},
    "streamlit_app.py": {"torch", "tests", "hosting", "server"},
    "hosting/": {"torch", "tests", "server"},
    "server.py": {"torch", "tests"},
}

# What is used nowhere: pattern of the dotted name, files it concerns, files that may.
FORBIDDEN = (
    (r"^print$", r"^engine/", r"^engine/(__main__|commands)\.py$"),
    (r"\bunsafe_allow_html\b", r"", None),
    (r"\buse_container_width\b", r"", None),
    (r"\bcomponents\.v1\b", r"", None),
    (r"\bcomponents\.v2\b", r"", r"^pages/shared/tokens/|^pages/shared/lecture|^tests/"),
    (r"^(st|streamlit)\.(html|iframe)$", r"", None),
    (r"\bcache_(data|resource)\b", r"", r"^pages/shared/models\.py$|^tests/"),
    # The encoder's weights come in a package of their own, in torch's format, without code in it.
    (r"^torch\.load$", r"", r"^engine/vision\.py$|^tests/engine/test_vision\.py$"),
    (r"^torch\.save$|^(pickle|marshal|shelve)\b", r"", r"^tests/"),
)

# Matches neither itself nor the PyTorch index that the README names.
ELSEWHERE = re.compile(
    r"\b(pypi|pythonhosted|npmjs|debian|anaconda|crates)\.(org|com|io)\b|artif[a]ctory"
    r"|(?<![\w.\-/:])(/(?:work|farm|root|home|Users)/\w|C:\\Users)|\bsite-packages/\w"
)

LONGEST_FUNCTION, LONGEST_FILE, MEDIAN_FUNCTION = 60, 400, 12

# A fourth cell is registered in the table of cells: what else names one is its own subject.
CELL_NAME = re.compile(r"""["'](rnn|lstm|gru)["']""")
NAMES_CELLS = {
    "engine/cells.py": "declares CELLS",
    "engine/figures/style.py": "gives each its colour and title; figures see results only",
}

TASKS = ("accents", "captions", "characters", "frames", "sentiment", "translation")
TASK_MODULES = ("data", "recipe", "training", "evaluation", "predictor", "failures")

# A module of so few lines that a single other one imports is part of that one, except for:
SMALL_MODULE = 60
STANDS_ALONE = {
    "engine/tasks/characters/failures.py": "every task has a module of this name",
    "engine/tasks/frames/training.py": "every task has a module of this name",
    "pages/shared/streamlit_internals.py": "all that is undocumented of Streamlit, in one place",
}

Check = Callable[[str, str], list[str]]


def engine_room(name: str) -> str:
    """The room of a module of the engine: `engine.tasks.sentiment` -> `tasks`.

    `from engine import LSTM` takes a name, not a module: its room is the engine's `__init__`.
    """
    room = [*name.split("."), "__init__"][1]
    return room if room in (*ENGINE, "figures") else "__init__"


def engine_direction(path: str, text: str) -> list[str]:
    if not path.startswith("engine/"):
        return []
    own = path.split("/")[1].removesuffix(".py")
    if own not in (*ENGINE, "figures"):
        return [f"{path}: give the room {own!r} its place in ENGINE"]
    below = FIGURES if own == "figures" else {*ENGINE[: ENGINE.index(own) + 1]}
    inner = [name for name in imports(path, text) if name.split(".")[0] == "engine"]
    return [f"{path} imports {name}" for name in inner if engine_room(name) not in below]


def screen_direction(path: str, text: str) -> list[str]:
    """shared < parts < pages < entry; a page imports no other page; hosting knows shared alone."""

    def rank(dotted: str) -> int:
        return next(i for i, room in enumerate(SCREEN) if f"{dotted}.".startswith(f"{room}."))

    if path.startswith(("hosting/", "server.py")):
        inner = [name for name in imports(path, text) if name.startswith("pages")]
        return [f"{path} imports {name}" for name in inner if not name.startswith("pages.shared")]
    if not path.startswith(("pages/", "streamlit_app")):
        return []
    own = rank(path.removesuffix(".py").replace("/", "."))
    inner = [name for name in imports(path, text) if name.split(".")[0] in ("pages", *SCREEN[3:])]
    too_high = [name for name in inner if rank(name) > own or rank(name) == own >= 2]
    return [f"{path} imports {name}" for name in too_high]


def foreign_imports(path: str, text: str) -> list[str]:
    barred = next((names for prefix, names in FOREIGN.items() if path.startswith(prefix)), set())
    found = [name for name in imports(path, text) if name.split(".")[0] in barred]
    return [f"{path} imports {name}" for name in found]


def names(path: str, text: str) -> Iterator[str]:
    """Everything a file calls by name: imports, dotted attributes, plain names, keywords."""
    yield from imports(path, text)
    for node in parse(text):
        if isinstance(node, ast.Attribute | ast.Name):
            yield ast.unparse(node)
        elif isinstance(node, ast.keyword) and node.arg:
            yield node.arg


def forbidden_names(path: str, text: str) -> list[str]:
    concerned = [
        pattern
        for pattern, where, allowed in FORBIDDEN
        if re.search(where, path) and not (allowed and re.search(allowed, path))
    ]
    used = sorted(set(names(path, text)))
    return [f"{path} uses {n}" for n in used if any(re.search(p, n) for p in concerned)]


def function_lengths(text: str) -> dict[str, int]:
    """Lines of every function and method, from `def` to its last line, docstring included."""
    return {
        f"{node.name}, line {node.lineno}": (node.end_lineno or 0) - node.lineno + 1
        for node in parse(text)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    }


def too_long(path: str, text: str) -> list[str]:
    long = [f"{f} ({n})" for f, n in function_lengths(text).items() if n > LONGEST_FUNCTION]
    count = len(text.splitlines())
    return [f"{path}: {f}" for f in long] + [f"{path}: {count} lines"] * (count > LONGEST_FILE)


def cell_names(path: str, text: str) -> list[str]:
    """Kinds of cells that are written out where `CELLS` in engine/cells.py should be read."""
    if path.startswith("tests/") or path in NAMES_CELLS:
        return []
    return [f"{path} names {match.group()}" for match in CELL_NAME.finditer(text)]


def undocumented(path: str, text: str) -> list[str]:
    """Public functions, classes, methods and properties of the product without a docstring."""

    def missing(node: ast.AST, prefix: str) -> Iterator[str]:
        for inner in ast.iter_child_nodes(node):
            if isinstance(inner, ast.FunctionDef | ast.ClassDef) and inner.name[0] != "_":
                if not ast.get_docstring(inner):
                    yield f"{path}: {prefix}{inner.name} has no docstring"
                if isinstance(inner, ast.ClassDef):
                    yield from missing(inner, f"{inner.name}.")

    return [] if path.startswith("tests/") else list(missing(parse(text)[0], ""))


def elsewhere(path: str, text: str) -> list[str]:
    """Hosts of package registries, and paths that exist on one machine only."""
    return [f"{path}: {match.group()}" for match in ELSEWHERE.finditer(text)]


ON_PYTHON: list[Check] = [
    engine_direction,
    screen_direction,
    foreign_imports,
    forbidden_names,
    too_long,
    cell_names,
    undocumented,
]


@pytest.mark.parametrize("check", ON_PYTHON)
def test_python_files_keep_to(check: Check) -> None:
    faults = [fault for path in python_files() for fault in check(path, read(path))]
    assert not faults, "\n".join(faults)


def test_nothing_points_to_one_machine_or_registry() -> None:
    faults = [fault for path in files() for fault in elsewhere(path, read(path))]
    assert not faults, "\n".join(faults)


def test_functions_are_short() -> None:
    assert product_files(), "found no code to measure"
    lengths = [n for path in product_files() for n in function_lengths(read(path)).values()]
    assert statistics.median(lengths) <= MEDIAN_FUNCTION


COUNTER_EXAMPLES: list[tuple[Check, str, str]] = [
    (engine_direction, "engine/cells.py", "from engine.recurrent import LSTM"),
    (engine_direction, "engine/cells.py", "from engine import bptt"),
    (engine_direction, "engine/cells.py", "from .bptt import run"),
    (engine_direction, "engine/bptt.py", "from engine import LSTM"),
    (engine_direction, "engine/models/sentiment.py", "def f():\n    import engine.tasks"),
    (engine_direction, "engine/tasks/frames.py", "from ..figures import lines"),
    (engine_direction, "engine/figures/lines.py", "from engine import gradients"),
    (engine_direction, "engine/utils.py", ""),
    (screen_direction, "pages/shared/jobs.py", "from pages.parts.sentiment import pooling"),
    (screen_direction, "pages/shared/jobs.py", "import pages.sentiment"),
    (screen_direction, "pages/sentiment.py", "from pages import home"),
    (screen_direction, "pages/home.py", "import streamlit_app"),
    (screen_direction, "hosting/api.py", "from pages.parts.sentiment import tables"),
    (foreign_imports, "pages/home.py", "from hosting import api"),
    (foreign_imports, "hosting/api.py", "import torch"),
    (foreign_imports, "engine/errors.py", "import streamlit as st"),
    (foreign_imports, "engine/errors.py", "from pages.shared import text"),
    (foreign_imports, "engine/figures/lines.py", "from torch import Tensor"),
    (foreign_imports, "pages/sentiment.py", "import torch.nn as nn"),
    (foreign_imports, "streamlit_app.py", "import torch"),
    (forbidden_names, "engine/training.py", "print('step')"),
    (forbidden_names, "pages/home.py", "st.markdown(text, unsafe_allow_html=True)"),
    (forbidden_names, "pages/home.py", "st.plotly_chart(figure, use_container_width=True)"),
    (forbidden_names, "pages/home.py", "import streamlit.components.v1 as components"),
    (forbidden_names, "pages/home.py", "st.components.v1.html(text)"),
    (forbidden_names, "pages/home.py", "st.components.v2.component('x')"),
    (forbidden_names, "pages/home.py", "st.html(text)"),
    (forbidden_names, "pages/home.py", "@st.cache_data\ndef f(): ..."),
    (forbidden_names, "pages/shared/jobs.py", "from streamlit import cache_resource"),
    (forbidden_names, "tests/test_x.py", "torch.load(path)"),
    (forbidden_names, "engine/checkpoints.py", "from torch import load"),
    (forbidden_names, "engine/checkpoints.py", "torch.save(model, path)"),
    (forbidden_names, "engine/checkpoints.py", "import pickle"),
    (too_long, "engine/errors.py", "def f():\n" + "    x = 1\n" * LONGEST_FUNCTION),
    (too_long, "tests/test_x.py", "x = 1\n" * (LONGEST_FILE + 1)),
    (cell_names, "pages/race.py", "for cell in ('rnn', 'lstm'): ..."),
    (undocumented, "engine/text.py", "def f(): ..."),
    (undocumented, "engine/text.py", "class A:\n    '''An A.'''\n    def f(self): ..."),
    (elsewhere, "README.md", "see https://{}.org/project/x".format("pypi")),
    (elsewhere, "README.md", "cd /{}/someone/code".format("home")),
    (elsewhere, "Dockerfile", 'ENV X="/{}/cache"'.format("root")),
]


@pytest.mark.parametrize(("check", "path", "text"), COUNTER_EXAMPLES)
def test_each_check_can_fail(check: Check, path: str, text: str) -> None:
    assert check(path, text) != []


@pytest.mark.parametrize(
    ("check", "path", "text"),
    [
        (engine_direction, "engine/gradients.py", "from engine.recurrent import LSTM"),
        (engine_direction, "engine/vision.py", "from engine import LSTM"),
        (engine_direction, "engine/figures/lines.py", "from engine.results import Reading"),
        (screen_direction, "pages/sentiment.py", "from pages.parts.sentiment import pooling"),
        (screen_direction, "pages/shared/jobs.py", "from pages.shared import text"),
        (forbidden_names, "engine/commands.py", "print('table')"),
        (forbidden_names, "pages/shared/models.py", "@st.cache_resource\ndef f(): ..."),
        (cell_names, "pages/race.py", "lstm = CELLS[DEFAULT_CELL]  # an LSTM"),
        (cell_names, "tests/test_x.py", "cell = 'rnn'"),
        (undocumented, "engine/text.py", "def _f(): ...\ndef g():\n    'A g.'\n    def h(): ..."),
        (elsewhere, "README.md", "https://download.pytorch.org/whl/cpu and /usr/bin/chromium"),
    ],
)
def test_what_is_allowed_passes(check: Check, path: str, text: str) -> None:
    assert check(path, text) == []


def test_every_check_has_a_counter_example() -> None:
    assert {check for check, _, _ in COUNTER_EXAMPLES} == {*ON_PYTHON, elsewhere}


def missing_modules(paths: Mapping[str, str]) -> list[str]:
    """What a task's folder lacks of the modules that every task has."""
    wanted = [f"engine/tasks/{task}/{name}.py" for task in TASKS for name in TASK_MODULES]
    return [path for path in wanted if path not in paths]


def lonely_modules(sources: Mapping[str, str]) -> list[str]:
    """Modules of at most SMALL_MODULE lines that a single other one imports."""
    modules = {path.removesuffix(".py").replace("/", "."): path for path in sources}
    importers: Counter[str] = Counter()
    for path, text in sources.items():
        found = {name for full in imports(path, text) for name in (full, full.rpartition(".")[0])}
        importers.update(modules[name] for name in found & {*modules})
    return [
        f"{path}: {count} lines, imported once"
        for path, text in sources.items()
        if (count := len(text.splitlines())) <= SMALL_MODULE
        and importers[path] == 1
        and PurePosixPath(path).stem != "__init__"
    ]


def test_every_task_has_the_same_modules() -> None:
    assert missing_modules(dict.fromkeys(files(), "")) == []
    complete = {f"engine/tasks/{task}/{name}.py": "" for task in TASKS for name in TASK_MODULES}
    assert missing_modules(complete) == []
    del complete["engine/tasks/sentiment/evaluation.py"]
    assert missing_modules(complete) == ["engine/tasks/sentiment/evaluation.py"]


def test_small_modules_join_the_one_that_imports_them() -> None:
    found = lonely_modules({path: read(path) for path in product_files()})
    assert [fault for fault in found if fault.split(":")[0] not in STANDS_ALONE] == []


def test_a_small_module_that_is_imported_once_is_found() -> None:
    sources = {"a.py": "from pages import b, c", "pages/b.py": "", "pages/c.py": "import pages.b"}
    assert lonely_modules(sources) == ["pages/c.py: 1 lines, imported once"]
    sources["pages/c.py"] += "\n# …" * SMALL_MODULE
    assert lonely_modules(sources) == []


@pytest.mark.parametrize("allowed", [NAMES_CELLS, STANDS_ALONE])
def test_exceptions_exist_and_have_a_reason(allowed: dict[str, str]) -> None:
    assert [path for path, reason in allowed.items() if path not in files() or not reason] == []
