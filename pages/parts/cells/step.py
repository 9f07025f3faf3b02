"""The view "Cell": one step as a diagram and as an equation, stepped or played; in its place the
matrices, the memory of an LSTM beside the plain cell, or every stage; below what is measured.

While it plays, only the picture runs; every tap runs the whole page.
"""

from __future__ import annotations

import time

import numpy as np
import streamlit as st

from engine.cells import CELLS, DEFAULT_CELL, PLAIN_CELL
from engine.errors import N_
from engine.figures import norms, numbers
from engine.figures.cells import diagram, matrices, states
from engine.figures.style import Translate, cell_style
from engine.lab import stages, trace
from engine.lab.trace import GRU
from engine.results import CellRun
from pages.parts.cells import controls, equations, gates
from pages.parts.cells.controls import LINE, SHOW, SOURCE, STEP, Question
from pages.shared import lecture, links, views
from pages.shared.text import _, decimal, literal, percent
from pages.shared.tokens import bets
from pages.shared.tokens.sketch import sketch

PERIOD = 1.4
"""Seconds per step while it plays."""

MOST_BUTTONS = 8
"""Steps that are offered as buttons."""

PLAYING, TICKED = "_cells_playing", "_cells_ticked"

PICTURES = {
    "step": N_("One step"),
    "matrices": N_("Matrices"),
    "memory": N_("RNN | LSTM"),
    "stages": N_("Stages"),
}


def draw() -> None:
    """The picture that is chosen at the right, and what is measured below."""
    picture, side = views.stage(5, 2)
    with side:
        shown = views.pick(SHOW, _("Picture"), PICTURES, default="step", quiet=True, wrap=True)
        question = controls.draw(hold=True)
        run = question.run()
        uncovered = shown != "step" or lecture.is_on() or _by_lag(question, _)
    with picture:
        if shown == "stages":
            gates.draw_stages(run, question)
        elif shown == "memory":
            _memory(question, _)
            if question.held and not lecture.is_on():
                controls.draw_hold(run)
        else:
            playing = bool(st.session_state.get(PLAYING)) and run.steps > 1
            st.fragment(_shown, run_every=PERIOD if playing else None)(run, playing, shown)
        if uncovered:
            _headline(question, _)
    if lecture.is_on():
        return
    draw_facts(run, question)
    if question.held:
        gates.draw_held_gate(question.untouched(), run)


def _headline(question: Question, _: Translate) -> None:
    """What the gradient of the last step's loss does on this input; a tap shows it going back."""
    last = trace.profile(question.run(of_last=True))
    text = _("{cell}, loss of the last step: {sentence}")
    said = text.format(cell=cell_style(question.kind).title, sentence=norms.sentence(last, _))
    back = {"cells_view": "unrolled", "cells_way": "back", controls.LOSS: "last"}
    st.button(
        f"**{literal(said)}**",
        key="cells_headline",
        icon=":material/trending_down:",
        type="tertiary",
        help=_("Open the view “Unrolled”, backward"),
        wrap=True,
        on_click=links.set_values,
        args=(back,),
    )


def _by_lag(question: Question, _: Translate) -> bool:
    """How much of the last step's gradient is left at each step back, of the last step's loss, and
    what of it came along the direct path, in one sentence; with a gate held after a bet. Whether
    the gradient may be seen."""
    free, held = question.untouched(of_last=True), question.run(of_last=True)
    if question.held and not _bet(question, free, held, _):
        return False
    figure = states.by_lag(free, held if question.held else None, _)
    alt = states.by_lag_alt(free, held if question.held else None, _)
    views.chart(figure, alt, "cells_by_lag", "gradient-by-lag")
    st.markdown(f"**{literal(states.ways_back(held, _))}**")
    if question.held:
        st.caption(literal(_("Free: {sentence}").format(sentence=states.ways_back(free, _))))
        for gate, values in question.held.items():
            if values[0] is not None and len({*values}) == 1:
                st.caption(_(gates.REMARKS[f"{gate}{values[0]:g}"]))
    return True


