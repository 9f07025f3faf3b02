"""The page "Gradients" run by Streamlit itself: bets, presets, views, links, hostile input."""

from __future__ import annotations

from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from engine.lab.exploding import Network
from pages.parts.gradients import controls
from pages.shared import links
from tests.pages.opened import opened, widget


@pytest.fixture(autouse=True)
def _small(monkeypatch: pytest.MonkeyPatch) -> None:
    """What the page shows first, at sizes that are computed at once."""
    monkeypatch.setattr("engine.lab.exploding.WARM_UP", 20)
    choice = links.choice

    def small(key: str, ids: Any, default: str) -> str:
        defaults = {controls.SIZE: "16", controls.LENGTH: "50"}
        return choice(key, ids, defaults.get(key, default))

    monkeypatch.setattr(links, "choice", small)


def page(lang: str = "en", **query: str) -> AppTest:
    """The page, opened by a link with this `query`."""
    return opened("gradients", {"lang": lang, **query}, 60)


def said(at: AppTest) -> str:
    elements = [*at.markdown, *at.caption, *at.subheader, *at.title, *at.error]
    return "\n".join(str(element.value) for element in elements)


def alts(at: AppTest) -> list[str]:
    return [chart.proto.alt for chart in at.get("plotly_chart")]


@pytest.mark.parametrize("lang", ["en", "vi"])
def test_a_worked_example_is_there(lang: str) -> None:
    at = page(lang)
    assert len(at.title) == 1
    assert widget(at, controls.PRESET).value == "vanishes"
    assert len(at.get("plotly_chart")) == 2  # by lag, eigenvalues
    assert "10" in said(at)


def test_a_preset_asks_for_a_bet_and_counts_it_once() -> None:
    at = page()
    widget(at, controls.PRESET).set_value("explodes").run()
    assert widget(at, controls.RHO).value == "2.00"
    assert widget(at, controls.SCALE).value == "0.3"
    assert "It explodes" not in said(at)
    assert "mean of 1 − tanh²" not in said(at)
    assert "covered until you have bet" in alts(at)[0]

    widget(at, "gradients_bet_explodes").click().run()
    assert "**It explodes" in said(at)
    assert "You bet “explodes”: right." in said(at)
    assert "1 of 1 right" in said(at)

    widget(at, controls.PRESET).set_value("relu").run()
    widget(at, "gradients_bet_vanishes").click().run()
    assert "not this time" in said(at)
    assert "1 of 2 right" in said(at)

    widget(at, controls.PRESET).set_value("explodes").run()  # known by now: no second bet
    assert "**It explodes" in said(at)
    assert "1 of 2 right" in said(at)


def test_the_next_bet_is_a_preset_without_one() -> None:
    at = page()
    widget(at, "gradients_next").click().run()
    assert widget(at, controls.PRESET).value == "still"
    assert widget(at, controls.RHO).value == "1.10"
    assert "Your bet:" in said(at)
    widget(at, "gradients_no_bet").click().run()
    assert "**It vanishes" in said(at)
    assert "saturation takes its part" in said(at)
    assert "You bet" not in said(at)
    assert "of 1 right" not in said(at)
    widget(at, "gradients_next").click().run()  # not back to the first, which has been shown
    assert widget(at, controls.PRESET).value == "explodes"


def test_turning_a_knob_shows_what_it_does() -> None:
    at = page("en", gradients_preset="vanishes", gradients_bet="ask")
    assert "Your bet:" in said(at)
    widget(at, controls.RHO).set_value("0.30").run()
    assert "Your bet:" not in said(at)
    assert "**It vanishes" in said(at)
    assert "which is sufficient" in said(at)  # σ_max < 1


def test_a_link_with_a_preset_means_its_rho_and_scale() -> None:
    at = page("en", gradients_preset="saturated")
    assert widget(at, controls.RHO).value == "0.45"
    assert widget(at, controls.SCALE).value == "0"
    assert "whose largest eigenvalue here has modulus" in said(at)
    assert "2 units" in widget(at, "gradients_settings").proto.popover.label


def test_the_link_reproduces_knobs_bet_and_view() -> None:
    at = page()
    widget(at, controls.PRESET).set_value("still").run()
    widget(at, "gradients_bet_explodes").click().run()
    widget(at, "gradients_beside").set_value("saturation").run()
    address = {name: str(at.query_params[name]) for name in at.query_params}
    address.pop("lang")
    again = page("en", **address)
    assert widget(again, controls.PRESET).value == "still"
    assert widget(again, controls.RHO).value == "1.10"
    assert "You bet “explodes”: not this time." in said(again)
    assert "of 1 right" not in said(again)  # a link is not a bet of one's own
    assert "units on tanh" in said(again)


