"""What comes from outside to be trained, and goes out again: texts, plans, models as files.

Nothing is trusted: every size is bounded here, and a model's file is checked before it is read.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass, field
from typing import Any, NoReturn

import torch
from torch import Tensor

from engine import checkpoints
from engine.cells import CELLS, DEFAULT_CELL
from engine.checkpoints import Header
from engine.errors import N_, InputError
from engine.language.text import without_surrogates
from engine.models.char_model import CharModel

MEGABYTES = 2
LARGEST = MEGABYTES * 2**20
"""Bytes that a text may have in UTF-8."""

LEAST = 200
"""Characters that a text needs."""

MOST_KINDS = 512
"""Different characters that a text may have: the input is one-hot over them."""

MOST_HIDDEN, MOST_LAYERS, MOST_STEPS, MOST_ITERATIONS = 256, 3, 200, 3000
MOST_ROWS, WINDOWS = 16, 4
"""At most so many streams side by side, each of at least so many windows: else no stream would
ever go on from a state, and truncation would show nothing."""

_CONTROLS = dict.fromkeys(k for k in (*range(32), *range(127, 160)) if chr(k) not in "\n\t")

KIND, NAME = "characters", "own-text"
FILE_MEGABYTES = 5
"""Megabytes of an uploaded model: more than the largest that can be trained here."""

WEIGHT, MARK = "F16", "U8"
"""Types that `to_bytes` writes, as safetensors calls them. Sums of such weights stay finite."""


@dataclass(frozen=True)
class Plan:
    """One training. InputError where a size is out of bounds.

    Args:
        steps: characters that the gradient sees: truncated BPTT.
        rate: learning rate of Adam.
        clip: the largest gradient norm; 0 turns clipping off.
        seconds: of computing, after which it ends, whatever the iterations.
    """

    cell: str = DEFAULT_CELL
    hidden: int = 128
    layers: int = 1
    steps: int = 50
    rate: float = 0.01
    clip: float = 1.0
    iterations: int = 300
    seed: int = 0
    seconds: float = 300.0

    def __post_init__(self) -> None:
        if self.cell not in CELLS:
            raise InputError(N_("There is no cell called {name}."), name=str(self.cell)[:20])
        check_size("hidden", self.hidden, MOST_HIDDEN)
        check_size("layers", self.layers, MOST_LAYERS)
        check_size("steps", self.steps, MOST_STEPS)
        check_size("iterations", self.iterations, MOST_ITERATIONS)
        if not (0 < self.rate <= 1 and self.clip >= 0 and 0 < self.seconds <= 3600):
            raise InputError(N_("Rate, clipping or time are out of bounds."))

    def rows(self, characters: int) -> int:
        """Streams that a text of so many characters is read in."""
        return max(1, min(MOST_ROWS, characters // (WINDOWS * self.steps)))


@dataclass(frozen=True)
class OwnText:
    """A text that can be learnt from, and every character it has, sorted."""

    text: str
    alphabet: str


def check_size(name: str, value: Any, most: int) -> int:
    """`value` if it is a whole number from 1 to `most`; InputError otherwise."""
    if type(value) is not int or not 1 <= value <= most:
        raise InputError(
            N_("{name} must be a whole number from 1 to {most}, not {value}."),
            name=name,
            most=most,
            value=str(value)[:20],
        )
    return value


def check(text: str) -> OwnText:
    """The text in NFC with \\n line ends; InputError, saying why, if nothing can be learnt from it.

    Control characters other than line ends and tabs are left out, and so are lone surrogates.
    """
    text = without_surrogates(text)
    _refuse_large(len(text.encode()))
    lines = text.replace("\r\n", "\n").replace("\r", "\n")
    whole = unicodedata.normalize("NFC", lines)
    kept = whole.translate(_CONTROLS)
    if len(kept.strip()) < LEAST:
        raise InputError(
            N_(
                "The text has {count} characters; at least {least} are needed, and some thousand "
                "are better: a network learns from what comes again and again."
            ),
            count=len(kept.strip()),
            least=LEAST,
        )
    kinds = sorted(set(kept))
    if len(kinds) < 2:
        raise InputError(
            N_(
                "The text consists of one character only, so there is nothing to predict: what "
                "comes next is always the same."
            )
        )
    if len(kinds) > MOST_KINDS:
        raise InputError(
            N_(
                "The text has {count} different characters; at most {most} are possible, since "
                "each one is an input and an output of the network."
            ),
            count=len(kinds),
            most=MOST_KINDS,
        )
    return OwnText(kept, "".join(kinds))


def _refuse_large(size: int) -> None:
    if size > LARGEST:
        raise InputError(
            N_("The text has {size} MB; at most {most} MB can be trained on here."),
            size=round(size / 2**20, 1),
            most=MEGABYTES,
        )


@dataclass(frozen=True, eq=False)
class OwnModel:
    """A character model at rest: what builds it, its weights in float32, iterations it had."""

    alphabet: str
    cell: str
    hidden: int
    layers: int
    iterations: int
    weights: dict[str, Tensor] = field(repr=False)

    def build(self, device: torch.device | str = "cpu") -> CharModel:
        """A network of its own with these weights: training it leaves the weights here alone."""
        model = _empty(self.alphabet, self.cell, self.hidden, self.layers)
        copies = {name: w.detach().clone() for name, w in self.weights.items()}
        checkpoints.fill(model, copies, NAME)
        return model.to(device)


def to_bytes(model: OwnModel, plan: Plan, rows: int, seconds: float) -> bytes:
    """The model as a .safetensors file with our header, in float16. The text is not in it."""
    header = Header(
        model=KIND,
        name=NAME,
        arguments={
            "cell": model.cell,
            "hidden": model.hidden,
            "layers": model.layers,
            "alphabet": [ord(character) for character in model.alphabet],
            "moments": [],
            "steps": plan.steps,
            "rows": rows,
        },
        recipe={
            "iterations": model.iterations,
            "learning_rate": plan.rate,
            "clip": plan.clip,
        },
        seed=plan.seed,
        data=[{"name": "own text", "source": "whoever trained it", "terms": "theirs"}],
        metrics={},
        seconds=round(seconds, 1),
        device="RNN Lab",
    )
    try:
        return checkpoints.pack(header, model.weights, "float16")
    except ValueError as error:
        raise InputError(N_("The weights have become too large to be stored.")) from error


def from_bytes(name: str, data: bytes) -> OwnModel:
    """The model in a file that came from anywhere; InputError, saying what is wrong, for any file
    but one that `to_bytes` could have written. Nothing is made before all sizes are known."""
    fits = int.from_bytes(data[:8], "little") <= len(data) - 8
    is_container = data[8:9] == b"{" and fits
    if is_container:  # what it is matters more than how large it is
        header, found = checkpoints.peek(name, data)
        _refuse_other(name, header)
    if len(data) > FILE_MEGABYTES * 2**20:
        raise InputError(
            N_("{file} has {size} MB; a model from here has at most {most} MB."),
            file=name,
            size=round(len(data) / 2**20, 1),
            most=FILE_MEGABYTES,
        )
    if not is_container:
        raise InputError(N_("{file} is no .safetensors file, or only a part of one."), file=name)
    arguments = _arguments(name, header)
    _check_shapes(name, arguments, found.shapes)
    _, weights = checkpoints.unpack(name, data)
    return OwnModel(**arguments, weights=weights)


def _refuse_other(name: str, header: Header) -> None:
    """InputError for a model that was not trained on this page, saying what it is."""
    file, model = name, header.name
    if (header.model, model) == (KIND, NAME):
        return
    match header.model:
        case "characters":
            raise InputError(
                N_(
                    "{file} is the model {model}. It writes on the page Characters and is not "
                    "trained here."
                ),
                file=file, model=model,
            )  # fmt: skip
        case "sentiment":
            raise InputError(
                N_(
                    "{file} is the model {model}. It reads sentiment: only models that write go "
                    "here."
                ),
                file=file, model=model,
            )  # fmt: skip
        case "captions":
            raise InputError(
                N_(
                    "{file} is the model {model}. It describes photos: only models that write go "
                    "here."
                ),
                file=file, model=model,
            )  # fmt: skip
        case "translation":
            raise InputError(
                N_("{file} is the model {model}. It translates: only models that write go here."),
                file=file, model=model,
            )  # fmt: skip
        case "accents":
            raise InputError(
                N_(
                    "{file} is the model {model}. It adds accents to Vietnamese: only models that "
                    "write go here."
                ),
                file=file, model=model,
            )  # fmt: skip
        case kind:
            raise InputError(
                N_("{file} is the model {model} of another kind ({kind})."),
                file=file, model=model, kind=kind,
            )  # fmt: skip


def _arguments(name: str, header: Header) -> dict[str, Any]:
    """What builds the model, each value within the bounds of this page."""
    given = header.arguments
    if given.get("cell") not in tuple(CELLS):
        _refuse(name, "cell")
    codes, iterations = given.get("alphabet"), header.recipe.get("iterations", 0)
    if not isinstance(codes, list) or not 2 <= len(codes) <= MOST_KINDS:
        _refuse(name, "alphabet")
    fits = all(type(c) is int and 0 < c < 0x110000 and not 0xD800 <= c < 0xE000 for c in codes)
    if not fits or len(set(codes)) < len(codes):
        _refuse(name, "alphabet")
    return {
        "alphabet": "".join(map(chr, codes)),
        "cell": given["cell"],
        "hidden": check_size("hidden", given.get("hidden"), MOST_HIDDEN),
        "layers": check_size("layers", given.get("layers"), MOST_LAYERS),
        "iterations": iterations if type(iterations) is int and 0 <= iterations < 10**9 else 0,
    }


def _check_shapes(
    name: str, arguments: dict[str, Any], found: dict[str, tuple[str, tuple[int, ...]]]
) -> None:
    """InputError unless the file has exactly the tensors of such a model, by name, shape, type."""
    shape = {key: arguments[key] for key in ("alphabet", "cell", "hidden", "layers")}
    own = _empty(**shape).state_dict()
    wanted = {key: tuple(tensor.shape) for key, tensor in own.items()}
    checkpoints.check_shapes(name, wanted, {key: shape for key, (_, shape) in found.items()})
    for key, (dtype, _) in sorted(found.items()):
        due = WEIGHT if own[key].is_floating_point() else MARK
        if dtype != due:
            raise InputError(
                N_("{file} has weights {key} as {found}; a model from here has {wanted}."),
                file=name,
                key=key,
                found=dtype,
                wanted=due,
            )


def _empty(alphabet: str, cell: str, hidden: int, layers: int) -> CharModel:
    """The network without memory for its weights."""
    with torch.device("meta"):
        return CharModel(len(alphabet), hidden, layers, cell)


def _refuse(name: str, what: str) -> NoReturn:
    raise InputError(N_("{file} has something unusable as its {field}."), file=name, field=what)
