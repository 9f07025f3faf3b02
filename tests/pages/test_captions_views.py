"""The views of the page Captions, each on its own, on a captioner whose numbers are known."""

from __future__ import annotations

import json
import math
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from engine.results import Caption, CaptionWord, Drift
from pages.parts.captions import forcing
from pages.shared import written_words
from tests.pages.captions_selection import selection
from tests.pages.fake_caption_predictor import FakeCaptionPredictor
from tests.pages.opened import said, widget

pytestmark = pytest.mark.usefixtures("fake_models")


def _script(view: str, given: dict[str, int]) -> None:
    """What the page does around a view; it runs apart from this file."""
    import streamlit as st

    from pages.parts.captions import forcing, inside
    from pages.shared import links
    from tests.pages.captions_selection import selection

    draw = {
        "without": inside.draw_unrolled,
        "tree": inside.draw_tree,
        "force": forcing.first_words,
        "teacher": forcing.wrong_word,
        "classes": inside.draw_classes,
    }[view]
    with links.synced_address():
        draw(selection(**given), st.container(), st.container())


def page(view: str, lang: str = "en", query: dict[str, str] | None = None, **given: Any) -> AppTest:
    """The view, opened by a link with this `query` (its keys without their `captions_`)."""
    at = AppTest.from_function(_script, args=(view, given), default_timeout=20)
    at.session_state["lang"] = lang
    for name, value in (query or {}).items():
        at.query_params[f"captions_{name}"] = value
    at.run()
    assert not at.exception
    return at


def rerun(at: AppTest) -> AppTest:
    at.run()
    assert not at.exception
    return at


def pills(at: AppTest, which: int) -> dict[str, Any]:
    """What a row of words was given."""
    data: dict[str, Any] = json.loads(at.get("bidi_component")[which].proto.json)
    return data


def texts(at: AppTest, which: int) -> list[str]:
    return [piece["text"] for piece in pills(at, which)["pieces"]]


def alts(at: AppTest) -> list[str]:
    return [chart.proto.alt for chart in at.get("plotly_chart")]


def test_the_tree_counts_what_was_kept_and_divides_log_p() -> None:
    at = page("tree")
    assert "The beam kept 5 boxes: 4 belong to the chosen sentence, 1 were pruned before" in said(
        at
    )
    assert "Greedy choice finds the same sentence" in said(at)
    assert "“a dog runs”: −2.80 / 4 = −0.70" in said(at)
    assert alts(at)[0].startswith("Beam tree of width 2. The chosen sentence: a 50%, dog 50%")
    assert "Boxes pruned: 1." in alts(at)[0]


def test_without_attention_the_photo_gives_h_0_and_each_state_a_word() -> None:
    at = page("without")
    assert alts(at) == [
        "The photo goes through a CNN into h₀; from START on each state says a word: "
        "a 50%, dog 50%, runs 50%, STOP 50%."
    ]
    assert "**LSTM without attention: “A dog runs.”**" in said(at)
    assert "the first 4 of the state's 4 numbers" in said(at)
    widget(at, "captions_small_cell").set_value("rnn").run()
    assert "**RNN without attention: “A dog runs.”**" in said(at)


def test_the_first_words_are_given_and_the_model_goes_on() -> None:
    at = page("force", query={"first": "the cat"})
    assert "#### The cat runs." in said(at)
    assert texts(at, 0) == ["the", "cat"]
    assert texts(at, 1) == ["runs", "STOP"]
    assert pills(at, 0)["pieces"][0]["value"] == 0.5
    assert "“the” 50% (likeliest: “a” 50%); “cat” 50%" in said(at)
    assert "left alone it says “A dog runs.”, which is just as likely." in said(at)


def test_the_words_given_are_those_it_would_have_said() -> None:
    at = page("force", query={"first": "A DOG"})
    assert "“a” 50%, its own choice" in said(at)
    assert "Left alone it says the same: log p = −2.77." in said(at)


def test_a_tapped_word_shows_its_candidates() -> None:
    at = page("force", query={"first": "the cat", "first_chosen": "0"})
    assert "“runs”: 50%. Likeliest in its place: a 50%, dog 20%" in said(at)


def test_typed_words_are_in_the_link_and_unknown_ones_named() -> None:
    at = page("force", query={"first": "a dog"})
    widget(at, "captions_first").set_value("a zyzzyva").run()
    assert at.query_params["captions_first"] == "a zyzzyva"
    assert [error.value for error in at.error] == ["The model does not know these words: zyzzyva."]
    widget(at, "captions_first").set_value(" ").run()
    assert not at.error
    assert "Give at least one word." in said(at)


def test_a_suggestion_is_taken() -> None:
    at = page("force")
    assert widget(at, "captions_first").value == "a woman"
    widget(at, "captions_first_example").set_value("two dogs").run()
    assert widget(at, "captions_first").value == "two dogs"
    assert at.query_params["captions_first"] == "two dogs"


