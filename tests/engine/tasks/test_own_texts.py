"""What somebody may train on, and with: texts are explained, sizes are bounded."""

from __future__ import annotations

import pytest

from engine.errors import InputError
from engine.tasks.characters.own_files import OwnText, Plan, check


def test_a_text_is_put_in_order() -> None:
    found = check("e\u0301\r\nx\x00\x1b" * 100)
    assert found == OwnText("é\nx" * 100, "\nxé")
    assert check("a\ud800b\udfff" * 100) == OwnText("ab" * 100, "ab")


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("too short", "at least 200"),
        (" \n" * 500, "at least 200"),
        ("a" * 500, "one character only"),
        ("x" + "ab" * 2**20, "at most 2 MB"),
        ("".join(map(chr, range(0x4E00, 0x4E00 + 600))), "at most 512"),
    ],
)
def test_texts_that_nothing_can_be_learnt_from_are_explained(text: str, says: str) -> None:
    with pytest.raises(InputError, match=says):
        check(text)


@pytest.mark.parametrize(
    "wrong",
    [
        {"cell": "transformer"},
        {"hidden": 257},
        {"hidden": 0},
        {"hidden": True},
        {"layers": 4},
        {"steps": 201},
        {"iterations": 3001},
        {"rate": 0.0},
        {"clip": -1.0},
        {"seconds": 1e9},
    ],
)
def test_a_plan_is_bounded(wrong: dict[str, object]) -> None:
    with pytest.raises(InputError):
        Plan(**wrong)  # type: ignore[arg-type]
