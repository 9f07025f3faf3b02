"""Sentences from one language into another (slides 13, 14 and 57)."""

from engine.tasks.failures import failures_path
from engine.tasks.translation.evaluation import evaluate
from engine.tasks.translation.failures import read_failures
from engine.tasks.translation.metrics import LENGTHS, chrf, read_lengths
from engine.tasks.translation.predictor import (
    DEFAULT,
    TranslationPredictor,
    load,
    tuned_search,
)
from engine.tasks.translation.recipe import COMPARED, RECIPES, Part, Recipe
from engine.tasks.translation.training import rebuild

__all__ = [
    "COMPARED",
    "DEFAULT",
    "LENGTHS",
    "RECIPES",
    "Part",
    "Recipe",
    "TranslationPredictor",
    "chrf",
    "evaluate",
    "failures_path",
    "load",
    "read_failures",
    "read_lengths",
    "rebuild",
    "tuned_search",
]
