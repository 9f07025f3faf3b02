"""Numbers as English and Vietnamese readers write them; Babel's own tables are the judge."""

from __future__ import annotations

import numpy as np
import pytest

from engine.figures import numbers


def test_english_until_a_reader_is_known() -> None:
    assert numbers.decimal(-1234.5, 1) == "−1,234.5"
    assert numbers.share(0.1234, 1) == "12.3%"
    assert numbers.decimal(np.float32(0.5)) == "0.50"
    assert numbers.decimal(3, 0) == "3"


@pytest.mark.usefixtures("vietnamese_numbers")
def test_comma_and_point_change_places_in_vietnamese() -> None:
    assert numbers.decimal(-1234.5, 1) == "−1.234,5"
    assert numbers.share(0.1234, 1) == "12,3%"
    assert numbers.count(3149) == "3.100"
    assert numbers.share_left(1 / 3149) == "1/3.100"


@pytest.mark.parametrize(
    ("value", "digits", "words"),
    [
        (0.05, 3, "0.05"),
        (20.0, 3, "20"),
        (1.5, 2, "1.5"),
        (0.0123, 2, "0.012"),
        (2e-7, 2, "2·10⁻⁷"),
        (-0.25, 2, "−0.25"),
    ],
)
def test_general_has_no_zeros_at_the_end(value: float, digits: int, words: str) -> None:
    assert numbers.general(value, digits) == words


def test_a_sign_is_as_wide_as_a_plus() -> None:
    assert [numbers.signed(value) for value in (2.0, -2.0)] == ["+2.00", "−2.00"]
