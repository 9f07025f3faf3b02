"""Which film is looked at: the heat sensor's, one composed of actions, or the visitor's own."""

from __future__ import annotations

import hashlib
from collections.abc import Hashable, Iterator
from dataclasses import dataclass
from typing import Literal

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from engine import images
from engine.device import AUTO
from engine.errors import N_, InputError
from engine.figures import frames as figures
from engine.images import FILM_FORMATS, MAX_FILM_BYTES, MAX_SECONDS, Clip
from engine.results import LabelledFilm
from engine.tasks.frames import motion
from pages.shared import jobs, links, models, views
from pages.shared.header import show_error
from pages.shared.text import _, literal

SOURCE, CLIP, ACTIONS, SEED, AT = (
    "frames_source",
    "frames_clip",
    "frames_actions",
    "frames_seed",
    "frames_at",
)
OWN = "_frames_own"
"""Where the session keeps the visitor's film, made small: it outlives the uploader."""

SOURCES = {
    "heat": N_("Heat sensor"),
    "made": N_("Compose a clip"),
    "own": N_("Your own film"),
}
CLIPS = {
    "chair": N_("a chair"),
    "fall": N_("two falls"),
    "room": N_("into the room and out"),
    "hard": N_("falls hard to see"),
}
"""The films of the heat sensor that are shipped."""

BEGINNING = "left.nearer.right.still"
FIRST = "6"
"""The seed of the first thing that is seen."""

SECOND, MOST = 12, 10
"""Frames of one action; actions of a clip at most."""

ICONS = {
    "left": "arrow_back",
    "right": "arrow_forward",
    "up": "arrow_upward",
    "down": "arrow_downward",
    "nearer": "zoom_in",
    "farther": "zoom_out",
    "turning": "rotate_right",
    "still": "pause",
}


@dataclass(frozen=True)
class Selection:
    """A film and who labels it. `id` is unlike any other film's; `labels` are the true ones, where
    they are known; `forward` and `both` are the names of the networks that are compared."""

    id: Hashable
    frames: NDArray[np.uint8]
    labels: NDArray[np.uint8] | None
    pace: float
    palette: Literal["heat", "grey"]
    forward: str
    both: str
    device: str

    @property
    def is_own(self) -> bool:
        """Whether the visitor has uploaded it: then nothing of it is shared."""
        return isinstance(self.id, tuple) and self.id[0] == "own"

    @property
    def truth(self) -> NDArray[np.int64] | None:
        """The true labels as numbers, −1 where there is none."""
        return None if self.labels is None else figures.truth(self.labels)

    @property
    def shown(self) -> NDArray[np.uint8]:
        """The frames as bright as they are shown: the sensor's warmth fills the whole scale."""
        if self.palette == "grey":
            return self.frames
        low, high = np.percentile(self.frames, 1), float(self.frames.max())
        scaled = 255 * (self.frames - low) / max(1.0, high - low)
        return np.asarray(scaled.clip(0, 255), dtype=np.uint8)

    def label(self, *names: str) -> dict[str, LabelledFilm]:
        """What the networks of these names say of the film."""
        predictors = {name: models.frames(name, self.device) for name in names}

        def work(stop: jobs.Stop) -> Iterator[tuple[str, LabelledFilm]]:
            for name, predictor in predictors.items():
                for found in predictor.label([self.frames], stop):
                    yield name, found

        key = (self.id, names, self.device)
        slot = f"frames_labels_{len(names)}"
        return dict(jobs.wait(jobs.start(slot, key, work, private=self.is_own)))


def draw() -> Selection:
    """The choice of a film, with what belongs to it; InputError where there is none."""
    known = models.frames_headers()
    sensor = "frames" in known and models.example_films()
    moving = {"motion", "motion-forward"} <= known.keys()
    sources = {id: name for id, name in SOURCES.items() if (sensor if id == "heat" else moving)}
    if not sources:
        raise InputError(N_("The model {name} is not installed here."), name="frames")
    source = views.pick(
        SOURCE, _("Which film"), sources, default=next(iter(sources)), quiet=True,
        on_change=forget_frame,
    )  # fmt: skip
    if source == "heat":
        return _of_the_sensor()
    return _composed() if source == "made" else _own()


def forget_frame() -> None:
    """A callback: another film begins at its beginning."""
    links.set_values({AT: ""})


