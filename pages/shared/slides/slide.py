"""A page of the app, and a slide of the lecture with the state that shows it."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Page:
    """A page of the app; `help` says in one sentence what it is for."""

    path: str
    title: str
    icon: str
    help: str


@dataclass(frozen=True)
class Slide:
    """What a slide is about, the page that shows it, and the state that page starts in.

    `values` has one entry per key: the value, or one value per language.
    """

    about: str
    page: str
    values: dict[str, str | dict[str, str]] = field(default_factory=dict)

    def state(self, language: str) -> dict[str, str]:
        """The values for a reader of `language`; English where it has none of its own."""
        return {
            key: value if isinstance(value, str) else value.get(language, value["en"])
            for key, value in self.values.items()
        }
