"""Pairs of sentences, and batches that are a pure function of their step."""

from __future__ import annotations

import gzip
from collections import Counter
from pathlib import Path

import pytest
import torch

from engine.errors import InputError
from engine.language.placeholders import PLACEHOLDERS
from engine.models.translator import PAD, START, STOP, PairBatch
from engine.padding import pad_rows
from engine.tasks.translation import tokenizer as pieces
from engine.tasks.translation.data import LONGEST, Batches, Pair, mix, normalise_source, read_pairs
from tests.engine.tasks.translation_small import corpus, pairs, tokenizer

CPU = torch.device("cpu")


def files(folder: Path, source: bytes, target: bytes) -> tuple[Path, Path]:
    paths = folder / "train.en", folder / "train.fr"
    for path, content in zip(paths, (source, target), strict=True):
        path.write_bytes(content)
    return paths


def test_pairs_are_normalised_lines(tmp_path: Path) -> None:
    found = read_pairs(*files(tmp_path, " A\u00a0cat \n\u200bTwo\n".encode(), b"Un chat\nDeux"))
    assert found == [("A cat", "Un chat"), ("Two", "Deux")]


def test_strange_line_separators_end_no_line(tmp_path: Path) -> None:
    found = read_pairs(*files(tmp_path, "A\u2028B\x85C\nD".encode(), b"E\nF"))
    assert [pair.source for pair in found] == ["A B C", "D"]


def test_packed_files_are_read(tmp_path: Path) -> None:
    source, target = files(tmp_path, b"A\nB\n", b"C\nD\n")
    packed = tmp_path / "train.en.gz"
    packed.write_bytes(gzip.compress(source.read_bytes()))
    assert read_pairs(packed, target) == [("A", "C"), ("B", "D")]


def test_files_that_cannot_be_pairs_are_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"train.en has 2 lines and train.fr has 1"):
        read_pairs(*files(tmp_path, b"A\nB\n", b"C\n"))
    with pytest.raises(InputError, match=r"train.fr is not UTF-8"):
        read_pairs(*files(tmp_path, b"A\n", b"\xff\n"))
    with pytest.raises(InputError, match=r"missing.en cannot be read"):
        read_pairs(tmp_path / "missing.en", tmp_path / "train.fr")
    broken = tmp_path / "train.fr.gz"
    for content in (b"no gzip", gzip.compress(b"A\n" * 999)[:20]):
        broken.write_bytes(content)
        with pytest.raises(InputError, match=r"train.fr.gz cannot be read"):
            read_pairs(tmp_path / "train.en", broken)


def test_a_mix_holds_what_there_is(tmp_path: Path) -> None:
    data = corpus(tmp_path)
    long = " ".join(["word"] * (LONGEST + 1))
    for language, more in (("en", f"\n{long}\n"), ("fr", "seul\nlong\n")):
        path = data / "tatoeba-fr-en" / f"train.{language}"
        path.write_text(path.read_text() + more)
    there, back = mix(("en", "fr"), data), mix(("fr", "en"), data)
    assert [c.folder for c in there.corpora] == ["tatoeba-fr-en"]
    assert len(there.pairs(clean=False)) == 4 * len(pairs())  # none empty, none too long
    assert [tuple(p)[::-1] for p in there.pairs(clean=True)] == back.pairs(clean=True)
    assert len(there.dev["tatoeba-fr-en"]) == 6
    with pytest.raises(InputError, match="No translation corpus lies in"):
        mix(("en", "vi"), data)


def test_corpora_stand_in_a_mix_as_often_as_they_count(tmp_path: Path) -> None:
    for name in ("tatoeba-vi-en", "subtitles-en-vi"):
        (tmp_path / name).mkdir()
        for language in ("en", "vi"):
            (tmp_path / name / f"train.{language}").write_text(f"{name} {language}\n")
    found = mix(("en", "vi"), tmp_path)
    assert found.dev == {}
    assert Counter(pair.source for pair in found.pairs(clean=False)) == {
        "tatoeba-vi-en en": 4,
        "subtitles-en-vi en": 1,
    }
    assert {pair.source for pair in found.pairs(clean=True)} == {"tatoeba-vi-en en"}


def test_quotes_and_dots_are_read_as_one_kind() -> None:
    assert normalise_source("“L’été” « ‘so’ »…") == '"L\'été" " \'so\' "...'


