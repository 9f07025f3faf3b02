"""Predict, then see: a question with a few answers before a result is shown, and a score that
stays: across pages in the session, and across reloads in the browser's own storage.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass

import streamlit as st

from pages.shared.text import _

_MADE, _SKIPPED, _LOADED = "_bets", "_bets_skipped", "_bets_loaded"

MOST, LONGEST = 500, 200
"""Bets that are kept, and characters of an id."""

_memory = st.components.v2.component(
    "rnnlab_bets",
    js="""
export default function ({ data, setStateValue }) {
  const key = "rnnlab-bets"
  try {
    if (data.loaded) localStorage.setItem(key, data.made)
    else setStateValue("kept", localStorage.getItem(key) ?? "{}")
  } catch {
    // A browser that keeps nothing: the score is the session's.
  }
}
""",
)


@dataclass(frozen=True)
class Bet:
    """A question (Markdown) by its `id`, its answers by id with their names in English, and which
    answer is right."""

    id: str
    question: str
    answers: Mapping[str, str]
    right: str


def ask(bet: Bet, key: str) -> bool:
    """Draws the question, or what was answered; whether the result may be seen. `key` begins the
    names of the buttons."""
    made = _made()
    skipped: set[str] = st.session_state.setdefault(_SKIPPED, set())

    def answer(chosen: str) -> None:
        record(bet.id, chosen, right=chosen == bet.right)

    with st.container(border=True, gap="small", key=f"{key}_bet"):
        if bet.id not in made and bet.id not in skipped:
            st.markdown(bet.question)
            with st.container(horizontal=True, gap="small"):
                for id, name in bet.answers.items():
                    label = _(name)
                    st.button(label, key=f"{key}_bet_{id}", on_click=answer, args=(id,))
                st.button(
                    _("Show without a bet"),
                    key=f"{key}_no_bet",
                    type="tertiary",
                    on_click=skipped.add,
                    args=(bet.id,),
                )
            return False
        if bet.id in made:
            good, chosen = made[bet.id]
            mark = ":green[:material/check_circle:]" if good else ":orange[:material/cancel:]"
            text = _("You bet “{bet}”: right.") if good else _("You bet “{bet}”: not this time.")
            st.markdown(f"{mark} {text.format(bet=_(bet.answers.get(chosen, chosen)))}")
        score(key)
    return True


def record(id: str, chosen: str, *, right: bool) -> None:
    """Notes the first answer to a question; later ones do not count."""
    made = _made()
    if len(made) < MOST:
        made.setdefault(id[:LONGEST], (right, chosen))


def score(key: str) -> None:
    """How many of all bets were right; draws nothing that is seen before the first."""
    made = _made()
    kept = {id: [good, chosen] for id, (good, chosen) in made.items()}

    def load() -> None:
        st.session_state[_LOADED] = True
        for id, (good, chosen) in parse(str(st.session_state[f"{key}_memory"].kept)).items():
            made.setdefault(id, (good, chosen))

    if made:
        text = _("Your bets so far, on all pages: {right} of {all} right.")
        right = sum(good for good, _chosen in made.values())
        st.caption(text.format(right=right, all=len(made)))
    _memory(
        key=f"{key}_memory",
        data={"loaded": bool(st.session_state.get(_LOADED)), "made": json.dumps(kept)},
        height=0,
        on_kept_change=load,
    )


def parse(kept: str) -> dict[str, tuple[bool, str]]:
    """What a browser had kept; nothing where it is not what was written there."""
    try:
        found = json.loads(kept)
        return {
            str(id)[:LONGEST]: (bool(good), str(chosen)[:LONGEST])
            for id, (good, chosen) in list(found.items())[:MOST]
        }
    except (AttributeError, TypeError, ValueError, RecursionError):
        return {}


def _made() -> dict[str, tuple[bool, str]]:
    """Right or not, and the answer, by question."""
    made: dict[str, tuple[bool, str]] = st.session_state.setdefault(_MADE, {})
    return made
