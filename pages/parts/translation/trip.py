"""View: there and back again, and how much of the sentence is still there."""

from __future__ import annotations

import streamlit as st

from engine.figures import translation_changes as changes
from engine.results import Sentence
from engine.tasks.translation import chrf
from pages.parts.translation.asked import once
from pages.parts.translation.shown import Shown, model, suited
from pages.shared import jobs, models
from pages.shared.text import decimal, literal, translator


def draw(shown: Shown) -> None:
    """Source, translation, and what the other model makes of that; what differs is bold."""
    _ = translator()
    source, target = shown.languages
    name = model(f"{target}-{source}")
    st.markdown(
        _("The translation goes back through the model of the other direction: what is lost?")
    )
    if name not in models.translation_headers():
        st.info(_("The model for the way back, {model}, is not installed here.").format(model=name))
        return
    if not shown.translation.text:
        st.info(_("The translation is empty, so there is no way back."))
        return
    found, score = _back(shown, name)
    _told(shown, found.best.text, score)


def _back(shown: Shown, name: str) -> tuple[Sentence, float]:
    """What comes back, and its chrF against the source."""
    network, text = models.translation(name, shown.device), shown.translation.text
    search = suited(shown.search, shown.direction, name)

    def work(stop: jobs.Stop) -> tuple[Sentence, float]:
        found = network.translate(text, search, "", stop)
        return found, chrf(found.best.text, shown.sentence.source)

    return once(shown, "trip", (text, search), work)


def _told(shown: Shown, back: str, score: float) -> None:
    _ = translator()
    before, after = changes.changes(shown.sentence.source, back)
    lost, whole = changes.share(shown.sentence.source, back)
    new = sum(differs for _word, differs in after)
    if not lost and new:
        text = _("Every word came back ({whole} of {whole}), and {new} more; chrF is {score}.")
    elif lost:
        text = _("After the round trip {lost} of {whole} words did not come back; chrF is {score}.")
    else:
        text = _("Every word came back ({whole} of {whole}); chrF is {score}.")
    said = text.format(lost=lost, whole=whole, new=new, score=decimal(score, 1))
    st.markdown(f"**{literal(said)}**")
    arrow = ":material/arrow_downward:"
    with st.container(border=True):
        st.markdown(_marked(before))
        st.markdown(f"{arrow} {literal(shown.translation.text)}")
        st.markdown(f"{arrow} {_marked(after)}")
    st.caption(
        _(
            "Bold: words that only one of the two sentences has in this place, capitals and "
            "punctuation aside. chrF compares runs of up to six characters, from 0 (none in "
            "common) to 100 (the same; Popović 2015)."
        )
    )
    st.caption(
        _(
            "A round trip is a rough check. A synonym lowers chrF although nothing is wrong, and "
            "what cannot be seen in one of the languages, such as the sex of a friend or which "
            "word of address was used, has to be guessed on the way back. A good score does not "
            "prove the translation right either: two models may share a mistake."
        )
    )


def _marked(words: changes.Marked) -> str:
    """A sentence as Markdown, what differs in bold."""
    return " ".join(f"**{literal(word)}**" if differs else literal(word) for word, differs in words)