CHANGES = {
    "nothing": N_("practically nothing: below a millionth"),
    "less": N_("less"),
    "same": N_("about as much"),
    "more": N_("more"),
}


NOTHING = 1e-6
"""Share of the last step's gradient below which practically nothing arrives."""


def _bet(question: Question, free: CellRun, held: CellRun, _: Translate) -> bool:
    """What is bet on a gate that is held, before its gradient is shown."""
    before, after = states.left(free), states.left(held)
    right = "nothing"
    if after >= NOTHING:
        way = after / before if before > 0 else 2.0
        low, high = norms.BARELY
        right = "less" if way < low else "same" if way <= high else "more"
    names = ", ".join(states.held_name(gate, values) for gate, values in held.held.items())
    text = _(
        "**Your bet:** {gates}. Of the last step's gradient, how much reaches the first step, "
        "compared with free gates?"
    )
    setup, word = question.setup, " ".join(free.sequence.names)
    id = f"cells,{free.cell},{names},{setup.hidden},{setup.seed},{setup.scale:g},{word}"
    return bets.ask(bets.Bet(id, text.format(gates=names), CHANGES, right), "cells")


def _memory(question: Question, _: Translate) -> None:
    """The plain cell's h beside the LSTM's h and c on the same input: what c is for (slide 35)."""
    sequence, setup = question.sequence, question.setup
    plain = trace.run(PLAIN_CELL, stages.FINAL[PLAIN_CELL], sequence, setup)
    held = question.held if question.kind == DEFAULT_CELL else {}
    lstm = trace.run(DEFAULT_CELL, stages.FINAL[DEFAULT_CELL], sequence, setup, held)
    titles = [cell_style(cell).title for cell in (PLAIN_CELL, DEFAULT_CELL)]
    rows = {
        _("{cell}: hₜ, computed anew at every step").format(cell=titles[0]): plain.values["h"],
        _("{cell}: cₜ = f ⊙ cₜ₋₁ + i ⊙ g, kept and added to").format(cell=titles[1]): lstm.values[
            "c"
        ],
        _("{cell}: hₜ = o ⊙ tanh(cₜ), what it shows").format(cell=titles[1]): lstm.values["h"],
        _("{cell}: forget gate fₜ, the share of cₜ₋₁ that is kept").format(
            cell=titles[1]
        ): lstm.values["f"],
    }
    alt = states.states_alt(rows, _)
    views.chart(states.states(rows, sequence.names), alt, "cells_memory", "rnn-beside-lstm")
    kept = float(np.mean(lstm.values["f"]))
    text = _(
        "On this input the LSTM keeps {share} of its old memory a step on average, and {left} of "
        "the first step's is left at the last along the direct path. The RNN has no such path: "
        "hₜ₋₁ goes through W_h and tanh at every step."
    )
    left = float(lstm.values["f"][1:].prod(axis=0).mean())
    said = text.format(share=literal(percent(kept)), left=literal(percent(left)))
    st.markdown(said.replace("_", r"\_"))


def current(run: CellRun) -> int:
    """The step that is shown, from 0; the second at first, since nothing is remembered before."""
    steps = [str(k + 1) for k in range(run.steps)]
    return int(links.choice(STEP, steps, steps[min(1, run.steps - 1)])) - 1


