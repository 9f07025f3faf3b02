"""Films as people hand them in: what is read, how fast, how it stands, and what is refused."""

from __future__ import annotations

import contextlib
import struct
from pathlib import Path

import numpy as np
import pytest

from engine.errors import InputError
from engine.images import MAX_FILM_BYTES, Clip, film, is_film, read_film
from engine.images.film import MAX_SECONDS, PACE, read_film_file
from tests.engine.images.films import animation, moving, video
from tests.engine.images.pictures import corners, encoded

SIDE = 32
FILMS = {
    "mp4, H.264": lambda: video("mp4", "libx264", moving()),
    "mov, MPEG-4": lambda: video("mov", "mpeg4", moving()),
    "webm, VP9": lambda: video("webm", "libvpx-vp9", moving()),
    "gif": lambda: animation("GIF", moving()),
    "webp": lambda: animation("WEBP", moving()),
}


def column(picture: np.ndarray) -> float:
    """Where the light is, from left to right."""
    return float((picture.sum(0) * np.arange(picture.shape[1])).sum() / max(1, picture.sum()))


@pytest.mark.parametrize("name", FILMS)
def test_every_format_is_read_small_grey_and_at_an_even_pace(name: str) -> None:
    data = FILMS[name]()
    assert is_film(data)
    found = read_film(data, "a", SIDE)
    assert found.frames.shape == (PACE, SIDE, SIDE)
    assert found.frames.dtype == np.uint8
    assert found.pace == pytest.approx(PACE, abs=0.6)
    assert found.seconds == pytest.approx(1, abs=0.1)
    places = [column(frame) for frame in found.frames]
    assert places == sorted(places)
    assert places[0] < 6 < 24 < places[-1]


def test_a_slow_film_keeps_its_own_pace() -> None:
    found = read_film(animation("GIF", moving(8), 250), "a", SIDE)
    assert (len(found.frames), round(found.pace, 2)) == (8, 4)
    # A GIF that gives no times is shown as browsers show it.
    assert read_film(animation("GIF", moving(8), 0), "a", SIDE).pace == pytest.approx(10)


def turned(data: bytes) -> bytes:
    """An MP4 whose head says: show me turned by 90 degrees clockwise, as telephones do."""
    at = data.index(b"tkhd") + 4 + 40
    one = 1 << 16
    return data[:at] + struct.pack(">9i", 0, one, 0, -one, 0, 0, 0, 0, 1 << 30) + data[at + 36 :]


def test_a_film_that_was_held_sideways_is_set_upright() -> None:
    found = read_film(turned(video("mp4", "libx264", moving())), "a", SIDE)
    # The square was in the upper part and went right: now it is in the right part and goes down.
    rows = [column(frame.T) for frame in found.frames]
    assert rows[0] < 6 < 24 < rows[-1]
    assert column(found.frames[0]) > SIDE / 2


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", r"^a is empty"),
        (bytes(MAX_FILM_BYTES + 1), r"^a has 25\.0 MB; at most 25 MB can be read\.$"),
        (b"just some text", r"^a is not a film that can be read here\. These can: MP4, MOV"),
        (b"#EXTM3U\nhttp://localhost/secret.ts", r"^a is not a film"),
        (encoded(corners(), "JPEG"), r"^a is not a film"),
        (encoded(corners(), "HEIF"), r"^a is not a film"),
        (encoded(corners(), "GIF"), r"^a has 1 frames: at least 4"),
        (animation("WEBP", moving(3), 200), r"^a has 3 frames: at least 4"),
        (b"\0\0\0\x18ftypmp42" + bytes(100), r"^a is damaged, or ends too early"),
        (b"\x1a\x45\xdf\xa3" + bytes(100), r"^a is damaged, or ends too early"),
        (b"GIF89a", r"^a is damaged, or ends too early"),
        (animation("GIF", moving(6), 10_000), rf"seconds long; at most {MAX_SECONDS} can"),
        (video("mp4", "libx264", moving(60), 1), rf"^a is 60 seconds long; at most {MAX_SECONDS}"),
        (animation("GIF", moving(8, 6, 90)), r"^a has 6 × 90 pixels, too few"),
        (video("matroska", "mpeg1video", moving(8)), r"^a is coded as mpeg1video, which cannot"),
    ],
)
def test_what_is_no_film_is_told_why(data: bytes, words: str) -> None:
    with pytest.raises(InputError, match=words):
        read_film(data, "a", SIDE)


