"""The page Frames: films of the sensor, composed clips and one's own, on the shipped models."""

from __future__ import annotations

import pytest
from streamlit.testing.v1 import AppTest

from engine import images
from engine.errors import InputError
from engine.tasks.frames import motion
from pages.parts.frames import inputs
from pages.shared import models
from tests.engine.images.films import animation, moving
from tests.pages.opened import opened, press, said, widget


def upload(at: AppTest, name: str, data: bytes) -> None:
    at.file_uploader(key="frames_upload").upload(name, data, "video/mp4").run()


VIEWS = ("labels", "gradient", "networks", "mistakes", "lesson")


def frames_page(**query: str) -> AppTest:
    return opened("frames", {f"frames_{key}": value for key, value in query.items()}, 60)


@pytest.mark.parametrize("view", VIEWS)
@pytest.mark.parametrize("lang", ["en", "vi"])
def test_every_view_shows_a_worked_example(view: str, lang: str) -> None:
    at = opened("frames", {"lang": lang, "frames_view": view}, 60)
    assert len(at.error) == 0
    assert len(at.get("plotly_chart")) == {"networks": 0, "lesson": 0}.get(view, 1)


def test_scores_of_the_networks_come_after_a_bet() -> None:
    at = frames_page(view="networks")
    assert not any("Always the most frequent label" in c.value for c in at.caption)
    at.button(key="frames_bet_frames").click().run()  # both ways, the best
    assert "You bet “LSTM, both ways”: right." in said(at)
    assert any("Always the most frequent label" in c.value for c in at.caption)


def test_where_the_networks_differ_is_counted() -> None:
    at = frames_page(clip="chair")
    film = models.example_films()["chair"]
    names = "frames-gru", "frames"
    answers = [next(models.frames(n).label([film.frames])).answers for n in names]
    known = film.labels != 255
    differ = (answers[0] != answers[1]) & known
    right = [int((differ & (a == film.labels)).sum()) for a in answers]
    assert f"Of {known.sum()} labelled frames they differ in {differ.sum()}" in said(at)
    assert f"forward is right {right[0]} times, both ways {right[1]} times" in said(at)
    assert right[1] > right[0]


def test_a_link_chooses_film_and_frame_and_another_film_forgets_the_frame() -> None:
    at = frames_page(clip="fall", at="140")
    assert "Frame 141 of 330, 14.0 s" in said(at)
    widget(at, "frames_clip").set_value("room").run()
    assert not at.exception
    assert "Frame 141 of" not in said(at)
    # A frame that the film does not have is none.
    assert "Frame 141" not in said(frames_page(clip="fall", at="100000"))


def test_a_clip_is_composed_action_by_action() -> None:
    at = frames_page(source="made", actions="left.up")
    assert "to the left → up" in said(at)
    press(at, "frames_add_turning")
    assert "to the left → up → turning" in said(at)
    assert at.query_params["frames_actions"] == "left.up.turning"
    assert "of 36 labelled frames".lower() in said(at).lower() or "every frame" in said(at)
    press(at, "frames_undo")
    assert at.query_params["frames_actions"] == "left.up"
    press(at, "frames_clear")
    assert "Choose at least one action" in said(at)
    assert len(at.error) == 1
    press(at, "frames_add_still")
    assert len(at.error) == 0


def test_another_thing_is_another_film_with_the_same_labels() -> None:
    films = [motion.made([("left", 12)], seed, models.photos_in_grey()) for seed in (1, 2)]
    assert (films[0].labels == films[1].labels).all()
    assert (films[0].frames != films[1].frames).any()
    at = frames_page(source="made", seed="1")
    press(at, "frames_another")
    assert at.query_params["frames_seed"] == "2"


def test_what_a_link_may_say_of_actions_and_seeds() -> None:
    assert inputs.actions("left.sideways..up") == ["left", "up"]
    assert len(inputs.actions(".".join(["left"] * 50))) == inputs.MOST
    at = frames_page(source="made", actions="<b>", seed="-5")
    assert "Choose at least one action" in said(at)


def test_ones_own_film_is_read_and_labelled() -> None:
    at = frames_page(source="own")
    assert "There is no film of yours yet" in said(at)
    assert "of 48" in said(at)
    upload(at, "hand.gif", animation("GIF", moving(24), 100))
    assert not at.exception
    assert len(at.error) == 0
    assert "hand.gif" in said(at)
    assert "of 24" in said(at)
    for view in ("gradient", "networks"):
        at.query_params["frames_view"] = view
        assert not at.run().exception
        assert len(at.error) == 0


@pytest.mark.parametrize(
    ("name", "data", "words"),
    [
        ("a.mp4", b"no film", "is not a film that can be read here"),
        ("a.gif", animation("GIF", moving(2)), "at least 4 are needed"),
        ("a.mp4", b"\0\0\0\x18ftypmp42" + bytes(100), "is damaged"),
    ],
)
def test_what_is_no_film_costs_only_itself(name: str, data: bytes, words: str) -> None:
    at = frames_page(source="own")
    upload(at, "good.gif", animation("GIF", moving(12), 100))
    assert "good.gif" in said(at)
    upload(at, name, data)
    assert not at.exception
    assert words in said(at)
    assert "good.gif" in said(at)


def test_the_films_of_the_sensor_are_what_their_file_says() -> None:
    films = models.example_films()
    assert list(films) == list(inputs.CLIPS)
    assert all(set(film.labels) <= {*range(7), 255} for film in films.values())
    assert (models.EXAMPLES / "frames.npz").stat().st_size < 300_000


@pytest.mark.usefixtures("no_models")
def test_without_models_it_says_so() -> None:
    at = frames_page()
    assert "is not installed here" in said(at)


def test_a_photo_is_no_film() -> None:
    data = (models.EXAMPLES / "cat.jpg").read_bytes()
    with pytest.raises(InputError, match="is not a film"):
        images.read_film(data, "cat.jpg", 32)
