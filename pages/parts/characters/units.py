"""View: one hidden unit's activation as colours over the text, and units that follow something."""

from __future__ import annotations

import streamlit as st

from engine.errors import N_
from engine.figures import characters as figures
from engine.results import StateTrace, UnitMatch
from pages.parts.characters import compute
from pages.parts.characters.ask import Question
from pages.shared import links
from pages.shared.text import decimal, literal, translator
from pages.shared.tokens import Token, tokens

UNIT, PLACE = "characters_unit", "characters_place"
FEATURES = {
    "line": N_("the position in the line"),
    "quote": N_("being inside quotation marks"),
    "capital": N_("capital letters"),
}


def draw(question: Question) -> None:
    """A list of units that can be named, best first; the chosen one over the text."""
    _ = translator()
    memory, matches = compute.read(question)
    count = memory.h.shape[1]
    start = str(matches[0].unit) if matches else "0"
    unit = int(links.choice(UNIT, map(str, range(count)), start, always=True))
    _list(matches, unit)
    st.selectbox(
        _("Any of the {count} units of the top layer").format(count=count),
        [str(k) for k in range(count)],
        key=UNIT,
        width=260,
    )
    found = [match for match in matches if match.unit == unit]
    st.markdown(f"**{literal(sentence(unit, found))}**")
    _coloured(memory, unit)


def _list(matches: tuple[UnitMatch, ...], unit: int) -> None:
    """Buttons, the highest correlation first."""
    _ = translator()
    if not matches:
        st.caption(_("In this text nothing varies that a unit could follow."))
        return
    st.markdown(_("Units that follow something a reader can name, the closest first:"))
    seen: set[int] = set()
    with st.container(horizontal=True, gap="small", key="characters_units"):
        for match in matches:
            if match.unit in seen:
                continue
            seen.add(match.unit)
            st.button(
                _("Unit {unit}: {feature}, r = {r}").format(
                    unit=match.unit, feature=_(FEATURES[match.feature]), r=signed(match.correlation)
                ),
                key=f"characters_unit_{match.unit}",
                type="primary" if match.unit == unit else "secondary",
                on_click=links.set_values,
                args=({UNIT: str(match.unit)},),
            )


def sentence(unit: int, found: list[UnitMatch]) -> str:
    """What the unit follows, as far as it was found."""
    _ = translator()
    if not found:
        return _(
            "Unit {unit} follows none of these closely; the colours show what it does."
        ).format(unit=unit)
    told = [
        _("{feature} (r = {r})").format(
            feature=_(FEATURES[match.feature]), r=signed(match.correlation)
        )
        for match in found
    ]
    return _("Unit {unit} follows {list} in this text.").format(unit=unit, list=", ".join(told))


@st.fragment
def _coloured(memory: StateTrace, unit: int) -> None:
    """A tap reruns this part of the page only."""
    _ = translator()
    values = memory.h[:, unit]
    largest = float(abs(values).max())
    links.choice(PLACE, ["", *map(str, range(len(values)))], "")
    with st.container(border=True):
        tapped = tokens(
            [
                Token(
                    text="↵\n" if letter.text == "\n" else letter.text,
                    value=float(value) / largest if largest else None,
                    continues=False,
                    title=f"{figures.shown(letter.text)}: {signed(float(value))}",
                    room=1.0,
                )
                for letter, value in zip(memory.letters, values, strict=True)
            ],
            key=PLACE,
            label=_("The text, each character coloured by the unit's state after it"),
            flowing=True,
        )
    if tapped is None:
        st.caption(
            _(
                "Teal: the unit's h is above 0 after that character; orange: below; strongest at "
                "its largest size here, {largest}. A unit that correlates need not be the one that "
                "the network counts with."
            ).format(largest=decimal(largest, 2))
        )
    else:
        st.caption(
            _("After “{letter}” the unit's h is {value}.").format(
                letter=literal(figures.shown(memory.letters[tapped].text)),
                value=literal(signed(float(values[tapped]))),
            )
        )


def signed(value: float) -> str:
    """+0.82 or −0.82, as the language writes it."""
    return f"{'−' if value < 0 else '+'}{decimal(abs(value), 2)}"
