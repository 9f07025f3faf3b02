"""The kinds of sequence problem (slides 8-15): where inputs go in, where answers come out, and what
that means for the gradient of each state.

Each is run as the lecture draws it, on a small plain RNN with untrained weights: every answer has a
loss of its own, and ∂e/∂h_t of their sum says how loudly the state of each step is told.
"""

from __future__ import annotations

from dataclasses import dataclass

import torch

from engine.errors import N_
from engine.gradients import probes
from engine.recurrent import RNN
from engine.results import ProblemKind

HIDDEN, SYMBOLS, SEED = 32, 16, 0


@dataclass(frozen=True)
class Layout:
    """One problem of the lecture: what each step reads, and what it has to answer, "" for nothing.

    `image` stands for a picture that gives h_0; `loops` for answers that are the next inputs.
    """

    reads: tuple[str, ...]
    answers: tuple[str, ...]
    image: bool = False
    loops: bool = False


CAPTION, TRANSLATION = "The dog is hiding", "Matches Nature is"  # slides 12 and 14
FRAME, RUN, JUMP = N_("frame"), N_("run"), N_("jump")

KINDS = {
    "one_to_one": Layout((N_("image"),), ("dog",)),
    "one_to_many": Layout(
        ("START", *CAPTION.split()), (*CAPTION.split(), "STOP"), image=True, loops=True
    ),
    "many_to_one": Layout(
        ("The", "food", "was", "really", "good"), ("", "", "", "", N_("positive"))
    ),
    "many_to_many": Layout(
        ("Correspondances", "La", "nature", "START", *TRANSLATION.split()[:-1]),
        ("", "", "", *TRANSLATION.split()),
        loops=True,
    ),
    "aligned": Layout((FRAME,) * 5, (RUN, RUN, JUMP, JUMP, RUN)),
    "loop": Layout(tuple("hell"), tuple("ello"), loops=True),
}
"""Slide 15's five, and the character model's loop (slides 8-10) as a sixth."""


def run(name: str) -> ProblemKind:
    """∂e/∂h_t of the problem `name`, a key of `KINDS`; KeyError for another."""
    layout = KINDS[name]
    steps, answered = len(layout.reads), [t for t, answer in enumerate(layout.answers) if answer]
    generator = torch.Generator().manual_seed(SEED)
    network = RNN(SYMBOLS, HIDDEN, generator=generator, dtype=torch.float64)
    output = torch.randn(SYMBOLS, HIDDEN, generator=generator, dtype=torch.float64) / HIDDEN**0.5
    known = {word: k for k, word in enumerate(dict.fromkeys(layout.reads + layout.answers))}
    ids = torch.tensor([known[word] for word in layout.reads])
    x = torch.nn.functional.one_hot(ids, SYMBOLS).double().unsqueeze(1)
    probe = probes(network, steps)
    start = torch.randn(1, 1, HIDDEN, generator=generator, dtype=x.dtype) * float(layout.image)
    states, _ = network(x, start.requires_grad_(), probe=probe)
    logits = states[answered, 0] @ output.T
    target = torch.tensor([known[layout.answers[t]] for t in answered])
    loss = torch.nn.functional.cross_entropy(logits, target, reduction="sum")
    to_steps, to_start = torch.autograd.grad(loss, (*probe, start))
    return ProblemKind(
        reads=layout.reads,
        answers=layout.answers,
        image=layout.image,
        loops=layout.loops,
        norms=to_steps[0, :, 0].norm(dim=-1).numpy(),
        image_norm=to_start.norm().item() if layout.image else None,
    )
