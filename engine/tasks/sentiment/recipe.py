"""How each shipped sentiment model is built and trained. Each number has its only place here."""

from __future__ import annotations

from dataclasses import dataclass, replace

from engine.training import Settings


@dataclass(frozen=True)
class Recipe:
    """One model: what `SentimentModel` takes, how it reads, how it is trained."""

    language: str
    cell: str = "lstm"
    embedding: int = 160
    hidden: int = 160
    layers: int = 1
    bidirectional: bool = True
    pooling: str = "mean"
    dropout: float = 0.4
    word_dropout: float = 0.1
    keep_bias: float = 1.0
    vocabulary: int = 6_000
    max_tokens: int = 256
    longest: int | None = None
    """Training texts of more pieces are left out (None: cut at `max_tokens`)."""
    plain_copies: float = 0.0
    """Share of the training texts that are added once more without accents."""
    batch: int = 64
    epochs: float = 6.0
    learning_rate: float = 2e-3
    weight_decay: float = 0.01
    average: float = 0.999

    def settings(self, steps: int, seed: int) -> Settings:
        return Settings(
            steps,
            self.learning_rate,
            clip=1.0,
            weight_decay=self.weight_decay,
            warmup=min(200, steps // 10),
            schedule="cosine",
            average=self.average,
            seed=seed,
        )


_FLAGSHIP = {
    "en": Recipe("en"),
    "vi": Recipe("vi", plain_copies=0.15),
}

# The comparison models differ in nothing but the cell: same width, last state, forward only, so
# that ∂e/∂h_t of one sentence can be laid side by side. Short texts, since they have to learn
# through every step back to the first.
_COMPARED = {
    language: replace(
        recipe,
        embedding=48,
        hidden=96,
        bidirectional=False,
        pooling="last",
        dropout=0.2,
        max_tokens=128,
        longest=48,
        epochs=5.0,
    )
    for language, recipe in _FLAGSHIP.items()
}

RECIPES: dict[str, Recipe] = {
    **{f"sentiment-{language}": recipe for language, recipe in _FLAGSHIP.items()},
    **{
        f"sentiment-{language}-{cell}": replace(recipe, cell=cell)
        for language, recipe in _COMPARED.items()
        for cell in ("rnn", "lstm", "gru")
    },
}
