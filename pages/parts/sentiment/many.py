"""View "Many sentences": a list or a file is read row by row, while one may look on or stop it.

Then what came out: a sentence, the shares, who was right where there are labels, and the table on
the screen and as a file for a spreadsheet.
"""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from io import StringIO

import pandas as pd
import streamlit as st

from engine.errors import InputError
from engine.figures import style
from engine.figures.sentiment import evaluation
from pages.parts.sentiment import batch, controls
from pages.parts.sentiment.batch import READABLE, Answer, Batch, Chunk, Input
from pages.parts.sentiment.controls import best
from pages.parts.sentiment.scores import Score, counts, score
from pages.parts.sentiment.tables import Labels, Row, parse_labels
from pages.shared import jobs, streaming, views
from pages.shared.header import show_error
from pages.shared.text import (
    LANGUAGES,
    _,
    counter,
    decimal,
    displayed,
    harmless,
    listing,
    literal,
    percent,
    shortest,
)
from pages.shared.views import chart

Translate = Callable[[str], str]

QUOTED = 6
"""Unknown labels that are quoted at most."""

COLUMNS = (
    *("row", "verdict", "text", "language", "confidence"),
    *("uncertain", "label", "correct", "note", "read"),
)
"""What matters most comes first: a phone shows no more."""
NARROW = {"row", "language", "verdict", "uncertain", "label", "correct"}


@st.fragment
def draw() -> None:
    """A part of the page that runs by itself. A language that is chosen is every row's."""
    chosen = controls.choose_language(_("Language of the texts"))
    source = views.chosen(
        batch.SOURCE, batch.SOURCES, "typed", label=_("Where the texts come from")
    )
    try:
        given = batch.typed() if source == "typed" else batch.file()
        if given is None:
            return
        read, total = len(given.sheet.rows), given.sheet.total
        if total > read:
            text = _(
                "There are {total} rows. The first {read} are taken: no more are read at once."
            )
            text = text.format(total=decimal(total, 0), read=decimal(read, 0))
            st.warning(text, icon=":material/content_cut:")
        _read(source, given, None if chosen == controls.AUTO else chosen)
    except InputError as error:
        show_error(error)


def _read(source: str, given: Input, forced: str | None) -> None:
    """The button that starts, progress, and what there is so far."""
    session, slot = batch.session(), f"sentiment_many_{source}"
    rows = given.sheet.rows
    current = session.batches.get(source)  # until another one is started
    if current is None or not current.fits(rows, forced):
        current = Batch(rows, forced)
    stream = streaming.current(slot)
    if stream is None or stream.query is not current or stream.was_stopped:
        stream = None
    pressed, session.start = session.start, False
    # The example is read at once, being short.
    if stream is None and current.left and (pressed or (given.example and not current.answers)):
        session.batches[source] = current
        stream = _begin(slot, current, private=not given.example)
    if stream is not None and stream.collect():
        streaming.watch(stream, lambda: _draw_progress(stream, current), lambda: False)
        return
    if current.left:
        _draw_start(current)
    if current.answers:
        draw_summary(current)
        draw_results(current, given)


def _begin(slot: str, current: Batch, *, private: bool) -> streaming.Stream[Batch, Chunk]:
    """Starts on what is left, or goes on; waits a little, since a few rows take no time."""
    rows, forced, left = current.rows, current.forced, current.left
    known = batch.load([forced] if forced else READABLE)

    def work(_stop: jobs.Stop) -> Iterator[Chunk]:
        return batch.read_rows(rows, left, forced, known)

    key = (rows, forced, tuple(left))
    return streaming.begin(slot, current, key, work, current.keep, jobs.PATIENCE, private=private)


def _draw_start(current: Batch) -> None:
    """The button that starts, or goes on from where it was stopped."""
    n_ = counter()
    count = len(current.rows)
    label = n_("Start: {count} row", "Start: {count} rows", count).format(count=decimal(count, 0))
    if current.answers:
        label = _("Go on")
        st.progress(len(current.answers) / count, _progress_text(current))
    st.button(
        label,
        key="sentiment_many_start",
        icon=":material/play_arrow:",
        on_click=batch.session().request_start,
    )


