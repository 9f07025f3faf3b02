"""What many answers come to: how many of each kind, and how many agree with the labels."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from engine.figures.sentiment.evaluation import UNCERTAIN, Confusion, tally
from engine.results import Verdict
from pages.parts.sentiment.batch import Answer

KINDS = ("positive", "neutral", "negative", UNCERTAIN)


def counts(answers: Mapping[int, Answer]) -> dict[str, int]:
    """How many of each kind, those that occur, in the order of KINDS.

    A verdict whose two best are close is of the kind UNCERTAIN, whatever leads.
    """
    verdicts = [answer.verdict for answer in answers.values() if answer.verdict is not None]
    kinds = Counter(UNCERTAIN if verdict.uncertain else verdict.label for verdict in verdicts)
    return {kind: kinds[kind] for kind in KINDS if kind in kinds}


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
    `beyond` labels that the model of the row's language cannot give.
    """

    answers: dict[int, str]
    right: dict[int, bool]
    table: Confusion
    turned: int
    beyond: int

    @property
    def accuracy(self) -> float:
        """Share of the rows whose answer is their label."""
        return self.table.hits / self.table.n


def score(answers: Mapping[int, Answer], labels: Sequence[str | None]) -> Score | None:
    """None where no row has both a verdict and a label that was understood.

    The larger of the two, as in `evaluate_probabilities` of `engine.tasks.sentiment.evaluation`,
    on a set that has only two labels; uncertain verdicts count like all others.
    """
    known = sorted({label for label in labels if label is not None})
    both = {
        position: (label, answer.verdict)
        for position, answer in sorted(answers.items())
        if (label := labels[position]) is not None and answer.verdict is not None
    }
    if not both:
        return None
    given = {position: answer_among(verdict, known) for position, (_, verdict) in both.items()}
    return Score(
        given,
        {position: given[position] == label for position, (label, _) in both.items()},
        tally([(label, given[position]) for position, (label, _) in both.items()]),
        turned=sum(given[position] != verdict.label for position, (_, verdict) in both.items()),
        beyond=sum(label not in verdict.labels for label, verdict in both.values()),
    )
