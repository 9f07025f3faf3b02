"""The page on cells run by Streamlit itself, on the real engine: it is small and quick."""

from __future__ import annotations

import json
import re
from typing import Any

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from engine.lab import sequences, stages, trace
from tests.pages.opened import opened, widget

RESULTS = re.compile(r"\\begin\{pmatrix\}([^&]*?)\\end\{pmatrix\}")

VIEWS = ("cell", "unrolled", "curves", "grus", "layers", "hand", "lesson")


def page(lang: str = "en", **query: str) -> AppTest:
    """The page, opened by a link with this `query`."""
    return opened("cells", {"lang": lang, **query}, 40)


def said(at: AppTest) -> str:
    """Everything on the page that is Markdown or an alert, in one string."""
    elements = [*at.markdown, *at.caption, *at.subheader, *at.title, *at.error, *at.info]
    return "\n".join(str(element.value) for element in [*elements, *at.success])


def latex(at: AppTest) -> list[str]:
    return [str(element.value).strip("$\n") for element in at.latex]


def figure(at: AppTest, key: str) -> dict[str, Any]:
    """A Plotly figure by the key of its chart."""
    found: dict[str, Any] = json.loads(widget(at, key).proto.spec)
    return found


def drawing(at: AppTest) -> dict[str, Any]:
    """What the drawing that can be tapped was handed."""
    found = (json.loads(component.proto.json) for component in at.get("bidi_component"))
    return next(data for data in found if "shapes" in data)


def click(at: AppTest, label: str) -> None:
    next(button for button in at.button if button.label == label).click().run()
    assert not at.exception


def test_a_worked_example_is_there() -> None:
    at = page()
    assert [title.value for title in at.title] == ["What does a cell do?"]
    word = widget(at, "cells_input").value
    assert len(sequences.read(word).names) == 20  # far enough for the gradient to tell
    assert widget(at, "cells_step").value == "2"
    symbols, numbers = latex(at)[:2]
    assert r"f_t \odot c_{t-1} + i_t \odot g_t" in symbols
    expected = trace.run("lstm", "forget", sequences.read(word), trace.Setup()).values["c"][1]
    shown = [float(v) for v in RESULTS.findall(numbers)[-1].split(r"\\")]
    np.testing.assert_allclose(shown, expected, atol=0.0051)


def test_step_back_and_the_steps_by_name() -> None:
    at = page(cells_input="hello")
    before = latex(at)[1]
    click(at, "Step")
    assert widget(at, "cells_step").value == "3"
    assert latex(at)[1] != before
    click(at, "Back")
    assert latex(at)[1] == before
    widget(at, "cells_step").set_value("4").run()
    assert next(b for b in at.button if b.label == "Step").disabled
    widget(at, "cells_step").set_value("1").run()
    assert next(b for b in at.button if b.label == "Back").disabled


def test_play_and_pause() -> None:
    at = page(cells_step="4", cells_input="hello")
    click(at, "Play")
    assert widget(at, "cells_step").value == "1"  # from the beginning, since it stood at the end
    click(at, "Pause")
    assert any(button.label == "Play" for button in at.button)


@pytest.mark.parametrize(("kind", "stage"), [(k, s) for k, ss in stages.STAGES.items() for s in ss])
def test_every_stage_runs_and_shows_its_equation(kind: str, stage: str) -> None:
    at = page(cells_cell=kind, cells_stage=stage, cells_line="h")
    assert latex(at)[0].startswith("h_t = ")
    if kind == "rnn":
        assert latex(at)[0] == r"h_t = \tanh(W_x x_t + W_h h_{t-1})"
    has = "torch has no such cell" not in said(at)
    assert has == ((kind, stage) in {("rnn", "plain"), ("lstm", "forget")})


def test_one_sentence_on_the_gradient_leads_to_its_way_back() -> None:
    at = page()
    headline = at.button(key="cells_headline")
    said_there = headline.label.replace("\\", "")
    assert "LSTM, loss of the last step: At the first token the gradient is" in said_there
    headline.click().run()
    assert widget(at, "cells_view").value == "unrolled"
    assert widget(at, "cells_way").value == "back"
    assert "last step alone" in said(at)
    assert drawing(at)["at"] == len(drawing(at)["moments"]) - 1


def test_changing_the_cell_keeps_to_stages_that_it_has() -> None:
    at = page(cells_stage="input")
    widget(at, "cells_cell").set_value("gru").run()
    assert not at.exception
    assert widget(at, "cells_stage").value == "update"


