"""View: what a small model writes after 100, 300, 700, 2000 iterations (slide 54), and why."""

from __future__ import annotations

import streamlit as st

from engine.cells import DEFAULT_CELL
from engine.errors import N_, InputError
from engine.figures import characters as figures
from engine.figures import norms, numbers
from engine.figures.gradients import spectral
from pages.parts.characters import compute, controls
from pages.parts.characters.controls import TITLES, Query, corpus
from pages.shared import lecture, links, models, views
from pages.shared.text import _, decimal, literal, option_names
from pages.shared.tokens import tokens

NETWORK, MOMENT = "characters_network", "characters_moment"
LAST = "last"
HEIGHT = 268
FOUR = 4
"""Moments side by side, as on slide 54."""


def draw() -> None:
    """View: four moments of training side by side; below them one moment's loss, eigenvalues and
    gradient."""
    query = controls.settle()
    network = _network(query)
    predictor, curve = models.characters(network), models.characters_curve(network)
    each = predictor.characters_per_iteration
    moments = list(predictor.moments)[:FOUR]
    with st.container(key="characters_moments"):
        columns = st.columns(len(moments))
        texts = compute.written(query, network, moments)
        for column, iteration, text in zip(columns, moments, texts, strict=True):
            with column:
                _head(_("{count} iterations").format(count=numbers.grouped(iteration)))
                _text(query.prompt + text, iteration)
                loss = ""
                if curve is not None:
                    loss = decimal(figures.held_out_loss(curve, iteration), 2)
                    loss = _("Loss {nats} nats per character.").format(nats=loss)
                seen = _("{seen} characters seen.").format(seen=numbers.grouped(iteration * each))
                st.caption(f"{seen} {loss}")
    rows = predictor.header.arguments.get("rows")
    text = _("One iteration = one update from {each} characters.")
    if rows:
        steps = each // rows
        text = _("One iteration = one update from {rows} rows × {steps} characters = {each}.")
        text = text.format(rows=rows, steps=steps, each=numbers.grouped(each))
    st.markdown(text.format(each=numbers.grouped(each)))
    _one_moment(query, network)


def _text(text: str, iteration: int) -> None:
    """What was written at a moment; in lecture mode in large type."""
    if not lecture.is_on():
        st.code(text, language=None, wrap_lines=True, height=HEIGHT)
        return
    key, label = f"characters_at_{iteration}", _("What it writes")
    tokens([], key=key, label=label, flowing=True, before=text)


def _one_moment(query: Query, network: str) -> None:
    """The gradient's sentence at a moment, its loss, eigenvalues and gradient."""
    predictor, curve = models.characters(network), models.characters_curve(network)
    moments = [str(k) for k in predictor.moments]
    end = int(curve.iterations[-1]) if curve is not None else None
    last = _("last") if end is None else _("last: {count}").format(count=numbers.grouped(end))
    moment = views.pick(
        MOMENT,
        _("Look at one moment: iteration"),
        [*moments, LAST],
        lambda m: last if m == LAST else numbers.grouped(int(m)),
        [*moments, LAST][0],
    )
    now = end if moment == LAST else int(moment)
    at = compute.moment(query, network, None if moment == LAST else int(moment))
    text = _("Gradient over the last {count} characters, after {now} iterations. {sentence}")
    iterations = last if now is None else numbers.grouped(now)
    found = norms.sentence(at.profile, _, _("the first character"))
    text = text.format(count=len(at.profile.pieces), now=iterations, sentence=found)
    st.markdown(f"**{literal(text)}**")
    if lecture.is_on():
        return
    if curve is None or now is None:
        st.caption(_("No loss curve was saved."))
    else:
        _head(_("Loss"))
        figure = figures.losses(curve, now, _)
        alt = figures.losses_alt(curve, now, _)
        views.chart(figure, alt, "characters_losses", "loss-curve")
    _eigenvalues_and_gradient(at)


def _eigenvalues_and_gradient(at: compute.Moment) -> None:
    """Side by side, with a note on what they are of."""
    left, right = st.columns(2, gap="medium")
    with left:
        _head(_("Eigenvalues of ∂hₜ/∂hₜ₋₁"))
        st.markdown(literal(figures.eigenvalue_sentence(at.eigenvalues, _)))
        found = figures.points(at.eigenvalues)
        figure, alt = spectral.plane(found, _), spectral.plane_alt(found, _)
        views.chart(figure, alt, "characters_eigenvalues", "eigenvalues")
    with right:
        _head(_("Gradient by character"))
        figure, alt = norms.decay([at.profile], _, "lag"), norms.decay_alt([at.profile], _)
        views.chart(figure, alt, "characters_moment_gradient", "gradient")
    st.caption(
        _(
            "Eigenvalues and gradient are of the last step of the prompt and text above, at this "
            "moment; for an LSTM the state is h and c together. Every moment writes with the same "
            "seed. The text of slide 54 is War and Peace; what an “iteration” is depends on "
            "the batch."
        )
    )


def _head(title: str) -> None:
    st.markdown(f"##### {title}", anchors=False)


def _network(query: Query) -> str:
    """The small models whose moments are kept; those of the present text first."""
    headers, near = models.characters_headers(), corpus(query.model)
    kept = [n for n, header in headers.items() if header.arguments["moments"] and n in TITLES]
    known = sorted(kept, key=lambda name: (corpus(name) != near, name))
    if not known:
        raise InputError(N_("No model whose learning was kept is installed here."))
    cells = {name: headers[name].arguments["cell"] for name in known if corpus(name) == near}
    own = next((name for name, cell in cells.items() if cell == DEFAULT_CELL), known[0])
    network = links.choice(NETWORK, known, own, always=True)
    titles = option_names(known, lambda name: _(TITLES[name]))
    st.selectbox(_("Network"), known, key=NETWORK, format_func=titles, width=320)
    return network