@pytest.fixture
def undecoded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(film, "_small", lambda *_: pytest.fail("decodes"))
    monkeypatch.setattr(film, "to_rgb", lambda _: pytest.fail("decodes"))


@pytest.mark.usefixtures("undecoded")
def test_too_long_and_too_large_is_refused_from_the_head() -> None:
    for data in (
        video("mp4", "libx264", moving(2 * MAX_SECONDS), 1),
        video("webm", "libvpx", moving(2 * MAX_SECONDS), 1),
    ):
        with pytest.raises(InputError, match=f"at most {MAX_SECONDS} can be read"):
            read_film(data, "a", SIDE)
    gif = bytearray(animation("GIF", moving(8)))
    gif[6:10] = struct.pack("<HH", 10_000, 10_000)
    with pytest.raises(InputError, match="pictures of 10000 × 10000 pixels"):
        read_film(bytes(gif), "a", SIDE)
    with pytest.raises(InputError, match="pictures of 4160 × 2304 pixels"):
        read_film(video("mp4", "mpeg4", moving(1, 4160, 2304)), "a", SIDE)


def test_a_head_that_lies_about_the_length_is_found_out(monkeypatch: pytest.MonkeyPatch) -> None:
    data = bytearray(video("mp4", "libx264", moving(2 * MAX_SECONDS), 1))
    for box, size in ((b"mvhd", 16), (b"tkhd", 20), (b"mdhd", 16)):
        at = data.index(box) + 4 + size
        data[at : at + 4] = struct.pack(">I", 1)
    taken: list[object] = []
    real = film._small

    def counted(frame: object, side: int) -> object:
        taken.append(frame)
        return real(frame, side)

    monkeypatch.setattr(film, "_small", counted)
    with pytest.raises(InputError, match=f"at most {MAX_SECONDS} can be read"):
        read_film(bytes(data), "a", SIDE)
    assert len(taken) <= MAX_SECONDS + 1


@pytest.mark.parametrize("name", FILMS)
def test_a_film_cut_short_or_with_noise_in_it_is_read_or_refused(name: str) -> None:
    data = FILMS[name]()
    draws = np.random.default_rng(0)
    for _ in range(12):
        broken = bytearray(data[: int(draws.integers(1, len(data)))])
        for at in draws.integers(0, len(broken), 4):
            broken[at] ^= int(draws.integers(1, 256))
        with contextlib.suppress(InputError):
            assert isinstance(read_film(bytes(broken), "a", SIDE), Clip)


def test_it_stops_when_told() -> None:
    with pytest.raises(InterruptedError):
        read_film(FILMS["mp4, H.264"](), "a", SIDE, stop=lambda: True)


def test_a_file_is_looked_at_before_it_is_read(tmp_path: Path) -> None:
    path = tmp_path / "x.gif"
    path.write_bytes(FILMS["gif"]())
    assert read_film_file(path, SIDE).name == "x.gif"
    with path.open("r+b") as file:
        file.truncate(MAX_FILM_BYTES + 1)
    with pytest.raises(InputError, match=r"^x\.gif has 25\.0 MB"):
        read_film_file(path, SIDE)
    with pytest.raises(InputError, match=r"^missing\.mp4 cannot be opened"):
        read_film_file(tmp_path / "missing.mp4", SIDE)
