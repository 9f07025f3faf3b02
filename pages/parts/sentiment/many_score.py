"""What many verdicts add up to: counts and, against labels, who was right."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from engine.figures.sentiment.evaluation import UNCERTAIN, Confusion, tally
from engine.results import Verdict
from pages.parts.sentiment.many_run import Answer

KINDS = ("positive", "neutral", "negative", UNCERTAIN)


def kind(verdict: Verdict) -> str:
    """The label, or "uncertain" where the two best are close, whatever leads."""
    return UNCERTAIN if verdict.uncertain else verdict.label


def counts(answers: Mapping[int, Answer]) -> dict[str, int]:
    """How many of each kind, those that occur, in the order of KINDS."""
    kinds = [kind(a.verdict) for a in answers.values() if a.verdict is not None]
    return {k: kinds.count(k) for k in KINDS if k in kinds}


def answer_among(verdict: Verdict, known: Sequence[str]) -> str:
    """The likeliest label of those that the set knows; of all where it knows fewer than two."""
    possible = [k for k, label in enumerate(verdict.labels) if label in known]
    if len(possible) < 2:
        possible = list(range(len(verdict.labels)))
    return verdict.labels[max(possible, key=lambda k: verdict.probabilities[k])]


@dataclass(frozen=True)
class Score:
    """Answers against labels, by position: `answers` and `right` hold the rows that have both.

    `turned` counts answers that are not the verdict, since the set does not know its label;
    `beyond` labels that the model of the row's language cannot say.
    """

    answers: dict[int, str]
    right: dict[int, bool]
    table: Confusion
    turned: int
    beyond: int

    @property
    def accuracy(self) -> float:
        return self.table.hits / self.table.n


def score(answers: Mapping[int, Answer], labels: Sequence[str | None]) -> Score | None:
    """None where no row has both a verdict and a label that was understood.

    The larger of the two, as in `evaluate_probabilities` of `engine.tasks.sentiment.evaluation`,
    on a set that has only two labels; uncertain verdicts count like all others.
    """
    known = sorted({label for label in labels if label is not None})
    given: dict[int, tuple[str, Verdict]] = {}
    for place, answer in sorted(answers.items()):
        label = labels[place]
        if label is not None and answer.verdict is not None:
            given[place] = (label, answer.verdict)
    if not given:
        return None
    said = {place: answer_among(verdict, known) for place, (_, verdict) in given.items()}
    return Score(
        said,
        {place: said[place] == label for place, (label, _) in given.items()},
        tally([(label, said[place]) for place, (label, _) in given.items()]),
        turned=sum(said[place] != verdict.label for place, (_, verdict) in given.items()),
        beyond=sum(label not in verdict.labels for label, verdict in given.values()),
    )
