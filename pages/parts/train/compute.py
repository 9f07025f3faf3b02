"""What the page asks of the engine: nothing is computed here."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache

import streamlit as st

from engine.decoding import Choice
from engine.device import AUTO
from engine.results import OwnTrainingRecord
from engine.tasks.characters import own_record
from engine.tasks.characters.own import OwnTraining
from engine.tasks.characters.own_files import OwnModel
from engine.tasks.characters.own_plan import OwnText, Plan
from engine.tasks.characters.own_snapshot import write
from pages.parts.train.source import EXAMPLES, FOLDER
from pages.shared import jobs, live

SLOT = "train"
_OTHER, _FILE = "_train_other", "_train_bytes"


@lru_cache(maxsize=len(EXAMPLES))
def examples(name: str) -> tuple[OwnTrainingRecord, OwnTrainingRecord]:
    """The training that is there before anybody has started one, and the one beside it."""
    mine, other = own_record.load(FOLDER / f"{name}.json")
    return mine, other


def held() -> live.Live[OwnTraining] | None:
    """The session's training."""
    return live.held(SLOT)


def shown(example: str) -> OwnTrainingRecord:
    """The session's training, or the example's."""
    training = held()
    return examples(example)[0] if training is None else training.training.record


def other(example: str) -> OwnTrainingRecord:
    """What the shown run is compared with: the session's run before it, or an example."""
    before: OwnTrainingRecord | None = st.session_state.get(_OTHER)
    if before is not None:
        return before
    mine, beside = examples(example)
    return beside if held() is None else mine


def has_other() -> bool:
    """Whether the session has a run before the present one."""
    return _OTHER in st.session_state


def begin(text: OwnText, plan: Plan, start: OwnModel | None = None) -> live.Live[OwnTraining]:
    """A new training before its first iteration; an earlier one becomes the other run. A job,
    since encoding a text and the first sample take over 50 ms. Networks this small are faster on
    the CPU: only a device that was chosen is used.
    """
    chosen = st.session_state.get("device", AUTO)
    device = "cpu" if chosen == AUTO else chosen

    def work(_stop: jobs.Stop) -> Iterator[OwnTraining]:
        yield OwnTraining(text, plan, device, start)

    (training,) = jobs.wait(jobs.start("train_begin", object(), work))
    retire()
    return live.hold(SLOT, training)


def finish(training: live.Live[OwnTraining]) -> None:
    """Stops it, and looks at what it has learnt."""
    training.stop()

    def work(_stop: jobs.Stop) -> Iterator[None]:
        training.training.look()
        yield

    jobs.wait(jobs.start("train_look", object(), work))


def retire() -> None:
    """Lets the session's training go; if it has learnt anything it becomes the other run."""
    before = held()
    if before is not None and before.training.record.taken:
        before.stop()
        st.session_state[_OTHER] = before.training.record
    live.drop(SLOT)


def file(training: OwnTraining) -> bytes:
    """The model at rest as a file; made once for each iteration."""
    made: tuple[OwnTraining, int, bytes] | None = st.session_state.get(_FILE)
    taken = training.record.taken
    if made is None or made[0] is not training or made[1] != taken:
        made = (training, taken, training.file())
        st.session_state[_FILE] = made
    return made[2]


def written(
    owner: object, model: OwnModel, prompt: str, length: int, choice: Choice, seed: int
) -> str:
    """What a model writes; the same for the same seed. `owner` is what the model is a copy of."""

    def work(stop: jobs.Stop) -> Iterator[str]:
        network = model.build()
        network.eval().requires_grad_(False)
        yield from write(network, model.alphabet, prompt, length, choice, seed, stop)

    key = (owner, model.iterations, prompt, length, choice, seed)
    return "".join(jobs.wait(jobs.start("train_write", key, work)))
