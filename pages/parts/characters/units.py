"""The view of single units: which follow something that can be named, one of them over the text,
and which are on in a stretch of it that the reader taps.
"""

from __future__ import annotations

import re

import streamlit as st

from engine.errors import N_
from engine.figures.candidates import visible
from engine.results import StateTrace, UnitMatch
from engine.tasks.characters import units
from pages.parts.characters import compute, controls
from pages.shared import links, views
from pages.shared.text import _, decimal, literal, percent
from pages.shared.tokens import token, tokens

UNIT, PLACE, STRETCH = "characters_unit", "characters_place", "characters_stretch"
MOST_UNITS, MOST_PLACES = 5, 6
"""Units and passages that are listed for a stretch of the text."""

MOST_QUOTED, AROUND = 60, 12
"""Characters of a passage that are shown, and of what stands before and after it."""

FEATURES = {
    "line": N_("the position in the line"),
    "quote": N_("being inside quotation marks"),
    "capital": N_("capital letters"),
}


def draw() -> None:
    """View: a list of units that can be named, best first; the chosen one over the text, in which a
    stretch can be tapped whose units are then found."""
    query = controls.settle()
    picture, side = views.stage()
    with side:
        controls.draw_model(query)
        trace, matches = compute.read(query)
        count = trace.h.shape[1]
        start = str(matches[0].unit) if matches else "0"
        unit = int(links.choice(UNIT, map(str, range(count)), start, always=True))
        stretch = _stretch(len(trace.letters))
        if stretch:
            _draw_stretch(trace, unit, *stretch)
        _unit_buttons(matches, unit)
        st.selectbox(
            _("Any of the {count} units of the top layer").format(count=count),
            [str(k) for k in range(count)],
            key=UNIT,
        )
    with picture:
        found = [match for match in matches if match.unit == unit]
        st.markdown(f"**{literal(unit_sentence(unit, found))}**")
        _activations(trace, unit, stretch)


def _stretch(length: int) -> tuple[int, int] | None:
    """The stretch of the text that was tapped: its first character and the one after its last; one
    character alone is one, too."""
    found = re.fullmatch(r"(\d{1,4})(?:-(\d{1,4}))?", links.text(STRETCH, ""))
    if not found:
        return None
    ends = [int(each) for each in found.groups() if each]
    return (min(ends), max(ends) + 1) if max(ends) < length else None


def _draw_stretch(trace: StateTrace, unit: int, start: int, stop: int) -> None:
    """The units that are on in the stretch and off elsewhere; where else the chosen one is on."""
    said = visible(trace.text[start:stop])
    st.markdown(
        literal(_("On in “{stretch}”, and least elsewhere:").format(stretch=said[:MOST_QUOTED]))
    )
    found = units.units_in_stretch(trace, start, stop, MOST_UNITS)
    with st.container(horizontal=True, gap="small", key="characters_stretch_units"):
        for each in found:
            text = _("Unit {unit} ({sign}): {here} here, {elsewhere} elsewhere")
            st.button(
                text.format(
                    unit=each.unit,
                    sign="+" if each.sign > 0 else "−",
                    here=literal(percent(each.here)),
                    elsewhere=literal(percent(each.elsewhere)),
                ),
                key=f"characters_stretch_{each.unit}_{each.sign}",
                icon=":material/check:" if each.unit == unit else None,
                on_click=links.set_values,
                args=({UNIT: str(each.unit)},),
            )
        st.button(
            _("Forget the stretch"),
            key="characters_no_stretch",
            type="tertiary",
            on_click=links.set_values,
            args=({STRETCH: ""},),
        )
    if not found:
        st.caption(_("No unit is on at most of these characters."))
    else:
        chosen = next((each for each in found if each.unit == unit), found[0])
        unit = chosen.unit
        places = units.other_places(trace, unit, chosen.sign, start, stop, MOST_PLACES)
        quotes = [f"- {_quoted(trace.text, *place)}" for place in places]
        text = _("Elsewhere in this text unit {unit} is on here:").format(unit=unit)
        nowhere = _("Nowhere else in this text unit {unit} is on.").format(unit=unit)
        st.markdown("\n".join([text, "", *quotes]) if quotes else nowhere)
    st.caption(
        _(
            "On: h has this sign and at least {share} of the unit's largest size here. Among "
            "hundreds of units some are on in a short stretch by chance: the other places tell."
        ).format(share=literal(percent(units.ON)))
    )


