"""Tags around words that a network reads without them."""

from __future__ import annotations

import numpy as np
import pytest

from engine.language.placeholders import PLACEHOLDERS, Masked
from engine.tasks.translation.preparation import prepare
from engine.tasks.translation.tags import Tags, around_pieces, button, cut_tags, place_tags
from tests.engine.tasks.test_translation_preparation import cost, translated


@pytest.mark.parametrize(
    ("text", "plain", "around"),
    [
        ("The <b>red</b> car.", "The red car.", [{1}]),
        ("<i>Two dogs</i>, <b>one</b> cat", "Two dogs, one cat", [{0, 1}, {2}]),
        ("l'<b>eau</b> froide", "l'eau froide", [{0}]),
        ("a<b> b</b>", "a b", [{1}]),
        ("Click <b>Save</b>, <i>now</i>", "Click <b>Save</b>, now", [{2}]),
        ("no tags < 3 >", "no tags < 3 >", []),
    ],
)
def test_tags_are_cut_out_and_known_by_their_words(
    text: str, plain: str, around: list[set[int]]
) -> None:
    found, tags = cut_tags(text, "en", "fr")
    assert found == plain
    assert [set(each.around) for each in tags] == around


def test_words_become_pieces_where_parts_of_the_text_are_copied() -> None:
    text, tags = cut_tags("Mary Ann sees <b>1 000</b> big <i>cats</i>", "en", "fr")
    masked = Masked(f"{PLACEHOLDERS[0]} sees {PLACEHOLDERS[1]} big cats", ("Mary Ann", "1 000"))
    assert text.split()[:2] == ["Mary", "Ann"]
    pieces = ["▁", PLACEHOLDERS[0], "▁sees", "▁", PLACEHOLDERS[1], "▁big", "▁ca", "ts"]
    assert [set(t.around) for t in around_pieces(tags, masked, pieces)] == [{3, 4}, {6, 7}]


def test_tags_go_around_what_looked_at_their_words() -> None:
    words = ["La", "voiture", "rouge", "vif.", "ici"]
    attention = np.array([[9, 1, 1], [1, 1, 9], [1, 9, 1], [1, 8, 2], [5, 1, 4]]) / 11
    tags = [Tags("<b>", "</b>", frozenset({1}))]
    expected = ["La", "voiture", "<b>rouge", "vif</b>.", "ici"]
    assert place_tags(words, tags, attention) == expected
    assert place_tags(words, [Tags("<b>", "</b>", frozenset())], attention) == words


def test_buttons_are_translated_by_a_list() -> None:
    assert button("Save", "en", "fr") == "Enregistrer"
    assert button(" sauvegarder ", "fr", "en") == "Save"
    assert button("CANCEL", "en", "vi") == "HỦY"
    assert button("Saved", "en", "fr") is None


def test_tags_that_belong_to_other_words_are_no_frame() -> None:
    assert prepare("<b>Oui</b> et <b>non</b>", "fr", cost).text[:3] == "<b>"
    assert prepare("<p><p>Oui.</p></p>", "fr", cost).text == "Oui."


def test_the_shipped_networks_read_what_stands_between_tags() -> None:
    texts = ["The <em>red</em> car is mine.", "<b>Save</b>", "I have <b>two</b> cats."]
    found = translated(("en", "fr"), texts)
    assert found[0].count("<em>rouge</em>") == 1
    assert found[1] == "<b>Enregistrer</b>"
    assert "<b>deux</b>" in found[2]
