"""Reading text: encodings, parts, streams that go on where they ended."""

from __future__ import annotations

from pathlib import Path

import pytest
import torch

from engine.errors import InputError
from engine.tasks.characters.data import Streams, corpus, encode, read

CPU = torch.device("cpu")


def test_text_is_nfc_with_plain_line_ends(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_bytes("\ufeffTie\u0302\u0301ng\r\nViệt\r".encode())
    assert read(path) == "Tiếng\nViệt\n"
    path.write_bytes(b"\xff\xfe\x00")
    with pytest.raises(InputError, match=r"a\.txt is not UTF-8"):
        read(path)


def test_one_file_is_cut_into_three_parts_at_line_ends(tmp_path: Path) -> None:
    whole = "".join(f"line {k:03}\n" for k in range(400))
    (tmp_path / "lines.txt").write_text(whole)
    parts = corpus("lines", tmp_path)
    assert parts.train + parts.held_out + parts.dev == whole
    assert all(part.endswith("\n") for part in (parts.train, parts.held_out, parts.dev))
    assert len(parts.dev) == pytest.approx(len(whole) / 20, abs=20)
    assert len(parts.held_out) == pytest.approx(len(whole) * 0.95 / 20, abs=20)


def test_a_folder_brings_its_own_dev_part(tmp_path: Path) -> None:
    (tmp_path / "play").mkdir()
    (tmp_path / "play" / "train.txt").write_text("abc\n" * 100)
    (tmp_path / "play" / "dev.txt").write_text("xyz\n")
    parts = corpus("play", tmp_path)
    assert parts.dev == "xyz\n"
    assert parts.alphabet == "\nabc"
    with pytest.raises(InputError, match="no corpus other"):
        corpus("other", tmp_path)


def test_unknown_characters_are_left_out_or_marked() -> None:
    assert encode("a?b", "ab") == [0, 1]
    assert encode("a?b", "ab", unknown=7) == [0, 7, 1]


def test_streams_go_on_and_say_each_next_character() -> None:
    streams = Streams(range(1000), rows=4, steps=10, seed=0, device=CPU)
    first, second = streams(0), streams(1)
    assert first.fresh
    assert not second.fresh
    assert torch.equal(first.targets, first.inputs + 1)
    assert torch.equal(second.inputs[0], first.targets[-1])
    assert first.inputs[0].tolist() == [0, 250, 500, 750]


def test_an_epoch_reads_nearly_everything_once_and_the_next_starts_elsewhere() -> None:
    streams = Streams(range(1000), rows=4, steps=10, seed=0, device=CPU)
    read = torch.cat([streams(k).inputs.flatten() for k in range(streams.per_epoch)])
    assert len(read.unique()) == len(read) >= 950
    later = streams(streams.per_epoch)
    assert later.fresh
    assert later.inputs[0, 0] != 0
    assert torch.equal(later.inputs, streams(streams.per_epoch).inputs)


def test_too_short_a_text_is_explained() -> None:
    with pytest.raises(InputError, match="has 12 characters; training in pieces of 64"):
        Streams(range(12), rows=8, steps=64, seed=0, device=CPU)


def test_every_epoch_can_read_the_text_in_another_form() -> None:
    forms = {epoch: [1000 * epoch + k for k in range(1000)] for epoch in range(3)}
    streams = Streams(range(1000), 4, 10, seed=0, device=CPU, epoch_ids=forms.__getitem__)
    for epoch in range(3):
        batch = streams(epoch * streams.per_epoch + 1)
        assert (batch.inputs // 1000 == epoch).all()
        assert torch.equal(batch.targets % 1000, (batch.inputs + 1) % 1000)
