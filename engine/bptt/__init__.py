"""The cells over a whole sequence, with back-propagation through time written by hand.

Shapes: x (T, B, I), states and gates (T, B, H) or stacked (T, B, gates·H), h_0 and c_0 (B, H).
Symbols as in `cells`; e is the loss, a a pre-activation, and ∂a short for ∂e/∂a.

**Backward** (slide 29, in full). Unrolled in time, the network is one deep feed-forward network in
which h_t is read by the output y_t and by step t + 1. Its gradient is the sum of both:

    ∂h_t   = (∂e/∂h_t from y_t)  +  W_hᵀ ∂a_{t+1}  (+ the cell's element-wise paths)
    ∂a_t   = ∂h_t ⊙ (local derivative of the gate at t)
    ∂W_h   = Σ_t ∂a_t h_{t-1}ᵀ       ∂W_x = Σ_t ∂a_t x_tᵀ       ∂b = Σ_t ∂a_t       ∂x_t = W_xᵀ ∂a_t

The sums over t run over the copies of the shared weights (slide 25): one matrix product at the end.
Each cell derives its local derivatives in its own file: `elman`, `lstm`, `gru`, `gru_reset_after`.

**Why it is fast.** All inputs go through W_x in one product. Local derivatives are taken for all t
at once, *in place, in the buffers that become ∂a*, so that the loop over time holds one matrix
product and a few multiplications. That spends the gates that `forward` kept; a second backward pass
over the same graph (`retain_graph=True`) therefore computes them anew.

**Mixed precision.** Under `torch.autocast` products with W_x and W_h are taken in its type, each
weight rounded once; states, gates, their derivatives and all sums over t stay in float32.

**Probes.** Each function takes an optional tensor of zeros with the shape of the states, thought of
as added to every state. Its gradient is ∂e/∂h_t (or ∂e/∂c_t) for all t, all paths included. Only
its gradient is used; without a second derivative its values are not even read.

**Second derivatives.** What is done in place cannot be differentiated. Under `create_graph=True`,
and under the transforms of `torch.func`, each file's `plain` runs the cell's own equations step by
step instead; autograd does the rest, as often as asked (`second_order`). Always in full precision.
"""

from engine.bptt.elman import elman as elman
from engine.bptt.gru import gru as gru
from engine.bptt.gru_reset_after import gru_reset_after as gru_reset_after
from engine.bptt.lstm import lstm as lstm
from engine.cells import ElmanCell, GRUCell, LSTMCell, extend

extend(ElmanCell, sequence=elman)
extend(LSTMCell, sequence=lstm)
extend(GRUCell, sequence=gru)
