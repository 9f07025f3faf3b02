"""A net that holds a layer, without its numbers: traced, exported, compiled, on the meta device."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import jaxtyping
import pytest
import torch
from torch import Tensor, nn
from torch._subclasses.fake_tensor import FakeTensorMode

import engine
from engine.stacking import as_tuple

T, B, N, H = 5, 3, 4, 6


def draw(seed: int, *shape: int) -> Tensor:
    drawn = torch.Generator().manual_seed(seed)
    return torch.randn(shape, generator=drawn, dtype=torch.float64)


def assert_same(found: Any, expected: Any, tolerance: float = 1e-11) -> None:
    torch.testing.assert_close(found, expected, atol=tolerance, rtol=tolerance)


@pytest.fixture
def unchecked() -> Iterator[None]:
    """As in use, where nothing compares arguments with the hints in the signatures."""
    before = jaxtyping.config.jaxtyping_disable
    jaxtyping.config.update("jaxtyping_disable", True)
    yield
    jaxtyping.config.update("jaxtyping_disable", before)


class Net(nn.Module):
    """A net that holds a layer."""

    def __init__(self, layer: nn.Module) -> None:
        super().__init__()
        self.layer, self.output = layer, nn.Linear(H, 2, dtype=torch.float64)

    def forward(self, x: Tensor) -> Tensor:
        y, _ = self.layer(x)
        found: Tensor = self.output(y)
        return found


LAYERS: dict[str, Callable[[], nn.Module]] = {
    "RNN": partial(engine.RNN, N, H, 2, dtype=torch.float64),
    "LSTM": partial(engine.LSTM, N, H, 2, dtype=torch.float64),
    "GRU": partial(engine.GRU, N, H, 2, reset_after=True, dtype=torch.float64),
    "LSTM, fused": partial(engine.LSTM, N, H, fused=True, dtype=torch.float64),
    "GRU, the lecture's": partial(engine.GRU, N, H, dtype=torch.float64),
}


@pytest.mark.parametrize("name", LAYERS)
@pytest.mark.filterwarnings("ignore:.*torch.jit:DeprecationWarning")
@pytest.mark.filterwarnings("ignore::torch.jit.TracerWarning")
@pytest.mark.usefixtures("unchecked")
def test_a_net_can_be_traced_exported_and_seen_through(name: str) -> None:
    net, x = Net(LAYERS[name]()), draw(1, T, B, N)
    graph = torch.fx.symbolic_trace(net)
    assert [node.op for node in graph.graph.nodes].count("call_module") == 2
    traced = torch.jit.trace(net, (x,))
    exported = torch.export.export(net, (x,)).module()
    for found in (graph(x), traced(x), exported(x)):
        assert_same(found, net(x))
    if name != "GRU, the lecture's":  # which is unrolled
        longer = draw(2, T + 3, B + 1, N)
        assert_same(traced(longer), net(longer))


NODES = {"RNN": b"RNN", "LSTM": b"LSTM", "GRU": b"GRU", "LSTM, fused": b"LSTM"}
"""ONNX's own operator that a layer becomes; the lecture's GRU is unrolled into plain ones."""


@pytest.mark.parametrize("name", LAYERS)
@pytest.mark.filterwarnings("ignore")  # the exporter's own, of its age and of fixed sizes
@pytest.mark.usefixtures("unchecked")
def test_a_net_is_exported_to_onnx_by_torchscript(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without the package `onnx`, all but the last step, which adds functions of one's own."""
    if find_spec("onnx") is None:
        from torch.onnx._internal.torchscript_exporter import onnx_proto_utils

        monkeypatch.setattr(onnx_proto_utils, "_add_onnxscript_fn", lambda proto, _: proto)
    path = tmp_path / "net.onnx"
    net = Net(LAYERS[name]()).float()
    torch.onnx.export(net, (draw(1, T, B, N).float(),), str(path), dynamo=False)
    assert NODES.get(name, b"Tanh") in path.read_bytes()


@pytest.mark.parametrize("name", LAYERS)
@pytest.mark.filterwarnings("ignore::FutureWarning")
@pytest.mark.usefixtures("unchecked")
def test_a_net_is_exported_to_onnx_by_dynamo(name: str, tmp_path: Path) -> None:
    """Without the package `onnxscript`, what that exporter translates: the program of
    `torch.export` in torch's core operators."""
    net, x = Net(LAYERS[name]()).float(), draw(1, T, B, N).float()
    program = torch.export.export(net, (x,)).run_decompositions()
    operators = [str(n.target) for n in program.graph.nodes if n.op == "call_function"]
    assert operators
    assert all(o.startswith(("aten.", "<built-in")) for o in operators)
    assert_same(program.module()(x), net(x), 1e-5)
    if find_spec("onnxscript") is not None:
        path = tmp_path / "net.onnx"
        torch.onnx.export(net, (x,), str(path), dynamo=True)
        assert path.stat().st_size > 0


@pytest.mark.parametrize("name", LAYERS)
def test_shapes_are_found_on_the_meta_device_and_replicas_compute(name: str) -> None:
    net, x = Net(LAYERS[name]()), draw(1, T, B, N)
    assert_same(nn.DataParallel(net)(x), net(x))
    net.to("meta")
    output = net(x.to("meta"))
    assert output.is_meta
    assert output.shape == (T, B, 2)
    output.sum().backward()


@pytest.mark.parametrize("name", LAYERS)
@pytest.mark.usefixtures("unchecked")
def test_shapes_are_found_without_numbers(name: str) -> None:
    """On the meta device also of packed sequences, and under `FakeTensorMode`."""
    layer = LAYERS[name]()
    packed = nn.utils.rnn.pack_padded_sequence(draw(1, T, B, N), [5, 4, 2])
    expected, _ = layer(packed)
    layer.to("meta")
    without = nn.utils.rnn.PackedSequence(packed.data.to("meta"), packed.batch_sizes)
    output, state = layer(without)
    assert output.data.is_meta
    assert output.data.shape == expected.data.shape
    assert all(s.shape[1:] == (B, H) for s in as_tuple(state))
    with FakeTensorMode():
        assert LAYERS[name]()(torch.empty(T, B, N, dtype=torch.float64))[0].shape == (T, B, H)


@pytest.mark.slow
@pytest.mark.parametrize("name", LAYERS)
@pytest.mark.filterwarnings("ignore")  # of what the compiler itself reads
@pytest.mark.usefixtures("unchecked")
def test_a_net_can_be_compiled(name: str) -> None:
    torch._dynamo.reset()
    net, x = Net(LAYERS[name]()), draw(1, T, B, N)
    compiled = torch.compile(net, backend="aot_eager")
    found, expected = compiled(x), net(x)
    assert_same(found, expected)
    wanted = list(net.parameters())
    ours, plain = (torch.autograd.grad(y.sum(), wanted) for y in (found, expected))
    assert_same(ours, plain)
