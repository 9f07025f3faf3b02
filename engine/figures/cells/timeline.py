"""When what of the unrolled network is seen: forward step by step, then backward, then the sums."""

from __future__ import annotations

from engine.figures.style import Translate
from engine.results import CellRun


class Timeline:
    """When what is seen: moments of the forward pass, step by step, then of the backward pass."""

    def __init__(self, run: CellRun) -> None:
        self.steps = run.steps
        self.forward = ("c", "h", "y") if "c" in run.values else ("h", "y")
        self.backward = ("output", "future", "h", *(["c"] if "c" in run.values else []), "copies")

    def ahead(self, step: int, what: str) -> int:
        """When `what` of the forward pass is there at `step` (0 is the first)."""
        return step * len(self.forward) + self.forward.index(what)

    def behind(self, step: int, what: str) -> int:
        """The same of the backward pass."""
        turn = self.steps - 1 - step
        return self.turned + turn * len(self.backward) + self.backward.index(what)

    @property
    def turned(self) -> int:
        """The first moment of the backward pass."""
        return self.steps * len(self.forward)

    @property
    def last(self) -> int:
        """The moment of the sums."""
        return self.turned + self.steps * len(self.backward)

    def what(self, moment: int) -> str:
        """What of the forward or of the backward pass is computed at a moment before the last."""
        if moment < self.turned:
            return self.forward[moment % len(self.forward)]
        return self.backward[(moment - self.turned) % len(self.backward)]

    def part(self, moment: int) -> str:
        """The id of the part of the drawing that is new at a moment."""
        if moment == self.last:
            return "sum_h.0"
        what = self.what(moment)
        if moment >= self.turned:
            what = {"future": "d_through", "copies": "copy_h"}.get(what, f"d_{what}")
        return f"{what}.{self.step(moment)}"

    def step(self, moment: int) -> int:
        """Which step a moment is about; the sums are about the first."""
        if moment < self.turned:
            return moment // len(self.forward)
        return max(0, self.steps - 1 - (moment - self.turned) // len(self.backward))

    def names(self, _: Translate) -> list[str]:
        """What is computed at each moment, in words."""
        ahead = {"c": "cₜ", "h": "hₜ", "y": "yₜ, eₜ"}
        behind = {
            "output": _("∂e/∂hₜ, from yₜ"),
            "future": _("∂e/∂hₜ, from the future"),
            "h": _("∂e/∂hₜ, the sum"),
            "c": "∂e/∂cₜ",
            "copies": _("what its copies add"),
        }
        found = []
        for moment in range(self.last):
            if moment < self.turned:
                text, name = _("forward, t = {t}: {what}"), ahead[self.what(moment)]
            else:
                text, name = _("backward, t = {t}: {what}"), behind[self.what(moment)]
            found.append(text.format(t=self.step(moment) + 1, what=name))
        return [*found, _("the copies' sums beside autograd's")]
