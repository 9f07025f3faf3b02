"""Every command on every kind of model with its defaults, and with files that cannot be used."""

from __future__ import annotations

import gzip
import io
import json
import math
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

import engine.tasks
from engine import commands
from engine.__main__ import main
from tests.engine.tasks import captions_small
from tests.project import ROOT

Output = pytest.CaptureFixture[str]
MODELS = {
    "sentiment": "sentiment-en-rnn-last",
    "characters": "chars-shakespeare-rnn",
    "captions": "captions-en-rnn-attention",
    "translation": "translate-fr-en-rnn-attention",
    "accents": "accents-vi",
    "frames": "frames-rnn",
}
"""A small model of each kind."""
CAT = str(ROOT / "assets" / "examples" / "cat.jpg")


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[str]]:
    """Files to evaluate each kind on, with byte order marks as Windows writes them."""
    folder = tmp_path_factory.mktemp("data")
    texts = {
        "texts.tsv": "text\tlabel\r\ngood film\tpositive\r\nbad film\tnegative\r\n",
        "play.txt": "ROMEO:\nWhat is the night?\n",
        "a.fr": "Oui.\nJe ne sais pas.\n",
        "a.en": "Yes.\nI don't know.\n",
        "marked.txt": "Hôm nay trời đẹp.\r\n\r\nTôi không biết.\r\n",
    }
    for name, text in texts.items():
        (folder / name).write_bytes(b"\xef\xbb\xbf" + text.encode())
    photos = captions_small.corpus(folder / "photos", each=1)
    table = photos / "captions.csv"
    table.write_bytes(b"\xef\xbb\xbf" + table.read_bytes())
    paths = {
        "sentiment": ["texts.tsv"],
        "characters": ["play.txt"],
        "captions": ["photos"],
        "translation": ["a.fr", "a.en"],
        "accents": ["marked.txt"],
        "frames": [films(folder / "films.npz")],
    }
    return {kind: [str(folder / name) for name in names] for kind, names in paths.items()}


def films(path: Path) -> str:
    """Two short films whose frames have labels; where they lie."""
    frames = np.random.default_rng(0).integers(0, 255, (20, 16, 16), dtype=np.uint8)
    labels = np.arange(20, dtype=np.uint8) % 2
    np.savez(path, frames=frames, labels=labels, lengths=np.array([12, 8]))
    return path.name


def test_there_is_a_model_of_every_kind() -> None:
    assert {task.kind for task in engine.tasks.REGISTRY.values()} >= {*MODELS}
    assert all(engine.tasks.REGISTRY[name].kind == kind for kind, name in MODELS.items())


@pytest.mark.parametrize("kind", MODELS)
def test_every_kind_is_evaluated_with_defaults(
    kind: str, data: dict[str, list[str]], capsys: Output
) -> None:
    assert main(["evaluate", MODELS[kind], "--data", *data[kind]]) == 0
    scores = json.loads(capsys.readouterr().out)
    assert scores["n"] > 0
    assert all(math.isfinite(value) for value in scores.values() if not isinstance(value, str))


@pytest.mark.parametrize(
    ("kind", "command"),
    [
        ("sentiment", ["classify", "good film"]),
        ("characters", ["sample"]),
        ("captions", ["caption", CAT]),
        ("translation", ["translate", "Oui. Je ne sais pas."]),
        ("accents", ["accents", "Toi khong biet."]),
        ("frames", ["frames", "films.npz"]),
    ],
)
def test_every_model_is_used_with_defaults(
    kind: str, command: list[str], data: dict[str, list[str]], capsys: Output
) -> None:
    rest = data[kind] if kind == "frames" else command[1:]
    assert main([command[0], MODELS[kind], *rest]) == 0
    assert capsys.readouterr().out.strip()


def printed(capsys: Output, *command: str, status: int = 0) -> list[dict[str, Any]]:
    assert main(command) == status
    return [json.loads(line) for line in capsys.readouterr().out.splitlines()]


