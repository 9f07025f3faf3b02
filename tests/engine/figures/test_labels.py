"""Sentences and pictures of what is said at every step: films, restored texts, both sides."""

from __future__ import annotations

import numpy as np
import pytest

from engine.figures import accents, frames, two_sides
from engine.results import FrameGradients, LabelledFilm, Restored

LABELS = ("walk", "fall", "lie")


def _(text: str) -> str:
    return text


def labels(text: str) -> np.ndarray:
    """One label a character: w, f, l, and "." for none."""
    return np.array(["wfl".find(c) for c in text])


def test_differences_are_counted_where_there_is_a_label() -> None:
    true, forward, both = labels("..wwffl."), labels("wfwwwfww"), labels("wwwwffll")
    assert frames.differences(forward, both, true).tolist() == [0, 0, 0, 0, 1, 0, 1, 0]
    said = frames.differences_sentence(forward, both, true, _)
    assert said.startswith("Of 5 labelled frames they differ in 2")
    assert "forward is right 0 times, both ways 2 times" in said
    nowhere = frames.differences_sentence(forward, both, labels("." * 8), _)
    assert nowhere == "The two networks differ in 4 of 8 frames."
    assert "the same of every frame" in frames.differences_sentence(both, both, None, _)


def test_when_a_network_turns_to_a_new_label() -> None:
    true = labels("wwwww..fffff")
    assert frames.change_delay(labels("wwwwwwwwwfff"), true) == 2
    assert frames.change_delay(labels("wwwwfffffffff")[:12], true) == -3
    assert frames.change_delay(labels("w" * 12), true) is None
    said = frames.delay_sentence(2.0, -3.0, 10.0, _, lambda x: f"{float(x):.1f}")
    assert "0.2 s after its first frame, the one of both directions 0.3 s before that frame" in said
    assert frames.delay_sentence(2.0, None, 10.0, _, str) == ""


def test_bytes_become_numbers() -> None:
    assert frames.truth(np.array([0, 255, 2], np.uint8)).tolist() == [0, -1, 2]
    assert len(frames.names(("walk", "unknown"), _)) == 2


def test_the_confusion_table_names_the_most_frequent_mistake() -> None:
    table = np.array([[90, 10, 0], [0, 5, 0], [0, 12, 4]])
    said = frames.confusion_sentence(table, LABELS, _)
    assert said == "Most often lying is taken for falling: 12 of 16 frames."
    figure = frames.confusion(table, LABELS, _)
    assert np.allclose(figure.data[0].z.sum(1), 1)
    assert "No frame" in frames.confusion_sentence(np.diag([3, 2, 1]), LABELS, _)


def test_chances_show_each_network_once() -> None:
    film = LabelledFilm(LABELS, np.array([[0.7, 0.2, 0.1]]))
    figure = frames.chances({"a": film, "b": film}, 0, 1, _)
    assert [bar.name for bar in figure.data] == ["a", "b"]
    assert figure.layout.yaxis.ticktext[1].endswith("◂")
    assert frames.chances_alt({"a": film}, 0, _) == "a: walking 70%"


def gradients(directions: int) -> FrameGradients:
    """Halves from frame to frame to both sides of frame 20 of 31."""
    away = 0.5 ** np.abs(np.arange(31) - 20.0)
    h = np.stack([np.where(np.arange(31) <= 20, away, 0), np.where(np.arange(31) >= 20, away, 0)])
    return FrameGradients("gru", "frames", 10, 20, "fall", h[:directions])


def test_reach_to_both_sides() -> None:
    units = "frame", "frames"
    both, forward = gradients(2), gradients(1)
    # 0.5 ** 9 is above a thousandth, 0.5 ** 10 is not.
    assert two_sides.headline(both, _, units) == "The gradient reaches 9 frames back, 9 forward"
    assert "9 frames back; forward there is none" in two_sides.sentence(forward, _, units)
    back, ahead = two_sides.sides(both)
    assert ahead is not None
    assert np.allclose(back.relative()[:3], [1, 0.5, 0.25])
    assert np.allclose(ahead.relative()[:3], [1, 0.5, 0.25])
    figure = two_sides.curves([forward, both], _, "frames")
    assert [(trace.x[0], trace.x[-1]) for trace in figure.data] == [(0, -20), (0, -20), (0, 10)]


FORMS = "aàábc"


def restored(text: str, p: list[float]) -> Restored:
    """A text "xa ba" whose two a have these probabilities of being à, else a."""
    rows = np.array([[1 - q, q, 0, 0, 0] for q in p])
    return Restored("xa ba", text, FORMS, np.array([1, 4]), rows)


def test_letters_in_words_and_colours() -> None:
    found = restored("xà ba", [0.9, 0.3])
    shown = accents.letters(found)
    assert [sure for _c, sure, _title in shown] == [None, 0.9, None, None, 0.7]
    assert shown[1][2] == "à: 90%"
    assert accents.value(0.9) == pytest.approx(0.8)
    assert accents.value(None) is None
    assert accents.weakest(found) == 4
    said = accents.summary(found, _)
    assert said == "Letters that got marks: 1. Unsure (below 80%): 1 of 2 choices."
    assert accents.word_at(found.text, 4) == "ba"


def test_words_that_two_networks_restore_differently() -> None:
    one, other = restored("xa ba", [0.4, 0.1]), restored("xà ba", [0.6, 0.1])
    assert accents.differing(one, other) == [(0, 2, "xa", "xà")]
    assert "1 of 2 words differ" in accents.differing_sentence(accents.differing(one, other), 2, _)
    assert accents.differing(one, one) == []
