"""Figures and sentences about captions, from numbers written here."""

from __future__ import annotations

import base64
from io import BytesIO

import numpy as np
import pytest
from PIL import Image

from engine.figures import candidates
from engine.figures.captions import photo as captions
from engine.figures.captions import reach as captions_reach
from engine.results import Caption, CaptionReach, CaptionWord, Floats, Occlusion

CANDIDATES = (("dog", 0.5), ("<b>", 0.3), ("cat", 0.1))
PIXELS = np.random.default_rng(0).integers(0, 256, (480, 640, 3), np.uint8)


def plain(text: str) -> str:
    return text


def cells(row: int, column: int, share: float = 0.52) -> Floats:
    """Attention of `share` in one cell, the rest spread evenly."""
    found = np.full((7, 7), (1 - share) / 48)
    found[row, column] = share
    return found


def word(text: str, p: float = 0.5, attention: Floats | None = None) -> CaptionWord:
    return CaptionWord(text, p, CANDIDATES, attention)


def test_the_first_word_names_something_and_has_the_most_peaked_attention() -> None:
    message = (
        word("a", attention=cells(0, 0, 0.9)),
        word("brown", attention=cells(1, 1, 0.3)),
        word("dog", attention=cells(2, 2, 0.6)),
        word("STOP", attention=cells(3, 3, 0.95)),
    )
    assert captions.default_word(Caption(message, 0.0, 0.0)) == 2
    without = tuple(word(w.text) for w in message)
    assert captions.default_word(Caption(without, 0.0, 0.0)) == 1
    assert captions.default_word(Caption((word("a"), word("STOP")), 0.0, 0.0)) == 0


def occluded(**lost: tuple[int, int, float]) -> Occlusion:
    """Words "a dog runs": what P loses where, by the word's place, as `_1`; P is 0.6 of all."""
    covered = np.full((7, 7, 3), 0.6)
    for at, (row, column, share) in lost.items():
        covered[row, column, int(at[1:])] -= share
    return Occlusion(np.full(3, 0.6), covered)


def test_the_first_word_is_a_noun_whose_two_maps_agree() -> None:
    nouns = {"dog", "runs"}
    words = tuple(word(t, attention=cells(2, 2, 0.6)) for t in ("a", "dog", "runs"))
    caption = Caption(words, 0.0, 0.0)
    both = occluded(_0=(2, 2, 0.5), _1=(5, 5, 0.5), _2=(2, 2, 0.5))
    assert captions.default_word(caption, nouns, both) == 2
    assert captions.default_word(caption, nouns, occluded(_1=(2, 2, 0.1), _2=(2, 2, 0.5))) == 1
    # Where they agree for none, the noun for which they agree best.
    assert captions.default_word(caption, nouns, occluded(_1=(6, 6, 0.5))) == 2
    assert captions.default_word(caption, set(), both) == 1


@pytest.mark.parametrize(
    ("place", "verdict"),
    [((2, 2), "agree (r = 1.00)"), ((5, 5), "do not agree (r = −0.02)")],
)
def test_agreement_is_a_correlation_and_has_a_name(place: tuple[int, int], verdict: str) -> None:
    words = (word("a"), word("dog", attention=cells(2, 2, 0.6)), word("runs"))
    caption, found = Caption(words, 0.0, 0.0), occluded(_1=(*place, 0.4))
    text = captions.occlusion_sentence(caption, found, 1, plain)
    assert verdict in text
    assert "takes P(dog) from 60% to 20%" in text
    shown = captions.lost_probability(found, 1)
    assert shown[place] == pytest.approx(0.4)
    assert shown.sum() == pytest.approx(0.4)


def test_a_word_that_no_cell_matters_to_is_said_so() -> None:
    words = (word("dog", attention=cells(2, 2)),)
    text = captions.occlusion_sentence(Caption(words, 0.0, 0.0), occluded(), 0, plain)
    assert "r = 0.00" in text
    assert "does not make the word less probable" in text


def test_candidates_are_bars_and_words() -> None:
    figure = candidates.bars(word("dog"), plain)
    (bars,) = figure.data
    assert len(bars.x) == 3
    assert "&lt;b&gt;" in figure.layout.yaxis.ticktext  # Plotly would obey a tag
    assert "dog 50%, <b> 30%, cat 10%" in candidates.bars_alt(word("dog"), plain)
    assert "owl 2%" in candidates.bars_alt(word("owl", 0.02), plain)


def test_a_photo_in_a_figure_stays_small() -> None:
    data = captions.jpeg(PIXELS)  # noise: nothing is harder to compress
    assert len(data) <= captions.HEAVIEST
    small = captions.jpeg(PIXELS, side=96, heaviest=6_000)
    with Image.open(BytesIO(small)) as image:
        assert max(image.size) == 96
    assert base64.b64decode(captions.data_uri(small).split(",")[1]) == small


