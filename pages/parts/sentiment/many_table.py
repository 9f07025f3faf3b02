"""The table of many verdicts, on the screen and as a file for a spreadsheet."""

from __future__ import annotations

import csv
from collections.abc import Callable, Mapping, Sequence
from io import StringIO

import pandas as pd

from engine.errors import InputError
from engine.figures.style import label_name
from pages.parts.sentiment.many_run import Answer
from pages.parts.sentiment.many_score import Score
from pages.parts.sentiment.rows import Row
from pages.shared.cells import displayed, harmless

Translate = Callable[[str], str]


def headings(_: Translate, labelled: bool) -> dict[str, str]:
    """What each column is called, by id, in order."""
    every = {
        "row": _("row"),
        "text": _("text"),
        "language": _("language"),
        "verdict": _("verdict"),
        "confidence": _("confidence"),
        "uncertain": _("uncertain"),
        "label": _("label"),
        "correct": _("correct"),
        "note": _("note"),
    }
    return every if labelled else {k: v for k, v in every.items() if k not in ("label", "correct")}


def records(
    rows: Sequence[Row], answers: Mapping[int, Answer], score: Score | None, _: Translate
) -> list[dict[str, object]]:
    """The rows that are answered, as values by column id; None where there is none."""
    return [
        {
            "row": rows[place].number,
            "text": rows[place].text,
            "language": answer.language,
            "verdict": label_name(answer.verdict.label, _) if answer.verdict else None,
            "confidence": answer.verdict.confidence if answer.verdict else None,
            "uncertain": answer.verdict.uncertain if answer.verdict else None,
            "label": rows[place].label.strip() or None,
            "correct": score.right.get(place) if score else None,
            "note": said(answer.fault, _) if answer.fault else None,
        }
        for place, answer in sorted(answers.items())
    ]


def said(fault: InputError, _: Translate) -> str:
    """An error for a cell: plain text, since no Markdown is shown there."""
    return _(fault.template).format(**fault.values)


def screen(found: Sequence[Mapping[str, object]], columns: Mapping[str, str]) -> pd.DataFrame:
    """The table as `st.dataframe` shows it: texts shortened, empty columns left out."""
    kept = [id for id in columns if any(record[id] is not None for record in found)]
    shown = {id: [_shown(record[id]) for record in found] for id in kept}
    return pd.DataFrame(shown, dtype=object).rename(columns=dict(columns)).infer_objects()


def _shown(value: object) -> object:
    if isinstance(value, float):
        return 100 * value  # percent
    return displayed(value) if isinstance(value, str) else value


def download(
    found: Sequence[Mapping[str, object]], columns: Mapping[str, str], yes: str, no: str
) -> bytes:
    """A CSV that Excel opens with its accents whole: UTF-8 with a byte order mark."""
    out = StringIO(newline="")
    write = csv.writer(out, lineterminator="\r\n").writerow
    write([harmless(name) for name in columns.values()])
    for record in found:
        write([_written(record[id], yes, no) for id in columns])
    return out.getvalue().encode("utf-8-sig", "replace")


def _written(value: object, yes: str, no: str) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return yes if value else no
    return f"{value:.4f}" if isinstance(value, float) else harmless(str(value))
