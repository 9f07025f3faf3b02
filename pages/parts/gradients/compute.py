"""What the page asks of the engine, through the queue: nothing is computed here."""

from __future__ import annotations

from collections.abc import Iterator

from engine.lab import by_hand, explosion, jacobians, paths_back
from engine.lab.explosion import Trial
from engine.results import ByHand, Descent, PathsBack, Spectrum
from pages.parts.gradients.ask import Setup
from pages.shared import jobs


def spectrum(setup: Setup) -> Spectrum:
    """The network and the linear one with the same matrix, by lag."""
    key = (setup.network, setup.seed)

    def work(_stop: jobs.Stop) -> Iterator[Spectrum]:
        yield jacobians.spectrum(*key)

    return jobs.wait(jobs.start("gradients_spectrum", key, work))[0]


def unrolled(word: str, units: int, seed: int) -> ByHand:
    """Back-propagation by hand on a word: a few milliseconds, so no job."""
    return by_hand.worked(word, units, seed)


def paths(units: int, steps: int, keep: str, scale: float, *, same_size: bool) -> list[PathsBack]:
    """The three cells on the same noise."""
    key = (units, steps, keep, scale, same_size)

    def work(_stop: jobs.Stop) -> Iterator[list[PathsBack]]:
        yield paths_back.compare(units, steps, keep, scale, 0, same_size=same_size)

    return jobs.wait(jobs.start("gradients_paths", key, work))[0]


def descents(trial: Trial, clip: float, seed: int) -> list[Descent]:
    """The same training without and with clipping; seconds, and stopped when no longer wanted."""
    key = (trial, clip, seed)

    def work(stop: jobs.Stop) -> Iterator[Descent]:
        return explosion.compare(trial, clip, seed, stop)

    return jobs.wait(jobs.start("gradients_descents", key, work))
