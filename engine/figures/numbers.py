"""How numbers are written: in the reader's language, in every figure, sentence and table.

Who knows the reader says so once, with `follow`; until then numbers are English.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import SupportsFloat

from babel.numbers import format_decimal, format_percent

Number = Callable[[SupportsFloat], str]
"""Writes a number as the reader's language does."""

SUPERSCRIPTS = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")

_reader: list[Callable[[], str]] = [lambda: "en"]


def follow(language: Callable[[], str]) -> Callable[[], str]:
    """From now on numbers are written in the language that `language` returns at that moment.

    Returns what was followed before."""
    before, _reader[0] = _reader[0], language
    return before


def decimal(value: SupportsFloat, digits: int = 2) -> str:
    """0.85 as the language writes it: "0.85", "0,85"; below zero with a true minus sign."""
    return _decimal(float(value) or 0.0, digits, _reader[0]())  # 0 has no sign


@lru_cache(maxsize=4096)  # a page writes the same hundred numbers each time it is drawn
def _decimal(value: float, digits: int, language: str) -> str:
    pattern = "#,##0." + "0" * digits if digits else "#,##0"
    return str(format_decimal(value, pattern, locale=language)).replace("-", "−")


def number(value: SupportsFloat) -> str:
    """Two digits as the language writes them."""
    return decimal(value, 2)


def general(value: SupportsFloat, digits: int = 3) -> str:
    """At most so many significant digits, without zeros at the end: 0.05, 1.5, 20."""
    text = f"{float(value):.{digits}g}"
    mantissa, _e, exponent = text.partition("e")
    written = decimal(float(mantissa), len(mantissa.partition(".")[2]))
    return f"{written}·10{str(int(exponent)).translate(SUPERSCRIPTS)}" if exponent else written


def signed(value: SupportsFloat, write: Number = number) -> str:
    """+2.3 or −2.3, with the minus sign that is as wide as the plus."""
    return f"{'−' if float(value) < 0 else '+'}{write(abs(float(value)))}"


def grouped(value: SupportsFloat) -> str:
    """All digits, thousands apart: 49,987, in Vietnamese 49.987."""
    return decimal(value, 0)


def count(value: SupportsFloat) -> str:
    """Two significant digits, thousands apart, powers of ten from a million on: 240, 3,100, 10⁸."""
    if float(value) >= 1e6:
        return "10" + str(len(f"{float(value):.0f}") - 1).translate(SUPERSCRIPTS)
    return grouped(round(float(f"{float(value):.2g}")))


def lowered(number: int) -> str:
    """An index as it stands in a text: h₁₂."""
    return str(number).translate(str.maketrans("0123456789", "₀₁₂₃₄₅₆₇₈₉"))


def share(value: SupportsFloat, digits: int = 0) -> str:
    """0.853 as "85%", or as "85.3%" with one digit."""
    pattern = "#,##0." + "0" * digits + "%" if digits else "#,##0%"
    return format_percent(float(value), pattern, locale=_reader[0]())


def percent(probability: SupportsFloat) -> str:
    """`0.934` as `93%`; never 0% or 100%, which a softmax never says."""
    if float(probability) > 0.995:
        return ">99%"
    return "<1%" if float(probability) < 0.005 else share(probability)


def rate(counted: SupportsFloat) -> str:
    """A share that was counted: as `percent`, but 0% where there is none and 100% where all are."""
    return share(counted) if float(counted) in (0.0, 1.0) else percent(counted)


def share_left(relative: SupportsFloat) -> str:
    """What is left of a gradient: as a percentage, or as a fraction when that is small."""
    return share(relative) if float(relative) >= 0.01 else f"1/{count(1 / float(relative))}"


def rounding(difference: SupportsFloat) -> str:
    """How far two ways to one number are apart: 0, or a power of ten such as 4·10⁻¹⁶."""
    if float(difference) == 0:
        return "0"
    digit, exponent = f"{abs(float(difference)):.0e}".split("e")
    return f"{digit}·10" + str(int(exponent)).translate(SUPERSCRIPTS)