def batches(share: float = 0.0, seed: int = 0, size: int = 400) -> Batches:
    given = [Pair(fr, en) for en, fr in pairs()]
    return Batches(given, tokenizer(), ("fr", "en"), size, share, seed, CPU)


def rows(batch: PairBatch) -> list[tuple[str, str]]:
    """The texts of a batch."""
    sides = (batch.source, batch.target)
    texts = [[pieces.decode(tokenizer(), column.tolist()) for column in t.t()] for t in sides]
    return list(zip(*texts, strict=True))


def test_an_epoch_holds_every_pair_exactly_once() -> None:
    each = batches()
    assert each.per_epoch > 2
    known = Counter((normalise_source(fr), en) for en, fr in pairs())
    for epoch in range(3):
        steps = range(epoch * each.per_epoch, (epoch + 1) * each.per_epoch)
        assert Counter(row for step in steps for row in rows(each(step))) == known
    first, second = ([sorted(rows(each(s + k))) for s in range(each.per_epoch)]
                     for k in (0, each.per_epoch))  # fmt: skip
    assert first != second


@pytest.mark.parametrize("share", [0.0, 0.8])
def test_a_batch_depends_on_its_step_alone(share: float) -> None:
    one, other = batches(share), batches(share)
    steps = [0, 3, one.per_epoch + 1, 5 * one.per_epoch]
    found = {step: one(step) for step in steps}
    for step in reversed(steps):
        again = other(step)
        assert found[step].weights is None
        assert again.weights is None
        for part, same in zip(found[step][:3], again[:3], strict=True):
            assert torch.equal(part, same)
    different = batches(share, seed=1)
    assert any(rows(different(step)) != rows(one(step)) for step in steps)


def test_a_batch_is_as_large_as_it_may_be_and_not_larger() -> None:
    for size in (100, 400, 2_000):
        each = batches(size=size)
        for step in range(each.per_epoch):
            texts = rows(each(step))
            longest = max(len(side) for row in texts for side in row)
            assert len(texts) * longest < size + longest + Batches.BUCKET * len(texts)
    assert batches(size=100).per_epoch > batches(size=400).per_epoch > batches(size=2_000).per_epoch


def test_targets_begin_with_start_and_end_with_stop() -> None:
    batch = batches()(0)
    assert (batch.target[0] == START).all()
    assert ((batch.target == STOP).sum(0) == 1).all()
    for column in batch.target.t().tolist():
        assert {*column[column.index(STOP) + 1 :]} <= {PAD}
    assert (batch.source != PAD).sum(0).tolist() == batch.lengths.tolist()


def test_some_numbers_and_names_give_way_to_marks_and_some_sources_to_small_letters() -> None:
    each = batches(share=0.5)
    collected = [row for step in range(4 * each.per_epoch) for row in rows(each(step))]
    marked = [row for row in collected if any(mark in row[0] for mark in PLACEHOLDERS)]
    for row in marked:
        there, here = ({*side} & {*PLACEHOLDERS} for side in row)
        assert there == here
    assert 0.05 < len(marked) / len(collected) < 0.5
    assert 0.02 < sum(row[0].islower() for row in collected) / len(collected) < 0.3
    assert 0.02 < sum(row[0][-1] != "." for row in collected) / len(collected) < 0.4


def test_a_source_of_which_nothing_is_left_is_read_as_an_end() -> None:
    each = Batches([Pair(".", ".")], tokenizer(), ("fr", "en"), 100, 4.0, 0, CPU)
    assert each.per_epoch == 1
    found = [(b.source.tolist(), b.target.tolist()) for b in map(each, range(20))]
    assert ([[STOP]], [[START], [STOP]]) in found


def test_rows_are_padded_at_their_ends() -> None:
    table, lengths = pad_rows([[5], [6, 7, 8], [9, 9]])
    assert table.tolist() == [[5, 6, 9], [PAD, 7, 9], [PAD, 8, PAD]]
    assert lengths.tolist() == [1, 3, 2]


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("C’est « bien »…", 'C\'est " bien "...'),
        ("JE SUIS FATIGUÉ", "Je suis fatigué"),
        ("C'est TRÈS IMPORTANT", "C'est très important"),
        ("The NASA and UNESCO met Nguyễn", "The NASA and UNESCO met Nguyễn"),
        ("HELLO", "HELLO"),
        ("", ""),
    ],
)
def test_sources_are_read_without_shouting_and_with_plain_signs(text: str, read: str) -> None:
    assert normalise_source(text) == read
