"""What came out for many texts: a sentence, the shares, the table, and who was right."""

from __future__ import annotations

from collections import Counter

import streamlit as st

from engine.figures import style
from engine.figures.sentiment import evaluation
from pages.parts.sentiment.many_columns import Labels, understand
from pages.parts.sentiment.many_input import Input
from pages.parts.sentiment.many_run import Run
from pages.parts.sentiment.many_score import Score, counts, score
from pages.parts.sentiment.many_table import download, headings, records, screen
from pages.shared import figures as saving
from pages.shared.text import LANGUAGES, counter, decimal, listing, literal, percent, translator

MANY = 6  # label words that are named at most
ORDER = (
    "row",
    "verdict",
    "text",
    "language",
    "confidence",
    "uncertain",
    "label",
    "correct",
    "note",
)
"""What matters most comes first: a phone shows no more."""
NARROW = {"row", "language", "verdict", "uncertain", "label", "correct"}


def summary(run: Run) -> None:
    """The sentence and the bar, for as many rows as are answered."""
    _, n_ = translator(), counter()
    found = counts(run.answers)
    parts = [f"{decimal(n, 0)} {evaluation.verdict_name(kind, _)}" for kind, n in found.items()]
    number = sum(found.values())
    texts = n_("{count} text", "{count} texts", number).format(count=decimal(number, 0))
    if found:
        said = _("{texts} in {seconds} s: {parts}.").format(
            texts=texts,
            seconds=decimal(max(run.seconds, 0.01), 1 if run.seconds >= 0.1 else 2),
            parts=listing(parts),
        )
        st.markdown(f"**{literal(said)}**")
        st.plotly_chart(
            evaluation.shares(found, _),
            key="sentiment_many_shares",
            config=saving.config("shares"),
            alt=evaluation.shares_alt(found, _),
        )
    _unread(run)


def _unread(run: Run) -> None:
    """Rows without a verdict, and which model read the others."""
    _, n_ = translator(), counter()
    unread = sum(answer.fault is not None for answer in run.answers.values())
    if unread:
        st.caption(
            n_(
                "{count} row could not be read; the table says why.",
                "{count} rows could not be read; the table says why.",
                unread,
            ).format(count=decimal(unread, 0))
        )
    read = Counter(a.language for a in run.answers.values() if a.verdict and a.language)
    by = [
        _("{count} in {language} by `{model}`").format(
            count=decimal(n, 0), language=LANGUAGES[lang], model=f"sentiment-{lang}"
        )
        for lang, n in read.most_common()
    ]
    if by:
        how = _("The language was detected row by row: {parts}.")
        how = _("The language was chosen in Settings: {parts}.") if run.forced else how
        st.caption(how.format(parts=listing(by)))


def draw(run: Run, given: Input) -> None:
    """Accuracy where there are labels, then the table and its download."""
    rows = given.sheet.rows
    labels = understand([row.label for row in rows]) if given.labelled else None
    scored = score(run.answers, labels.meant) if labels else None
    if labels:
        _against(labels, scored)
    _table(run, given, scored)


def _against(labels: Labels, scored: Score | None) -> None:
    """Accuracy, how it was counted, and the confusion table."""
    _ = translator()
    if scored is None:
        st.warning(_("No row has both a verdict and a label that is understood."))
    else:
        st.markdown(
            _("**Accuracy {percent}**: {hits} of {n} labelled texts were answered rightly.").format(
                percent=percent(scored.accuracy, 1),
                hits=decimal(scored.table.hits, 0),
                n=decimal(scored.table.n, 0),
            )
        )
        with st.container(width=560):
            st.plotly_chart(
                evaluation.confusion_table(scored.table, _),
                key="sentiment_many_confusion",
                config=saving.config("confusion"),
                alt=evaluation.confusion_table_alt(scored.table, _),
            )
    for said in [*_understood(labels), *(_counted(scored) if scored else ())]:
        st.caption(said)


def _understood(labels: Labels) -> list[str]:
    """What numbers were taken to mean, and which labels were not understood."""
    _, n_ = translator(), counter()
    said = []
    if labels.numbers:
        pairs = [f"{n} = {style.label_name(k, _)}" for n, k in labels.numbers.items()]
        text = _("Numbers among the labels were taken to mean: {pairs}.")
        said.append(text.format(pairs=literal(", ".join(pairs))))
    if labels.strange:
        number = labels.strange.total()
        words = [f"“{style.plain(word)}” ({n})" for word, n in labels.strange.most_common(MANY)]
        words += ["…"] * (len(labels.strange) > MANY)
        said.append(
            n_(
                "{count} label was not understood and does not count: {words}.",
                "{count} labels were not understood and do not count: {words}.",
                number,
            ).format(count=decimal(number, 0), words=literal(", ".join(words)))
        )
    if labels.blank:
        text = n_("{count} row has no label.", "{count} rows have no label.", labels.blank)
        said.append(text.format(count=decimal(labels.blank, 0)))
    return said


def _counted(scored: Score) -> list[str]:
    """Where the answer that is counted is not simply the verdict."""
    _ = translator()
    said = []
    if scored.turned:
        text = _(
            "The labels know only two answers, so a model that knows three answers with the larger "
            "of the two. Rows where this is not the verdict in the table: {count}."
        )
        said.append(text.format(count=decimal(scored.turned, 0)))
    if scored.beyond:
        text = _(
            "Texts whose label the model of their language cannot give, counted as wrong: {count}."
        )
        said.append(text.format(count=decimal(scored.beyond, 0)))
    return said


def _table(run: Run, given: Input, scored: Score | None) -> None:
    _ = translator()
    columns = headings(_, given.labelled)
    found = records(given.sheet.rows, run.answers, scored, _)
    st.dataframe(
        screen(found, columns),
        key="sentiment_many_table",
        hide_index=True,
        column_order=[columns[id] for id in ORDER if id in columns],
        height=min(390, 38 + 35 * len(found)),
        column_config={
            **{columns[id]: st.column_config.Column(width="small") for id in NARROW & {*columns}},
            columns["text"]: st.column_config.TextColumn(width="large"),
            columns["note"]: st.column_config.TextColumn(width="medium"),
            columns["confidence"]: st.column_config.NumberColumn(width="small", format="%.1f%%"),
        },
        placeholder="",
        alt=_("Every text with its verdict; sortable by each column"),
    )
    yes, no = _("yes"), _("no")
    st.download_button(
        _("Download the results (CSV)"),
        lambda: download(found, columns, yes, no),
        "many-texts.csv",
        "text/csv",
        key="sentiment_many_download",
        on_click="ignore",
        icon=":material/download:",
    )
