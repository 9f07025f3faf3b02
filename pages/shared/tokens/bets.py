"""Predict, then see: a question with a few answers before a result is shown, and a score that
stays: across pages in the session, and across reloads in the browser's own storage.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass

import streamlit as st

from pages.shared.text import _, literal

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
    answers, id = made(), bet.id[:LONGEST]
    skipped: set[str] = st.session_state.setdefault(_SKIPPED, set())

    def answer(chosen: str) -> None:
        record(id, chosen, right=chosen == bet.right)

    with st.container(border=id in answers or id not in skipped, gap="small", key=f"{key}_bet"):
        if id not in answers and id not in skipped:
            st.markdown(bet.question)
            with st.container(horizontal=True, gap="small"):
                for each, name in bet.answers.items():
                    st.button(_(name), key=f"{key}_bet_{each}", on_click=answer, args=(each,))
                st.button(
                    _("Show without a bet"),
                    key=f"{key}_no_bet",
                    type="tertiary",
                    on_click=skipped.add,
                    args=(id,),
                )
            return False
        if id in answers:
            right, chosen = answers[id]
            tell(_(bet.answers[chosen]) if chosen in bet.answers else literal(chosen), right=right)
        score(key)
    return True


def tell(name: str, *, right: bool) -> None:
    """What was bet, and whether it was right."""
    mark = ":green[:material/check_circle:]" if right else ":orange[:material/cancel:]"
    text = _("You bet “{bet}”: right.") if right else _("You bet “{bet}”: not this time.")
    st.markdown(f"{mark} {text.format(bet=name)}")


def record(id: str, chosen: str, *, right: bool) -> None:
    """Notes the first answer to a question; later ones do not count."""
    if len(made()) < MOST:
        made().setdefault(id[:LONGEST], (right, chosen))


def score(key: str) -> None:
    """How many of all bets were right; draws nothing that is seen before the first."""
    answers = made()

    def load() -> None:
        st.session_state[_LOADED] = True
        for id, (good, chosen) in parse(str(st.session_state[f"{key}_memory"].kept)).items():
            answers.setdefault(id, (good, chosen))

    if answers:
        text = _("Your bets so far, on all pages: {right} of {all} right.")
        right = sum(good for good, _chosen in answers.values())
        st.caption(text.format(right=right, all=len(answers)))
    _memory(
        key=f"{key}_memory",
        data={"loaded": bool(st.session_state.get(_LOADED)), "made": json.dumps(answers)},
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


def made() -> dict[str, tuple[bool, str]]:
    """Right or not, and the answer, by the question's id."""
    found: dict[str, tuple[bool, str]] = st.session_state.setdefault(_MADE, {})
    return found
