"""What the views of the page Characters show, on a model whose numbers are known."""

from __future__ import annotations

import pytest

from tests.pages.test_characters import chart, page, said, shown, widget, written

pytestmark = pytest.mark.usefixtures("fake_models")


def test_greedy_choice_is_shown_apart_and_loops() -> None:
    at = page(view="write")
    assert "No passage of 40 characters comes twice in these 300." in said(at)
    at.toggle(key="characters_greedy").set_value(True).run()
    assert not at.code  # first the bet
    widget(at, "bet_again").click().run()
    assert "You bet “yes, again and again”: right." in said(at)
    assert "after 2 characters: “ab” comes again, and 100% of the rest was there before." in said(
        at
    )
    greedy, drawn = (code.value for code in at.code)
    assert greedy == "ROMEO:\n" + "ab" * 750
    assert drawn.rstrip() == ("ROMEO:\n" + written(at)).rstrip()


def test_temperature_0_is_greedy_and_the_loop_is_named() -> None:
    at = page(temperature="0")
    assert written(at) == "ab" * 150
    assert "after 2 characters: “ab” comes again" in said(at)
    assert "sau 2 ký tự" in said(page("vi", temperature="0"))


def test_learning_shows_four_moments_and_one_of_them_closely() -> None:
    at = page(view="learn", moment="300")
    assert "One iteration = one update from 2,048 characters." in said(at)
    for count in ("204,800", "614,400", "1,433,600", "4,096,000"):
        assert f"{count} characters seen. Loss" in said(at)
    texts = [code.value for code in at.code]
    assert len(set(texts)) == 4
    assert {len(text) for text in texts} == {len("ROMEO:\n") + 300}
    assert "Gradient over the last 100 characters, after 300 iterations. At the first" in said(at)
    loss = chart(at, "Loss on held-out text: 3.10 nats per character at iteration 100")
    assert loss["layout"]["shapes"][0]["x0"] == 300
    plane = chart(at, "4 eigenvalues in the complex plane, 1 of them outside")
    assert sum(len(trace["x"]) for trace in plane["data"][1:]) == 4
    assert "2 of 4 eigenvalues have a modulus above 0.9" in said(at)
    widget(at, "moment").set_value("last").run()
    assert "after 4,000 iterations" in said(at)


def test_a_step_is_drawn_with_its_numbers() -> None:
    at = page(view="predict", predict="step", text="ROMEO")
    step = chart(at, "One-hot input “O” of")
    texts = [text for trace in step["data"] for text in trace.get("text") or []]
    assert texts.count("1") == 1  # the hot one
    assert "+0.30" in texts  # the largest entry of the state
    assert "50%" in texts
    assert "“O” goes in as a 1 among" in said(at)


def test_what_comes_next_and_the_product_of_a_short_text() -> None:
    at = page(view="predict", predict="next", text="To be")
    assert "After “To␣be” the network expects “a” with a probability of 50%." in said(at)
    assert chart(at, "The likeliest characters in this place: a 50%")
    at = page(view="predict", predict="product", text="To be")
    assert "p = 0.50 · 0.50 · 0.50 · 0.50 · 0.50 = 0.0312." in said(at)
    bars = chart(at, "Probability of each character given those before it: T 50%")
    assert bars["data"][0]["text"] == ["0.50"] * 5
    vietnamese = said(page("vi", view="predict", predict="product", text="To be"))
    assert "0,50 · 0,50 · 0,50 · 0,50 · 0,50 = 0,0312" in vietnamese


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


def test_a_stretch_of_the_text_shows_the_units_that_are_on_there() -> None:
    at = page(view="units", stretch="0-2", unit="1")
    assert shown(at, -1)["stretch"] == [0, 3]
    listed = [b.label for b in at.button if "elsewhere" in b.label]
    assert "Unit 1 (+): 100% here, 100% elsewhere" in [label.replace("\\", "") for label in listed]
    assert "Elsewhere in this text unit 1 is on here:" in said(at)
    widget(at, "no_stretch").click().run()
    assert shown(at, -1)["stretch"] == [0, 0]
    for hostile in ("9999", "2-", "<b>", "1-2-3"):
        assert shown(page(view="units", stretch=hostile), -1)["stretch"] == [0, 0]


def test_the_person_picks_and_can_take_it_back() -> None:
    at = page(view="choose")
    assert [b.label.replace("\\", "") for b in at.button if "·" in b.label] == [
        *("a · 50%", "b · 20%", "␣ · 10%", "↵ · 5%", "c · 4%")
    ]
    assert "the product of no factors is 1" in said(at)
    widget(at, "pick_1").click().run()
    widget(at, "pick_0").click().run()
    assert at.query_params["characters_chosen"] == "ba"
    assert "p = 0.50 · 0.50 = 0.2500. 1 of 2 characters were the network's likeliest." in said(at)
    assert [piece["text"] for piece in shown(at, -1)["pieces"]] == ["b", "a"]
    next(b for b in at.button if b.label == "Undo").click().run()
    assert at.query_params["characters_chosen"] == "b"


def test_only_the_chosen_view_is_computed() -> None:
    at = page(view="lesson")
    assert not at.get("bidi_component")
    assert not at.code
    assert "one-hot" in said(at)