def test_classify_prints_json(capsys: Output) -> None:
    command = ("classify", MODELS["sentiment"], "--json", "a good film", "12345")
    first, second = printed(capsys, *command, status=2)
    assert (first["text"], first["label"], first["uncertain"]) == ("a good film", "positive", False)
    assert first["labels"] == ["negative", "positive"]
    assert sum(first["probabilities"]) == pytest.approx(1)
    assert first["probability"] == max(first["probabilities"])
    assert "".join(piece["text"] for piece in first["pieces"]).replace(" ", "") == "agoodfilm"
    assert first["after"][-1] == pytest.approx(first["probabilities"])
    assert second == {"text": "12345"}


def test_translate_prints_json(capsys: Output) -> None:
    text = "Oui. Je ne sais pas."
    (found,) = printed(capsys, "translate", MODELS["translation"], text, "--json")
    assert found["text"] == text
    first, second = found["sentences"]
    best = [sentence["translations"][0] for sentence in (first, second)]
    assert found["translation"] == " ".join(each["text"] for each in best)
    for sentence, each in zip((first, second), best, strict=True):
        assert each["words"][-1]["text"] == "STOP"
        for word in each["words"]:
            assert 0 < word["probability"] <= 1
            assert len(word["attention"]) == len(sentence["read"])
            assert sum(word["attention"]) == pytest.approx(1, abs=1e-3)


def test_caption_reads_a_given_sentence(capsys: Output) -> None:
    given = ("caption", MODELS["captions"], CAT, "--text", "A dog runs.")
    (found,) = printed(capsys, *given, "--json")
    (caption,) = found["captions"]
    assert (found["image"], caption["text"]) == (CAT, "A dog runs.")
    assert [word["text"] for word in caption["words"]] == ["a", "dog", "runs", "STOP"]
    for word in caption["words"]:
        assert [len(row) for row in word["attention"]] == [7] * 7
        assert sum(map(sum, word["attention"])) == pytest.approx(1, abs=1e-3)
    total = sum(math.log(word["probability"]) for word in caption["words"])
    assert caption["log_probability"] == pytest.approx(total, abs=1e-3)
    assert main(given) == 0
    path, log_p = capsys.readouterr().out.split("\t")
    assert path == CAT
    assert float(log_p) == pytest.approx(total, abs=1e-3)
    assert main([*given[:-1], "a xyzzy runs"]) == 2
    assert "does not know these words: xyzzy" in capsys.readouterr().err


def test_captions_are_evaluated_with_boxes(
    data: dict[str, list[str]], tmp_path: Path, capsys: Output
) -> None:
    phrase = {"text": "the snow", "boxes": [[0, 0, 300, 200]]}
    row = {"image": "red0.jpg", "width": 300, "height": 200, "phrases": [phrase]}
    table = tmp_path / "boxes.jsonl"
    table.write_text(json.dumps(row | {"caption_text": "A man in the snow."}), encoding="utf-8")
    command = ("evaluate", MODELS["captions"], "--data", *data["captions"], "--boxes")
    (found,) = printed(capsys, *command, str(table))
    # A box around the whole photo holds all attention.
    assert found.items() >= {"attention_in_box": 1.0, "pointing": 1.0, "n_words": 1}.items()
    assert main([*command, data["captions"][0]]) == 2
    assert "cannot be read as a table of boxes" in capsys.readouterr().err
    other = ("evaluate", MODELS["sentiment"], "--data", *data["sentiment"], "--boxes", str(table))
    assert main([*other]) == 2
    assert "is not evaluated with boxes" in capsys.readouterr().err


def test_what_a_caption_owes_to_the_classifier_is_a_note(tmp_path: Path, capsys: Output) -> None:
    drawing = tmp_path / "drawing.png"
    Image.new("RGB", (300, 200), "white").save(drawing)
    assert main(["caption", "captions-en", CAT, str(drawing)]) == 0
    out, err = capsys.readouterr()
    cat, guess = out.splitlines()
    assert cat.startswith(f"{CAT}\t")
    assert " cat " in cat
    assert f"note: {CAT}: recognised: cat (" in err
    assert f"note: {drawing}: like no photo that the model has learnt from" in err
    assert guess.startswith(f"{drawing}\t")


def test_captions_of_the_search_are_printed_as_json(capsys: Output) -> None:
    command = ("caption", MODELS["captions"], "--width", "2", "--json", CAT, "missing.jpg")
    found, missing = printed(capsys, *command, status=2)
    assert len(found["captions"]) == 2
    assert found["unfamiliar"] is False
    assert found["captions"][0]["text"].endswith(".")
    assert missing == {"image": "missing.jpg"}


