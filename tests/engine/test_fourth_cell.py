"""A fourth cell, entered in the table of cells and nowhere else: everything that works for the
three works for it.

The minimal gated unit (Zhou, Wu, Zhang & Zhou 2016, eqs. 5a-5c): one gate f that both forgets what
is old and chooses what of the state the candidate sees.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pytest
import torch
from torch import Tensor, nn

from engine.cells import CELLS, Cell, CellSpec, ElmanCell, State, cell_name, extend, register
from engine.decoding import Choice
from engine.figures import race
from engine.figures.style import cell_style
from engine.figures.train import window
from engine.gradients import probes
from engine.lab import paths_back
from engine.models.char_model import CharModel
from engine.models.char_step import Stepper
from engine.recurrent import build_layer, init_keep_gate_bias_
from engine.tasks.characters.own_files import Plan, check, from_bytes
from engine.tasks.characters.own_training import OwnTraining
from engine.tasks.memory import Plan as RacePlan
from engine.tasks.memory import Race
from tests.engine.tasks import characters_small as small

NAME, T, B, N, H = "mgu", 6, 3, 4, 5


class MGUGates(NamedTuple):
    f: Tensor
    n: Tensor
    h: Tensor


class MGUCell(Cell):
    """f = σ(W_f [x; h] + b_f),  n = tanh(W_n [x; f ⊙ h] + b_n),  h' = (1 − f) ⊙ h + f ⊙ n."""

    gate_names = ("f", "n")

    def gates(self, x: Tensor, state: State) -> MGUGates:
        (h,) = state
        x_f, x_n = self.split_gates(self.from_input(x))
        W_f, W_n = self.split_gates(self.weight_hh, 0)
        b_f, b_n = (None, None) if self.bias_hh is None else self.split_gates(self.bias_hh)
        f = torch.sigmoid(x_f + nn.functional.linear(h, W_f, b_f))
        n = torch.tanh(x_n + nn.functional.linear(f * h, W_n, b_n))
        h = (1 - f) * h + f * n
        return MGUGates(f, n, h)

    def forward(self, x: Tensor, state: State) -> tuple[Tensor, State]:
        h = self.gates(x, state).h
        return h, (h,)


@pytest.fixture(autouse=True)
def mgu() -> Iterator[None]:
    register(NAME, CellSpec(MGUCell, sigmoids=("f",), keep_gate="f", keep_sign=-1))
    yield
    del CELLS[NAME]


def seeded(seed: int = 0) -> torch.Generator:
    return torch.Generator().manual_seed(seed)


def drawn(*shape: int) -> Tensor:
    return torch.randn(shape, generator=seeded(7), dtype=torch.float64)


def test_its_layer_steps_the_cell_and_hands_out_every_gradient() -> None:
    layer = build_layer(NAME, N, H, 2, bidirectional=True, generator=seeded(), dtype=torch.float64)
    x = drawn(T, B, N)
    probe = probes(layer, T, B)
    output, final = layer(x, lengths=torch.tensor([6, 2, 4]), probe=probe)
    assert output.shape == (T, B, 2 * H)
    assert final.shape == (4, B, H)
    cell, state = layer.cell(0), layer.cell(0).initial_state(B)
    for x_t in x:
        _, state = cell(x_t, state)
    alone = build_layer(NAME, N, H, generator=seeded(), dtype=torch.float64)
    alone.load_state_dict({k: v for k, v in layer.state_dict().items() if k.endswith("_l0")})
    torch.testing.assert_close(alone(x)[1][0], state[0])
    (gradient,) = torch.autograd.grad(output.sum(), probe, retain_graph=True)
    assert bool((gradient[0, :2, 1] != 0).any(-1).all())
    assert bool((gradient[:, 2:, 1] == 0).all())  # beyond the second sequence's end
    output.sum().backward()
    assert all(bool(p.grad is not None and p.grad.any()) for p in layer.parameters())


