"""The views of the page Accents: the text with its marks, gradients, what follows, scores."""

from __future__ import annotations

import streamlit as st

from engine.figures import accents as figures
from engine.figures import two_sides
from engine.results import LetterGradients, Restored
from pages.parts.accents import inputs
from pages.parts.accents.inputs import AT, FORWARD, MODEL, network_name
from pages.shared import gradient_panel, jobs, models, views
from pages.shared.text import _, decimal, literal, percent
from pages.shared.tokens import token, tokens


def draw_text() -> None:
    """The text with its marks, letter by letter; other forms of the chosen one; copy, download."""
    query, answer = inputs.draw()
    with answer:
        found = query.restore()
        first = found[0]
        at = _letters(first)
        st.markdown(f"**{literal(figures.summary(first, _))}**")
    if len(found) > 1:
        text = _("The first {n} of {total} characters are shown; the download has all.")
        total = sum(len(piece.text) for piece in found)
        st.caption(text.format(n=decimal(len(first.text), 0), total=decimal(total, 0)))
    if at is not None:
        _reach(first, at)
        _candidates(first, at)
    st.code(first.text, language=None, wrap_lines=True)
    whole = "".join(piece.text for piece in found)
    views.download(
        _("Download (TXT)"), whole.encode("utf-8"), "marked.txt", "text/plain", "accents_save"
    )
    st.caption(
        _(
            "It knows written Vietnamese of news, talks, subtitles and reviews. Names, verse and "
            "slang it restores less well, and it cannot know which of two right readings you mean."
        )
    )


def _letters(found: Restored) -> int | None:
    """The characters in colours; returns the place of the chosen letter."""
    at = inputs.letter(found)
    tokens(
        [
            token(character, figures.value(sure), title)
            for character, sure, title in figures.letters(found)
        ],
        key=AT,
        label=_("The text letter by letter, coloured by how sure the network is"),
        flowing=True,
        marked=at,
    )
    st.caption(_("Teal: over 50% probable. Orange: less than 50% probable. Tap a coloured letter."))
    return at


def _candidates(found: Restored, at: int) -> None:
    text = _("In place of “{letter}” in “{word}”:")
    word = figures.word_at(found.text, at)
    st.markdown(f"**{text.format(letter=literal(found.text[at]), word=literal(word))}**")
    bars, alt = figures.candidates(found, at, _), figures.candidates_alt(found, at, _)
    views.chart(bars, alt, "accents_rivals", "forms")


def _reach(found: Restored, at: int) -> None:
    """How far the loss of the chosen letter reaches, in a sentence that leads to its picture."""
    reach = _gradients(found, at, [MODEL])[0]
    gradient_panel.headline("accents", two_sides.headline(reach, _, _units()))


def _units() -> tuple[str, str]:
    return _("word"), _("words")


def _gradients(found: Restored, at: int, names: list[str]) -> list[LetterGradients]:
    """∂e/∂h_t of these networks, e being the loss of the letter at the place `at`, were the large
    network's form right."""
    predictors = [models.accents(name) for name in names]
    text, form = found.typed, found.text[at]
    return jobs.once(
        f"accents_gradients_{len(names)}",
        (text, at, tuple(names)),
        lambda _stop: [predictor.gradients(text, at, form) for predictor in predictors],
    )


def draw_gradient() -> None:
    """From the label of the chosen letter to the words on both sides, in three cells."""
    query, answer = inputs.draw()
    with answer:
        found = query.restore()[0]
        at = _letters(found)
    if at is None:
        st.info(_("No letter here could take a mark."))
        return
    names = list(models.accents_headers())
    names.sort(key=lambda name: (name == MODEL, name))
    reaches = _gradients(found, at, names)
    word = figures.word_at(found.text, at)
    text = _("e is the loss of “{letter}” in “{word}”: which words' states does it reach?")
    st.caption(text.format(letter=literal(found.text[at]), word=literal(word)))
    gradient_panel.draw_cards(
        [
            gradient_panel.Card(
                network_name(name),
                f"{gradient_panel.size(reach.parameters)}, {_accuracy(name)}",
                two_sides.sentence(reach, _, _units()),
            )
            for name, reach in zip(names, reaches, strict=True)
        ]
    )
    words = [found.text[a:b].strip() or "↵" for a, b in reaches[0].spans.clip(0).tolist()]
    figure = two_sides.curves(reaches, _, _("words"), words)
    views.chart(
        figure, two_sides.curves_alt(reaches, _, _units()), "accents_gradient_figure", "gradient"
    )
    st.caption(
        _(
            "Each side is divided by its own value at the letter's word. The network of one "
            "direction has no right side: it cannot know what follows (slide 49)."
        )
    )


