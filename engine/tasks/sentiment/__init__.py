"""Sentiment of a sentence or review (slides 5-7 and 51-53): reader, recipes, evaluation, use."""

from engine.tasks.sentiment.classifier import Classifier, load
from engine.tasks.sentiment.recipe import RECIPES, Recipe
from engine.tasks.sentiment.training import Report, evaluate, rebuild, say_nothing

__all__ = [
    "RECIPES",
    "Classifier",
    "Recipe",
    "Report",
    "evaluate",
    "load",
    "rebuild",
    "say_nothing",
]
