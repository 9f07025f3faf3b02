"""What the tests of figures share."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from engine.figures import numbers


@pytest.fixture
def vietnamese_numbers() -> Iterator[None]:
    """Numbers as a Vietnamese reader sees them, until the test ends."""
    before = numbers.follow(lambda: "vi")
    yield
    numbers.follow(before)
