"""The address is written once per click, in a fragment that runs alone as in a whole run."""

from __future__ import annotations

from contextlib import AbstractContextManager, nullcontext

from pages.shared import links


def once() -> AbstractContextManager[None]:
    """Around the body of a fragment: one step of the browser's history, however many keys."""
    return nullcontext() if links.is_followed() else links.followed()
