"""The same in PyTorch: programs as a reader can paste them; a test runs every one."""

from __future__ import annotations

_SETUP = """\
import torch
from torch import nn

x = torch.eye(4)[[0, 1, 2, 2]]      # "hell" one-hot: 4 steps, letters h e l o
"""

CELL = {
    "rnn": _SETUP
    + """
cell = nn.RNNCell(4, 3, bias=False)  # the slide's cell has no bias
h = torch.zeros(3)
for x_t in x:
    h = cell(x_t, h)                 # tanh(W_x x_t + W_h h)
""",
    "lstm": _SETUP
    + """
cell = nn.LSTMCell(4, 3)             # rows stacked i, f, g, o; two biases
h, c = torch.zeros(3), torch.zeros(3)
for x_t in x:
    h, c = cell(x_t, (h, c))
""",
    "gru": _SETUP
    + """
W_x, W_h, b = torch.randn(9, 4), torch.randn(9, 3), torch.randn(9)
h = torch.zeros(3)
for x_t in x:                        # the lecture's GRU: nn.GRUCell is another one
    x_r, x_z, x_n = (W_x @ x_t + b).chunk(3)
    W_r, W_z, W_n = W_h.chunk(3)
    r, z = torch.sigmoid(x_r + W_r @ h), torch.sigmoid(x_z + W_z @ h)
    n = torch.tanh(x_n + W_n @ (r * h))
    h = (1 - z) * h + z * n
""",
}

UNROLLED = (
    _SETUP
    + """target = torch.tensor([1, 2, 2, 3])  # "ello"

rnn, W_y = nn.RNN(4, 3, bias=False), nn.Linear(3, 4, bias=False)
h, _ = rnn(x)                        # h_1 … h_4, the same weights at every step
h.retain_grad()                      # the part of ∂e/∂h_t that comes from y_t alone
loss = nn.functional.cross_entropy(W_y(h), target, reduction="sum")
loss.backward()
"""
)

GRUS = (
    _SETUP
    + """
gru = nn.GRU(4, 3)
with torch.no_grad():                # PyTorch's z is the lecture's 1 − z
    for p in (gru.weight_ih_l0, gru.weight_hh_l0, gru.bias_ih_l0, gru.bias_hh_l0):
        p[3:6].neg_()                # rows are stacked r, z, n
h, _ = gru(x)                        # z is mended; r still comes after the product
"""
)

LAYERS = (
    _SETUP
    + """
rnn = nn.LSTM(4, 3, num_layers=2, bidirectional=True)
h, _ = rnn(x)                        # (4, 6): → and ← side by side
count = sum(p.numel() for p in rnn.parameters())
"""
)
