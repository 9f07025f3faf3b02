"""Sentences from one language into another (slides 13, 14 and 57): reader, recipes, scores, use."""

from engine.tasks.failure_files import failures_path
from engine.tasks.translation.evaluation import evaluate
from engine.tasks.translation.failures import read_failures
from engine.tasks.translation.languages import language, latin
from engine.tasks.translation.lengths import LENGTHS, read_lengths
from engine.tasks.translation.loading import load, tuned
from engine.tasks.translation.predictor import DEFAULT, TranslationPredictor
from engine.tasks.translation.recipe import COMPARED, RECIPES, Part, Recipe
from engine.tasks.translation.scoring import chrf
from engine.tasks.translation.sentences import MAX_CHARACTERS, prepared, sentences, written
from engine.tasks.translation.training import rebuild

__all__ = [
    "COMPARED",
    "DEFAULT",
    "LENGTHS",
    "MAX_CHARACTERS",
    "RECIPES",
    "Part",
    "Recipe",
    "TranslationPredictor",
    "chrf",
    "evaluate",
    "failures_path",
    "language",
    "latin",
    "load",
    "prepared",
    "read_failures",
    "read_lengths",
    "rebuild",
    "sentences",
    "tuned",
    "written",
]
