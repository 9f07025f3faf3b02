"""A training run: the step that every model is trained by, and its exact resume from disk."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator, Set
from dataclasses import asdict
from hashlib import blake2b
from pathlib import Path
from typing import Any, NoReturn, Protocol, cast

import torch
from jaxtyping import Float, Shaped
from torch import Tensor, nn
from torch.optim.swa_utils import get_ema_multi_avg_fn

from engine import checkpoints, distributed
from engine.checkpoints import Weights
from engine.errors import N_, InputError
from engine.training.recipe import Settings, Step

Carry = tuple[Shaped[Tensor, "..."], ...]
"""What one batch hands to the next, such as a layer's last states."""
RENAMED = {"average": "ema_decay", "mixed": "mixed_precision"}
"""Settings that earlier states have under other names."""


class Trainable(Protocol):
    """What training asks of a model; the loss is a mean over the rows of its batch."""

    def loss(
        self, batch: Any, carry: Carry | None = None, generator: torch.Generator | None = None
    ) -> tuple[Float[Tensor, ""], Carry | None]:
        """The mean loss of a batch, and the state that the next batch continues from."""


class TrainingRun:
    """One training under way: owns the model's optimiser, randomness, carry and averaged weights.

    All gradients are views of one vector, whose last element is the loss: one operation clears,
    measures or clips them, and one exchange averages them over processes. A parameter that the loss
    did not touch has gradient zero.
    """

    def __init__(self, model: nn.Module, batches: Callable[[int], Any], settings: Settings) -> None:
        self.model, self.batches, self.settings = model, batches, settings
        self.step = 0
        self.carry: Carry | None = None
        distributed.broadcast_([t.data for t in model.state_dict().values()])
        self._weights = {n: p for n, p in model.named_parameters() if p.requires_grad}
        self._gradient = _shared_gradient(list(self._weights.values()))
        self._generator = torch.Generator(self._gradient.device)
        self._optimiser = _optimiser(self._weights.values(), settings.weight_decay)
        self._average = {
            n: w.detach().clone() for n, w in self._weights.items() if settings.ema_decay > 0
        }

    def take(self) -> Step:
        """Takes one step. Raises InputError, with the weights untouched, if the numbers blow up."""
        self.model.train()
        self._generator.manual_seed(step_seed(self.settings.seed, self.step))
        loss, norm, carry = self._backward()
        limit = self.settings.clip
        clipped = min(norm, limit) if limit > 0 else norm
        if clipped < norm:
            self._gradient.mul_(limit / norm)
        rate = self.settings.rate(self.step)
        for group in self._optimiser.param_groups:
            group["lr"] = rate
        self._optimiser.step()
        self.step += 1
        self.carry = carry
        if self._average:
            # A short memory at first, so that the average soon forgets the random start.
            update = get_ema_multi_avg_fn(min(self.settings.ema_decay, self.step / (self.step + 9)))
            update([*self._average.values()], [*self._weights.values()], self.step)
        return Step(self.step, loss, norm, clipped, rate)

    def _backward(self) -> tuple[float, float, Carry | None]:
        self._gradient.zero_()
        model, batch = cast(Trainable, self.model), self.batches(self.step)
        with torch.autocast(
            self._gradient.device.type, torch.bfloat16, enabled=self.settings.mixed_precision
        ):
            loss, carry = model.loss(batch, carry=self.carry, generator=self._generator)
        loss.backward()
        self._gradient[-1] = loss.detach()
        distributed.average_(self._gradient)
        value, norm = float(self._gradient[-1]), float(self._gradient[:-1].norm())
        if not (math.isfinite(value) and math.isfinite(norm)):
            raise InputError(
                N_("Training diverged at step {step} (NaN/∞): lower the rate or clip more."),
                step=self.step + 1,
            )
        return value, norm, None if carry is None else tuple(t.detach() for t in carry)

    def averaged(self) -> Weights:
        """A copy of the model's state dict with the running average in the weights' place."""
        state = {name: t.detach().clone() for name, t in self.model.state_dict().items()}
        averages = {self._weights[name]: t for name, t in self._average.items()}
        # A weight that two layers share has two names in the state dict, but one average.
        for name, weight in self.model.named_parameters(remove_duplicate=False):
            if weight in averages:
                state[name] = averages[weight].clone()
        return state

    def state(self) -> Weights:
        """Everything that exact resume needs, under flat names. Every process must call it."""
        state = self._tensors() | (self._moments() if self.step else {})
        for i, tensor in enumerate(self.carry or ()):
            for rank, part in enumerate(distributed.gather(tensor)):
                state[f"carry.{rank}.{i}"] = part
        state = {name: tensor.detach().clone().cpu() for name, tensor in state.items()}
        return {"step": torch.tensor(self.step), **state}

    def restore(self, state: Weights) -> None:
        """Continues from what `state()` gave; InputError if it belongs to another model or run."""
        rest = {name: t for name, t in state.items() if not name.startswith("carry.")}
        count = rest.pop("step", torch.tensor(0))
        carry = _own_carry(state.keys() - rest.keys() - {"step"})
        own = self._tensors() | (self._moments() if count.any() else {})
        here, there = own | {"step": torch.tensor(0)}, rest | {"step": count}
        for name in sorted(here.keys() | there.keys()):
            a, b = here.get(name), there.get(name)
            if a is None or b is None or (a.shape, a.dtype) != (b.shape, b.dtype):
                _refuse_state(name)
        if not 0 <= int(count) <= self.settings.steps:
            _refuse_state("step")
        with torch.no_grad():
            for name, tensor in own.items():
                tensor.copy_(state[name])
        self.step = int(count)
        self.carry = tuple(state[name].to(self._gradient.device) for name in carry) or None

    def _tensors(self) -> Weights:
        """Model and average themselves, under their names in a state."""
        tensors = {f"model.{n}": t for n, t in self.model.state_dict().items()}
        return tensors | {f"average.{n}": t for n, t in self._average.items()}

    def _moments(self) -> Weights:
        """The optimiser's tensors by name; fresh ones where it has not taken a step yet."""
        moments: Weights = {}
        for name, weight in self._weights.items():
            state = self._optimiser.state[weight]
            if not state:
                state["step"] = torch.zeros((), device=weight.device)
                state["exp_avg"] = torch.zeros_like(weight)
                state["exp_avg_sq"] = torch.zeros_like(weight)
            moments |= {f"moments.{name}.{kind}": tensor for kind, tensor in state.items()}
        return moments


