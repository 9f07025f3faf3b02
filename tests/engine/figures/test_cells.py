"""The pictures of the page on cells, from numbers written here."""

from __future__ import annotations

import numpy as np
import plotly.graph_objects as go
import pytest

from engine.figures import drawing, style
from engine.figures.cells import diagram, matrices, network, states, unrolled
from engine.figures.cells.timeline import Timeline
from engine.figures.cells.unrolled import Entry
from engine.figures.drawing import Drawing
from engine.lab import backward, sequences, stages
from engine.lab import trace as watch
from engine.results import CellRun, Reach
from tests.engine.figures.cells_runs import STAGES, run


def plain(text: str) -> str:
    return text


def texts(figure: go.Figure | Drawing) -> list[str]:
    """Everything that is written in a figure."""
    if isinstance(figure, Drawing):
        figure = figure.figure()
    found = [t for trace in figure.data if trace.text is not None for t in trace.text]
    return [*found, *(a.text for a in figure.layout.annotations if a.text)]


@pytest.mark.parametrize(
    ("value", "digits", "message"),
    [
        (0.424, 2, "+0.42"),
        (-0.1, 2, "−0.10"),
        (0.0, 2, "0.00"),
        (-0.001, 2, "0.00"),
        (-1, 1, "−1.0"),
    ],
)
def test_numbers_carry_their_sign(value: float, digits: int, message: str) -> None:
    assert drawing.signed(value, digits) == message


def test_colours_follow_the_sign_and_the_size() -> None:
    assert drawing.shade(1.0) != drawing.shade(-1.0)
    assert drawing.shade(5.0) == drawing.shade(1.0)
    channels = [int(drawing.shade(v)[1:3], 16) for v in (0.0, 0.5, 1.0)]
    assert channels == sorted(channels, reverse=True)  # teal takes red away


@pytest.mark.parametrize("value", np.linspace(-1, 1, 9))
def test_ink_is_read_on_every_shade(value: float) -> None:
    def luminance(colour: str) -> float:
        parts = [int(colour[k : k + 2], 16) / 255 for k in (1, 3, 5)]
        linear = [c / 12.92 if c <= 0.03928 else ((c + 0.055) / 1.055) ** 2.4 for c in parts]
        return float(np.dot(linear, [0.2126, 0.7152, 0.0722]))

    light, dark = luminance(drawing.shade(float(value))), luminance(drawing.INK)
    assert (light + 0.05) / (dark + 0.05) >= 4.5


@pytest.mark.parametrize(("cell", "stage"), STAGES)
def test_the_diagram_has_this_steps_numbers_and_no_others(cell: str, stage: str) -> None:
    shown = run(cell, stage)
    written = texts(diagram.diagram(shown, 1, plain))
    for values in shown.values.values():
        assert {drawing.signed(float(v)) for v in values[1]} <= {*written}
    assert {drawing.signed(float(v)) for v in shown.values["h"][0]} <= {*written}  # h_{t-1}
    assert drawing.signed(float(shown.values["h"][2, 1])) not in written


@pytest.mark.parametrize(("cell", "stage"), STAGES)
def test_a_stage_shows_its_gates_only(cell: str, stage: str) -> None:
    shown = run(cell, stage)
    written = texts(diagram.diagram(shown, 0, plain))
    gates = {"i", "f", "o", "r", "z"}
    assert gates & {*written} - {"z"} == gates & {*shown.a} - {"z"}
    assert ("1−z" in written) == ("z" in shown.a)
    assert written.count("σ") == len(gates & {*shown.a})


