"""What people do around `torch.nn`'s layers, done with ours: the same happens."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import jaxtyping
import pytest
import torch
from torch import Tensor, nn
from torch.nn import functional
from torch.utils.checkpoint import checkpoint

import engine
from engine.dropout import dropout

T, B, N, H = 5, 3, 4, 6
KINDS: dict[str, tuple[Callable[..., Any], Callable[..., Any], dict[str, Any]]] = {
    "RNN": (engine.RNN, nn.RNN, {}),
    "LSTM": (engine.LSTM, nn.LSTM, {}),
    "GRU": (engine.GRU, nn.GRU, {"reset_after": True}),
}
each_kind = pytest.mark.parametrize("name", KINDS)


def draw(seed: int, *shape: int) -> Tensor:
    drawn = torch.Generator().manual_seed(seed)
    return torch.randn(shape, generator=drawn, dtype=torch.float64)


def pair(name: str, *sizes: Any, **options: Any) -> tuple[Any, Any]:
    """Ours, and torch's with our numbers, in float64."""
    kind, reference, own = KINDS[name]
    ours = kind(N, H, *sizes, **options, **own, dtype=torch.float64)
    theirs = reference(N, H, *sizes, **options, dtype=torch.float64)
    theirs.load_state_dict(ours.state_dict())
    return ours, theirs


def assert_same(found: Any, expected: Any, tolerance: float = 1e-11) -> None:
    torch.testing.assert_close(found, expected, atol=tolerance, rtol=tolerance)


def gradients(layer: nn.Module, change: Any) -> list[Tensor]:
    x = draw(1, T, B, N).requires_grad_()
    output, _ = layer(x)
    changed = change(output)
    loss = (changed * draw(2, *changed.shape)).sum()
    return [changed.detach(), *torch.autograd.grad(loss, [x, *layer.parameters()])]


def overwrite(output: Tensor) -> Tensor:
    output[2:] = 0
    return output


@each_kind
@pytest.mark.parametrize("bidirectional", [False, True])
@pytest.mark.parametrize("layers", [1, 2])
def test_what_is_written_into_the_output_does_not_harm_the_gradient(
    name: str, layers: int, bidirectional: bool
) -> None:
    for change in (lambda y: functional.relu(y, inplace=True), overwrite, lambda y: y.mul_(2)):
        ours, theirs = pair(name, layers, bidirectional=bidirectional)
        assert_same(gradients(ours, change), gradients(theirs, change))


@each_kind
def test_checkpointing_gives_the_same_gradients(name: str) -> None:
    ours, theirs = pair(name, 2)
    results: list[Any] = []
    for layer in (ours, theirs):
        x = draw(1, T, B, N).requires_grad_()
        output, _ = checkpoint(layer, x, use_reentrant=False)
        loss = output.square().sum()
        wanted = [x, *layer.parameters()]
        results.append(torch.autograd.grad(loss, wanted))
    assert_same(results[0], results[1])


@each_kind
def test_all_that_a_layer_keeps_can_be_packed_away(name: str) -> None:
    """Through the hooks by which checkpointing frees it: the graph itself holds no tensor."""
    ours, _ = pair(name, 2)
    with torch.autograd.graph.saved_tensors_hooks(len, lambda packed: packed):
        queue, collected = [ours(draw(1, T, B, N).requires_grad_())[0].grad_fn], set()
    while queue:
        node = queue.pop()
        if node is not None and node not in collected:
            collected.add(node)
            queue += [after for after, _ in node.next_functions]
            held = vars(node).values() if hasattr(node, "__dict__") else ()
            assert not [part for part in held if isinstance(part, Tensor | tuple)]


@pytest.mark.parametrize("p", [0.001, 0.1, 0.3, 0.5, 0.9985])
def test_dropout_rates_are_exact(p: float) -> None:
    n = 4_000_000
    x = torch.ones(n)
    found = dropout(x, p, torch.Generator().manual_seed(0))
    share = float((found == 0).double().mean())
    assert abs(share - p) < 4.5 * (p * (1 - p) / n) ** 0.5
    assert float(found.max()) == pytest.approx(1 / (1 - p), rel=1e-6)


@each_kind
def test_torchs_attributes_say_the_same(name: str) -> None:
    for options in ({}, {"bias": False}, {"bidirectional": True}):
        ours, theirs = pair(name, 2, **options)
        assert ours.mode == theirs.mode
        assert ours._all_weights == theirs._all_weights
        for found, expected in zip(ours._flat_weights, theirs._flat_weights, strict=True):
            assert torch.equal(found, expected)
        assert [len(w) for w in ours.all_weights] == [len(w) for w in theirs.all_weights]
        assert ours.all_weights[1][0] is ours.weight_ih_l1 or ours.bidirectional
        x = draw(1, T, B, N)
        assert ours.get_expected_hidden_size(x, None) == theirs.get_expected_hidden_size(x, None)
        if name == "LSTM":
            assert ours.get_expected_cell_size(x, None) == theirs.get_expected_cell_size(x, None)
        ours.flatten_parameters()
        torch.manual_seed(7)
        ours.reset_parameters()
        torch.manual_seed(7)
        theirs.reset_parameters()
        for found, expected in zip(ours.parameters(), theirs.parameters(), strict=True):
            assert torch.equal(found, expected)


