"""The views on networks of cells: unrolled in time, and in layers and directions."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from engine.errors import N_
from engine.figures import numbers
from engine.figures.cells import network, states
from engine.figures.gradients.paths import entry_name
from engine.figures.style import Translate, cell_style
from engine.lab import architectures, trace
from engine.results import SIGMOIDS, CellRun, GradientProfile
from pages.parts.cells import controls, equations
from pages.parts.cells.controls import STEP
from pages.parts.cells.step import current
from pages.shared import gradient_panel, lecture, links, views
from pages.shared.slides import PAGES
from pages.shared.text import _, decimal, literal, option_names, percent

WAY, ENTRY = "cells_way", "cells_entry"
WAYS_THROUGH = {"forward": N_("forward"), "back": N_("backward")}


def draw_unrolled() -> None:
    """The unrolled network, forward with its losses or backward with its gradients."""
    picture, side = views.stage(5, 2)
    with side:
        way = views.pick(WAY, _("Direction of the pass"), WAYS_THROUGH, None, "forward", quiet=True)
        question = controls.draw()
    run = question.run()
    step = current(run)
    back = way == "back"
    with picture:
        if back:
            place = _entry(run)
            figure, alt = network.backward(run, step, place, _), network.backward_alt(run, _)
            views.chart(figure, alt, "cells_backward", "unrolled-backward")
        else:
            figure, alt = network.unrolled(run, step, _), network.unrolled_alt(run, _)
            views.chart(figure, alt, "cells_unrolled", "unrolled")
        step_picker(run)
        if back:
            st.latex(_parts(run, step, _))
            _remarks(run, _)
        else:
            st.caption(
                _(
                    "Arrows of one colour carry the same matrix at every step: the weights are "
                    "shared. Framed in yₜ: the right answer; eₜ = −log of its probability."
                )
            )
    if back and "h" in run.a:
        with side:
            _draw_entry(run)
    if back:
        gradient_panel.draw([trace.profile(run)], "cells_gradient", loss_note(run), says=_says)
    else:
        views.pytorch(views.snippet("unrolled"))
        views.table(table(run, _), _("Every step with its loss"))


def step_picker(run: CellRun) -> None:
    """Every step by the name of its input."""
    steps, names = [str(k + 1) for k in range(run.steps)], run.sequence.names
    label = _("Step of the sequence")
    views.pick(STEP, label, steps, lambda k: literal(names[int(k) - 1]), quiet=True, wrap=True)


def _entry(run: CellRun) -> tuple[int, int]:
    """Which number of W_h the row of copies is about."""
    row, column = links.choice(ENTRY, _entries(run), "1-1").split("-")
    return int(row) - 1, int(column) - 1


def _entries(run: CellRun) -> list[str]:
    return [f"{i + 1}-{j + 1}" for i in range(run.hidden) for j in range(run.hidden)]


def _draw_entry(run: CellRun) -> None:
    names = _entries(run)

    def called(place: str) -> str:
        row, column = place.split("-")
        return entry_name("h", int(row) - 1, int(column) - 1)

    st.selectbox(
        _("Number of W_h whose copies are added up").replace("_", r"\_"),
        names,
        key=ENTRY,
        format_func=option_names(names, called),
    )


def _parts(run: CellRun, step: int, _: Translate) -> str:
    """∂e/∂h_t of the step in numbers: from y_t and from the future."""
    total, now = run.gradients["h"][step], run.from_output[step]
    column, t = equations.column, step + 1
    return (
        rf"\frac{{\partial e}}{{\partial h_{{{t}}}}} = "
        rf"\underbrace{{{column(now)}}}_{{\text{{{_('from y')}}}_{{{t}}}}} + "
        rf"\underbrace{{{column(total - now)}}}_{{\text{{{_('from the future')}}}}} = "
        + column(total)
    )


def _remarks(run: CellRun, _: Translate) -> None:
    """What the drawing's arrows stand for, in this cell."""
    if "h" in run.a:
        st.latex(  # on two lines, or it is wider than a phone
            r"\begin{aligned} \frac{\partial e}{\partial h_{t-1}} &= "
            r"\frac{\partial e_{t-1}}{\partial h_{t-1}} \\ &+ W_h^\top\left[(1 - \tanh^2(a_t)) "
            r"\odot \frac{\partial e}{\partial h_t}\right] \end{aligned}"
        )
        text = _(
            "One W_h, used at every step: its gradient is the sum of what its copies add, "
            "[(1 − tanh²) ⊙ ∂e/∂hₜ] hₜ₋₁ᵀ at each step (the row at the bottom)."
        )
        st.caption(text.replace("_", r"\_"))
        return
    note = _("From the future: through the gates of the next step, which read hₜ.")
    if "c" in run.values:
        note += " " + _("The path through cₜ is a second one, not part of ∂e/∂hₜ (slide 42).")
    st.caption(note)


def _says(profile: GradientProfile) -> str:
    """What the cell predicts at the last step."""
    text = _("Prediction at the last step: “{answer}” ({percent})")
    return text.format(
        answer=literal(profile.verdict.label),
        percent=literal(numbers.percent(profile.verdict.confidence)),
    )


