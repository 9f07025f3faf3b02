"""Sentiment of a sentence or review (slides 5-7 and 51-53): reader, recipes, evaluation, use."""

from engine.tasks.failures import failures_path
from engine.tasks.sentiment.data import PROBES, Probe
from engine.tasks.sentiment.evaluation import evaluate, write_table
from engine.tasks.sentiment.failures import read_failures
from engine.tasks.sentiment.predictor import SentimentPredictor, load
from engine.tasks.sentiment.recipe import RECIPES, Recipe
from engine.tasks.sentiment.training import rebuild

__all__ = [
    "PROBES",
    "RECIPES",
    "Probe",
    "Recipe",
    "SentimentPredictor",
    "evaluate",
    "failures_path",
    "load",
    "read_failures",
    "rebuild",
    "write_table",
]