@each_kind
def test_the_first_state_goes_by_two_names(name: str) -> None:
    ours, theirs = pair(name)
    x, h = draw(1, T, B, N), draw(3, 1, B, H)
    hx = (h, 2 * h) if name == "LSTM" else h
    for found in (ours(x, hx), ours(x, hx=hx), ours(input=x, state=hx)):
        assert_same(found, theirs(x, hx=hx))
    with pytest.raises(TypeError, match="one argument"):
        ours(x, hx, state=hx)


@pytest.mark.parametrize("bidirectional", [False, True])
@pytest.mark.parametrize("bias", [False, True])
def test_the_projected_lstm_is_torchs(bias: bool, bidirectional: bool) -> None:
    options = {"proj_size": 2, "bias": bias, "bidirectional": bidirectional, "batch_first": True}
    ours, theirs = pair("LSTM", 2, **options)
    assert [*ours.state_dict()] == [*theirs.state_dict()]
    assert ours.proj_size == theirs.proj_size == 2
    assert ours._all_weights == theirs._all_weights
    x, rows = draw(1, B, T, N), 4 if bidirectional else 2
    hx = (draw(2, rows, B, 2), draw(3, rows, B, H))
    lengths = torch.tensor([2, 5, 3])
    packed = nn.utils.rnn.pack_padded_sequence(x, lengths, True, False)
    for given in ((x,), (x, hx), (packed, hx), (x[0],)):
        found, expected = ours(*given), theirs(*given)
        assert_same(found[1], expected[1])
        if isinstance(found[0], Tensor):
            assert_same(found[0], expected[0])
    padded, _ = nn.utils.rnn.pad_packed_sequence(theirs(packed, hx)[0], True)
    assert_same(ours(x, hx, lengths=lengths)[0], padded)
    assert ours.get_expected_hidden_size(x, None) == theirs.get_expected_hidden_size(x, None)
    with pytest.raises(ValueError, match="no projection"):
        ours.cell()
    with pytest.raises(ValueError, match="hand-written path"):
        ours(x, probe=(torch.zeros(rows, T, B, H),) * 2)


@pytest.fixture
def unchecked() -> Iterator[None]:
    """As in use, where nothing compares arguments with the hints in the signatures."""
    before = jaxtyping.config.jaxtyping_disable
    jaxtyping.config.update("jaxtyping_disable", True)
    yield
    jaxtyping.config.update("jaxtyping_disable", before)


WRONG: dict[str, tuple[tuple[Any, ...], dict[str, Any]]] = {
    "bias=0": ((N, H), {"bias": 0}),
    "batch_first": ((N, H), {"batch_first": "False"}),
    "dropout": ((N, H), {"dropout": 1.5}),
    "dropout=True": ((N, H), {"dropout": True}),
    "input_size": ((N + 0.0, H), {}),
    "hidden_size": ((N, "H"), {}),
    "no inputs": ((0, H), {}),
    "no units": ((N, 0), {}),
    "no layers": ((N, H, 0), {}),
    "projection": ((N, H), {"proj_size": H}),
}


@each_kind
@pytest.mark.parametrize("wrong", WRONG)
@pytest.mark.usefixtures("unchecked")
def test_what_torch_refuses_to_build_is_refused(name: str, wrong: str) -> None:
    kind, reference, own = KINDS[name]
    sizes, options = WRONG[wrong]
    with pytest.raises((TypeError, ValueError)) as expected:
        reference(*sizes, **options)
    with pytest.raises(expected.type) as found:
        kind(*sizes, **options, **own)
    assert str(found.value) == str(expected.value)


@pytest.mark.usefixtures("unchecked")
def test_an_unknown_nonlinearity_is_refused_as_torchs() -> None:
    for given in ({"nonlinearity": "sigmoid"}, {"nonlinearity": True, "batch_first": 1}):
        with pytest.raises(ValueError, match="Unknown") as expected:
            nn.RNN(N, H, **given)
        with pytest.raises(ValueError, match="Unknown") as found:
            engine.RNN(N, H, **given)
        assert str(found.value) == str(expected.value)