def loss_note(run: CellRun) -> str:
    """Which loss the gradients are of, as Markdown."""
    if run.of_last:
        return _(
            "Of e, the loss of the last step alone (slide 51): what reaches the first step has "
            "travelled all the way. Settings has the sum over all steps."
        )
    return _(
        "Of the sum of the losses of all steps (slide 23): every state also has a short way to "
        "its own output. Settings has the loss of the last step alone."
    )


def table(run: CellRun, _: Translate) -> pd.DataFrame:
    """One row per step: input, state, right answer, its probability, its loss."""
    right = [run.sequence.outputs[k] for k in run.sequence.targets]
    chance = [decimal(run.y[t, k], 3) for t, k in enumerate(run.sequence.targets)]
    return pd.DataFrame(
        {
            _("step"): [str(t + 1) for t in range(run.steps)],
            "xₜ": [literal(name) for name in run.sequence.names],
            "hₜ": [literal(equations.vector(values)) for values in run.values["h"]],
            _("right answer"): [literal(name) for name in right],
            _("its probability in yₜ"): chance,
            "eₜ": [decimal(e, 3) for e in run.e],
        }
    )


def draw_curves() -> None:
    """tanh, and σ where the cell has gates, with this step's pre-activations."""
    picture, side = views.stage(5, 2)
    with side:
        question = controls.draw(scale=True)
    with picture:
        _curves(question.run())


def _curves(run: CellRun) -> None:
    step = current(run)
    columns = st.columns(2, gap="medium")
    for column, which in zip(columns, ("tanh", "sigmoid"), strict=True):
        with column:
            figure, alt = states.curve(which, run, step, _), states.curve_alt(which, run, step, _)
            views.chart(figure, alt, f"cells_{which}", which)
    step_picker(run)
    st.markdown(
        _("**Where the units are at step {step}** (“{name}”); shaded: saturated").format(
            step=step + 1, name=literal(run.sequence.names[step])
        )
    )
    gates = _("The curve of σ has points only where the stage has a gate.")
    st.caption(
        _("Saturated at this step: {share} of gates and units.").format(
            share=literal(percent(run.saturated(step)))
        )
        + ("" if SIGMOIDS & {*run.a} else f" {gates}")
    )


LAYERS, DIRECTIONS, STATE, UNITS = (
    *("cells_layers", "cells_directions", "cells_state"),
    "cells_units",
)
COUNTS = ("1", "2", "3")
WAYS = {"one": N_("one direction"), "both": N_("both directions")}
INPUTS = 64


def draw_layers() -> None:
    """Two choices and a state to ask about; the net; the counts."""
    picture, side = views.stage(5, 2)
    layers = int(links.choice(LAYERS, COUNTS, "2"))
    both = links.choice(DIRECTIONS, WAYS, "one") == "both"
    ids = [f"{way}{t + 1}" for way in ("ab" if both else "a") for t in range(architectures.STEPS)]
    state = links.choice(STATE, ids, "a3")

    def arrow(id: str) -> str:
        return f"{'→' if id[0] == 'a' else '←'}{id[1:]}" if both else id[1:]

    with side:
        views.pick(LAYERS, _("Layers (slide 48)"), COUNTS)
        views.pick(DIRECTIONS, _("Directions (slide 49)"), WAYS)
        views.pick(STATE, _("State of the top layer"), ids, arrow, wrap=True)
    found = architectures.reach(layers, both, "ab".index(state[0]), int(state[1:]) - 1)
    with picture:
        figure, alt = network.net(found, _), network.net_alt(found, _)
        views.chart(figure, alt, "cells_net", "layers-and-directions")
        st.markdown(f"**{alt}**")
        st.caption(
            _(
                "Found by differentiation: teal is where the gradient of the ringed state is not "
                "zero. More layers add depth, not reach: one direction never sees the future."
            )
        )
        if both:
            st.page_link(
                PAGES["accents"].path,
                label=_("Two directions at work: the page Accents"),
                icon=PAGES["accents"].icon,
            )
    if not lecture.is_on():
        _counts(layers, both, _)


def _counts(layers: int, both: bool, _: Translate) -> None:
    """Parameters of the three cells in this shape, and the sizes that would cost the same."""
    units = st.number_input(
        _("Units per layer and direction"),
        min_value=1,
        max_value=1024,
        value=128,
        key=UNITS,
        bind="query-params",
        width=260,
    )
    sizes = architectures.sizes(INPUTS, int(units), layers, both)
    views.table(
        {
            _("cell"): [cell_style(size.cell).title for size in sizes],
            _("parameters"): [decimal(size.parameters, 0) for size in sizes],
            _("× the plain RNN's"): [
                f"×{decimal(size.parameters / sizes[0].parameters, 0)}" for size in sizes
            ],
            _("units for the same parameter count"): [decimal(size.matched, 0) for size in sizes],
        },
        _("Parameters of the three cells"),
    )
    st.caption(_("Counted for inputs of {inputs} numbers.").format(inputs=INPUTS))
    views.pytorch(views.snippet("layers"))
