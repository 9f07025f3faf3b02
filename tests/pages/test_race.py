"""The race page run by Streamlit itself: never empty, bounded, every button, every setting."""

from __future__ import annotations

import re
import runpy
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from engine.tasks.memory import Plan, examples
from pages.parts.race import controls, inside, watch
from pages.shared.text import ASSETS, parts
from tests.pages.opened import live_buttons, opened, press, said, widget
from tests.pages.slow_work import SOON, until

LESSON = {lang: ASSETS / "lessons" / lang / "race.md" for lang in ("en", "vi")}
# Small, and too hard to be learnt while a test looks on.
QUICK = {"race_lag": "20", "race_units": "8", "race_rate": "0.001"}


def page(lang: str = "en", **query: str) -> AppTest:
    """The race page, opened by a link with this `query`."""
    return opened("race", {"lang": lang, **query}, 30)


def steps(at: AppTest) -> list[int]:
    return [int(n) for n in re.findall(r"Step (\d+) so far", said(at))]


@pytest.mark.parametrize("lang", ["en", "vi"])
def test_a_finished_race_is_there_before_anybody_starts_one(lang: str) -> None:
    at = page(lang)
    assert len(at.title) == 1
    assert len(at.get("plotly_chart")) == 2
    if lang == "en":
        assert "LSTM is first: it learnt this after" in said(at) or "GRU is first" in said(at)
        assert "Has not learnt within this budget (4,000 steps" in said(at)
        assert said(at).count("Learnt after") == 2
        assert "cell ×1" in said(at)
        assert "cell ×3" in said(at)
        assert "cell ×4" in said(at)
    assert live_buttons(at, "race") == {"start": True, "step": True, "stop": False, "reset": False}


def test_start_pause_step_resume_stop_reset() -> None:
    at = press(page(**QUICK), "race_start")
    assert live_buttons(at, "race") == {"pause": True, "step": True, "stop": True, "reset": True}
    assert until(lambda: any(steps(at.run())))
    at = press(at, "race_pause")
    assert "resume" in live_buttons(at, "race")
    assert at.session_state["_job_race"].ended(SOON)  # the step that was under way
    before = steps(at.run())
    at = press(at, "race_step")
    assert [now - was for was, now in zip(before, steps(at), strict=True)] == [1, 1, 1]
    at = press(at, "race_resume")
    assert until(lambda: steps(at.run())[0] > before[0] + 1)
    at = press(at, "race_stop")
    assert said(at).count("had not learnt by then") == 3
    assert live_buttons(at, "race") == {"start": True, "step": False, "stop": False, "reset": True}
    at = press(at, "race_reset")
    assert "Press Start for a race with these settings" in said(at)
    assert not at.get("plotly_chart")  # the recorded race is of another task


def test_a_bet_is_made_before_the_race_and_told_at_its_end() -> None:
    at = press(page(**QUICK), "race_bet_gru")
    assert "You bet on: **GRU**. Press Start." in said(at)
    plan, result = watch.example()
    right = max(result.lanes, key=lambda lane: (lane.outcome == "learnt", -lane.taken)).cell
    at = page()
    assert "You bet" not in said(at)  # nobody has
    at.session_state["_race_bets"] = {plan: right}
    at.run()
    assert f"You bet “{right.upper()}”: right." in said(at)
    assert "1 of 1 right" in said(at)


def test_step_alone_begins_a_race() -> None:
    assert steps(press(page(**QUICK), "race_step")) == [1, 1, 1]


def test_two_sessions_race_apart(monkeypatch: pytest.MonkeyPatch) -> None:
    one, other = press(page(**QUICK), "race_step"), press(page(**QUICK, race_seed="7"), "race_step")
    races = [at.session_state["_live_race"].training for at in (one, other)]
    assert [race.plan.seed for race in races] == [0, 7]
    press(one, "race_step")
    assert [race.result.lanes[0].taken for race in races] == [2, 1]
    press(other, "race_step")
    alone = (
        press(press(page(**QUICK), "race_step"), "race_step").session_state["_live_race"].training
    )
    for mine, its in zip(races[0].result.lanes, alone.result.lanes, strict=True):
        assert mine.loss.tolist() == its.loss.tolist()


def test_other_settings_meanwhile_leave_the_race_alone_and_are_told() -> None:
    at = press(page(**QUICK), "race_step")
    widget(at, "race_keep").set_value("0").run()
    assert "Your race runs with: First symbol, lag 20, keep bias chrono" in said(at)
    assert not at.get("plotly_chart")  # nor are the curves of other settings
    assert at.session_state["_live_race"].training.plan.keep == "chrono"
    press(at, "race_back")
    assert widget(at, "race_keep").value == "chrono"
    assert len(at.get("plotly_chart")) == 2
    widget(at, "race_keep").set_value("0").run()
    press(press(at, "race_stop"), "race_start")
    assert at.session_state["_live_race"].training.plan.keep == 0.0