@each_kind
def test_dropout_with_one_layer_is_warned_of(name: str) -> None:
    kind, reference, own = KINDS[name]
    for build in (reference, lambda *sizes, **given: kind(*sizes, **given, **own)):
        with pytest.warns(UserWarning, match="num_layers greater than 1"):
            assert build(N, H, dropout=0.5).dropout == 0.5


@each_kind
@pytest.mark.usefixtures("unchecked")
def test_what_torch_refuses_to_read_is_refused(name: str) -> None:
    ours, theirs = (layer.float() for layer in pair(name))
    x, h = torch.zeros(T, B, N), torch.zeros(1, B, H)
    both: Callable[[Tensor], Any] = lambda h: (h, h) if name == "LSTM" else h  # noqa: E731
    given: list[tuple[Any, ...]] = [
        (x.double(),),
        (x.long(),),
        (x[..., 1:],),
        (x.unsqueeze(0),),
        (x[:0],),
        (x, both(h[:, 1:])),
        (x, both(h.expand(2, B, H))),
        (x, both(h[0])),
        (x, both(h.double())),
        (x[:, 0], both(h[:, :1])),
    ]
    for arguments in given:
        with pytest.raises((ValueError, RuntimeError)) as expected:
            theirs(*arguments)
        with pytest.raises(expected.type):
            ours(*arguments)
    assert ours(x[:, :0])[0].shape == theirs(x[:, :0])[0].shape


def assert_equal_derivatives(name: str, take: Callable[[Any, Tensor], Any]) -> None:
    found, expected = (take(layer, draw(1, T, B, N)) for layer in pair(name, 2))
    assert_same(found, expected)


def squared(layer: nn.Module, parameters: dict[str, Tensor], x: Tensor) -> Tensor:
    output, _ = torch.func.functional_call(layer, parameters, (x,))
    total: Tensor = (output * output).sum()
    return total


DERIVATIVES: dict[str, Callable[[Any, Tensor], Any]] = {
    "grad": lambda layer, x: torch.func.grad(squared, 1)(
        layer, {k: p.detach() for k, p in layer.named_parameters()}, x
    ),
    "vjp": lambda layer, x: torch.func.vjp(lambda x: layer(x)[0], x)[1](draw(2, T, B, H)),
    "jvp": lambda layer, x: torch.func.jvp(lambda x: layer(x)[0], (x,), (x,)),
    "jacrev": lambda layer, x: torch.func.jacrev(lambda x: layer(x)[0])(x),
    "jacobian": lambda layer, x: torch.autograd.functional.jacobian(
        lambda x: layer(x)[0], x, vectorize=True
    ),
}


@each_kind
@pytest.mark.parametrize("kind", DERIVATIVES)
@pytest.mark.filterwarnings("ignore:.*torch.jit:DeprecationWarning")
@pytest.mark.usefixtures("unchecked")
def test_the_transforms_of_torch_func_give_torchs_derivatives(name: str, kind: str) -> None:
    assert_equal_derivatives(name, DERIVATIVES[kind])


@each_kind
@pytest.mark.parametrize("dtype", [torch.bfloat16, torch.float16])
def test_half_precision_is_as_precise_as_torchs(name: str, dtype: torch.dtype) -> None:
    """Beside float64 with the same rounded numbers: outputs and gradients."""
    kind, rival, own = KINDS[name]
    exact = rival(N, 8 * H, dtype=torch.float64).requires_grad_()
    exact.load_state_dict({k: v.to(dtype) for k, v in exact.state_dict().items()})
    x, errors = draw(1, 6 * T, B, N).to(dtype).double(), []

    def computed(layer: nn.Module, x: Tensor) -> list[Tensor]:
        output, _ = layer(x)
        found = torch.autograd.grad(output.sum(), list(layer.parameters()))
        return [y.detach().double() for y in (output, *found)]

    expected = computed(exact, x)
    for layer in (kind(N, 8 * H, **own, dtype=dtype), rival(N, 8 * H, dtype=dtype)):
        layer.load_state_dict(exact.state_dict())
        found = computed(layer, x.to(dtype))
        assert layer(x.to(dtype))[0].dtype == dtype
        pairs = zip(found, expected, strict=True)
        errors.append(max(float((a - b).norm() / b.norm()) for a, b in pairs))
    assert errors[0] <= 1.1 * errors[1]


def test_the_fused_layer_reads_half_precision_under_autocast_as_torchs_does() -> None:
    ours, theirs = engine.LSTM(N, H, fused=True), nn.LSTM(N, H)
    theirs.load_state_dict(ours.state_dict())
    for dtype in (torch.float16, torch.bfloat16):
        with torch.autocast("cpu", dtype):
            found, expected = (layer(draw(1, T, B, N).to(dtype)) for layer in (ours, theirs))
        assert_same(found, expected, 1e-2)
