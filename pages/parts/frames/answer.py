"""The views of the page Frames: labels along the film, gradients, networks, mistakes."""

from __future__ import annotations

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from engine.checkpoints import Header
from engine.figures import frames as figures
from engine.figures import two_sides
from engine.figures.style import cell_style
from engine.results import FrameGradients
from engine.tasks.frames import CONFUSION
from pages.parts.frames import inputs
from pages.parts.frames.inputs import AT, Selection
from pages.shared import gradient_panel, jobs, links, models, views
from pages.shared.text import _, decimal, literal, percent
from pages.shared.tokens import bets
from pages.shared.tokens.bets import Bet
from pages.shared.tokens.film import TimeLine, film


def network_name(name: str) -> str:
    """What a network is called beside others: its cell, and which way it reads."""
    arguments = models.frames_headers()[name].arguments
    if arguments["cell"] == "none":
        return _("Each frame alone")
    cell = cell_style(arguments["cell"]).title
    way = _("{cell}, both ways") if arguments["bidirectional"] else _("{cell}, forward")
    return way.format(cell=cell)


def draw_labels() -> None:
    """The player with its time lines, what the networks say at the chosen frame, and where they
    differ."""
    picture, selection = st.container(), inputs.draw()
    names = [selection.forward, selection.both]
    with picture:
        at = _player(selection, names)
    found = selection.label(*names)
    forward, both = (found[name].answers for name in names)
    sentence = figures.differences_sentence(forward, both, selection.truth, _)
    if (truth := selection.truth) is not None:
        late = figures.delay_sentence(
            figures.change_delay(forward, truth),
            figures.change_delay(both, truth),
            selection.pace,
            _,
            lambda x: decimal(x, 1),
        )
        sentence = f"{sentence} {late}"
    _reach(selection, at)
    said, bars = st.columns([2, 3], gap="medium")
    with said:
        st.markdown(f"**{literal(sentence)}**")
    with bars:
        _chances(selection, at)
    if selection.palette == "heat":
        st.caption(
            _(
                "16 × 16 temperatures from the ceiling, ten times a second: a person is a warm "
                "spot. Persons of these films are not among those the networks learnt from. "
                "Films: Nagoya University, Kawashima et al. 2017, CC BY-NC-SA 4.0."
            )
        )


def _reach(selection: Selection, at: int) -> None:
    """How far the loss of this frame's label reaches, in a sentence that leads to its picture."""
    reach = _gradients(selection, at, [selection.both])[0]
    gradient_panel.headline("frames", two_sides.headline(reach, _, _units()))


def _chances(selection: Selection, at: int) -> None:
    """How probable both networks find each label at this frame."""
    text = _("Frame {n} of {total}, {seconds} s")
    count, seconds = len(selection.frames), decimal(at / selection.pace, 1)
    st.markdown(f"**{literal(text.format(n=at + 1, total=count, seconds=seconds))}**")
    found = selection.label(selection.forward, selection.both)
    shown = {network_name(name): film for name, film in found.items()}
    true = -1 if selection.truth is None else int(selection.truth[at])
    bars, alt = figures.chances(shown, at, true, _), figures.chances_alt(shown, at, _)
    views.chart(bars, alt, "frames_chances", "labels")


def _player(selection: Selection, names: list[str]) -> int:
    """The film above the time lines of these networks; returns the chosen frame."""
    at = inputs.frame(selection)
    found = selection.label(*names)
    labels = next(iter(found.values())).labels
    lines = [] if selection.truth is None else [TimeLine(_("Truth"), selection.truth)]
    lines += [TimeLine(network_name(name), found[name].answers) for name in found]
    differs = None
    if len(names) == 2 and len(found) == 2:
        answers = [film.answers for film in found.values()]
        differs = figures.differences(answers[0], answers[1], selection.truth)
    st.session_state[AT] = str(at)
    return film(
        selection.shown,
        lines,
        figures.names(labels, _),
        key=AT,
        label=_("The film, frame by frame, with its labels"),
        pace=selection.pace,
        palette=selection.palette,
        differs=differs,
    )


def _units() -> tuple[str, str]:
    return _("frame"), _("frames")


def _gradients(selection: Selection, at: int, names: list[str]) -> list[FrameGradients]:
    """∂e/∂h_t of these networks, e being the loss of the label at the chosen frame."""
    predictors = [models.frames(name) for name in names]
    return jobs.once(
        f"frames_gradients_{len(names)}",
        (selection.id, at, tuple(names)),
        lambda _stop: [predictor.gradients(selection.frames, at) for predictor in predictors],
        private=selection.is_own,
    )