def test_a_link_with_too_many_characters_is_cut() -> None:
    at = page("force", query={"first": "a " * 50})
    assert len(widget(at, "captions_first").value) == forcing.LONGEST
    assert len(texts(at, 0)) == forcing.LONGEST // 2


def caption(total: float, *words: str) -> Caption:
    return Caption(tuple(CaptionWord(w, 0.5, (), None) for w in (*words, "STOP")), total, total)


@pytest.mark.parametrize(
    ("total", "told"),
    [
        (-5.0, "7.39 times less likely"),
        (-12.0, "8,100 times less likely"),
        (-2.0, "2.72 times likelier"),
        (-3.001, "just as likely"),
        (-2000.0, "times less likely"),
    ],
)
def test_given_words_cost_or_gain(total: float, told: str) -> None:
    assert told in written_words.compared(caption(total, "a", "cat"), caption(-3.0, "a", "dog"))


def test_one_wrong_word_makes_the_right_ones_less_likely() -> None:
    at = page("teacher")
    assert widget(at, "captions_slip_at").value == forcing.TAPPED
    assert widget(at, "captions_slip").value == "a"  # the likeliest candidate of "dog"
    assert widget(at, "captions_slip").options == ["a", "runs", "the"]
    nats = math.log(5)
    assert f"After “a” the right words lose {nats:.2f} nats of log p on average" in said(at)
    assert "they become 5.00 times less likely" in said(at)
    assert "it goes on with “sits in the snow” instead of “runs”" in said(at)
    assert texts(at, 0) == ["a", "a", "sits", "in", "the", "snow", "STOP"]
    assert [piece["value"] for piece in pills(at, 0)["pieces"][:3]] == [None, None, 0.5]
    assert "runs 50% → 10%, STOP 50% → 10%" in alts(at)[0]


def test_another_place_and_another_word() -> None:
    at = page("teacher", query={"slip_at": "0", "slip": "the"})
    assert "After “the” the right words lose" in said(at)
    assert at.query_params["captions_slip"] == "the"
    widget(at, "captions_slip_typed").set_value("Cat").run()
    assert "After “cat” the right words lose" in said(at)
    assert at.query_params["captions_slip_typed"] == "Cat"


def test_at_the_end_of_the_sentence_the_last_word_is_taken() -> None:
    at = page("teacher", at=3)
    assert "the tapped one: “runs”" in widget(at, "captions_slip_at").options[0]


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ("zyzzyva", "The model does not know these words: zyzzyva."),
        ("a cat", "Type one word."),
        ("dog", "Choose a word that is not the right one."),
    ],
)
def test_what_cannot_stand_there_is_refused(typed: str, told: str) -> None:
    at = page("teacher", query={"slip_typed": typed})
    assert [error.value.replace("\\", "") for error in at.error] == [told]
    assert not alts(at)


def test_free_running_is_told_as_it_is() -> None:
    words = selection(other=1).caption.words
    drift = Drift(("a", "dog", "runs", "STOP"), 1, "cat", np.ones(4), np.ones(4), words[2:3])
    assert "goes on as the right sentence does" in forcing.free_running(drift)
    assert "it ends the sentence" in forcing.free_running(replace(drift, free=words[-1:]))
    last = replace(drift, at=2, free=words[:2])
    assert "with “a dog” instead of “STOP”" in forcing.free_running(last)


def test_the_photo_has_one_class() -> None:
    at = page("classes")
    assert "Its first guess is “golden retriever” with 50%; these 5 hold 83%" in said(at)
    assert "the other 995 classes" in said(at)
    assert alts(at) == [
        "The likeliest of 1,000 classes: golden retriever 50%, tennis ball 25%, sandbar 5%, "
        "wig 2%, ski 1%."
    ]


@pytest.mark.parametrize(
    ("view", "told"),
    [
        ("tree", "Lựa chọn tham lam"),
        ("force", "Những từ đầu, bằng tiếng Anh"),
        ("teacher", "mớm đáp án đúng"),
        ("classes", "“golden retriever”"),
    ],
)
def test_each_view_speaks_vietnamese(view: str, told: str) -> None:
    at = page(view, "vi", query={"first": "a cat"})
    assert told in said(at) + " ".join(str(box.label) for box in at.text_input)


def test_the_same_question_is_not_computed_twice(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []
    plain = FakeCaptionPredictor.drift

    def watched(self: FakeCaptionPredictor, *given: Any) -> Drift:
        asked.append(given[-1])
        return plain(self, *given)

    monkeypatch.setattr(FakeCaptionPredictor, "drift", watched)
    at = rerun(page("teacher"))
    assert asked == ["a"]
    widget(at, "captions_slip").set_value("the").run()
    assert asked == ["a", "the"]
