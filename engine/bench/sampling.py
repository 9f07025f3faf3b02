"""How fast one stream is written: our step beside a loop over torch.nn's layer, in turns.

Both draw every character from softmax(logits) and feed it back. The limit is what the products
alone take: the same weights, multiplied back to back.
"""

from __future__ import annotations

from collections.abc import Callable
from time import perf_counter

import torch
from torch import Tensor, nn

from engine.decoding import Choice, sample
from engine.models.char_model import CharModel
from engine.models.char_step import Stepper, product

VOCABULARY, HIDDEN, LAYERS = 65, 512, 2
CHARACTERS = 60
"""Characters per measurement."""


def ours(model: CharModel, int8: bool) -> Callable[[int], None]:
    """Writes that many characters with the hand-written step."""
    stepper, generator = Stepper(model, int8), torch.Generator().manual_seed(0)
    choice = Choice(temperature=1.0)

    def write(count: int) -> None:
        state, token = stepper.start(), 0
        for _ in range(count):
            token = sample(stepper.step(token, state), choice, generator)

    return write


def theirs(model: CharModel) -> Callable[[int], None]:
    """The usual loop: nn.LSTM on one one-hot step, linear, softmax, multinomial."""
    layer = nn.LSTM(VOCABULARY, model.recurrent.hidden_size, model.recurrent.num_layers)
    layer.load_state_dict(model.recurrent.state_dict())
    layer.requires_grad_(False)

    def write(count: int) -> None:
        generator = torch.Generator().manual_seed(0)
        state: tuple[Tensor, Tensor] | None = None
        token = torch.zeros(1, dtype=torch.long)
        with torch.no_grad():
            for _ in range(count):
                x = nn.functional.one_hot(token, VOCABULARY).float().unsqueeze(0)
                h, state = layer(x, state)
                p = model.output(h[0]).softmax(-1)
                token = torch.multinomial(p[0], 1, generator=generator)

    return write


def products(model: CharModel) -> Callable[[int], None]:
    """Nothing but the matrix products of a step, back to back, as the step takes them."""
    r = model.recurrent
    matrices = [r.weights(0).W_h, model.output.weight]
    matrices += [torch.cat(r.weights(k)[:2], 1) for k in range(1, r.num_layers)]
    multiplied = [product(W.detach(), torch.empty(1, len(W)), int8=False) for W in matrices]
    given = [(torch.randn(1, W.size(1)), torch.zeros(len(W))) for W in matrices]

    def multiply(count: int) -> None:
        with torch.inference_mode():
            for _ in range(count):
                for times_W, (x, b) in zip(multiplied, given, strict=True):
                    times_W(x, b)

    return multiply


def milliseconds(
    rounds: int, count: int = CHARACTERS, hidden: int = HIDDEN
) -> dict[str, list[float]]:
    """Milliseconds per character in each round: "float32", "int8", "torch.nn" and the "limit"."""
    generator = torch.Generator().manual_seed(0)
    model = CharModel(VOCABULARY, hidden, LAYERS, generator=generator).eval().requires_grad_(False)
    writers = {
        "float32": ours(model, int8=False),
        "int8": ours(model, int8=True),
        "torch.nn": theirs(model),
        "limit": products(model),
    }
    times: dict[str, list[float]] = {name: [] for name in writers}
    for write in writers.values():
        write(2)  # whatever is set up once is not measured
    for _ in range(rounds):
        for name, write in writers.items():
            start = perf_counter()
            write(count)
            times[name].append((perf_counter() - start) / count * 1000)
    return times
