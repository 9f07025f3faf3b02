"""The one error that is meant for the person at the screen, and its translatable text."""

from __future__ import annotations

from collections.abc import Callable


def N_(text: str) -> str:
    """Marks `text` as a key of the translation catalogues; returns it as it is."""
    return text


class InputError(ValueError):
    """Something the user handed in, chose or asked for cannot be used; says what, and what can.

    `template` is English with `{placeholders}` and is the key of its translation; `values` fill it
    in any language: `InputError(N_("There is no model {name}."), name="x")`. Numbers are handed in
    as numbers, those that are no integers for one decimal: each language writes them its own way.
    """

    def __init__(self, template: str, **values: object) -> None:
        super().__init__(template)
        self.template = template
        self.values = values

    def __str__(self) -> str:
        return self.fill(
            self.template,
            str,
            lambda number: f"{number:,}" if type(number) is int else f"{number:,.1f}",
        )

    def fill(
        self, template: str, text: Callable[[str], str], number: Callable[[float], str]
    ) -> str:
        """`template`, this one or its translation, with the values in it: numbers as `number`
        writes them, all others through `text`."""
        written = {
            name: number(value)
            if isinstance(value, int | float) and not isinstance(value, bool)
            else text(str(value))
            for name, value in self.values.items()
        }
        return template.format(**written)
