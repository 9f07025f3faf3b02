"""What a person does, frame by frame (slides 15 and 49): films, recipes, evaluation, use."""

from engine.tasks.failures import failures_path
from engine.tasks.frames import motion
from engine.tasks.frames.data import CLASSES, Film, read
from engine.tasks.frames.evaluation import CONFUSION, evaluate
from engine.tasks.frames.failures import read_failures
from engine.tasks.frames.predictor import FramePredictor, load
from engine.tasks.frames.recipe import RECIPES, Recipe
from engine.tasks.frames.training import rebuild

__all__ = [
    "CLASSES",
    "CONFUSION",
    "RECIPES",
    "Film",
    "FramePredictor",
    "Recipe",
    "evaluate",
    "failures_path",
    "load",
    "motion",
    "read",
    "read_failures",
    "rebuild",
]