@pytest.mark.parametrize("kind", MODELS)
@pytest.mark.parametrize("content", ["nothing", "blank", "heading", "folder", "gz", "binary"])
def test_a_file_that_cannot_be_used_is_one_line_and_2(
    kind: str, content: str, tmp_path: Path, capsys: Output
) -> None:
    path = tmp_path / ("file.gz" if content == "gz" else "file")
    damaged = bytearray(gzip.compress(b"text\tlabel\n" * 99))
    damaged[12:20] = bytes(8)
    contents = {
        "nothing": b"",
        "blank": b"\xef\xbb\xbf",
        "heading": b"text\tlabel\n" if kind in ("sentiment", "captions", "frames") else b"",
        "gz": bytes(damaged),
        "binary": b"\xff\xfe\x80\x81" * 9,
    }
    if content == "folder":
        path.mkdir()
    else:
        path.write_bytes(contents[content])
    files = [str(path)] * (2 if kind == "translation" else 1)
    assert main(["evaluate", MODELS[kind], "--data", *files]) == 2
    written = capsys.readouterr()
    assert written.out == ""
    assert written.err.startswith("error: ")
    assert written.err.count("\n") == 1


@pytest.mark.parametrize("name", MODELS.values())
def test_a_place_that_cannot_be_written_to_is_known_before_training(
    name: str, tmp_path: Path, capsys: Output
) -> None:
    (tmp_path / "file").write_bytes(b"x")
    for out in ("file", "file/below"):
        assert main(["train", name, "--data", str(tmp_path), "--out", str(tmp_path / out)]) == 2
        written = capsys.readouterr().err
        assert written.startswith("error: ")
        assert written.count("\n") == 1
    assert commands.MODELS.is_dir()


def typed(monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    """Hands a text to the command as its standard input."""
    file = io.BytesIO(text.encode())
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(file, encoding="ascii"))


@pytest.mark.parametrize(
    ("kind", "command", "line"),
    [
        ("sentiment", "classify", "good film"),
        ("translation", "translate", "Oui."),
        ("accents", "accents", "Toi khong biet."),
    ],
)
def test_lines_of_windows_correspond(
    kind: str, command: str, line: str, monkeypatch: pytest.MonkeyPatch, capsys: Output
) -> None:
    def lines(text: str) -> list[str]:
        typed(monkeypatch, text)
        main([command, MODELS[kind]])
        return capsys.readouterr().out.split("\n")

    first, *rest = lines(f"\ufeff{line}\r\n\r\n{line}\r\n")
    assert (first, rest) == (lines(f"{line}\n")[0], [rest[0], first, ""])
    assert not rest[0].strip()
    assert lines("") == [""]


def test_what_is_doubtful_about_a_translation_is_noted(capsys: Output) -> None:
    model = "translate-fr-en-rnn"  # it knows next to nothing
    texts = ("Il a 7 chats et vingt-deux chiens.", "Il pleut.")
    assert main(["translate", model, *texts]) == 0
    written = capsys.readouterr()
    assert written.out.count("\n") == 2
    found = printed(capsys, "translate", model, *texts, "--json")
    lost = found[0]["lost_numbers"]
    said = f"note: text 1: a number may be wrong, not found in the translation: {', '.join(lost)}"
    assert written.err == (f"{said}\n" if lost else "")
    assert found[1]["lost_numbers"] == []
    assert main(["translate", "translate-vi-en", "Toi khong biet co ay o dau."]) == 0
    assert "note: text 1: typed without accents" in capsys.readouterr().err


def test_lone_surrogates_are_left_out_of_texts(capsys: Output) -> None:
    texts = ("good \ud83d film", "good \udcff film")
    found = printed(capsys, "classify", MODELS["sentiment"], *texts, "--json")
    assert [each["text"] for each in found] == ["good film"] * 2
    assert main(["translate", MODELS["translation"], "Oui \ud83d."]) == 0
    sample = ["sample", MODELS["characters"], "--length", "3", "--prompt", "the\udcff"]
    assert main(sample) == 0
    assert main(["caption", MODELS["captions"], "no\udcff.jpg", "--json"]) == 2
    assert "Traceback" not in capsys.readouterr().err
