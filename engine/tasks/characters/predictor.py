"""A trained character model in use: it writes, it reads, and it shows what it does meanwhile."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterator, Sequence
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import torch
from jaxtyping import Complex, Float
from numpy.typing import NDArray
from torch import Tensor

from engine import checkpoints, decoding
from engine.checkpoints import Header
from engine.decoding import Choice
from engine.device import resolve
from engine.errors import N_, InputError
from engine.gradients import norms_through_time
from engine.models.char_model import CharModel
from engine.models.char_step import State, Stepper
from engine.results import (
    Floats,
    GradientProfile,
    Letter,
    Piece,
    PredictionStep,
    StateTrace,
    UnitMatch,
    Verdict,
)
from engine.tasks.characters.data import encode
from engine.tasks.characters.units import unit_matches

Stop = Callable[[], bool]

CANDIDATES = 5
LONGEST_PROMPT = 2_000
"""Characters of a prompt or text that count: its last ones."""
WINDOW = 100
"""Characters whose influence is measured, the last ones."""


def load(path: Path, device: str = "cpu", moment: int | None = None) -> TextGenerator:
    """The model at `path`, ready to write; with `moment`, as it was at that iteration."""
    resolve(device)  # an unknown one is refused, although a single stream gains nothing from a GPU
    return TextGenerator(*load_network(path, moment=moment))


def load_network(
    path: Path, device: str = "cpu", moment: int | None = None
) -> tuple[Header, CharModel]:
    """Header and network of the model at `path`: its last weights, or those it had at iteration
    `moment`. KeyError when that was not kept."""
    return checkpoints.load_network(path, "characters", network, iteration=moment, device=device)


READING = ("alphabet", "moments", "steps", "rows")
"""The arguments in a header that do not say how the network is built."""


def network(*, hidden: int, layers: int, cell: str, **others: Any) -> CharModel:
    """The network that a header's arguments describe."""
    rest = {name: value for name, value in others.items() if name not in READING}
    return CharModel(len(others["alphabet"]), hidden, layers, cell, **rest)


def alphabet_of(header: Header) -> str:
    """The characters that the model knows, in the order of their numbers."""
    return "".join(map(chr, header.arguments["alphabet"]))