def test_its_probe_gives_the_whole_gradient() -> None:
    """Against a finite difference: what is added to h_t changes all that comes after it."""
    layer = build_layer(NAME, N, H, generator=seeded(), dtype=torch.float64)
    x, probe = drawn(T, 1, N), probes(layer, T)
    (gradient,) = torch.autograd.grad(layer(x, probe=probe)[0].square().sum(), probe)
    small_step = 1e-6
    for t in (0, 3, 5):
        moved = torch.zeros_like(probe[0])
        moved[0, t, 0, 2] = small_step
        above = layer(x, probe=(moved,))[0].square().sum()
        below = layer(x, probe=(-moved,))[0].square().sum()
        wanted = float((above - below).detach()) / (2 * small_step)
        assert float(gradient[0, t, 0, 2]) == pytest.approx(wanted, rel=1e-5)


def test_its_keeping_gate_starts_with_the_sign_turned() -> None:
    layer = build_layer(NAME, N, H)
    init_keep_gate_bias_(layer, 2.0, exact=True)
    assert layer.get_parameter("bias_ih_l0")[:H].tolist() == [-2.0] * H
    assert layer.get_parameter("bias_hh_l0")[:H].tolist() == [0.0] * H
    assert not bool((layer.get_parameter("bias_ih_l0")[H:] == -2.0).any())


def test_it_learns_in_the_race_beside_the_others() -> None:
    ran = Race(RacePlan(task="recall", lag=3, hidden=16, steps=160, seconds=60.0, matched=True))
    while not ran.finished:
        ran.advance(10.0, lambda: False)
    lane = {lane.cell: lane for lane in ran.result.lanes}[NAME]
    assert lane.loss[-1] < 0.5 * lane.loss[0]
    assert lane.c is None
    assert lane.parameters == pytest.approx(ran.result.lanes[1].parameters, rel=0.05)
    figure = race.by_lag(ran.result, str)
    assert "MGU ∂e/∂h" in [curve.name for curve in figure.data]
    assert "MGU" in race.progress_alt(ran.result, str)
    assert cell_style(NAME).colour == cell_style("another").colour


def test_it_learns_as_a_character_model_and_writes(tmp_path: Path) -> None:
    recipe = replace(small.TINY, cell=NAME, layers=2)
    writer = small.writer(tmp_path, recipe)
    text = [letter.text for letter in writer.write("Mot ", 30, Choice(), seed=0)]
    assert len(text) == 30


def test_the_plain_cell_writes_what_the_layer_says() -> None:
    model = CharModel(7, 6, 2, NAME, generator=seeded()).eval().requires_grad_(False)
    stepper, tokens = Stepper(model, int8=True), [3, 0, 6, 2]
    state = stepper.start()
    found = torch.stack([stepper.step(token, state).clone() for token in tokens])
    logits, _, _ = model(torch.tensor(tokens).unsqueeze(1))
    torch.testing.assert_close(found, logits[:, 0])


def test_it_learns_somebodys_own_text() -> None:
    plan = Plan(cell=NAME, hidden=32, steps=10, iterations=60, rate=0.02)
    training = OwnTraining(check("The owl looked up, the owl looked down,\n" * 8), plan)
    while not training.finished:
        training.advance(5.0, lambda: False)
    record = training.record
    assert record.nats < 0.75 * record.guess
    assert record.c is None
    assert window.by_lag(record, str).data[0].name.startswith("MGU")
    assert from_bytes("own.safetensors", training.file()).cell == NAME


def test_its_paths_back_are_measured() -> None:
    found = {one.cell: one for one in paths_back.compare(8, 20, "2", 1.0, 0)}[NAME]
    assert found.norms.direct is not None
    assert found.keep_factor == pytest.approx(1 / (1 + np.exp(-2.0)), abs=0.1)
    assert np.isfinite(found.norms.h).all()


def test_a_cell_is_entered_once() -> None:
    with pytest.raises(ValueError, match="already"):
        register(NAME, CellSpec(MGUCell))
    with pytest.raises(ValueError, match="already"):
        register("another", CellSpec(MGUCell))
    with pytest.raises(ValueError, match="already"):
        extend(ElmanCell, layer=lambda: None)
    with pytest.raises(ValueError, match="no gates"):
        CellSpec(MGUCell, keep_gate="z")
    assert cell_name(MGUCell) == NAME