def frame(selection: Selection) -> int:
    """The chosen frame; without a choice, where the two networks first differ."""
    ids = ["", *map(str, range(len(selection.frames)))]
    chosen = links.choice(AT, ids, "")
    if chosen:
        return int(chosen)
    found = selection.label(selection.forward, selection.both)
    forward, both = (film.answers for film in found.values())
    differ = np.flatnonzero(figures.differences(forward, both, selection.truth))
    middle = len(selection.frames) // 2
    return int(differ[len(differ) // 2]) if len(differ) else middle


def _device() -> str:
    return str(st.session_state.get("device", AUTO))


def _of_the_sensor() -> Selection:
    films = models.example_films()
    name = views.pick(
        CLIP, _("Film"), {id: CLIPS.get(id, id) for id in films}, default=next(iter(films)),
        quiet=True, on_change=forget_frame, wrap=True,
    )  # fmt: skip
    film, known = films[name], models.frames_headers()
    forward = [id for id in known if id != "frames" and not known[id].arguments["bidirectional"]]
    best = max(forward, key=lambda id: _accuracy(id) if "still" not in id else 0.0)
    return Selection(
        ("heat", name), film.frames, film.labels, 10.0, "heat", best, "frames", _device()
    )


def _accuracy(name: str) -> float:
    """The score on the first test set of a model's header."""
    return float(next(iter(models.frames_headers()[name].metrics.values()))["frame_accuracy"])


def actions(text: str) -> list[str]:
    """The actions that a link names; what is unknown is passed over."""
    return [name for name in text.split(".") if name in motion.LABELS][:MOST]


def _composed() -> Selection:
    """Buttons for the actions, in the order in which the thing does them."""
    chosen = actions(links.text(ACTIONS, BEGINNING))
    seed = links.text(SEED, FIRST)
    number = int(seed) if seed.isdecimal() and len(seed) < 9 else int(FIRST)
    with st.container(horizontal=True, gap="small"):
        for name in motion.LABELS:
            st.button(
                figures.label_name(name, _),
                key=f"frames_add_{name}",
                icon=f":material/{ICONS[name]}:",
                disabled=len(chosen) >= MOST,
                on_click=_compose,
                args=([*chosen, name],),
            )
    with st.container(horizontal=True, gap="small", vertical_alignment="center"):
        listed = " → ".join(figures.label_name(name, _) for name in chosen)
        st.markdown(f"**{literal(listed)}**" if listed else _("No action yet."), width="content")
        st.button(
            _("Undo"), key="frames_undo", icon=":material/undo:", type="tertiary",
            disabled=not chosen, on_click=_compose, args=(chosen[:-1],),
        )  # fmt: skip
        st.button(
            _("Clear"), key="frames_clear", icon=":material/close:", type="tertiary",
            disabled=not chosen, on_click=_compose, args=([],),
        )  # fmt: skip
        st.button(
            _("Another thing"), key="frames_another", icon=":material/casino:", type="tertiary",
            on_click=_again, args=(number,),
        )  # fmt: skip
    st.caption(
        _(
            "Generated by rule: a crop of a photo or a pattern moves over another, one second an "
            "action; the network has seen films of this kind, but never this photo."
        )
    )
    if not chosen:
        raise InputError(N_("Choose at least one action: the clip is made of them."))
    return _made(chosen, number)


def _made(chosen: list[str], number: int) -> Selection:
    """The clip of these actions that belongs to a seed."""
    photos = models.photos_in_grey()[-1:]
    made = jobs.once(
        "frames_made",
        (tuple(chosen), number),
        lambda _stop: motion.made([(name, SECOND) for name in chosen], number, photos),
    )
    id = ("made", tuple(chosen), number)
    return _moving(id, made.frames, made.labels, float(SECOND))


def _compose(chosen: list[str]) -> None:
    forget_frame()
    links.set_values({ACTIONS: ".".join(chosen) or "none"})


def _again(seed: int) -> None:
    forget_frame()
    links.set_values({SEED: str(seed % 99_999 + 1)})


def _moving(
    id: Hashable, frames: NDArray[np.uint8], labels: NDArray[np.uint8] | None, pace: float
) -> Selection:
    return Selection(id, frames, labels, pace, "grey", "motion-forward", "motion", _device())


def _own() -> Selection:
    """The uploader; the last film that could be read stays until another one can."""
    label = _("A film: {formats}; at most {seconds} seconds and {size} MB").format(
        formats=", ".join(FILM_FORMATS), seconds=MAX_SECONDS, size=MAX_FILM_BYTES // 2**20
    )
    upload = st.file_uploader(
        label, key="frames_upload", max_upload_size=MAX_FILM_BYTES // 2**20, on_change=forget_frame
    )
    if upload is not None:
        data = upload.getvalue()
        digest = hashlib.sha256(data).hexdigest()[:16]
        size = models.frames("motion", _device()).size
        try:
            clip = jobs.once(
                "frames_film",
                (digest, upload.name),
                lambda stop: images.read_film(data, upload.name, size, stop),
                private=True,
            )
            st.session_state[OWN] = (digest, clip)
        except InputError as error:
            show_error(error)
    st.caption(
        _(
            "On a phone, the button offers to record one: move your hand to the left, then come "
            "nearer. Your film is not part of the link; it is made small, held for this visit and "
            "stored nowhere: a reload of the tab forgets it."
        )
    )
    held: tuple[str, Clip] | None = st.session_state.get(OWN)
    if held is None:
        st.info(_("There is no film of yours yet. Until then a composed clip is shown."))
        return _made(actions(BEGINNING), int(FIRST))
    digest, clip = held
    st.markdown(f":material/movie: **{literal(clip.name)}**")
    return _moving(("own", digest), clip.frames, None, clip.pace)