def test_the_link_reproduces_what_is_seen() -> None:
    at = page(
        cells_cell="gru",
        cells_stage="reset",
        cells_input="0.5 -1 2",
        cells_step="3",
        cells_line="n",
        cells_hidden="4",
        cells_scale="4",
        cells_loss="last",
        cells_view="unrolled",
        cells_way="back",
    )
    assert [widget(at, f"cells_{k}").value for k in ("cell", "stage")] == ["gru", "reset"]
    assert "last step alone" in said(at)
    assert drawing(at)["at"] == len(drawing(at)["moments"]) - 1
    widget(at, "cells_view").set_value("cell").run()
    assert [widget(at, f"cells_{k}").value for k in ("line", "step")] == ["n", "3"]


@pytest.mark.parametrize(
    "text", ["", "😀", "a" * 100_000, "two words", "<img src=x>", "1 2 nan", "٣x", "99"]
)
def test_bad_input_is_answered_kindly_and_kept(text: str) -> None:
    at = page()
    widget(at, "cells_input").set_value(text).run()
    assert not at.exception
    assert len(at.error) == 1
    assert widget(at, "cells_input").value == text
    assert "Shown instead: the example “hello”." in said(at)
    assert drawing(at)["parts"]["eq:f"]  # the rest of the page stays
    widget(at, "cells_input").set_value("banana").run()
    assert not at.error


@pytest.mark.parametrize(
    ("text", "view"),
    [
        ("ab", "unrolled"),
        ("7", "surgery"),
        ("7", "build"),
        ("1 " * 12, "unrolled"),
        ("abcdefgh", "surgery"),
        ("được", "build"),
        ("7", "curves"),
    ],
)
def test_the_edges_of_what_can_be_used(text: str, view: str) -> None:
    at = page(cells_input=text, cells_view=view)
    assert not at.error


@pytest.mark.parametrize("query", [{"cells_seed": "x"}, {"cells_seed": "-5"}, {"cells_step": "99"}])
def test_hostile_links(query: dict[str, str]) -> None:
    assert not page(**query).error


@pytest.mark.parametrize(
    ("view", "kind"),
    [*((v, "lstm") for v in VIEWS), ("build", "rnn"), ("unrolled", "rnn"), ("build", "gru")],
)
def test_every_view_of_every_cell(view: str, kind: str) -> None:
    at = page(cells_view=view, cells_cell=kind)
    assert not at.error
    assert (
        len(at.get("plotly_chart"))
        == {
            "cell": 1,
            "build": 1,
            "unrolled": 1,
            "curves": 2,
            "grus": 1,
            "layers": 1,
            "hand": 0,
            "lesson": 0,
        }[view]
    )


@pytest.mark.parametrize(
    ("shown", "charts"),
    [
        ("step", {"cells_by_lag"}),
        ("matrices", {"cells_matrices"}),
        ("memory", {"cells_memory"}),
        ("stages", {"cells_build"}),
    ],
)
@pytest.mark.parametrize("kind", stages.STAGES)
def test_every_picture_of_a_cell(shown: str, charts: set[str], kind: str) -> None:
    at = page("vi", cells_show=shown, cells_cell=kind)
    assert not at.error
    assert {key for key in charts if figure(at, key)} == charts
    assert len(at.get("plotly_chart")) == len(charts)


def test_numbers_of_the_equation_follow_the_language() -> None:
    assert r"0{,}" in latex(page("vi"))[1]
    assert "." not in "".join(RESULTS.findall(latex(page("vi"))[1]))


@pytest.mark.parametrize(("kind", "parts"), [("rnn", 2), ("lstm", 2), ("gru", 3)])
def test_the_parts_of_the_gradient_add_up(kind: str, parts: int) -> None:
    """Slide 29, read back from the arithmetic of a tapped sum."""
    state = {"cells_input": "hello", "cells_loss": "all", "cells_part": "d_h.1"}
    at = page(cells_view="unrolled", cells_way="back", cells_cell=kind, **state)
    columns = [[float(v) for v in body.split(r"\\")] for body in RESULTS.findall(latex(at)[0])]
    *terms, total = columns
    assert len(terms) == parts
    for unit, whole in enumerate(total):
        assert sum(term[unit] for term in terms) == pytest.approx(whole, abs=0.016)
    assert widget(at, "cells_entry").value == "1-1"
    widget(at, "cells_entry").set_value("3-2").run()
    assert at.query_params["cells_entry"] in ("3-2", ["3-2"])


@pytest.mark.parametrize("kind", stages.STAGES)
@pytest.mark.parametrize("language", ["en", "vi"])
def test_every_part_of_the_drawing_has_its_arithmetic(kind: str, language: str) -> None:
    at = page(language, cells_view="unrolled", cells_cell=kind, cells_input="abc", cells_way="back")
    drawn = drawing(at)
    tappable = {str(shape["part"]) for shape in drawn["shapes"]} - {""}
    assert tappable == {*drawn["parts"]}
    for part in ("g.1", "W_h.1", "y.0", "d_through.0", "copy_h.1", "copy_x.0", "sum_h.0"):
        at.session_state["cells_part"] = part
        at.run()
        assert not at.exception
        assert drawing(at)["selected"] == part
        assert latex(at)