class TextGenerator:
    """A character model and its alphabet. Read-only: any number of threads may use it at once.

    Args:
        header: as the checkpoint has it.
        model: its network on the CPU, frozen; a single stream gains nothing from a GPU.
    """

    def __init__(self, header: Header, model: CharModel) -> None:
        self.header, self._model = header, model
        self.alphabet = alphabet_of(header)

    @property
    def moments(self) -> tuple[int, ...]:
        """The iterations whose weights are kept beside the last, in order."""
        return tuple(self.header.arguments["moments"])

    @property
    def characters_per_iteration(self) -> int:
        """Characters that one iteration of its training read."""
        return int(self.header.arguments["rows"] * self.header.arguments["steps"])

    @cached_property
    def _first(self) -> int:
        """What stands before a text's beginning: a line's end, or the first character there is."""
        return max(0, self.alphabet.find("\n"))

    def encode(self, text: str) -> list[int]:
        """The last characters of `text` as numbers, unknown ones left out; InputError when none is
        left although something was typed. Decomposed accents are composed, as in all alphabets."""
        ids = encode(unicodedata.normalize("NFC", text), self.alphabet)[-LONGEST_PROMPT:]
        if text and not ids:
            raise InputError(N_("This model has seen none of these characters."))
        return ids

    def write(
        self, prompt: str, length: int, choice: Choice, seed: int, stop: Stop | None = None
    ) -> Iterator[Letter]:
        """Up to `length` characters that follow `prompt`, which begins a line, one by one, until
        `stop()`."""
        stepper, ids = Stepper(self._model, int8=True), [self._first, *self.encode(prompt)]
        for token, logits in sample(stepper, ids, length, choice, seed, stop):
            yield self._letter(token, logits.softmax(-1))

    def candidates(self, text: str) -> tuple[tuple[str, float], ...]:
        """The five likeliest next characters after `text`, with probabilities, best first."""
        _, logits = read_prompt(Stepper(self._model), [self._first, *self.encode(text)])
        return self._likeliest(logits.softmax(-1))

    @torch.inference_mode()
    def read(self, text: str) -> StateTrace:
        """Each character's probability given those before it, and the states. The first one's is
        what the model gives it at the beginning of a line."""
        ids = self.encode(text) or [self._first]
        logits, h, _ = self._model(torch.tensor([self._first, *ids]).unsqueeze(1))
        p = logits[:-1, 0].softmax(-1)
        letters = [self._letter(token, row) for token, row in zip(ids, p, strict=True)]
        return StateTrace(tuple(letters), h[1:, 0].double().numpy())

    @torch.inference_mode()
    def step(self, text: str) -> PredictionStep:
        """What the last character of `text` does: one-hot input, state, logits, softmax."""
        ids = [self._first, *self.encode(text)]
        logits, h, _ = self._model(torch.tensor(ids).unsqueeze(1))
        last, arguments = logits[-1, 0].double(), self.header.arguments
        return PredictionStep(
            arguments["cell"],
            arguments["layers"],
            self.alphabet,
            ids[-1],
            h[-1, 0].double().numpy(),
            last.numpy(),
            last.softmax(-1).numpy(),
        )

    def unit_matches(self, trace: StateTrace, unit_count: int = 12) -> tuple[UnitMatch, ...]:
        """Units that follow the line's length, quotation marks or capitals, the closest first."""
        return unit_matches(trace, unit_count)

    def gradients(self, text: str) -> GradientProfile:
        """‖∂e/∂h_t‖ (and ‖∂e/∂c_t‖) of the top layer, e being the loss of the last character."""
        ids = self._at_least_two(text)
        probe = self._model.probes(len(ids) - 1)
        logits, _, _ = self._model(torch.tensor(ids[:-1]).unsqueeze(1), probe=probe)
        loss = torch.nn.functional.cross_entropy(logits[-1], torch.tensor(ids[-1:]))
        norms = [n[-1, :, 0].double().numpy() for n in norms_through_time(loss, probe)]
        right = float((-loss.detach()).exp())
        pieces = (Piece(self.alphabet[token], k, k + 1, False) for k, token in enumerate(ids[:-1]))
        last = Verdict((self.alphabet[ids[-1]], "other"), np.array([right, 1 - right]))
        h, c = (norms[0], None) if len(norms) == 1 else norms
        header = self.header
        cell = header.arguments["cell"]
        return GradientProfile(cell, header.name, header.parameters, tuple(pieces), last, h, c)

    @torch.inference_mode()
    def influence(self, text: str) -> Float[Floats, " T"]:
        """By how many nats log p of the last character falls when character t is left out.

        (T,), T being the number of known characters before the last; 0 for those further back than
        the last `WINDOW`.
        """
        ids = self._at_least_two(text)
        before, last = ids[:-1][-WINDOW:], ids[-1]
        column = torch.tensor(before).unsqueeze(1)
        logits, _, _ = self._model(column)
        log_p = float(logits[-1, 0].log_softmax(-1)[last])
        found = np.zeros(len(ids) - 1)
        if len(before) > 1:
            # Column k of the batch is the text without its k-th character.
            keep = ~torch.eye(len(before), dtype=torch.bool)
            without = column.expand(-1, len(before)).t()[keep].view(len(before), -1).t()
            logits, _, _ = self._model(without.contiguous())
            found[-len(before) :] = log_p - logits[-1].log_softmax(-1)[:, last].double().numpy()
        return found

    def eigenvalues(self, text: str) -> Complex[NDArray[np.complex128], " S"]:
        """Eigenvalues of the Jacobian of the top layer's state after the last character of `text`
        with respect to the state before it: of h, for the LSTM of h and c together."""
        ids = self._at_least_two(text)
        recurrent = self._model.recurrent
        with torch.no_grad():
            _, _, states = self._model(torch.tensor(ids[:-1]).unsqueeze(1))
            x = states[0].new_zeros(1, self._model.vocabulary)
            x[0, ids[-1]] = 1
            for layer in range(recurrent.num_layers - 1):
                x, _ = recurrent.cell(layer)(x, tuple(state[layer] for state in states))
        cell = recurrent.cell(recurrent.num_layers - 1)

        def step(state: Tensor) -> Tensor:
            _, after = cell(x, state.split(recurrent.hidden_size, 1))
            return torch.cat(after, 1)[0]

        before = torch.cat([state[-1] for state in states], 1)
        jacobian = torch.autograd.functional.jacobian(step, before)[:, 0]
        found: NDArray[np.complex128] = torch.linalg.eigvals(jacobian.double()).numpy()
        return found

    def _at_least_two(self, text: str) -> list[int]:
        ids = self.encode(text)
        if len(ids) < 2:
            raise InputError(N_("Two characters that the model knows are needed at least."))
        return ids

    def _letter(self, token: int, p: Tensor) -> Letter:
        return Letter(self.alphabet[token], float(p[token]), self._likeliest(p))

    def _likeliest(self, p: Tensor) -> tuple[tuple[str, float], ...]:
        best = p.topk(min(CANDIDATES, p.numel()))
        pairs = zip(best.values.tolist(), best.indices.tolist(), strict=True)
        return tuple((self.alphabet[token], probability) for probability, token in pairs)


def read_prompt(stepper: Stepper, ids: Sequence[int]) -> tuple[State, Float[Tensor, " V"]]:
    """The state after reading `ids`, at least one, and the logits of what follows."""
    state = stepper.start()
    first, *rest = ids
    logits = stepper.step(first, state)
    for token in rest:
        logits = stepper.step(token, state)
    return state, logits


def sample(
    stepper: Stepper,
    ids: Sequence[int],
    length: int,
    choice: Choice,
    seed: int,
    stop: Callable[[], bool] | None = None,
) -> Iterator[tuple[int, Float[Tensor, " V"]]]:
    """Up to `length` characters that follow `ids`, each with the logits it was sampled from, until
    `stop()`; the logits are valid until the next one. The same for the same seed."""
    generator = torch.Generator().manual_seed(seed)
    state, logits = read_prompt(stepper, ids)
    for _ in range(length):
        if stop is not None and stop():
            return
        token = decoding.sample(logits, choice, generator)
        yield token, logits
        logits = stepper.step(token, state)
