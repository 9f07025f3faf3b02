"""The same in PyTorch: one short program per figure, which the tests run."""

from __future__ import annotations

from engine.lab.jacobians import Network

_MATRICES = {
    "gaussian": "W = torch.randn({n}, {n}); W *= {rho} / torch.linalg.eigvals(W).abs().max()",
    "triangular": "W = {rho} * torch.eye({n}) + {excess} * torch.ones({n}, {n}).triu(1)",
    "orthogonal": "W = {rho} * torch.linalg.qr(torch.randn({n}, {n})).Q",
    "identity": "W = {rho} * torch.eye({n})",
    "saturated": "W = {rho} / 0.2**0.5 * torch.tensor([[1.5, -2.0], [1.0, -1.2]])",
}

_BY_LAG = """import torch

torch.set_default_dtype(torch.float64)
{matrix}
h, slopes = {start}, []
for _ in range({length} + 300):                # 300 steps to forget the start
    a = {pre}
    h = {activation}
    slopes.append({slope})
J, norms = torch.eye({n}), []
for slope in reversed(slopes[-{length}:]):     # from the last step back
    norms.append(torch.linalg.matrix_norm(J, 2))
    J = J @ (slope[:, None] * W)               # J · diag(1 − h²) · W_h
"""


def by_lag(network: Network) -> str:
    """‖∂h_n/∂h_k‖ by lag with the numbers of the figure; another draw of the random numbers."""
    relu, held = network.activation == "relu", network.kind == "saturated"
    numbers = {"n": network.size, "rho": network.radius, "excess": network.excess}
    noise = f"{network.scale} * torch.randn({network.size})"
    start = f"torch.randn({network.size})"
    return _BY_LAG.format(
        matrix=_MATRICES[network.kind].format(**numbers),
        start=f"{start}.abs()" if relu else f"torch.tanh({start})",
        pre=f"torch.tensor([0.0, 20.0]) + {noise}" if held else f"W @ h + {noise}",
        activation="torch.relu(a)" if relu else "torch.tanh(a)",
        slope="(h > 0).double()" if relu else "1 - h**2",
        length=network.length,
        n=network.size,
    )


BY_HAND = """import torch
from torch.nn.functional import cross_entropy

torch.set_default_dtype(torch.float64)
x, target = torch.eye(4)[[0, 1, 2, 2]], torch.tensor([1, 2, 2, 3])     # "hello"
W_x, W_h, W_y = torch.randn(2, 4), torch.randn(2, 2, requires_grad=True), torch.randn(4, 2)
states = [torch.zeros(2)]
for x_t in x:
    states.append(torch.tanh(W_x @ x_t + W_h @ states[-1]))
for h in states[1:]:
    h.retain_grad()                                                    # keeps ∂e/∂h_t
cross_entropy(torch.stack(states[1:]) @ W_y.T, target, reduction="sum").backward()
copies = [torch.outer((1 - h**2) * h.grad, before)                     # slide 29
          for before, h in zip(states[:-1], states[1:])]
assert torch.allclose(sum(copies), W_h.grad)
"""

PATHS = """import torch

torch.set_default_dtype(torch.float64)
H, T, bias = 64, 100, 2.0
lstm = torch.nn.LSTMCell(8, H)
with torch.no_grad():
    lstm.bias_ih[H:2 * H], lstm.bias_hh[H:2 * H] = bias, 0     # rows i, f, g, o
h = c = torch.zeros(1, H)
cells = []
for _ in range(T):
    h, c = lstm(torch.randn(1, 8), (h, c))
    c.retain_grad()                                            # ∂e/∂c_t, all paths
    cells.append(c)
(h @ torch.randn(H)).backward()
norms = [c.grad.norm() / cells[-1].grad.norm() for c in reversed(cells)]
"""

CLIP = """import torch

rnn, rate, limit = torch.nn.RNN(1, 32), 0.3, 1.0
optimiser = torch.optim.SGD(rnn.parameters(), lr=rate)
with torch.no_grad():
    rnn.weight_hh_l0.normal_()
    rnn.weight_hh_l0 *= 2.0 / torch.linalg.eigvals(rnn.weight_hh_l0).abs().max()
for step in range(10):
    states, _ = rnn(0.1 * torch.randn(40, 32, 1))
    loss = states[-1].square().mean()
    optimiser.zero_grad()
    loss.backward()
    norm = torch.nn.utils.clip_grad_norm_(rnn.parameters(), limit)     # the norm before clipping
    optimiser.step()
"""
