"""View: what a small model writes after 100, 300, 700, 2000 iterations (slide 54), and why."""

from __future__ import annotations

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from engine.errors import N_, InputError
from engine.figures import characters_learning as figures
from engine.figures import norms, style
from engine.figures.gradients import spectral
from engine.results import LearningCurve
from pages.parts.characters import compute, names
from pages.parts.characters.ask import Question
from pages.shared import figures as saving
from pages.shared import links, models
from pages.shared.text import decimal, literal, translator

NETWORK, MOMENT = "characters_network", "characters_moment"
LAST = "last"
HEIGHT = 268


def draw(question: Question) -> None:
    """Which network, which moment; then its text, loss, eigenvalues and gradient at that moment."""
    _ = translator()
    network = _network(question)
    writer = models.characters(network)
    moments = [str(k) for k in writer.moments]
    moment = links.choice(MOMENT, [*moments, LAST], moments[0] if moments else LAST)
    curve = models.characters_curve(network)
    end = int(curve.iterations[-1]) if curve is not None else None
    st.segmented_control(
        _("Iteration"),
        [*moments, LAST],
        key=MOMENT,
        format_func=lambda m: _name(m, end),
        required=True,
    )
    now = end if moment == LAST else int(moment)
    _told(now, writer.characters_per_iteration)
    at = compute.moment(question, network, None if moment == LAST else int(moment))
    left, right = st.columns(2, gap="medium")
    with left:
        _head(_("What it writes"))
        st.code(question.prompt + at.text, language=None, wrap_lines=True, height=HEIGHT)
    with right:
        _head(_("Loss"))
        _losses(curve, now)
    left, right = st.columns(2, gap="medium")
    with left:
        _eigenvalues(at.eigenvalues)
    with right:
        _gradient(at)
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


def _network(question: Question) -> str:
    """The small models whose moments are kept; those of the present text first."""
    _ = translator()
    kept = [n for n, h in models.characters_headers().items() if h.arguments.get("moments")]
    order = sorted(kept, key=lambda n: (names.corpus(n) != names.corpus(question.model), n))
    known = [name for name in order if name in names.MODELS]
    if not known:
        raise InputError(N_("No model whose learning was kept is installed here."))
    near = names.corpus(question.model)
    own = next((n for n in known if n == f"chars-{near}-lstm"), known[0])
    network = links.choice(NETWORK, known, own, always=True)
    st.selectbox(
        _("Network"), known, key=NETWORK, format_func=lambda n: _(names.MODELS[n]), width=320
    )
    return network


def _name(moment: str, end: int | None) -> str:
    _ = translator()
    if moment != LAST:
        return style.grouped(int(moment))
    return _("last") if end is None else _("last: {count}").format(count=style.grouped(end))


def _told(now: int | None, per_iteration: int) -> None:
    """An iteration says nothing without the characters that it has seen."""
    _ = translator()
    if now is None:
        return
    st.markdown(
        _("**{iterations} iterations × {each} characters each = {seen} characters seen**").format(
            iterations=style.grouped(now),
            each=style.grouped(per_iteration),
            seen=style.grouped(now * per_iteration),
        )
    )


def _losses(curve: LearningCurve | None, now: int | None) -> None:
    _ = translator()
    if curve is None or now is None:
        st.caption(_("Nobody kept the losses of this model."))
        return
    st.plotly_chart(
        figures.losses(curve, now, _, _number),
        key="characters_losses",
        config=saving.config("loss-curve"),
        alt=figures.losses_alt(curve, now, _, _number),
    )


def _eigenvalues(values: NDArray[np.complex128]) -> None:
    _ = translator()
    _head(_("Eigenvalues of ∂hₜ/∂hₜ₋₁"))
    st.markdown(literal(figures.eigenvalue_sentence(values, _, _number)))
    found = figures.points(values)
    st.plotly_chart(
        spectral.plane(found, _),
        key="characters_eigenvalues",
        config=saving.config("eigenvalues"),
        alt=spectral.plane_alt(found, _),
    )


def _gradient(at: compute.Moment) -> None:
    _ = translator()
    _head(_("Gradient by character"))
    st.markdown(literal(norms.sentence(at.profile, _)))
    st.plotly_chart(
        norms.decay([at.profile], _, "lag"),
        key="characters_moment_gradient",
        config=saving.config("gradient"),
        alt=norms.decay_alt([at.profile], _),
    )


def _number(value: float) -> str:
    return decimal(value, 2)
