"""View: where the best model fails, with what it saw."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from engine.figures import numbers, style
from engine.figures.failures import ENOUGH
from engine.figures.sentiment import evaluation as figures
from engine.language import detect_language
from engine.results import Failures, Misread, Verdict
from engine.tasks.sentiment import PROBES, Probe
from pages.parts.sentiment import controls
from pages.parts.sentiment.controls import best, replace_text
from pages.parts.sentiment.reading import coloured_tokens
from pages.shared import jobs, links, models, views
from pages.shared.slides import FILM
from pages.shared.text import _, in_language, literal, option_names
from pages.shared.tokens import tokens

QUOTE = "sentiment_quote"


def draw() -> None:
    """Error rates by kind, misread dev texts one at a time, the behavioural probes."""
    text = links.text(controls.TEXT, in_language(FILM), always=True)
    chosen = controls.choose_language(_("Language of the texts"))
    spoken = detect_language(text) if chosen == controls.AUTO else chosen
    name = best(spoken)
    note = _(
        "Dev texts of all corpora, as `{model}` reads them; the dotted line is the share of "
        "all. A text may be of several kinds; grey: fewer than {few} texts. Some labels are "
        "wrong themselves: stars given to a whole review were copied to its sentences."
    ).format(model=name, few=ENOUGH)
    found = views.failures(
        models.sentiment_failures(name),
        "sentiment",
        "error-rates",
        note,
        figures.failures_sentence,
        figures.error_rates,
        figures.error_rates_alt,
    )
    if found is not None and found.quotes:
        _quotes(found, name)
    _probes(spoken, name)


def _quotes(found: Failures, name: str) -> None:
    """One misread text with its tokens; where it is from stands below."""
    title = _("Texts that it misread")
    st.markdown(f"##### {title}", anchors=False)
    ids = [str(k) for k in range(len(found.quotes))]
    chosen = int(links.choice(QUOTE, ids, "0"))
    st.selectbox(
        _("A misread text"),
        ids,
        key=QUOTE,
        format_func=option_names(ids, lambda k: _title(found.quotes[int(k)])),
    )
    quote = found.quotes[chosen]
    model = models.sentiment(name)
    key = (name, quote.text)
    reading = jobs.once("sentiment_quote", key, lambda stop: model.read(quote.text, stop))
    verdict = reading.verdict
    answers = _("People say: {truth}. The model says: {verdict}.").format(
        truth=style.label_name(quote.label, _),
        verdict=f"{style.label_name(verdict.label, _)}, {numbers.percent(verdict.confidence)}",
    )
    st.markdown(f"**{literal(answers)}**")
    tokens(
        coloured_tokens(reading),
        key="sentiment_quote_tokens",
        label=_("The misread text token by token, as the network reads it"),
    )
    source = f"{quote.corpus}: {quote.source}, {quote.terms}"
    st.caption(_("From {source}").format(source=literal(source)))
    st.button(
        _("Read it in the view “Read”"),
        icon=":material/arrow_forward:",
        on_click=_read_it,
        args=(quote.text,),
    )


def _read_it(text: str) -> None:
    """A callback: the misread text is the page's."""
    replace_text(text)
    views.open_view("sentiment", "read")


def _title(quote: Misread) -> str:
    """The kinds of a misread text, and the text."""
    kinds = ", ".join(figures.kind_name(kind, _) for kind in quote.kinds)
    return f"{kinds}: {quote.text}"


def _probes(language: str, name: str) -> None:
    """The forty sentences that were fixed before training, and how the model answers them."""
    probes = PROBES[language]
    model, texts = models.sentiment(name), [probe.text for probe in probes]
    verdicts = jobs.once("sentiment_probes", name, lambda stop: [*model.classify(texts, stop)])
    passed = sum(v.label == p.label for p, v in zip(probes, verdicts, strict=True))
    title = _("Forty sentences written to find out")
    st.markdown(f"##### {title}", anchors=False)
    text = _("It answers {passed} of {count} as a reader would; they were fixed before training.")
    st.markdown(text.format(passed=passed, count=len(probes)))
    st.dataframe(
        _probes_table(probes, verdicts),
        hide_index=True,
        column_config={_("probability"): st.column_config.NumberColumn(format="%.0f%%")},
        alt=_("The forty sentences: what makes each hard, the right answer and the model's"),
    )


def _probes_table(probes: tuple[Probe, ...], verdicts: list[Verdict]) -> pd.DataFrame:
    """A row per probe, the failed ones first."""
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
