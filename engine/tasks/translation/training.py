"""Trains a translator on pairs of sentences."""

from __future__ import annotations

from functools import partial

from tokenizers import Tokenizer

from engine import training
from engine.language.names import translated_words
from engine.models.translator import Translator
from engine.tasks.translation import tokenizer as pieces
from engine.tasks.translation.data import Batches, Mix, mix
from engine.tasks.translation.evaluation import evaluate_trained
from engine.tasks.translation.recipe import RECIPES, Part, Recipe
from engine.tasks.translation.self_critical import SelfCriticalBatches
from engine.training import Stage, Training, TrainingJob, untrained


def prepare(job: TrainingJob[Recipe]) -> Training:
    """Reads the pairs and learns their pieces; what each part of the recipe is trained on."""
    recipe = job.recipe
    found = mix(recipe.languages, job.data)
    tokenizer = learn_tokenizer(found, recipe)
    shape = (
        "embedding", "hidden", "cell", "attention", "bidirectional", "layers", "deep", "reverse",
    )  # fmt: skip
    arguments = {
        "vocabulary": tokenizer.get_vocab_size(),
        **{name: getattr(recipe, name) for name in shape},
    }
    model = untrained(Translator, arguments, job).to(job.device)

    def stage(part: Part) -> Stage:
        # As many rows of text as ever: sampled translations take the place of further pairs.
        size = (part.batch or recipe.batch) // (part.samples + 1)
        pairs = found.pairs(part.clean, part.once)
        batches = Batches(
            pairs, tokenizer, recipe.languages, size, recipe.copied, job.seed, job.device,
            part.renamed,
        )  # fmt: skip
        if not part.samples:
            return Stage(model, batches)
        rewarded = SelfCriticalBatches(model, batches, tokenizer, part.samples)
        return Stage(model, rewarded, progress=rewarded.rewards.summary)

    return Training(
        "translation",
        model,
        stage,
        lambda path: evaluate_trained(path, found, job.report),
        arguments,
        data=[{"name": c.folder, "source": c.source, "terms": c.terms} for c in found.corpora],
        tokenizer=tokenizer.to_str(),
        lexicon=tuple(lexicon(recipe, found)),
    )


rebuild = partial(training.rebuild, RECIPES, prepare)


def learn_tokenizer(found: Mix, recipe: Recipe) -> Tokenizer:
    """The pieces of two languages: the same for either direction."""
    turned = recipe.source > recipe.target
    pairs = (pair[::-1] if turned else pair for each in found.train.values() for pair in each)
    return pieces.learn([text for pair in pairs for text in pair], recipe.pieces)


def lexicon(recipe: Recipe, found: Mix) -> list[str]:
    """The capitalised words that are translated, where the recipe has all others copied."""
    if not recipe.copy_names:
        return []
    return translated_words((pair for each in found.train.values() for pair in each), recipe.source)