def _draw_progress(stream: streaming.Stream[Batch, Chunk], current: Batch) -> None:
    """How far it is, with a button that stops it, and the summary so far."""
    waits = stream.job.position > 0
    text = jobs.progress_message(stream.job) if waits else _progress_text(current)
    with st.container(horizontal=True, vertical_alignment="center"):
        st.progress(len(current.answers) / len(current.rows), text)
        st.button(
            _("Stop"), key="sentiment_many_stop", icon=":material/stop:", on_click=stream.stop
        )
    if current.answers:
        draw_summary(current)


def _progress_text(current: Batch) -> str:
    """Rows done of all, and how fast."""
    return _("{done} of {total} rows, {rate} per second").format(
        done=decimal(len(current.answers), 0),
        total=decimal(len(current.rows), 0),
        rate=decimal(current.rate, 0),
    )


def draw_summary(current: Batch) -> None:
    """The sentence and the bar, for as many rows as are answered; which models read them."""
    n_ = counter()
    found = counts(current.answers)
    number = sum(found.values())
    if found:
        parts = [f"{decimal(n, 0)} {evaluation.verdict_name(kind, _)}" for kind, n in found.items()]
        texts = n_("{count} text", "{count} texts", number).format(count=decimal(number, 0))
        text = _("{texts} in {seconds} s: {parts}.").format(
            texts=texts,
            seconds=decimal(max(current.seconds, 0.01), 1 if current.seconds >= 0.1 else 2),
            parts=listing(parts),
        )
        st.markdown(f"**{literal(text)}**")
        alt = evaluation.shares_alt(found, _)
        chart(evaluation.shares(found, _), alt, "sentiment_many_shares", "shares")
    if unread := sum(answer.fault is not None for answer in current.answers.values()):
        text = n_(
            "{count} row could not be read; the table says why.",
            "{count} rows could not be read; the table says why.",
            unread,
        )
        st.caption(text.format(count=decimal(unread, 0)))
    read = Counter(a.language for a in current.answers.values() if a.verdict and a.language)
    by = [
        _("{count} in {language} by `{model}`").format(
            count=decimal(n, 0), language=LANGUAGES[lang], model=best(lang)
        )
        for lang, n in read.most_common()
    ]
    if by:
        how = _("The language was detected row by row: {parts}.")
        how = _("The language was chosen: {parts}.") if current.forced else how
        st.caption(how.format(parts=listing(by)))


def draw_results(current: Batch, given: Input) -> None:
    """Accuracy where there are labels, then the table and its download."""
    found = [row.label for row in given.sheet.rows]
    labels = parse_labels(found, given.scheme) if given.labelled else None
    scored = score(current.answers, labels.values) if labels else None
    if labels:
        _draw_score(labels, scored)
    _draw_table(current, given, scored)


def _draw_score(labels: Labels, scored: Score | None) -> None:
    """Accuracy, the confusion table, and how it was counted."""
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
            figure = evaluation.confusion_table(scored.table, _)
            alt = evaluation.confusion_table_alt(scored.table, _)
            chart(figure, alt, "sentiment_many_confusion", "confusion")
    for note in _counting_notes(labels, scored):
        st.caption(note)


def _counting_notes(labels: Labels, scored: Score | None) -> Iterator[str]:
    """What numbers and signs were taken to mean, which labels were not understood, and where the
    answer that is counted is not simply the verdict."""
    n_ = counter()
    if labels.codes:
        text = _("Labels were taken to mean: {pairs}.")
        yield text.format(pairs=literal(batch.meanings(labels.codes)))
    if labels.unknown:
        number = labels.unknown.total()
        words = [f"“{style.plain(word)}” ({n})" for word, n in labels.unknown.most_common(QUOTED)]
        words += ["…"] * (len(labels.unknown) > QUOTED)
        yield n_(
            "{count} label was not understood and does not count: {words}.",
            "{count} labels were not understood and do not count: {words}.",
            number,
        ).format(count=decimal(number, 0), words=literal(", ".join(words)))
    if labels.blank:
        text = n_("{count} row has no label.", "{count} rows have no label.", labels.blank)
        yield text.format(count=decimal(labels.blank, 0))
    if scored and scored.turned:
        text = _(
            "The labels know only two answers, so a model that knows three answers with the larger "
            "of the two. Rows where this is not the verdict in the table: {count}."
        )
        yield text.format(count=decimal(scored.turned, 0))
    if scored and scored.beyond:
        text = _(
            "Texts whose label the model of their language cannot give, counted as wrong: {count}."
        )
        yield text.format(count=decimal(scored.beyond, 0))


