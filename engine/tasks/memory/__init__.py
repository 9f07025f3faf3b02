"""Tasks that need a long memory, and three cells that race to learn them (slides 34-47)."""

from engine.models.memory import CHRONO
from engine.tasks.memory.race import EVERY, LEARNT, Plan, Race, load, save, timings
from engine.tasks.memory.sequences import CLOSE, COPIED, SYMBOLS, TASKS, examples

__all__ = [
    "CHRONO",
    "CLOSE",
    "COPIED",
    "EVERY",
    "LEARNT",
    "SYMBOLS",
    "TASKS",
    "Plan",
    "Race",
    "examples",
    "load",
    "save",
    "timings",
]
