"""View: where the best model fails, with what it saw."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd
import streamlit as st

from engine.figures import style
from engine.figures.failures import ENOUGH
from engine.figures.sentiment import evaluation as figures
from engine.results import Failures, Misread, Reading, Verdict
from engine.tasks.sentiment import PROBES, Probe
from pages.parts.sentiment import course
from pages.parts.sentiment.ask import Question, replace_text
from pages.shared import figures as saving
from pages.shared import jobs, links, models
from pages.shared.text import literal, translator
from pages.shared.tokens import tokens

QUOTE = "sentiment_quote"


def draw(question: Question, _reading: Reading) -> None:
    """Error rates by kind, misread dev texts one at a time, the behavioural probes."""
    _ = translator()
    name = f"sentiment-{question.language}"
    found = models.sentiment_failures(name)
    if found is None:
        st.info(_("Where this model fails has not been noted here."))
    else:
        _rates(found, name)
        if found.quotes:
            _quotes(found, name)
    _probes(question.language, name)


def _rates(found: Failures, name: str) -> None:
    _ = translator()
    st.markdown(f"**{literal(figures.failures_sentence(found, _))}**")
    st.plotly_chart(
        figures.error_rates(found, _),
        key="sentiment_error_rates",
        config=saving.config("error-rates"),
        alt=figures.error_rates_alt(found, _),
    )
    st.caption(
        _(
            "Dev texts of all corpora, as `{model}` reads them; the dotted line is the share of "
            "all. A text may be of several kinds; grey: fewer than {few} texts. Some labels are "
            "wrong themselves: stars given to a whole review were copied to its sentences."
        ).format(model=name, few=ENOUGH)
    )


def _quotes(found: Failures, name: str) -> None:
    """One misread text with its tokens; where it is from stands below."""
    _ = translator()
    title = _("Texts that it misread")
    st.markdown(f"##### {title}", anchors=False)
    ids = [str(k) for k in range(len(found.quotes))]
    chosen = int(links.choice(QUOTE, ids, "0"))
    st.selectbox(
        _("A misread text"),
        ids,
        key=QUOTE,
        format_func=lambda k: _title(found.quotes[int(k)]),
    )
    quote = found.quotes[chosen]
    reading = _read(quote, name)
    said = _("People say: {truth}. The model says: {verdict}.").format(
        truth=style.label_name(quote.label, _),
        verdict=_said(reading.verdict),
    )
    st.markdown(f"**{literal(said)}**")
    tokens(
        course.coloured(reading),
        key="sentiment_quote_tokens",
        label=_("The misread text token by token, as the network reads it"),
    )
    source = f"{quote.corpus}: {quote.source}, {quote.terms}"
    st.caption(_("From {source}").format(source=literal(source)))
    st.button(
        _("Read it at the top of the page"),
        icon=":material/vertical_align_top:",
        on_click=replace_text,
        args=(quote.text,),
    )


def _title(quote: Misread) -> str:
    _ = translator()
    kinds = ", ".join(figures.kind_name(kind, _) for kind in quote.kinds)
    return f"{kinds}: {quote.text}"


def _said(verdict: Verdict) -> str:
    """`positive, 93%`."""
    _ = translator()
    return f"{style.label_name(verdict.label, _)}, {style.percent(verdict.confidence)}"


def _read(quote: Misread, name: str) -> Reading:
    classifier = models.sentiment(name)

    def work(stop: jobs.Stop) -> Iterator[Reading]:
        yield classifier.read(quote.text, stop)

    return jobs.wait(jobs.start("sentiment_quote", (name, quote.text), work))[0]


def _probes(language: str, name: str) -> None:
    """The forty sentences that were fixed before training, and how the model answers them."""
    _ = translator()
    probes = PROBES[language]
    classifier = models.sentiment(name)

    def work(stop: jobs.Stop) -> Iterator[Verdict]:
        return classifier.classify([probe.text for probe in probes], stop)

    verdicts = jobs.wait(jobs.start("sentiment_probes", name, work))
    passed = sum(v.label == p.label for p, v in zip(probes, verdicts, strict=True))
    title = _("Forty sentences written to find out")
    st.markdown(f"##### {title}", anchors=False)
    said = _("It answers {passed} of {count} as a reader would; they were fixed before training.")
    st.markdown(said.format(passed=passed, count=len(probes)))
    st.dataframe(
        _table(probes, verdicts),
        hide_index=True,
        column_config={_("probability"): st.column_config.NumberColumn(format="%.0f%%")},
        alt=_("The forty sentences: what makes each hard, the right answer and the model's"),
    )


def _table(probes: tuple[Probe, ...], verdicts: list[Verdict]) -> pd.DataFrame:
    """A row per probe, the failed ones first."""
    _ = translator()
    answered = sorted(
        zip(probes, verdicts, strict=True), key=lambda pair: pair[0].label == pair[1].label
    )
    rows = [
        {
            _("right"): "✓" if verdict.label == probe.label else "✗",
            _("kind"): figures.kind_name(probe.kind, _),
            _("text"): probe.text,
            _("a reader's answer"): style.label_name(probe.label, _),
            _("the model's"): style.label_name(verdict.label, _),
            _("probability"): 100 * verdict.confidence,
        }
        for probe, verdict in answered
    ]
    return pd.DataFrame(rows)
