"""Damage of any kind is named, never anything worse."""

from __future__ import annotations

import numpy as np
import pytest

from engine import images
from engine.errors import InputError
from tests.engine.images.pictures import ENCODERS, encoded, exif, noise, p3_profile

ROUNDS = 20


def mutated(data: bytes, generator: np.random.Generator) -> bytes:
    """Cut off, with some bytes changed, or with a piece gone; a damaged head more often."""
    kind = generator.integers(4)
    place = int(generator.integers(min(len(data), 100) if kind == 3 else len(data)))
    if kind == 0:
        return data[:place]
    if kind == 1:
        return data[:place] + data[place + int(generator.integers(1, 40)) :]
    damaged = bytearray(data)
    for spot in (place, *generator.integers(len(data), size=int(generator.integers(4)))):
        damaged[spot] ^= int(generator.integers(1, 256))
    return bytes(damaged)


@pytest.mark.parametrize("form", ENCODERS)
def test_a_damaged_file_is_read_or_refused(form: str) -> None:
    generator = np.random.default_rng(7)
    options = {} if form == "GIF" else {"exif": exif(6), "icc_profile": p3_profile()}
    whole = encoded(noise(3, 60, 44), form, **options)
    refused = 0
    for _ in range(ROUNDS):
        try:
            images.read(mutated(whole, generator), "a")
        except InputError:
            refused += 1
    assert refused > 0


@pytest.mark.parametrize("form", ENCODERS)
@pytest.mark.parametrize("part", [0.3, 0.6, 0.9])
def test_a_file_that_ends_too_early_is_called_so(form: str, part: float) -> None:
    data = encoded(noise(4, 90, 70), form)
    with pytest.raises(InputError, match=r"^cut\.x is damaged, or ends too early\."):
        images.read(data[: int(part * len(data))], "cut.x")