def test_saturation_is_drawn_with_this_networks_units() -> None:
    at = page("en", gradients_preset="still", gradients_beside="saturation")
    assert "16 units on tanh" in alts(at)[0]
    assert len(at.get("plotly_chart")) == 2


def test_a_preset_is_called_by_what_it_fixes() -> None:
    at = page("vi")
    names = list(widget(at, controls.PRESET).options)
    assert "ρ = 0,9, đầu vào 0,1" in names
    assert len(set(names)) == len(controls.PRESETS)


def test_unknown_ids_in_a_link_fall_back() -> None:
    keys = (
        controls.PRESET,
        controls.RHO,
        controls.SCALE,
        controls.BET,
        controls.SIZE,
        controls.SEED,
        "gradients_view",
    )
    at = page("en", **dict.fromkeys(keys, "<b>9e9"))
    assert widget(at, controls.PRESET).value == "vanishes"
    assert widget(at, controls.RHO).value == "0.90"
    assert "**It vanishes" in said(at)


def test_by_hand_walks_back_and_adds_up() -> None:
    at = page("en", gradients_view="hand")
    assert widget(at, "gradients_step").value == "3"
    assert len(at.latex) == 4
    assert "difference is 0" in said(at) or "·10⁻¹" in said(at)
    widget(at, "gradients_back").click().run()
    assert widget(at, "gradients_step").value == "2"
    assert r"h_{3}" in at.latex[1].value
    widget(at, "gradients_matrix").set_value("x").run()
    widget(at, "gradients_entry").set_value("2-4").run()
    assert "W_x[2, 4]" in alts(at)[0]
    widget(at, "gradients_step").set_value("4").run()
    assert len(at.latex) == 1  # the last step has no future


def test_another_word_keeps_what_fits() -> None:
    state = {"gradients_matrix": "x", "gradients_entry": "2-4", "gradients_step": "4"}
    at = page("en", gradients_view="hand", **state)
    at.text_input(key="gradients_word").set_value("aba").run()
    assert not at.exception
    assert widget(at, "gradients_step").value == "1"
    assert widget(at, "gradients_entry").value == "1-1"
    assert list(at.dataframe[0].value["t"]) == [1, 2]


@pytest.mark.parametrize("word", ["", "x", "far too long a word", "\x00\u202e", "<b>*_`$</b>!!"])
@pytest.mark.parametrize("lang", ["en", "vi"])
def test_a_word_that_does_not_fit_is_answered_and_kept(lang: str, word: str) -> None:
    at = page(lang, gradients_word=word, gradients_view="hand")
    (message,) = at.error
    assert message.value
    assert at.text_input(key="gradients_word").value == word
    assert len(at.get("plotly_chart")) == 1  # of the example
    assert "“hello”" in said(at)


def test_markup_in_a_word_is_text() -> None:
    link = {"gradients_word": "*_$`", "gradients_step": "1", "gradients_view": "hand"}
    assert r"reads “\*”" in said(page("en", **link))


def test_cells_compared() -> None:
    at = page("en", gradients_view="cells")
    assert "falls tenfold every" in said(at)
    assert "no direct path" in said(at)
    assert "18,944 parameters" in said(at)
    widget(at, "gradients_keep").set_value("4").run()
    assert "f = 0.98" in said(at).replace("\\", "")
    widget(at, "gradients_match").set_value("parameters").run()
    assert "18,944 parameters" not in said(at)
    assert not at.dataframe  # only the chosen view is computed


def test_exploding_and_clipping(monkeypatch: pytest.MonkeyPatch) -> None:
    from engine.lab.exploding import Trial

    monkeypatch.setattr(
        "pages.parts.gradients.comparisons.Trial",
        lambda radius, rate: Trial(radius, rate, length=20, steps=8, units=8, batch=4),
    )
    at = page("en", gradients_view="clipping", gradients_clip="0.3")
    assert "Clipped at 0" in said(at)
    assert len(at.get("plotly_chart")) == 2
    widget(at, "gradients_rate").set_value("1").run()
    assert not at.exception


def test_every_preset_is_on_the_sliders() -> None:
    for preset in controls.PRESETS.values():
        assert preset.rho in controls.RHOS
        assert preset.scale in controls.SCALES
        Network(preset.kind, float(preset.rho), float(preset.scale))
