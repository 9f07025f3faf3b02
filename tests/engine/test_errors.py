"""InputError carries a translatable template, and every one that is raised can be formatted."""

from __future__ import annotations

import ast
import pickle
from collections.abc import Iterator
from string import Formatter

import pytest

from engine.errors import N_, InputError
from tests.project import python_files, read


def test_it_says_the_template_with_its_values() -> None:
    error = InputError("There is no {what} called {name}.", what="model", name="{x}")
    assert str(error) == "There is no model called {x}."
    assert error.template == "There is no {what} called {name}."
    assert error.values == {"what": "model", "name": "{x}"}
    assert isinstance(error, ValueError)


def test_it_survives_the_way_to_another_process() -> None:
    copy = pickle.loads(pickle.dumps(InputError("at most {limit}", limit=3)))  # noqa: S301
    assert str(copy) == "at most 3"


def test_marking_changes_nothing() -> None:
    assert N_("{a} and {b}") == "{a} and {b}"


def faults(path: str, text: str) -> Iterator[str]:
    """Raised errors whose template is not marked, not literal, or does not fit its values."""
    for call in ast.walk(ast.parse(text)):
        if not (isinstance(call, ast.Call) and ast.unparse(call.func).endswith("InputError")):
            continue
        place = f"{path}:{call.lineno}"
        template = call.args[0] if len(call.args) == 1 else None
        marked = isinstance(template, ast.Call) and ast.unparse(template.func) == "N_"
        literal = template.args[0] if marked and isinstance(template, ast.Call) else None
        if not (isinstance(literal, ast.Constant) and isinstance(literal.value, str)):
            yield f"{place}: the template is not N_(a literal)"
            continue
        wanted = {name for _, name, _, _ in Formatter().parse(literal.value) if name is not None}
        given = {keyword.arg for keyword in call.keywords}
        if wanted != given:
            yield f"{place}: {wanted} wanted, {given} given"


def test_every_error_in_the_engine_can_be_shown() -> None:
    paths = [path for path in python_files() if path.startswith("engine/")]
    assert paths
    found = [fault for path in paths for fault in faults(path, read(path))]
    assert not found, "\n".join(found)


@pytest.mark.parametrize(
    "text",
    [
        'raise InputError("not marked")',
        'raise errors.InputError(N_(f"no literal"))',
        'raise InputError(N_("{a}"))',
        'raise InputError(N_("{a}"), b=1)',
        'raise InputError(N_("{a}"), "positional", a=1)',
    ],
)
def test_the_check_itself_can_fail(text: str) -> None:
    assert list(faults("engine/x.py", text)) != []
