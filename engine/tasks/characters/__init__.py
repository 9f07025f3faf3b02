"""Character language models (slides 8-10 and 54): reader, recipes, evaluation, use."""

from engine.tasks.characters.evaluation import curve, evaluate
from engine.tasks.characters.predictor import TextGenerator, load
from engine.tasks.characters.recipe import RECIPES, SMALL, Recipe
from engine.tasks.characters.training import rebuild

__all__ = ["RECIPES", "SMALL", "Recipe", "TextGenerator", "curve", "evaluate", "load", "rebuild"]