@pytest.mark.parametrize(("cell", "stage"), STAGES)
@pytest.mark.parametrize("hidden", [2, 4])
def test_nothing_leaves_the_drawing(cell: str, stage: str, hidden: int) -> None:
    figure = diagram.diagram(run(cell, stage, hidden=hidden), 0, plain, holds=True).figure()
    (x0, x1), (y0, y1) = figure.layout.xaxis.range, figure.layout.yaxis.range
    (bars,) = (trace for trace in figure.data if trace.type == "bar")
    x, width, low, height = map(np.asarray, (bars.x, bars.width, bars.base, bars.y))
    assert x0 <= (x - width / 2).min()
    assert (x + width / 2).max() <= x1
    assert y0 <= low.min()
    assert (low + height).max() <= y1
    for trace in figure.data:
        if trace.type == "scatter":
            assert all(x0 <= v <= x1 for v in trace.x if v is not None)
            assert all(y0 <= v <= y1 for v in trace.y if v is not None)


def test_the_chosen_quantity_is_ringed() -> None:
    def rings(marked: str) -> int:
        figure = diagram.diagram(run(), 1, plain, marked).figure()
        (bars,) = (trace for trace in figure.data if trace.type == "bar")
        return list(bars.marker.line.color).count(drawing.RING)

    assert (rings(""), rings("c"), rings("f")) == (0, 1, 1)


def test_a_picture_is_a_few_traces_only() -> None:
    """Shapes added one by one took four seconds of a processor for a long sequence."""
    long = run(names=tuple("abcdef"), hidden=4)
    for figure in (diagram.diagram(long, 1, plain).figure(), over_time(long).figure()):
        assert len(figure.data) <= 12
        assert len(figure.layout.shapes) + len(figure.layout.annotations) <= 12


def over_time(shown: CellRun, gate: str = "") -> Drawing:
    """The unrolled network, with what was found by hand of a run of the engine's own."""
    entry = Entry(gate or [*shown.a][-1], 0, 1)
    return unrolled.unrolled(shown, backward.by_hand(real(shown)), entry, plain)


def real(shown: CellRun) -> CellRun:
    """A run of the same kind, stage and size whose numbers come from the engine."""
    word = "".join(shown.sequence.names) + "z"
    setup = watch.Setup(hidden=shown.hidden)
    safe = word if word.isalpha() and len({*word}) <= 8 else "abac"
    return watch.run(shown.cell, shown.stage, sequences.read(safe), setup)


def test_letters_are_no_markup() -> None:
    hostile = run(names=("<b>", "b", "c"))
    for figure in (
        diagram.diagram(hostile, 0, plain).figure(),
        over_time(hostile).figure(),
        states.states({"h": hostile.values["h"]}, hostile.sequence.names),
    ):
        assert "<b>" not in figure.to_json()


def test_a_letter_is_itself_where_no_markup_is_read() -> None:
    shapes = diagram.diagram(run(names=("<b>", "b", "c")), 0, plain).shapes(500)
    assert ["<b>"] in [shape.get("text") for shape in shapes]
    name = over_time(run("rnn", "plain")).shapes(800)
    assert ["W", "h", ""] in [shape.get("text") for shape in name]  # every second is a subscript


def test_the_diagram_in_words() -> None:
    words = diagram.diagram_alt(run("rnn", "plain"), 1, plain)
    assert words.startswith("RNN, step 2 of 3, input b: h = (")


def test_the_unrolled_net_has_every_loss() -> None:
    assert texts(over_time(run())).count("1.25") == 3
    said = unrolled.unrolled_alt(run(), backward.by_hand(real(run())), plain)
    assert "total 3.75" in said
    assert "Step 1: ∂e/∂h has norm" in said


def test_arrows_of_one_matrix_have_one_colour() -> None:
    wires = over_time(run("rnn", "plain")).wires
    ahead = {wire.part.split(".")[0]: wire.colour for wire in wires if wire.part[0] == "W"}
    assert ahead == {"W_x": unrolled.W_X, "W_h": unrolled.W_H, "W_y": unrolled.W_Y}
    back = [wire for wire in wires if wire.part.startswith("d_through")]
    assert [wire.colour for wire in back] == [unrolled.W_H] * 2