def _draw_table(current: Batch, given: Input, scored: Score | None) -> None:
    """Every row with its verdict, and the same as a file."""
    titles = headings(_, given.labelled)
    found = records(given.sheet.rows, current.answers, scored, _)
    column = st.column_config
    st.dataframe(
        screen_table(found, titles),
        key="sentiment_many_table",
        hide_index=True,
        column_order=[titles[id] for id in COLUMNS if id in titles],
        height=min(390, 38 + 35 * len(found)),
        column_config={
            **{titles[id]: column.Column(width="small") for id in NARROW & {*titles}},
            titles["text"]: column.TextColumn(width="large"),
            titles["note"]: column.TextColumn(width="medium"),
            titles["read"]: column.TextColumn(width="medium"),
            titles["confidence"]: column.NumberColumn(width="small", format="%.1f%%"),
        },
        placeholder="",
        alt=_("Every text with its verdict; sortable by each column"),
    )
    yes, no = _("yes"), _("no")
    views.download(
        _("Download the results (CSV)"),
        lambda: csv_file(found, titles, yes, no),
        "many-texts.csv",
        "text/csv",
        "sentiment_many_download",
    )


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
        "read": _("read as"),
    }
    return every if labelled else {k: v for k, v in every.items() if k not in ("label", "correct")}


def records(
    rows: Sequence[Row], answers: Mapping[int, Answer], scored: Score | None, _: Translate
) -> list[dict[str, object]]:
    """The rows that are answered, as values by column id; None where there is none."""
    return [
        {
            "row": rows[position].number,
            "text": rows[position].text,
            "language": answer.language,
            "verdict": style.label_name(answer.verdict.label, _) if answer.verdict else None,
            "confidence": answer.verdict.confidence if answer.verdict else None,
            "uncertain": answer.verdict.uncertain if answer.verdict else None,
            "label": rows[position].label.strip() or None,
            "correct": scored.right.get(position) if scored else None,
            # Plain text: no Markdown is shown in a cell.
            "note": _note(answer, _),
            "read": answer.read,
        }
        for position, answer in sorted(answers.items())
    ]


def _note(answer: Answer, _: Translate) -> str | None:
    """Why there is no verdict, or that it is a rule's."""
    if answer.fault is not None:
        return answer.fault.fill(_(answer.fault.template), str, shortest)
    rule = answer.verdict is not None and answer.verdict.by_rule
    return _("a rating, read by a rule") if rule else None


def screen_table(found: Sequence[Mapping[str, object]], titles: Mapping[str, str]) -> pd.DataFrame:
    """The table as `st.dataframe` shows it: texts shortened, empty columns left out."""

    def cell(value: object) -> object:
        if isinstance(value, float):
            return 100 * value  # percent
        return displayed(value) if isinstance(value, str) else value

    kept = [id for id in titles if any(record[id] is not None for record in found)]
    columns = {titles[id]: [cell(record[id]) for record in found] for id in kept}
    return pd.DataFrame(columns, dtype=object).infer_objects()


def csv_file(
    found: Sequence[Mapping[str, object]], titles: Mapping[str, str], yes: str, no: str
) -> bytes:
    """A CSV that Excel opens with its accents whole: UTF-8 with a byte order mark."""

    def cell(value: object) -> str:
        match value:
            case None:
                return ""
            case bool():
                return yes if value else no
            case float():
                return f"{value:.4f}"
        return harmless(str(value))

    out = StringIO(newline="")
    write = csv.writer(out, lineterminator="\r\n").writerow
    write([harmless(title) for title in titles.values()])
    for record in found:
        write([cell(record[id]) for id in titles])
    return out.getvalue().encode("utf-8-sig", "replace")
