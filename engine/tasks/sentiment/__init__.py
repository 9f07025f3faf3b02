"""Sentiment of a sentence or review (slides 5-7 and 51-53): reader, recipes, evaluation, use."""

from engine.tasks.sentiment.classifier import Classifier, load
from engine.tasks.sentiment.compared import write_table
from engine.tasks.sentiment.failures import failures_path, read_failures
from engine.tasks.sentiment.lessons import Report
from engine.tasks.sentiment.measure import evaluate
from engine.tasks.sentiment.probes import PROBES, Probe
from engine.tasks.sentiment.recipe import RECIPES, Recipe
from engine.tasks.sentiment.training import rebuild, say_nothing

__all__ = [
    "PROBES",
    "RECIPES",
    "Classifier",
    "Probe",
    "Recipe",
    "Report",
    "evaluate",
    "failures_path",
    "load",
    "read_failures",
    "rebuild",
    "say_nothing",
    "write_table",
]