def _shown(run: CellRun, installed: bool, shown: str) -> None:
    if not links.is_syncing():  # this part runs alone: the play goes on, or something was tapped
        if bool(st.session_state.get(PLAYING)) != installed or not installed:
            st.rerun()  # a tap is for the whole page
        if time.monotonic() - st.session_state.get(TICKED, 0.0) >= PERIOD / 2:
            st.session_state[TICKED] = time.monotonic()
            step = current(run)
            if step + 1 < run.steps:
                links.set_values({STEP: str(step + 2)})
            if step + 2 >= run.steps:
                st.session_state[PLAYING] = False
                st.rerun()
    step = current(run)
    if lecture.is_on() and shown == "matrices" and len(run.weights) > 1:
        _matrices(run, step)  # alone: there are too many numbers for half the window
        return _buttons(run, step)
    halves = [6, 5] if shown == "step" else [3, 2] if lecture.is_on() else [1, 1]
    wide = lecture.is_on() and shown == "step"
    left, right = (st.container(), st.container()) if wide else st.columns(halves, gap="medium")
    name = links.choice(LINE, equations.lines(run), "c" if "c" in run.values else "h")
    matrices_first = shown == "matrices"  # what the picture is about comes first on a phone
    with right if matrices_first else left:
        _diagram(run, step, name)
        _buttons(run, step)
        if not lecture.is_on():
            controls.draw_hold(run)
    with left if matrices_first else right:
        if matrices_first:
            _matrices(run, step)
        else:
            _equation(run, step, name)
    return None


def _diagram(run: CellRun, step: int, name: str) -> None:
    """The cell as the control: a box shows its equation, a gate's name or number holds it."""
    holds = controls.holds(run.cell, run.stage)

    def tap(part: str) -> None:
        what, gate, *unit = part.split(":")
        if what == "hold":
            controls.hold(run.cell, run.hidden, gate, int(unit[0]) if unit else None)
        links.set_values({LINE: gate})

    sketch(
        diagram.diagram(run, step, _, name, holds=holds),
        diagram.parts(run, _, holds=holds),
        key="cells_diagram",
        label=diagram.diagram_alt(run, step, _),
        saved_as=f"{run.cell}-step-{step + 1}",
        across=diagram.ACROSS,
        on_tap=tap,
        selected=f"eq:{name}",
        squeezed=True,
    )


def _matrices(run: CellRun, step: int) -> None:
    """Slides 22 and 41: every matrix with its shape, the gates stacked."""
    figure, alt = matrices.matrices(run, step, _), matrices.matrices_alt(run, _)
    views.chart(figure, alt, "cells_matrices", f"{run.cell}-matrices")
    st.caption(
        _("n: numbers in xₜ, m: hidden units. One matrix product gives every pre-activation a.")
    )
    if "r" in run.a:
        st.caption(_("The candidate h′ reads r ⊙ hₜ₋₁ in place of hₜ₋₁, so it comes second."))
    if len(run.weights) > 1:
        st.caption(_(BIASES))


BIASES = N_(
    "Slide 41 leaves the biases out and stacks g, i, f, o; torch, and this code, stack i, f, g, o "
    "and have two biases per gate. The slide's Elman cell has none, so the RNN runs without."
)


def _buttons(run: CellRun, step: int) -> None:
    """Back, play or pause, step, and every step by name."""
    playing = bool(st.session_state.get(PLAYING))

    def go(to: int) -> None:
        st.session_state[PLAYING] = False
        links.set_values({STEP: str(to + 1)})

    def play() -> None:
        """Starts from the beginning where it stands at the end."""
        st.session_state[PLAYING] = not playing
        st.session_state[TICKED] = time.monotonic()
        if not playing and step + 1 == run.steps:
            links.set_values({STEP: "1"})

    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.button(
            _("Back"),
            icon=":material/skip_previous:",
            disabled=step == 0,
            on_click=go,
            args=(step - 1,),
        )
        st.button(
            _("Pause") if playing else _("Play"),
            icon=":material/pause:" if playing else ":material/play_arrow:",
            on_click=play,
            key="cells_play",
            disabled=run.steps == 1,
        )
        st.button(
            _("Step"),
            icon=":material/skip_next:",
            disabled=step + 1 == run.steps,
            on_click=go,
            args=(step + 1,),
        )
        step_picker(run)