@pytest.mark.parametrize("shape", [(640, 3), (3, 640), (8, 8)])
def test_any_shape_of_photo_can_be_drawn(shape: tuple[int, int]) -> None:
    figure = captions.overlay(np.zeros((*shape, 3), np.uint8), cells(3, 3))
    assert figure.layout.images[0].sizex == shape[1]
    assert figure.layout.yaxis.scaleanchor == "x"


def test_cells_lie_over_the_photo_and_the_strongest_has_its_share() -> None:
    figure = captions.overlay(PIXELS, cells(0, 6))
    (heat,) = figure.data
    assert np.array(heat.z).shape == (7, 7)
    assert heat.x0 - heat.dx / 2 == pytest.approx(0)
    assert heat.x0 + 6.5 * heat.dx == pytest.approx(640)
    assert heat.y0 + 6.5 * heat.dy == pytest.approx(480)
    assert heat.colorscale[0][1].endswith(", 0)")  # no attention leaves the photo as it is
    (badge,) = figure.layout.annotations
    assert badge.text == "52%"
    assert badge.x > 6 / 7 * 640
    assert badge.y < 1 / 7 * 480


def test_an_even_look_stays_pale() -> None:
    (heat,) = captions.overlay(PIXELS, np.full((7, 7), 1 / 49)).data
    assert heat.zmax == captions.LEAST


def test_without_attention_there_is_only_the_photo() -> None:
    figure = captions.overlay(PIXELS, None)
    assert len(figure.layout.images) == 1
    assert not figure.layout.annotations
    assert captions.overlay_alt(None, "x", plain) == "The photo."


def test_where_it_looked_is_said_beside_what_chance_would_give() -> None:
    assert (
        captions.strongest_region(cells(3, 3), plain)
        == "middle, 60% (spread evenly, 18% would lie there)"
    )
    assert captions.strongest_region(cells(0, 6), plain).startswith("upper right, 55%")
    assert sum(captions.regions(cells(5, 0))) == pytest.approx(1)
    alt = captions.overlay_alt(cells(6, 3), "Attention", plain)
    assert "Attention, strongest parts first: bottom 57%" in alt


def reach(cell: str, h: list[float], c: list[float] | None = None, **more: bool) -> CaptionReach:
    return CaptionReach(
        f"captions-en-{cell}",
        cell,
        more.get("attention", False),
        900_000,
        ("START", "a")[: len(h) - 1],
        "dog",
        np.array(h),
        None if c is None else np.array(c),
    )


def test_the_sentence_about_the_photo_is_computed() -> None:
    assert "h₀ the gradient is 100 times smaller" in captions_reach.sentence(
        reach("rnn", [0.01, 0.1, 1.0]), plain
    )
    assert "h₀ it is 4 times its value" in captions_reach.sentence(
        reach("gru", [4.0, 2.0, 1.0]), plain
    )
    lstm = reach("lstm", [0.001, 0.1, 1.0], [1.6, 1.8, 2.0])
    assert "at the photo's c₀ it is 0.80 times" in captions_reach.sentence(lstm, plain)
    assert "1,000 times smaller" in captions_reach.along_h(lstm, plain)
    assert "no gradient at all" in captions_reach.sentence(reach("rnn", [0.0, 0.0, 0.0]), plain)
    assert "Here nothing" in captions_reach.sentence(reach("rnn", [0.0, 0.1, 1.0]), plain)


@pytest.mark.parametrize("by", ["token", "lag"])
def test_curves_begin_at_the_photo_and_are_one_at_lag_zero(by: str) -> None:
    found = [
        reach("rnn", [0.01, 0.1, 1.0]),
        reach("lstm", [0.2, 0.1, 1.0], [1.6, 1.8, 2.0]),
        reach("gru", [0.0, 0.1, 0.5], attention=True),
    ]
    figure = captions_reach.curves(found, plain, by)
    assert [trace.y[-1] for trace in figure.data] == [1, 1, 1, 1]
    assert [trace.x[-1] for trace in figure.data] == [2 if by == "token" else 0] * 4
    assert [trace.line.dash for trace in figure.data] == ["solid", "solid", "dash", "dot"]
    assert np.isnan(figure.data[-1].y[0])  # a log axis has no zero
    assert figure.layout.yaxis.type == "log"
    if by == "token":
        assert list(figure.layout.xaxis.ticktext) == ["h₀", "START", "a"]
    assert captions_reach.curves_alt(found, plain).count(": ") >= 3