def test_long_sequences_are_drawn_as_far_as_numbers_can_be_read() -> None:
    at = page(cells_view="unrolled")
    assert "first 6 of 20 steps" in said(at)
    assert (
        len({*(shape["part"] for shape in drawing(at)["shapes"])} & {f"h.{t}" for t in range(20)})
        == 6
    )


def test_the_source_is_the_modules_own() -> None:
    at = page(cells_source="true")
    assert stages.source("lstm", "forget") in [code.value for code in at.code]
    assert "g, i, f, o" in said(at)
    assert "Elman cell has none" in said(at)


def test_gate_surgery_holds_a_gate() -> None:
    at = page(cells_view="surgery", cells_input="hello")  # a link from when this was a view
    assert widget(at, "cells_view").value == "cell"
    assert at.session_state["cells_hold"] == "f:1"
    assert not [chart for chart in at.get("plotly_chart") if "by_lag" in str(chart.proto.id)]
    assert "cells_headline" not in {button.key for button in at.button}  # it would tell
    at.button(key="cells_bet_more").click().run()
    assert "torch.nn has no cell whose gates are held" in said(at)
    assert "This is stage 3" in said(at)
    assert figure(at, "cells_by_lag")
    assert "Your bets so far, on all pages: 1 of 1 right." in said(at)
    at.session_state["cells_hold"] = "o:0"
    at.run()
    at.button(key="cells_no_bet").click().run()
    assert "h_t = 0" in said(at)
    assert "no gradient at all reaches the first step" in said(at)
    at.button(key="cells_free").click().run()
    assert "tap a gate's name" in said(at)
    at = page(cells_view="surgery", cells_cell="rnn")
    assert "no gate to hold" in said(at)


@pytest.mark.parametrize(
    ("hold", "held"),
    [
        ("f:0", {"f": (0.0, 0.0, 0.0)}),
        ("f:0-1", {"f": (0.0, None, 1.0)}),
        ("f:---", {}),
        ("z:1", {}),
        ("f:2;<b>", {}),
        ("i:1,o:-0-", {"i": (1.0, 1.0, 1.0), "o": (None, 0.0, None)}),
    ],
)
def test_links_hold_gates_unit_by_unit(hold: str, held: dict[str, Any]) -> None:
    at = page(cells_hold=hold, cells_input="hello", cells_line="f")
    thick = [
        s for s in drawing(at)["shapes"] if s["part"].count(":") == 2 and s.get("thickness") == 3
    ]
    assert len(thick) == sum(value is not None for values in held.values() for value in values)
    run = trace.run("lstm", "forget", sequences.read("hello"), trace.Setup(), held)
    numbers = RESULTS.findall(latex(at)[1])[-1].split(r"\\")
    np.testing.assert_allclose([*map(float, numbers)], run.values["f"][1], atol=0.0051)


def test_both_changes_make_the_two_grus_equal() -> None:
    at = page(cells_view="grus")
    assert "They differ by up to" in said(at)
    assert "with the changes switched on" not in said(at)
    widget(at, "cells_flip").set_value(True).run()
    widget(at, "cells_move").set_value(True).run()
    assert "With both changes they are equal" in said(at)
    assert "with the changes switched on" in said(at)


def test_slide_43_is_said_correctly() -> None:
    text = said(page(cells_cell="gru", cells_show="stages"))
    assert "joins forgetting (1 − z) and input (z)" in text
    assert "a GRU has no output gate" in text
    assert "Chung et al. 2014" in text


def test_layers_and_directions_say_what_reaches() -> None:
    at = page(cells_view="layers", cells_layers="3", cells_state="a2")
    assert "depends on x1, x2." in said(at)
    widget(at, "cells_directions").set_value("both").run()
    assert "depends on x1, x2, x3, x4, x5." in said(at)


def test_answers_of_the_exercise_are_hidden_first() -> None:
    at = page(cells_view="hand", cells_form="sheet")
    answer = f"| e | ({trace.exercise(1).e.sum():.2f}) |"
    assert answer not in said(at)
    widget(at, "cells_answers").set_value(True).run()
    assert answer in said(at)
    assert len(at.get("download_button")) == 2


def test_the_gradient_panel_is_there_with_c_and_h() -> None:
    at = page(cells_view="unrolled", cells_way="back", cells_input="hello")
    names = [line["name"] for line in figure(at, "cells_gradient_figure")["data"]]
    assert names == ["LSTM ∂e/∂c", "LSTM ∂e/∂h"]