def draw_gradient() -> None:
    """From the label at the chosen frame to both sides, in three cells and both ways."""
    picture, selection = st.container(), inputs.draw()
    known = models.frames_headers()
    if selection.palette == "heat":
        family = [name for name in known if name != "motion" and not name.startswith("motion-")]
    else:
        family = [selection.forward, selection.both]
    names = [name for name in dict.fromkeys(family) if known[name].arguments["cell"] != "none"]
    names.sort(key=lambda name: bool(known[name].arguments["bidirectional"]))
    with picture:
        at = _player(selection, [selection.both])
    found = _gradients(selection, at, names)
    text = _("e is the loss of the label at frame {n} ({label}): which frames does it reach?")
    label = figures.label_name(found[-1].label, _)
    st.caption(text.format(n=at + 1, label=literal(label)))
    cards = [
        gradient_panel.Card(
            two_sides.title(each, _),
            f"{gradient_panel.size(each.parameters)}, {_score(known[name])}",
            two_sides.sentence(each, _, _units()),
        )
        for name, each in zip(names, found, strict=True)
    ]
    gradient_panel.draw_cards(cards)
    figure = two_sides.curves(found, _, _("frames"))
    alt = two_sides.curves_alt(found, _, _units())
    views.chart(figure, alt, "frames_gradient_figure", "gradient")
    st.caption(
        _(
            "Each side is divided by its own value at the chosen frame. The LSTM is drawn along "
            "c, where its memory is (slide 42). A forward network has no right side: it cannot "
            "know what follows."
        )
    )


def _score(header: Header) -> str:
    """The accuracy on the first test set, in words."""
    scores = next(iter(header.metrics.values()))
    return _("accuracy {percent}").format(percent=percent(scores["frame_accuracy"], 1))


def draw_networks() -> None:
    """All networks on this film, one time line each, and their scores on all held-out films."""
    picture, selection = st.container(), inputs.draw()
    known = models.frames_headers()
    family = [name for name in known if name.startswith("motion") == (selection.palette == "grey")]
    family.sort(key=lambda name: next(iter(known[name].metrics.values()))["frame_accuracy"])
    with picture:
        _player(selection, family)
    rows = []
    for name in family:
        header = known[name]
        scores = next(iter(header.metrics.values()))
        row = {
            _("Network"): network_name(name),
            _("Accuracy"): percent(scores["frame_accuracy"], 1),
            _("Macro F1"): decimal(scores["macro_f1"], 3),
            _("Parameters"): decimal(header.parameters, 0),
        }
        rows.append(row)
    best, names = family[-1], {name: network_name(name) for name in sorted(family)}
    question = _("**Your bet:** which network labels most frames of the held-out films rightly?")
    if not bets.ask(Bet(f"frames,{selection.palette}", question, names, best), "frames"):
        return
    test = figures.trial_name(next(iter(known[family[0]].metrics)), _)
    title = _("Scores on all held-out films: {test}")
    st.markdown(f"**{literal(title.format(test=test))}**")
    views.table(rows, _("Scores of the networks"))
    baseline = next(iter(known[family[0]].metrics.values()))["baseline"]
    text = _("Always the most frequent label: {percent}. {n} frames have a label.")
    n = next(iter(known[family[0]].metrics.values()))["n"]
    st.caption(
        text.format(percent=percent(baseline["frame_accuracy"], 1), n=decimal(n, 0))
        + " "
        + _("All were trained alike, for as many epochs: what differs is what they can know.")
    )


def draw_mistakes() -> None:
    """The confusion table of one network and, for the sensor, what becomes of falls."""
    known = models.frames_headers()
    tables = {name: table for name in known if (table := _confusion(known[name])) is not None}
    names = list(tables)
    if not names:
        st.info(_("Where this model fails has not been noted here."))
        return
    default = "frames" if "frames" in names else names[0]
    name = links.choice("frames_network", names, default)
    st.selectbox(
        _("Network"), names, key="frames_network", width=360,
        format_func=lambda id: f"{network_name(id)} ({_kind(id)})",
    )  # fmt: skip
    header = known[name]
    labels = tuple(header.arguments["labels"])
    table = tables[name]
    st.markdown(f"**{literal(figures.confusion_sentence(table, labels, _))}**")
    figure = figures.confusion(table, labels, _)
    views.chart(
        figure, figures.confusion_sentence(table, labels, _), "frames_confusion", "confusion"
    )
    st.caption(_("Shares of the frames in each row: {test}.").format(
        test=literal(figures.trial_name(next(iter(header.metrics)), _))))  # fmt: skip
    _falls([id for id in known if "falls" in known[id].metrics])


def _confusion(header: Header) -> NDArray[np.int64] | None:
    """(K, K) true labels by answers, as the header has counted them; None where it has not."""
    labels = header.arguments["labels"]
    rows = [header.metrics.get(CONFUSION.format(label=label), {}) for label in labels]
    table = np.array([[row.get(label, 0) for label in labels] for row in rows], dtype=np.int64)
    return table if table.any() else None


def _kind(name: str) -> str:
    return _("made clips") if name.startswith("motion") else _("heat sensor")


def _falls(names: list[str]) -> None:
    """What a carer asks: are falls found, how late, and how often is there a false alarm?"""
    if not names:
        return
    st.subheader(_("Are falls found?"), anchor=False)
    rows = []
    for name in names:
        found = models.frames_headers()[name].metrics["falls"]
        row = {
            _("Network"): network_name(name),
            _("Falls found"): percent(found["fall_recall"], 0),
            _("Delay (median)"): f"{decimal(found['fall_delay'], 1)} s",
            _("False alarms a minute"): decimal(found["false_falls_per_minute"], 2),
        }
        rows.append(row)
    views.table(rows, _("Falls by network"))
    n = models.frames_headers()[names[0]].metrics["falls"]["n"]
    st.caption(
        _(
            "{n} falls in the held-out films. A fall is found if one of its frames, or of the ten "
            "after it, is labelled so; with a delay of 0 its first frame already is. These films "
            "were acted, one person at a time: at home there would be more false alarms."
        ).format(n=n)
    )
