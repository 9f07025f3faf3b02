"""Reading, mixing and batching the corpora."""

import gzip
from pathlib import Path

import pytest
import torch

from engine.errors import InputError
from engine.padding import pad_rows
from engine.tasks.sentiment.data import PROBES, Batches, read, read_corpora
from tests.engine.corpora import texts, write

CPU = torch.device("cpu")


def test_reads_plain_and_packed_files_alike(tmp_path: Path) -> None:
    plain = write(tmp_path / "a.tsv", texts("vi", 10, 0))
    packed = tmp_path / "a.tsv.gz"
    packed.write_bytes(gzip.compress(plain.read_bytes()))
    assert read(plain) == read(packed)
    assert len(read(plain)) == 10


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"text,label\ngood,positive\n", "begin with a line"),
        (b"text\tlabel\ngood\tfine\n", "line 2"),
        (b"text\tlabel\nno label\n", "line 2"),
        (b"text\tlabel\n\xff\xfe\tpositive\n", "UTF-8"),
        (b"", "begin with a line"),
    ],
)
def test_files_of_another_shape_are_refused(tmp_path: Path, content: bytes, says: str) -> None:
    path = tmp_path / "x.tsv"
    path.write_bytes(content)
    with pytest.raises(InputError, match=says):
        read(path)


def test_missing_files_and_folders_are_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="cannot be read"):
        read(tmp_path / "none.tsv")
    with pytest.raises(InputError, match="No sentiment corpus"):
        read_corpora("en", tmp_path)


def test_reading_leaves_out_what_occurs_twice_or_in_dev(tmp_path: Path) -> None:
    write(tmp_path / "en_sst2/train.tsv", [("Good film!", "positive"), ("dull", "negative")])
    write(tmp_path / "en_sst2/dev.tsv", [("so bad", "negative")])
    write(
        tmp_path / "en_yelp_short/train.tsv",
        [("good FILM", "positive"), ("So, bad.", "negative"), ("new", "positive")],
    )
    corpora = read_corpora("en", tmp_path)
    assert {e.text for e in corpora.examples} == {"Good film!", "dull", "new"}
    assert sum(e.text == "dull" for e in corpora.examples) == 2  # SST-2 counts twice in the mix
    assert list(corpora.dev) == ["en_sst2"]
    assert [c.folder for c in corpora.sources] == ["en_sst2", "en_yelp_short"]


def test_reading_leaves_out_the_probes(tmp_path: Path) -> None:
    probes = [(probe.text.lower() + " !", probe.label) for probe in PROBES["en"]]
    write(tmp_path / "en_sst2/train.tsv", [*probes, ("good", "positive")])
    assert {e.text for e in read_corpora("en", tmp_path).examples} == {"good"}


def batches(count: int, size: int, seed: int = 0) -> Batches:
    ids = [[row + 1] * (1 + row % 7) for row in range(count)]
    return Batches(ids, [(float(row % 2), 1.0 - row % 2) for row in range(count)], size, seed, CPU)


def test_an_epoch_shows_every_text_once_and_a_batch_is_a_function_of_its_step() -> None:
    made = batches(100, 10)
    assert made.per_epoch == 10
    for epoch in (0, 1):
        collected = [int(i) for s in range(10) for i in made(epoch * 10 + s).ids[0]]
        assert sorted(collected) == list(range(1, 101))
    first, again = made(13), batches(100, 10)(13)
    assert torch.equal(first.ids, again.ids)
    assert not torch.equal(made(3).ids[0], made(13).ids[0])


def test_texts_of_like_length_share_a_batch_and_labels_stay_with_their_texts() -> None:
    made = batches(700, 10)
    waste = [int((b.ids == 0).sum()) for b in map(made, range(made.per_epoch))]
    assert sum(waste) < 100  # unsorted it would be near 2,000
    batch = made(5)
    odd = (batch.ids[0] - 1) % 2
    assert torch.equal(batch.targets, torch.stack([odd, 1 - odd], 1))
    assert torch.equal(batch.lengths, (batch.ids > 0).sum(0))


def test_padding_follows_the_texts() -> None:
    ids, lengths = pad_rows([[5, 6, 7], [8]], CPU)
    assert ids.tolist() == [[5, 8], [6, 0], [7, 0]]
    assert lengths.tolist() == [3, 1]
