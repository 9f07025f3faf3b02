"""Shapes stand in signatures: a public function of the engine that takes or returns tensors or
arrays says of what shape they are (jaxtyping), and the test run checks it (pyproject.toml).

A shape that would be Python, such as one name alone, begins with a space: `Float[Tensor, " B"]`.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

import pytest

from tests.project import python_files, read

BARE = {"Tensor", "NDArray", "ndarray", "Floats", "Ints", "Bools"}
"""Types without a shape, by the last part of their name."""


def bare(annotation: ast.expr | None) -> Iterator[str]:
    """The types without a shape in an annotation; what stands in `Float[Tensor, "B H"]` has one."""
    if annotation is None:
        return
    if isinstance(annotation, ast.Constant) and isinstance(annotation.value, str):
        annotation = ast.parse(annotation.value, mode="eval").body
    if isinstance(annotation, ast.Subscript):
        inner = annotation.slice
        shaped = isinstance(inner, ast.Tuple) and any(
            isinstance(part, ast.Constant) and isinstance(part.value, str) for part in inner.elts
        )
        if shaped:
            return
    name = annotation.attr if isinstance(annotation, ast.Attribute) else None
    name = annotation.id if isinstance(annotation, ast.Name) else name
    if name in BARE:
        yield name
    for child in ast.iter_child_nodes(annotation):
        if isinstance(child, ast.expr):
            yield from bare(child)


def public(body: list[ast.stmt], prefix: str = "") -> Iterator[tuple[str, ast.FunctionDef]]:
    """Public functions and the methods of public classes, those that Python calls included."""
    for node in body:
        hidden = getattr(node, "name", "_").startswith("_")
        if isinstance(node, ast.FunctionDef) and (not hidden or node.name.endswith("__")):
            yield prefix + node.name, node
        elif isinstance(node, ast.ClassDef) and not hidden:
            yield from public(node.body, f"{node.name}.")


def shapeless(path: str, text: str) -> list[str]:
    """Faults of one file: in signatures, and in names for types that signatures use."""
    body = ast.parse(text).body
    faults = []
    for name, function in public(body):
        given = function.args
        arguments = [*given.posonlyargs, *given.args, *given.kwonlyargs, given.vararg, given.kwarg]
        annotations = [argument.annotation for argument in arguments if argument]
        for found in {t for part in (*annotations, function.returns) for t in bare(part)}:
            faults.append(f"{path}: {name} has a {found} without a shape")
    for node in body:
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.Subscript | ast.BinOp):
            name = ast.unparse(node.targets[0])
            if name in BARE:
                continue  # itself counts as a type without a shape wherever it is used
            faults += [
                f"{path}: {name} has a {found} without a shape" for found in bare(node.value)
            ]
    return faults


def test_public_functions_say_what_shapes_they_take_and_return() -> None:
    own = [p for p in python_files() if p.startswith("engine/")]
    assert own
    faults = [fault for path in own for fault in shapeless(path, read(path))]
    assert not faults, "\n".join(faults)


@pytest.mark.parametrize(
    "text",
    [
        "def f(x: Tensor) -> int: ...",
        "def f(*, x: torch.Tensor | None = None) -> int: ...",
        "def f() -> tuple[Float[Tensor, 'B'], Tensor]: ...",
        "def f(x: list[NDArray[np.float64]]) -> None: ...",
        "def f(*xs: np.ndarray) -> None: ...",
        "def f(x: 'Floats') -> None: ...",
        "class A:\n    def f(self, x: Tensor) -> None: ...",
        "class A:\n    def __init__(self, x: Tensor) -> None: ...",
        "class A:\n    @property\n    def x(self) -> Tensor: ...",
        "States = tuple[Tensor, ...]",
        "Step = Callable[[Tensor], int]",
    ],
)
def test_a_type_without_a_shape_is_found(text: str) -> None:
    assert shapeless("engine/cells.py", text) != []


@pytest.mark.parametrize(
    "text",
    [
        "def f(x: Float[Tensor, 'T B I'] | None, n: int) -> tuple[Int[Tensor, ' B'], ...]: ...",
        "def _f(x: Tensor) -> Tensor: ...",
        "class _A:\n    def f(self, x: Tensor) -> None: ...",
        "ONE = torch.ones(1)",
        "Floats = NDArray[np.float64]",
        "States = tuple[Float[Tensor, 'B H'], ...]",
    ],
)
def test_what_has_a_shape_or_is_private_passes(text: str) -> None:
    assert shapeless("engine/cells.py", text) == []
