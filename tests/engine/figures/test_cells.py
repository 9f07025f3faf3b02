"""The pictures of the page on cells, from numbers written here."""

from __future__ import annotations

import re

import numpy as np
import plotly.graph_objects as go
import pytest

from engine.figures import drawing, style
from engine.figures.cells import diagram, matrices, network, states
from engine.results import Reach
from tests.engine.figures.cells_runs import STAGES, run


def plain(text: str) -> str:
    return text


def texts(figure: go.Figure) -> list[str]:
    """Everything that is written in a figure."""
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
    figure = diagram.diagram(run(cell, stage, hidden=hidden), 0, plain)
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
        figure = diagram.diagram(run(), 1, plain, marked)
        (bars,) = (trace for trace in figure.data if trace.type == "bar")
        return list(bars.marker.line.color).count(drawing.RING)

    assert (rings(""), rings("c"), rings("f")) == (0, 1, 1)


def test_a_picture_is_a_few_traces_only() -> None:
    """Shapes added one by one took four seconds of a processor for a long sequence."""
    long = run(names=tuple("abcdefghijkl"), hidden=4)
    for figure in (diagram.diagram(long, 1, plain), network.unrolled(long, 1, plain)):
        assert len(figure.data) <= 12
        assert len(figure.layout.shapes) + len(figure.layout.annotations) <= 12


def test_letters_are_no_markup() -> None:
    hostile = run(names=("<b>", "b", "c"))
    for figure in (
        diagram.diagram(hostile, 0, plain),
        network.unrolled(hostile, 0, plain),
        states.states({"h": hostile.values["h"]}, hostile.sequence.names),
    ):
        assert "<b>" not in figure.to_json()


def test_the_diagram_in_words() -> None:
    words = diagram.diagram_alt(run("rnn", "plain"), 1, plain)
    assert words.startswith("RNN, step 2 of 3, input b: h = (")


def test_the_unrolled_net_has_every_loss_and_the_total() -> None:
    written = texts(network.unrolled(run(), 1, plain))
    assert written.count("1.25") == 3
    assert "total loss: the sum of all eₜ = 3.75" in written
    assert "total 3.75" in network.unrolled_alt(run(), plain)


def test_arrows_of_one_matrix_have_one_colour() -> None:
    figure = network.unrolled(run(), 0, plain)
    scatters = [trace for trace in figure.data if trace.type == "scatter"]
    wires = [trace for trace in scatters if trace.marker.symbol == "arrow"]
    assert {w.line.color: sum(size > 0 for size in w.marker.size) for w in wires} == {
        network.W_X: 3,
        network.W_H: 3,
        network.W_Y: 3,
    }


def test_long_sequences_are_written_shorter() -> None:
    assert "−1.00" in texts(network.unrolled(run(), 0, plain))
    long = run(names=tuple("abcdefghijkl"))
    assert not any(
        re.fullmatch(r"[+−]\d\.\d\d", t) for t in texts(network.unrolled(long, 0, plain))
    )


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


def test_zero_gradients_are_gaps() -> None:
    zero = run(gradients={"h": np.zeros((3, 2)), "c": np.ones((3, 2))})
    figure = states.norms(run(), zero, plain)
    assert figure.layout.yaxis.type == "log"
    gone = next(trace for trace in figure.data if trace.name == "∂e/∂h, held")
    assert np.isnan(gone.y).all()
    assert "∂e/∂h 0" in states.norms_alt(run(), zero, plain)


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
        states.norms(shown, shown, str.upper),
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


def test_backward_shows_both_parts_and_the_copies() -> None:
    shown = run("rnn", "plain")
    said = texts(network.backward(shown, 1, (0, 1), plain))
    parts = [drawing.signed(float(part)) for part in shown.copies[:, 0, 1]]
    assert all(part in said for part in parts)
    assert drawing.signed(float(shown.copies[:, 0, 1].sum())) in said
    future = shown.gradients["h"] - shown.from_output
    assert all(drawing.signed(float(value)) in said for value in future.ravel())
    assert "Step 1: ∂e/∂h has norm" in network.backward_alt(shown, plain)
    assert "= " not in texts(network.backward(run("lstm", "forget"), 0, (0, 0), plain))
