"""Sentences about photos (slides 11-12 and 55-56): reader, recipes, evaluation, use."""

from engine.tasks.captions.evaluation import evaluate
from engine.tasks.captions.failures import read_failures
from engine.tasks.captions.naming import nouns
from engine.tasks.captions.predictor import (
    DEFAULT,
    CaptionPredictor,
    PhotoFeatures,
    classes,
    encode_photo,
    load,
)
from engine.tasks.captions.recipe import COMPARED, RECIPES, Part, Recipe
from engine.tasks.captions.training import rebuild
from engine.tasks.failures import failures_path

__all__ = [
    "COMPARED",
    "DEFAULT",
    "RECIPES",
    "CaptionPredictor",
    "Part",
    "PhotoFeatures",
    "Recipe",
    "classes",
    "encode_photo",
    "evaluate",
    "failures_path",
    "load",
    "nouns",
    "read_failures",
    "rebuild",
]