def test_a_place_in_the_queue_is_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    at = press(page(**QUICK), "race_start")
    monkeypatch.setattr(at.session_state["_live_race"].seats, "ask", lambda _who: 2)
    at.run()
    at.run()  # a tick comes after the drawing
    assert "you are number 2 in the queue" in said(at)
    press(at, "race_stop")


def test_the_link_holds_every_setting() -> None:
    wanted = {
        "race_task": "adding",
        "race_lag": "100",
        "race_keep": "4",
        "race_units": "64",
        "race_matched": "on",
        "race_orthogonal": "on",
        "race_seed": "42",
        "race_rate": "0.01",
        "race_truncation": "20",
        "race_clip": "0",
        "race_budget": "1000",
    }
    assert {key for key in wanted if key not in ("race_task", "race_lag")} == set(
        controls.IN_SETTINGS
    )
    at = press(page(**wanted), "race_step")
    assert at.session_state["_live_race"].training.plan == Plan(
        "adding", 100, 4.0, 0.01, 20, 0.0, 64, 42, True, True, steps=1000
    )
    for key, value in wanted.items():
        assert at.query_params[key] in (value, [value])


def test_the_widgets_offer_the_engines_defaults() -> None:
    at = page()
    ran, _ = watch.example()
    assert press(at, "race_step").session_state["_live_race"].training.plan == Plan() == ran


@pytest.mark.parametrize(
    "query",
    [
        {"race_lag": "1000000", "race_units": "-1", "race_seed": "1e9", "race_budget": "inf"},
        {"race_task": "<b>", "race_keep": "nan", "race_rate": "", "race_view": "?"},
    ],
)
def test_hostile_links_fall_back_to_the_defaults(query: dict[str, str]) -> None:
    at = page(**query)
    assert "This is a recorded race" in said(at)
    assert widget(at, "race_lag").value == "50"
    assert widget(at, "race_seed").value == "0"


@pytest.mark.parametrize("typed", ["-3", "10000", "abc", "", "1.5"])
def test_a_seed_that_is_none_keeps_the_last_one(typed: str) -> None:
    at = page(race_seed="12")
    at.text_input(key="race_seed").set_value(typed).run()
    assert not at.exception
    assert at.text_input(key="race_seed").value == "12"


def test_only_the_chosen_view_is_computed() -> None:
    at = page(race_view="devices", **QUICK)
    (table,) = at.table
    assert list(table.value["Cell"]) == ["RNN", "LSTM", "GRU"]
    assert "not timed, this build of PyTorch cannot use one" in said(at) or "none found" in said(at)
    widget(at, "race_view").set_value("race").run()
    assert "Chance level: 12.5%" in said(at)
    (table,) = at.table
    assert len(table.value) == 4
    widget(at, "race_view").set_value("lesson").run()
    assert not at.table
    assert "The race" in said(at)


@pytest.mark.parametrize(("task", "chance"), [("copy", "12.5%"), ("adding", "19.0%")])
@pytest.mark.parametrize("lang", ["en", "vi"])
def test_each_task_is_explained(lang: str, task: str, chance: str) -> None:
    at = page(lang, race_task=task, race_view="task", race_lag="20")
    assert chance.replace(".", "," if lang == "vi" else ".") in said(at)
    assert not any("{" in text.value for text in at.markdown)
    assert len(at.table[0].value) == 4


def test_the_reach_over_training_is_a_choice_and_was_a_view() -> None:
    at = page(race_view="reach")
    assert widget(at, "race_beside").value == "reach"
    assert len(at.get("plotly_chart")) == 2


def test_the_middle_of_a_long_sequence_is_left_out() -> None:
    (example,) = examples(Plan().task, 50, 0, 1)
    told = inside.sequence(example)
    assert told.startswith(f"**{example.answer[0]}** ")
    assert "… 37 more …" in told


@pytest.mark.parametrize("lang", LESSON)
@pytest.mark.parametrize("name", ["pytorch_training", "pytorch_gradient"])
def test_the_pytorch_beside_the_figures_runs(lang: str, name: str, tmp_path: Path) -> None:
    text = parts(LESSON[lang].read_text(encoding="utf-8"))[name]
    code = text.removeprefix("```python\n").removesuffix("```")
    (tmp_path / "snippet.py").write_text(code, encoding="utf-8")
    found = runpy.run_path(str(tmp_path / "snippet.py"), {"steps": 2})
    if name == "pytorch_training":
        assert 0 <= float(found["accuracy"]) <= 1
    else:
        assert found["by_lag"].shape == (51,)
        assert float(found["by_lag"][0]) == 1
        assert 0 <= int(found["reach"]) <= 50


def test_both_languages_have_the_same_lesson() -> None:
    names = [list(parts(path.read_text(encoding="utf-8"))) for path in LESSON.values()]
    assert names[0] == names[1]
