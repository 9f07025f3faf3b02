"""The session's training on one's own text: what it holds, and what its buttons do.

Nothing is computed here: what takes long goes to a worker.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

import streamlit as st

from engine.decoding import Choice
from engine.device import AUTO
from engine.errors import N_, InputError
from engine.results import OwnTrainingRecord
from engine.tasks.characters import own_training
from engine.tasks.characters.own_files import OwnModel, OwnText, Plan, check
from engine.tasks.characters.own_training import OwnTraining, write
from pages.shared import jobs, live
from pages.shared.text import ASSETS
from pages.shared.uploads import TextFile

SLOT = "train"
FOLDER = ASSETS / "own_text"
EXAMPLES = {"jack": N_("The house that Jack built"), "rhymes": N_("Vietnamese folk rhymes")}
"""Texts that are here, by the name of their files in FOLDER."""


@dataclass
class Session:
    """What the visitor has brought, and the run before the present one (`previous`).

    `text_file` and `model_file` are uploads: the file's name, and what is in it or why it cannot be
    used. `checked_text` is the last text that was checked, and what came of it. `saved` holds the
    present model's file, with the training and the iteration that it is of.
    """

    text_file: tuple[str, TextFile | InputError] | None = None
    checked_text: tuple[str, OwnText | InputError] | None = None
    model_file: tuple[str, OwnModel | InputError] | None = None
    previous: OwnTrainingRecord | None = None
    saved: tuple[OwnTraining, int, bytes] | None = None

    def check(self, raw: str) -> OwnText | InputError:
        """The text as it is learnt; checked once, not in every run."""
        if self.checked_text is None or self.checked_text[0] != raw:
            try:
                self.checked_text = raw, check(raw)
            except InputError as error:
                self.checked_text = raw, error
        return self.checked_text[1]

    @property
    def uploaded_model(self) -> OwnModel | None:
        """The model that was uploaded, if it is one."""
        found = self.model_file[1] if self.model_file else None
        return found if isinstance(found, OwnModel) else None

    def file(self, training: OwnTraining) -> bytes:
        """A training's model as a file; made once for each iteration."""
        taken = training.record.taken
        if self.saved is None or self.saved[0] is not training or self.saved[1] != taken:
            self.saved = training, taken, training.file()
        return self.saved[2]


def session() -> Session:
    """This visitor's own."""
    found: Session = st.session_state.setdefault("_train", Session())
    return found


def current() -> live.LiveTraining[OwnTraining] | None:
    """The session's training, if it has one."""
    return live.current(SLOT)


@lru_cache(maxsize=len(EXAMPLES))
def examples(name: str) -> tuple[OwnTrainingRecord, OwnTrainingRecord]:
    """The training that is there before anybody has started one, and the one it is compared with.

    `name` is one of EXAMPLES.
    """
    first, second = own_training.load_records(FOLDER / f"{name}.json")
    return first, second


def record(example: str) -> OwnTrainingRecord:
    """The record of the session's training, or of the example's."""
    training = current()
    return examples(example)[0] if training is None else training.training.record


def other_record(example: str) -> OwnTrainingRecord:
    """What `record` is compared with: the session's run before it, or an example."""
    if (previous := session().previous) is not None:
        return previous
    first, second = examples(example)
    return second if current() is None else first


def draw_buttons() -> None:
    """Start, pause, resume, step, stop, reset: `act` does at the start of the next run what was
    pressed."""
    with st.container(horizontal=True):
        live.buttons(SLOT, "model_training")


def act(text: OwnText | InputError, plan: Plan) -> None:
    """Does what a button has asked for; InputError where it cannot be done."""

    def go_on() -> None:
        _begin(text, plan, session().uploaded_model).resume()

    def stop() -> None:
        if (training := current()) is not None:
            training.stop()
            network = training.training
            jobs.once("train_look", object(), lambda _stop: network.snapshot(), private=True)

    actions = {"continue": go_on, "stop": stop, "reset": _retire}
    live.run_command(SLOT, lambda: _begin(text, plan), actions)


def _begin(
    text: OwnText | InputError, plan: Plan, start: OwnModel | None = None
) -> live.LiveTraining[OwnTraining]:
    """A new training before its first iteration, of the model `start` or of a new one.

    A job, since encoding a text and the first sample take over 50 ms. Networks this small are
    faster on the CPU: only a device that was chosen is used.
    """
    if isinstance(text, InputError):
        raise text
    chosen = st.session_state.get("device", AUTO)
    device = "cpu" if chosen == AUTO else chosen
    training = jobs.once(
        "train_begin",
        object(),
        lambda _stop: OwnTraining(text, plan, device, start),
        private=True,
    )
    _retire()
    return live.replace(SLOT, training)


def _retire() -> None:
    """Lets the session's training go; if it has learnt anything it becomes the previous run."""
    before = current()
    if before is not None and before.training.record.taken:
        before.stop()
        session().previous = before.training.record
    live.discard(SLOT)


def sample(
    owner: object, model: OwnModel, prompt: str, length: int, choice: Choice, seed: int
) -> str:
    """`length` characters that a model writes after `prompt`; the same for the same seed.

    `owner` is what the model is a copy of.
    """

    def work(stop: jobs.Stop) -> Iterator[str]:
        network = model.build()
        network.eval().requires_grad_(False)
        yield from write(network, model.alphabet, prompt, length, choice, seed, stop)

    key = (owner, model.iterations, prompt, length, choice, seed)
    return "".join(jobs.wait(jobs.start("train_write", key, work, private=True)))
