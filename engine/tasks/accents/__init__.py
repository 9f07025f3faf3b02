"""Marks for Vietnamese typed without them (slides 15 and 49): reader, recipes, evaluation, use."""

from engine.tasks.accents.evaluation import evaluate
from engine.tasks.accents.failures import read_failures
from engine.tasks.accents.predictor import AccentPredictor, load
from engine.tasks.accents.recipe import RECIPES, Recipe
from engine.tasks.accents.training import rebuild
from engine.tasks.failures import failures_path

__all__ = [
    "RECIPES",
    "AccentPredictor",
    "Recipe",
    "evaluate",
    "failures_path",
    "load",
    "read_failures",
    "rebuild",
]
