"""Style, format and types, checked by the run that tests the code: one command does it all."""

from __future__ import annotations

import subprocess
import sys

import pytest

from tests.project import ROOT


@pytest.mark.parametrize("arguments", ["ruff check", "ruff format --check", "mypy"])
def test_tool_finds_nothing(arguments: str) -> None:
    command = [sys.executable, "-m", *arguments.split()]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