def _quoted(text: str, start: int, stop: int) -> str:
    """A passage between brackets with what stands around it, as Markdown."""
    before, piece, after = (
        text[max(0, start - 12) : start],
        text[start:stop],
        text[stop : stop + 12],
    )
    if len(piece) > MOST_QUOTED:
        piece = piece[: MOST_QUOTED - 1] + "…"
    return literal(f"…{before}[{piece}]{after}…".replace("\n", "↵"))


def _unit_buttons(matches: tuple[UnitMatch, ...], unit: int) -> None:
    """Buttons, the highest correlation first."""
    if not matches:
        st.caption(_("In this text nothing varies that a unit could follow."))
        return
    st.markdown(_("Units that follow something a reader can name, the closest first:"))
    first = {match.unit: match for match in reversed(matches)}
    with st.container(horizontal=True, gap="small", key="characters_units"):
        for match in matches:
            if match is not first[match.unit]:
                continue
            st.button(
                _("Unit {unit}: {feature}, r = {r}").format(
                    unit=match.unit, feature=_(FEATURES[match.feature]), r=signed(match.correlation)
                ),
                key=f"characters_unit_{match.unit}",
                icon=":material/check:" if match.unit == unit else None,
                on_click=links.set_values,
                args=({UNIT: str(match.unit)},),
            )


def unit_sentence(unit: int, found: list[UnitMatch]) -> str:
    """What the unit follows, as far as it was found."""
    if not found:
        return _(
            "Unit {unit} follows none of these closely; the colours show what it does."
        ).format(unit=unit)
    listed = [
        _("{feature} (r = {r})").format(
            feature=_(FEATURES[match.feature]), r=signed(match.correlation)
        )
        for match in found
    ]
    return _("Unit {unit} follows {list} in this text.").format(unit=unit, list=", ".join(listed))


def _activations(trace: StateTrace, unit: int, stretch: tuple[int, int] | None) -> None:
    """The text in the unit's colours. A tap begins a stretch, the next one ends it."""
    values = trace.h[:, unit]
    largest = float(abs(values).max())

    def tap(index: int) -> None:
        begun = str(st.session_state.get(STRETCH, ""))
        ends = "" if begun == str(index) else str(index)
        links.set_values({STRETCH: f"{begun}-{index}" if ends and begun.isdecimal() else ends})

    with st.container(border=True):
        tokens(
            [
                token(
                    "↵\n" if letter.text == "\n" else letter.text,
                    float(value) / largest if largest else None,
                    f"{visible(letter.text)}: {signed(float(value))}",
                )
                for letter, value in zip(trace.letters, values, strict=True)
            ],
            key=PLACE,
            label=_("The text, each character coloured by the unit's state after it"),
            flowing=True,
            stretch=stretch or (0, 0),
            on_tap=tap,
        )
    if stretch is None:
        st.caption(
            _(
                "Teal: the unit's h is above 0 after that character; orange: below; strongest at "
                "its largest size here, {largest}. A unit that correlates need not be the one that "
                "the network counts with. Tap the first and the last character of a stretch: which "
                "units are on there?"
            ).format(largest=decimal(largest, 2))
        )
    elif stretch[1] - stretch[0] == 1:
        st.caption(
            _(
                "After “{letter}” the unit's h is {value}. Tap another character: the stretch "
                "reaches to it."
            ).format(
                letter=literal(visible(trace.letters[stretch[0]].text)),
                value=literal(signed(float(values[stretch[0]]))),
            )
        )


def signed(value: float) -> str:
    """+0.82 or −0.82, as the language writes it."""
    return f"{'−' if value < 0 else '+'}{decimal(abs(value), 2)}"
