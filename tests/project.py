"""The project's own files, as the tests about its shape and its documents read them."""

from __future__ import annotations

import ast
import subprocess
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


@cache
def files() -> tuple[str, ...]:
    """Paths from the root of all files that git tracks or would track, sorted."""
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    listed = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True).stdout
    return tuple(sorted(p for p in set(listed.split("\0")) if p and (ROOT / p).is_file()))


@cache
def read(path: str) -> str:
    """A file's text; empty where it is not text (pictures, weights)."""
    try:
        return (ROOT / path).read_text(encoding="utf-8")
    except UnicodeDecodeError:
        return ""


@cache
def parse(text: str) -> tuple[ast.AST, ...]:
    """All nodes of a file's syntax tree, the module first; each text is parsed once."""
    return tuple(ast.walk(ast.parse(text)))


def python_files() -> list[str]:
    """Paths of all modules and scripts."""
    return [path for path in files() if path.endswith(".py")]


def product_files() -> list[str]:
    """Paths of the modules and scripts that are not tests."""
    return [path for path in python_files() if not path.startswith("tests/")]


@cache
def imports(path: str, text: str) -> tuple[str, ...]:
    """Full dotted names of what a file imports, relative ones resolved, wherever they stand."""
    return tuple(_imports(path.split("/")[:-1], text))


def _imports(package: list[str], text: str) -> Iterator[str]:
    for node in parse(text):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            above = package[: len(package) - node.level + 1] if node.level else []
            base = [*above, *(node.module or "").split(".")]
            yield from (".".join(filter(None, [*base, alias.name])) for alias in node.names)