def step_picker(run: CellRun) -> None:
    """Every step by the name of its input; on a slider where there are many."""
    steps, names = [str(k + 1) for k in range(run.steps)], run.sequence.names
    label = _("Step of the sequence")
    if run.steps <= MOST_BUTTONS:
        views.pick(STEP, label, steps, lambda k: literal(names[int(k) - 1]), quiet=True, wrap=True)
    else:
        text = _("{step}: {input}")
        views.pick_number(
            STEP,
            label,
            steps,
            name=lambda k: text.format(step=k, input=names[int(k) - 1]),
            label_visibility="collapsed",
        )


def _equation(run: CellRun, step: int, name: str) -> None:
    """The chosen line in symbols, the same with this step's numbers, the shapes of slide 22."""
    names = equations.lines(run)
    views.pick(LINE, _("Line of the cell"), names, equations.label, quiet=True, wrap=True)
    st.latex(equations.symbols(run, name))
    st.latex(equations.numbers(run, step, name))
    if name != "y" and run.cell != PLAIN_CELL and not lecture.is_on():
        st.latex(rf"{{\footnotesize {equations.lit(run, name)}}}")
    if name == "y":
        right = literal(run.sequence.outputs[int(run.sequence.targets[step])])
        text = _("GT answers “is the sum so far positive?”: {answer}.").format(answer=right)
        if run.sequence.word:
            text = _("GT is the next letter, “{letter}”.").format(letter=right)
        st.caption(text)
    with st.popover(_("Whole cell, shapes, PyTorch"), icon=":material/function:"):
        st.markdown(_("**All lines of this step**"))
        st.latex(equations.whole(run, step))
        st.markdown(_("**Matrix shapes** (slide 22), gates stacked in the rows (slide 41)"))
        st.latex(equations.shapes(run))
        st.markdown(_("**The same in PyTorch**"))
        st.code(views.snippet(f"cell-{run.cell}"), language="python")


def draw_facts(run: CellRun, question: Question) -> None:
    """Saturation, parameters, equality with torch.nn; three short facts side by side."""
    saturated = _(
        "{share} of all gates and units over the whole run: their slope is below a tenth of the "
        "largest (slides 21 and 30)."
    ).format(share=literal(percent(run.saturated())))
    parameters = _(
        "This stage uses {count} parameters (including W_y). The full cell has {times} × the "
        "weight matrices of a plain RNN."
    ).format(count=decimal(run.parameters, 0), times=len(CELLS[run.cell].gates))
    with st.grid(3, min_column_width=260, gap="small"):
        for title, said in (
            (_("Saturated"), saturated),
            (_("Parameters"), parameters.replace("_", r"\_")),
            (_("Equal to torch.nn?"), _equality(run, question, _)),
        ):
            with st.container(border=True, gap=None, height="stretch"):
                st.markdown(f"**{title}**")
                st.caption(said)
    if st.session_state.get(SOURCE):
        # The code that has just run, read from its module.
        st.code(stages.source(run.cell, run.stage), language="python")
        st.caption(f"{_('This is the code that computed the numbers above.')} {_(BIASES)}")


def _equality(run: CellRun, question: Question, _: Translate) -> str:
    """Computed for the weights on the screen, in float64."""
    if run.held:
        return _("torch.nn has no cell whose gates are held.")
    found = trace.torch_difference(run.cell, run.stage, run.sequence, question.setup)
    if found == 0:
        return _("Yes, in float64: over this run all states are the same to the last bit.")
    if found is not None:
        text = _("Yes, in float64: over this run the states differ by at most {difference}.")
        return text.format(difference=literal(numbers.rounding(found)))
    if run.cell == GRU and run.stage == stages.FINAL[GRU]:
        return _(
            "torch has no such cell: its GRU differs in the sign of z and the place of r. See "
            "“Two GRUs”, where the difference is measured."
        )
    return _("torch has no such cell: this stage is only a step on the way.")
