"""The picture of where a model fails, and its sentence."""

from engine.figures.sentiment import evaluation as figures
from engine.results import ErrorShare, Failures

FOUND = Failures(
    ErrorShare("all", 1000, 100),
    (
        ErrorShare("negation", 200, 40),
        ErrorShare("emoji", 4, 3),
        ErrorShare("plain", 700, 35),
    ),
    (),
)


def same(text: str) -> str:
    return text


def test_bars_are_the_shares_the_largest_on_top() -> None:
    figure = figures.error_rates(FOUND, same)
    (bars,) = figure.data
    assert list(bars.x) == [0.05, 0.2, 0.75]
    assert list(bars.y) == ["none of these", "negation", "emoji"]
    assert len(set(bars.marker.color)) == 2  # four texts are too few to be coloured
    assert [note.text for note in figure.layout.annotations] == [
        "5% of 700",
        "20% of 200",
        "75% of 4",
    ]
    assert figure.layout.shapes[0].x0 == 0.1
    assert figure.layout.shapes[0].layer == "below"
    assert figure.layout.xaxis.range == (0, 1.5)
    assert figures.error_rates_alt(FOUND, same).startswith("emoji 75%, negation 20%")


def test_a_label_that_would_lie_on_the_line_stands_behind_it() -> None:
    figure = figures.error_rates(FOUND, same)
    assert [note.x for note in figure.layout.annotations] == [0.1, 0.2, 0.75]
    far = Failures(ErrorShare("all", 1000, 800), FOUND.kinds, ())
    notes = figures.error_rates(far, same).layout.annotations
    assert [note.x for note in notes] == [0.05, 0.2, 0.8]


def test_a_kind_without_errors_has_none() -> None:
    none = Failures(ErrorShare("all", 10, 0), (ErrorShare("plain", 10, 0),), ())
    figure = figures.error_rates(none, same)
    assert [note.text for note in figure.layout.annotations] == ["0% of 10"]
    assert figure.layout.xaxis.range[1] > 0
    assert figures.failures_sentence(none, same).endswith("it misreads 0%.")


def test_the_sentence_builds_on_enough_texts_only() -> None:
    message = figures.failures_sentence(FOUND, same)
    assert "misreads 10%" in message
    assert "Most often: negation, 20% of 200." in message
    even = Failures(ErrorShare("all", 100, 10), (ErrorShare("plain", 100, 10),), ())
    assert "Most often" not in figures.failures_sentence(even, same)


def test_every_kind_has_a_name() -> None:
    from engine.tasks.sentiment import PROBES
    from engine.tasks.sentiment.failures import KINDS

    kinds = {*KINDS, "plain", *(probe.kind for probes in PROBES.values() for probe in probes)}
    assert all(figures.kind_name(kind, same) for kind in kinds)