@pytest.mark.parametrize(("cell", "path"), [("rnn", 0), ("lstm", 2), ("gru", 2)])
def test_only_gated_cells_have_a_direct_path(cell: str, path: int) -> None:
    shown = run(cell, stages.FINAL[cell])
    direct = [w for w in over_time(shown).wires if w.colour == unrolled.DIRECT]
    assert len([wire for wire in direct if wire.part.startswith("direct")]) == path
    assert len([wire for wire in direct if wire.part.startswith("d_")]) == path


@pytest.mark.parametrize(("cell", "stage"), STAGES)
def test_time_runs_forward_and_then_back(cell: str, stage: str) -> None:
    """What is computed from something is seen after it."""
    drawn = over_time(run(cell, stage))
    seen: dict[str, int] = {}
    for shape in drawn.shapes(drawn.width):
        seen[str(shape["part"])] = max(seen.get(str(shape["part"]), 0), int(str(shape["since"])))
    for t in range(3):
        assert seen[f"h.{t}"] < seen[f"y.{t}"] < seen[f"d_output.{t}"] < seen[f"d_h.{t}"]
        assert seen[f"d_h.{t}"] < seen[f"copy_h.{t}"] < seen["sum_h.0"]
        assert not t or seen[f"h.{t - 1}"] < seen[f"h.{t}"]
        assert not t or seen[f"d_h.{t}"] < seen[f"d_through.{t - 1}"] < seen[f"d_h.{t - 1}"]
    time = Timeline(run(cell, stage))
    assert len(unrolled.spans(run(cell, stage))) == len(time.names(plain)) == time.last + 1
    assert all(moment == seen[time.part(moment)] for moment in range(time.last + 1))


def test_points_lie_on_the_curves() -> None:
    shown = run()
    for which, gates in (("tanh", ["g"]), ("sigmoid", ["i", "f", "o"])):
        figure = states.curve(which, shown, 1, plain)
        points = [trace for trace in figure.data if "markers" in trace.mode]
        assert [trace.name for trace in points] == gates
        for trace, gate in zip(points, gates, strict=True):
            np.testing.assert_allclose(trace.x, shown.a[gate][1])
            np.testing.assert_allclose(trace.y, shown.values[gate][1])


def test_the_curves_are_slides_20_and_21() -> None:
    curve, slope = states.curve("tanh", run(), 0, plain).data[:2]
    np.testing.assert_allclose(curve.y, np.tanh(curve.x), atol=1e-12)
    np.testing.assert_allclose(slope.y, np.gradient(np.tanh(slope.x), slope.x), atol=2e-3)
    curve, slope = states.curve("sigmoid", run(), 0, plain).data[:2]
    np.testing.assert_allclose(slope.y, np.gradient(curve.y, curve.x), atol=2e-3)


def test_the_shaded_ends_are_where_a_unit_counts_as_saturated() -> None:
    assert 1 - np.tanh(states.edge("tanh")) ** 2 == pytest.approx(0.1)
    s = 1 / (1 + np.exp(-states.edge("sigmoid")))
    assert s * (1 - s) == pytest.approx(0.025)
    assert states.edge("tanh") == pytest.approx(1.82, abs=5e-3)


def test_far_points_stay_inside_the_axis() -> None:
    far = run("rnn", "plain")
    far.a["h"][1, 0] = 31.5
    assert states.curve("tanh", far, 1, plain).layout.xaxis.range[1] > 31.5


def test_states_of_all_runs_are_written() -> None:
    rows = {"one": np.asarray([[0.5], [-0.25]]), "other": np.asarray([[0.1], [0.2]])}
    written = texts(states.states(rows, ("a", "b")))
    assert {"one", "other", "a", "b", "+0.50", "−0.25", "+0.10", "+0.20"} == {*written}
    assert "one: (−0.25)" in states.states_alt(rows, plain)


