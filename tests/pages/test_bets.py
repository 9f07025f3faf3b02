"""What a browser had kept of the bets is believed only where it has their shape."""

from __future__ import annotations

import json
from typing import Any

import pytest

from pages.shared.tokens.bets import LONGEST, MOST, parse


@pytest.mark.parametrize(
    ("kept", "found"),
    [
        ('{"gradients,still": [true, "stays"]}', {"gradients,still": (True, "stays")}),
        (f'{{"{"x" * 900}": [0, "less"]}}', {"x" * LONGEST: (False, "less")}),
        ("{}", {}),
        ("", {}),
        ("[1, 2]", {}),
        ('{"a": 7}', {}),
        ('{"a": [true]}', {}),
        ("[" * 100_000, {}),
    ],
)
def test_what_was_kept(kept: str, found: dict[str, Any]) -> None:
    assert parse(kept) == found


def test_no_more_than_can_be_told() -> None:
    assert len(parse(json.dumps({str(k): [True, "more"] for k in range(2 * MOST)}))) == MOST
