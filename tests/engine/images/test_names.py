"""File names are safe to show, whoever made them up."""

from __future__ import annotations

import pytest

from engine import images
from engine.errors import InputError
from tests.engine.images.pictures import corners, encoded

PHOTO = encoded(corners(8, 8), "PNG")


@pytest.mark.parametrize(
    ("given", "shown"),
    [
        ("IMG_0042.HEIC", "IMG_0042.HEIC"),
        ("ảnh gia đình.jpg", "ảnh gia đình.jpg"),
        ("a\u0309nh.jpg", "ảnh.jpg"),
        ("../../etc/passwd", "passwd"),
        ("C:\\photos\\dog.png", "dog.png"),
        ("photo\u202egnp.exe", "photognp.exe"),
        ("\u2066a\u2069\u200bb\ufeff.gif", "ab.gif"),
        ("a\x00b\x1b[31mc\x7f.jpg", "ab[31mc.jpg"),
        ("two\r\nlines\t.jpg", "two lines .jpg"),
        ("lone\ud800.jpg", "lone.jpg"),
        ("<b>{name}</b>.jpg", "b>.jpg"),
        ("<b>{name}.jpg", "<b>{name}.jpg"),
        ("", "…"),
        ("photos/", "…"),
        ("\u200b", "…"),
        ("x" * 80, "x" * 80),
        ("x" * 300 + " the last day 0042.jpg", "x" * 55 + "…" + "xx the last day 0042.jpg"),
    ],
)
def test_names(given: str, shown: str) -> None:
    assert images.read(PHOTO, given).name == shown
    assert len(shown) <= 80


def test_a_name_in_braces_stands_in_the_message_as_it_is() -> None:
    with pytest.raises(InputError) as caught:
        images.read(b"", "{size} {0}.jpg")
    assert str(caught.value).startswith("{size} {0}.jpg is empty")