@pytest.mark.parametrize(("steps", "number"), [(3, "+0.50"), (12, "+0.5"), (13, "")])
def test_long_sequences_are_written_shorter_or_not_at_all(steps: int, number: str) -> None:
    figure = states.states({"h": np.full((steps, 2), 0.5)}, ("a",) * steps)
    assert {text for text in texts(figure) if text[0] == "+"} == ({number} if number else set())


def test_zero_gradients_are_gaps() -> None:
    zero = run(gradients={"h": np.zeros((3, 2)), "c": np.ones((3, 2))})
    figure = states.by_lag(run(), zero, plain)
    assert figure.layout.yaxis.type == "log"
    gone = next(trace for trace in figure.data if trace.name == "∂e/∂h, held")
    assert np.isnan(gone.y).all()


def test_the_direct_path_is_the_product_of_the_forget_gates() -> None:
    kept = run(
        gradients={"h": np.ones((3, 2)), "c": np.asarray([[1.0, 0.0], [0.0, 2.0], [3.0, 4.0]])}
    )
    f = kept.values["f"]
    expected = np.hypot(3 * f[1, 0] * f[2, 0], 4 * f[1, 1] * f[2, 1]) / 5
    assert states.direct(kept) == pytest.approx(expected)
    assert states.left(kept) == pytest.approx(1 / 5)
    assert "directly through c" in states.ways_back(kept, plain).lower()
    assert "20% of the last step's gradient" in states.ways_back(kept, plain)
    assert states.direct(run("rnn", "plain")) is None


def reach(layer_count: int, directions: int) -> Reach:
    inputs = np.asarray([True, True, False, False, False])
    return Reach(inputs, np.tile(inputs, (layer_count, directions, 1)), 0, 1)


@pytest.mark.parametrize("directions", [1, 2])
def test_what_is_reached_is_teal(directions: int) -> None:
    figure = network.net(reach(2, directions), plain)
    (nodes,) = (trace for trace in figure.data if trace.mode == "markers+text")
    assert nodes.marker.color.count(style.POSITIVE) == 2 + 2 * directions * 2
    assert len(nodes.x) == 5 + 2 * directions * 5
    assert network.net_alt(reach(2, 1), plain) == "The ringed state of step 2 depends on x1, x2."


def test_words_come_from_the_catalogue() -> None:
    shown = run()
    for figure in (
        states.curve("tanh", shown, 0, str.upper),
        states.by_lag(shown, shown, str.upper),
    ):
        assert figure.layout.xaxis.title.text.isupper()
        assert figure.layout.yaxis.title.text.isupper()
    message = texts(diagram.diagram(shown, 0, lambda text: f"»{text}"))
    assert "»xₜ, one-hot" in message


@pytest.mark.parametrize(("cell", "stage"), STAGES)
def test_matrices_have_their_shapes_and_every_gates_rows(cell: str, stage: str) -> None:
    shown = run(cell, stage, hidden=3)
    said = texts(matrices.matrices(shown, 0, plain))
    gates, m, n = len(shown.weights), shown.hidden, shown.sequence.x.shape[1]
    assert f"{gates * m} × {n}" in said
    assert f"{gates * m} × {m}" in said
    assert len([t for t in said if t in ("σ", "tanh")]) == gates
    assert f"{gates} × {m} rows and {n} + {m} columns" in matrices.matrices_alt(shown, plain)


@pytest.mark.parametrize(("cell", "stage"), STAGES)
def test_backward_shows_every_part_and_the_copies(cell: str, stage: str) -> None:
    shown = real(run(cell, stage))
    back = backward.by_hand(shown)
    gate = next(iter(shown.a))
    drawn = unrolled.unrolled(shown, back, Entry(gate, 0, 1), plain)
    said = [label.text for label in drawn.labels]
    for values in (back.output, back.through, back.h, *([] if back.c is None else [back.c])):
        assert {drawing.signed(float(value)) for value in values.ravel()} <= {*said}
    for which in "hx":
        parts = back.copies[which][gate][:, 0, 1]
        assert {drawing.signed(float(part), 3) for part in [*parts, parts.sum()]} <= {*said}