def train(
    model: nn.Module,
    batches: Callable[[int], Any],
    settings: Settings,
    run: TrainingRun | None = None,
) -> Iterator[Step]:
    """Trains `model`, yielding every step as it is taken; `run` continues what is under way."""
    run = run or TrainingRun(model, batches, settings)
    while run.step < settings.steps:
        yield run.take()


def save(run: TrainingRun, path: Path, seconds: float) -> None:
    """Writes the run to `path`, with the seconds it has trained. Every process must call it."""
    state = run.state()
    if distributed.rank() == 0:
        checkpoints.save_training(path, state, asdict(run.settings), seconds)
    distributed.wait()


def resume(run: TrainingRun, path: Path) -> float:
    """Continues what `save` wrote; returns its seconds. InputError if it was another training."""
    state, settings, seconds = checkpoints.load_training(path)
    settings = {RENAMED.get(name, name): value for name, value in settings.items()}
    if settings != asdict(run.settings):
        raise InputError(
            N_("{file} was trained with other settings, so it cannot be resumed."), file=path.name
        )
    run.restore(state)
    return seconds


def _shared_gradient(weights: list[nn.Parameter]) -> Tensor:
    """One vector with room for every gradient and one number more; each `grad` is a view of it."""
    gradient = weights[0].new_zeros(sum(w.numel() for w in weights) + 1)
    for weight, part in zip(
        weights, gradient[:-1].split([w.numel() for w in weights]), strict=True
    ):
        weight.grad = part.view_as(weight)
    return gradient


def _optimiser(weights: Iterable[nn.Parameter], decay: float) -> torch.optim.AdamW:
    """AdamW that lets matrices decay, but no vectors: nothing is gained by smaller biases."""
    matrices: list[nn.Parameter] = []
    vectors: list[nn.Parameter] = []
    for weight in weights:
        (matrices if weight.dim() > 1 else vectors).append(weight)
    groups = [{"params": matrices, "weight_decay": decay}, {"params": vectors, "weight_decay": 0.0}]
    return torch.optim.AdamW(groups, fused=True)


def step_seed(seed: int, step: int) -> int:
    """A seed for one step of this process, as unrelated to its neighbours' as a hash makes it."""
    digest = blake2b(f"{seed} {step} {distributed.rank()}".encode(), digest_size=8).digest()
    return int.from_bytes(digest, "big") >> 1


def _own_carry(names: Set[str]) -> list[str]:
    """Which tensors of a state are this process's carry, in order."""
    ranks = len({name.split(".")[1] for name in names})
    count = len(names) // ranks if ranks else 0
    mine = [f"carry.{distributed.rank()}.{i}" for i in range(count)]
    if ranks not in (0, distributed.world()) or not names >= set(mine):
        raise InputError(
            N_("This training ran in {before} processes and can only go on in as many."),
            before=ranks,
        )
    return mine


def _refuse_state(name: str) -> NoReturn:
    raise InputError(
        N_("This training state belongs to another model: {name} does not fit."), name=name
    )
