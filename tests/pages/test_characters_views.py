"""What the page Characters shows under "Look inside", on a model whose numbers are known."""

from __future__ import annotations

import pytest

from tests.pages.test_characters import chart, page, said, shown, widget, written

pytestmark = pytest.mark.usefixtures("fake_models")


def test_greedy_choice_is_shown_apart_and_loops() -> None:
    at = page(view="write")
    assert "after 2 characters: “ab” comes again, and 100% of the rest was there before." in said(
        at
    )
    assert "No passage of 40 characters comes twice in these 300." in said(at)
    greedy, drawn = (code.value for code in at.code)
    assert greedy == "ROMEO:\n" + "ab" * 750
    assert drawn.rstrip() == ("ROMEO:\n" + written(at)).rstrip()
    assert "Nó lặp lại chính mình sau 2 ký tự" in said(page("vi", view="write"))


def test_learning_shows_text_loss_eigenvalues_and_gradient_of_one_moment() -> None:
    at = page(view="learn", moment="300")
    assert "300 iterations × 2,048 characters each = 614,400 characters seen" in said(at)
    early = at.code[0].value
    assert len(early) == len("ROMEO:\n") + 300
    loss = chart(at, "Loss on held-out text: 3.10 nats per character at iteration 100")
    assert loss["layout"]["shapes"][0]["x0"] == 300
    plane = chart(at, "4 eigenvalues in the complex plane, 1 of them outside")
    assert sum(len(trace["x"]) for trace in plane["data"][1:]) == 4
    assert "2 of 4 directions keep more than 90%" in said(at)
    widget(at, "moment").set_value("last").run()
    assert at.code[0].value != early
    assert "4,000 iterations" in said(at)


def test_learning_takes_a_network_that_kept_its_moments() -> None:
    assert widget(page(view="learn"), "network").value == "chars-shakespeare-lstm"
    assert widget(page("vi", view="learn"), "network").value == "chars-kieu-lstm"
    tolstoy = page(view="learn", model="chars-tolstoy", moment="2000")
    assert widget(tolstoy, "network").value == "chars-tolstoy-lstm"


def test_units_are_listed_the_closest_first_and_one_colours_the_text() -> None:
    at = page(view="units")
    labels = [b.label for b in at.button if b.label.startswith("Unit")]
    assert labels == [
        "Unit 2: the position in the line, r = −0.75",
        "Unit 1: capital letters, r = +0.50",
    ]
    assert "Unit 2 follows the position in the line (r = −0.75) in this text." in said(at)
    first = shown(at, -1)["pieces"]
    next(b for b in at.button if b.label.startswith("Unit 1")).click().run()
    assert "Unit 1 follows capital letters (r = +0.50)" in said(at)
    second = shown(at, -1)["pieces"]
    assert {piece["value"] for piece in [*first, *second]} == {1.0}  # by the unit's largest
    assert (first[5]["title"][-5:], second[5]["title"][-5:]) == ("+0.20", "+0.10")
    widget(at, "unit").set_value("3").run()
    assert "Unit 3 follows none of these closely" in said(at)


def test_the_person_picks_and_can_take_it_back() -> None:
    at = page(view="choose")
    assert [b.label.replace("\\", "") for b in at.button if "·" in b.label] == [
        *("a · 50%", "b · 20%", "␣ · 10%", "↵ · 5%", "c · 4%")
    ]
    assert "the product of no factors is 1" in said(at)
    widget(at, "pick_1").click().run()
    widget(at, "pick_0").click().run()
    assert at.query_params["characters_chosen"] == "ba"
    assert "p = 0.50 · 0.50 = 0.2500. You took its favourite 1 times out of 2." in said(at)
    assert [piece["text"] for piece in shown(at, -1)["pieces"]] == ["b", "a"]
    next(b for b in at.button if b.label == "Undo").click().run()
    assert at.query_params["characters_chosen"] == "b"


def test_only_the_chosen_view_is_computed() -> None:
    at = page(view="lesson")
    assert len(at.get("bidi_component")) == 1
    assert not at.code
    assert "one-hot" in said(at)
