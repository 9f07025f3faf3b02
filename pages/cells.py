"""What does a cell do? One step at a time, with its numbers, gate by gate."""

from engine.errors import N_, InputError
from engine.lab import sequences, trace
from pages.parts.cells import by_hand, controls, gates, network, step
from pages.shared import gradient_panel, views
from pages.shared.header import begin_page, show_error

_ = begin_page()

question = controls.draw()
try:
    sequence = sequences.read(question.text)
    run = trace.run(question.kind, question.stage, sequence, question.setup)
    step.draw(run)
    step.draw_facts(run, question)
    gradient_panel.draw([trace.profile(run)], "cells_gradient", step.loss_note(run))
    views.look_inside(
        "cells",
        {
            "build": (N_("Build"), lambda: gates.draw_stages(run, question)),
            "unrolled": (N_("Unrolled"), lambda: network.draw_unrolled(run)),
            "surgery": (N_("Gate surgery"), lambda: gates.draw_held_gate(run, question)),
            "grus": (N_("Two GRUs"), lambda: gates.draw_two_grus(run, question)),
            "layers": (N_("Layers and directions"), network.draw_layers),
            "hand": (N_("By hand"), by_hand.draw),
        },
        anchor=False,
        wrap=True,
    )
except InputError as error:
    show_error(error)