def _accuracy(name: str) -> str:
    scores = next(iter(models.accents_headers()[name].metrics.values()))
    return _("accuracy {percent}").format(percent=percent(scores["word_accuracy"], 1))


def draw_follows() -> None:
    """The same text by a network that reads forward only, and by one that reads both ways."""
    query, _answer = inputs.draw()
    if FORWARD not in models.accents_headers():
        st.info(_("The network to compare with is not installed here."))
        return
    forward, both = query.restore(FORWARD)[0], query.restore()[0]
    pairs = figures.differing(forward, both)
    total = len(figures.WORD.findall(both.text))
    st.markdown(f"**{literal(figures.differing_sentence(pairs, total, _))}**")
    for name, found, sign in ((FORWARD, forward, -1.0), (MODEL, both, 1.0)):
        st.markdown(f"**{literal(network_name(name))}** · {_accuracy(name)}")
        differing = {pair.start for pair in pairs}
        tokens(
            [
                token(m[0], sign if m.start() in differing else None, m[0])
                for m in figures.WORD.finditer(found.text)
            ],
            key=f"accents_follows_{'forward' if sign < 0 else 'both'}",
            label=network_name(name),
        )
    if pairs:
        rows = [
            {
                _("As typed"): literal(both.typed[pair.start : pair.end]),
                _("Forward"): literal(pair.one),
                _("Both ways"): literal(pair.other),
                _("What follows"): literal(both.text[pair.end :].split("\n")[0].strip()[:40]),
            }
            for pair in pairs[:20]
        ]
        views.table(rows, _("Words that are restored differently"))
    st.caption(
        _(
            "The forward network is smaller and was trained for a shorter time, so part of the "
            "difference is not its direction: the table “Networks compared” has cells of its size."
        )
    )


def draw_networks() -> None:
    """Word accuracy on held-out texts, by kind of text and network, with the baseline."""
    known = models.accents_headers()
    domains = [domain for domain in figures.DOMAINS if domain in known[MODEL].metrics]
    baseline = {d: known[MODEL].metrics[d]["baseline"]["word_accuracy"] for d in domains}
    scores = {_("Most frequent form"): baseline}
    for name in sorted(known, key=lambda name: known[name].metrics["news"]["word_accuracy"]):
        metrics = known[name].metrics
        found = {d: metrics[d]["word_accuracy"] for d in domains if d in metrics}
        scores[network_name(name)] = found
    figure = figures.domain_bars(scores, domains, _)
    alt = figures.domain_bars_alt(scores, domains, _)
    views.chart(figure, alt, "accents_domains", "accuracy")
    rows = []
    for name, found in scores.items():
        row = {_("Network"): name}
        row |= {_(figures.DOMAINS[d]): percent(found[d], 1) for d in domains if d in found}
        rows.append(row)
    views.table(rows, _("Words restored right, by kind of text"))
    published = known[MODEL].metrics["news"].get("published", {})
    n = decimal(known[MODEL].metrics["news"]["n"], 0)
    text = _(
        "Words restored right on texts that were held out ({n} words of news). Published: {share}, "
        "by a bidirectional character RNN trained on far more text (Náplava et al. 2018)."
    )
    if published:
        st.caption(text.format(n=n, share=percent(published["word_accuracy"], 1)))


def draw_failures() -> None:
    """Which words are restored wrongly, and some of them."""
    found = views.failures(
        models.accents_failures(MODEL),
        "accents",
        "failures",
        _("Words of held-out texts, all their marks taken off. Kinds overlap."),
        figures.error_sentence,
        figures.error_bars,
        figures.error_bars_alt,
    )
    if found is None:
        return
    rows = [
        {
            _("As written"): literal(quote.text[quote.start : quote.end]),
            _("Restored"): literal(quote.restored[quote.start : quote.end]),
            _("In the text"): literal(_around(quote.text, quote.start, quote.end)),
        }
        for quote in found.quotes
    ]
    views.table(rows, _("Words that were restored wrongly"))
    sources = dict.fromkeys(f"{quote.source}, {quote.terms}" for quote in found.quotes)
    st.caption(literal(_("Source: {list}.").format(list="; ".join(sources))))


def _around(text: str, start: int, end: int) -> str:
    """A word with what stands around it."""
    first, last = max(0, start - 30), min(len(text), end + 30)
    dots = "…" if first else "", "…" if last < len(text) else ""
    return f"{dots[0]}{text[first:last]}{dots[1]}"
