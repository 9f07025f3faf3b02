"""Marks of Vietnamese letters: taking them off, learning them, putting them back."""

from __future__ import annotations

import io
import json
import sys
import unicodedata
from pathlib import Path

import numpy as np
import pytest
import torch

from engine import checkpoints
from engine.__main__ import main
from engine.errors import InputError
from engine.language.text import strip_accents
from engine.tasks.accents import (
    RECIPES,
    AccentPredictor,
    Recipe,
    failures,
    failures_path,
    load,
    read_failures,
    rebuild,
)
from engine.tasks.accents.data import CORPORA, Batches, Mix, is_marked, list_words, mix, read_lines
from engine.tasks.accents.evaluation import MostFrequent, scores
from engine.tasks.accents.marks import CLASSES, FORMS, GROUPS, WORD, Coder, nfc, strip_marks
from engine.tasks.accents.recipe import Part

Output = pytest.CaptureFixture[str]

# "ban" is "bạn" after "chào" and "bán" before "hàng": only what follows decides.
SENTENCES = [
    "Chào bạn, tôi không biết.",
    "Cô ấy bán hàng ở chợ!",
    "Tôi không bán hàng.",
    "Ngày 30/4 bạn về Đà Nẵng?",
    "Đường phố Hà Nội rất đẹp.",
]

SMALL = Recipe(
    hidden=12, layers=1, embedding=12, head=16, words=40, pairs=9, pair_embedding=4, rows=4,
    parts=(Part("words", 30.0, 2e-2, pairs=False), Part("pairs", 15.0, 2e-2)), steps=16,
    mixed_precision=False, fused=False, ema_decay=0.9, dtype="float16", partly=0.2,
)  # fmt: skip


@pytest.fixture(scope="module")
def corpora(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("data")
    (folder / "charlm").mkdir()
    lines = [f"{SENTENCES[k % 5]} {k}" for k in range(200)]
    lines += ["khong dau gi ca", "this is an English line"]
    (folder / "charlm" / "vi_wikinews.txt").write_text("\n".join(lines), encoding="utf-8")
    (folder / "translation" / "tatoeba-vi-en").mkdir(parents=True)
    for part, text in (("train", "Bạn ăn cơm chưa?\nChào bạn."), ("dev", "Chào bạn!")):
        path = folder / "translation" / "tatoeba-vi-en" / f"{part}.vi"
        path.write_text(text + "\n", encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def trained(corpora: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("models")
    return rebuild("accents-vi", corpora, out, torch.device("cpu"), recipe=SMALL)


@pytest.fixture(scope="module")
def predictor(trained: Path) -> AccentPredictor:
    return load(trained)


def test_every_form_is_its_letter_with_marks() -> None:
    assert len(CLASSES) == len(set(CLASSES)) == sum(GROUPS) == 74
    for base, forms in FORMS.items():
        assert {strip_accents(form) for form in forms} == {base}
        assert forms == unicodedata.normalize("NFC", forms)


def test_marks_are_taken_off_and_nothing_else() -> None:
    text = "ĐƯỜNG phố: Müller, naïve, 'İ' ― 5 €\t\u200d!"
    assert strip_marks(text) == "DUONG pho: Müller, naïve, 'İ' ― 5 €\t\u200d!"
    for sentence in SENTENCES:
        assert strip_marks(sentence) == strip_accents(sentence)
        assert len(strip_marks(sentence)) == len(sentence)


def test_a_text_as_numbers() -> None:
    coder = Coder("abđdường ,", ["ban", "duong"], ["duong_duong", "ban_duong"])
    text = "Bạn ĐƯỜNG, x 12\n"
    coded = coder(text)
    tokens = [
        "".join(text[i] for i in coded.places[a:b])
        for a, b in zip(coded.starts, coded.starts[1:], strict=False)
    ]
    assert tokens == ["Bạn", "ĐƯỜNG", ",", "x", "12", "\n"]
    assert coded.words.tolist() == [2, 3, 1, 0, 1, 1]
    assert coded.pairs.tolist() == [0, 2, 0, 0, 0, 0]
    assert coder("duong ban duong duong, duong").pairs.tolist() == [0, 0, 2, 1, 0, 0]
    with pytest.raises(ValueError, match="not listed"):
        Coder("ab", ["a"], ["a_b"])
    assert coded.cases.tolist() == [1, 2, 0, 0, 0, 0]
    assert [CLASSES[k] for k in coded.targets[coded.groups > 0]] == ["ạ", "đ", "ư", "ờ"]
    read = "?" + coder.alphabet
    assert "".join(read[k] for k in coded.characters) == "b?nđường,????"
    assert "".join(read[k] for k in coded.plain) == "band??ng,????"
    assert coded.marked.tolist() == [c in "ạđườ" for c in "bạnđường,x12\n"]


def test_what_is_held_out_is_not_learnt_from(corpora: Path) -> None:
    mixed = mix(corpora)
    assert mixed.dev["translation/tatoeba-vi-en"] == ["Chào bạn!"]
    assert "Chào bạn." not in mixed.train
    assert mixed.train.count("Bạn ăn cơm chưa?") == 3
    assert not any("khong" in text or "English" in text for text in mixed.train)
    assert is_marked("Hà Nội 2024")
    assert not is_marked("Ha Noi")
    assert not is_marked("2024")
    with pytest.raises(InputError, match="No Vietnamese corpus"):
        mix(corpora / "charlm")


def test_batches_spell_the_texts() -> None:
    coder = list_words(SENTENCES, 50, 3, least=1)
    assert "toi_khong" in coder.pairs
    assert "ban_hang" in coder.pairs
    batches = Batches(SENTENCES * 9, coder, 3, 8, 1, torch.device("cpu"), partly=0.5)
    again = Batches(SENTENCES * 9, coder, 3, 8, 1, torch.device("cpu"), partly=0.5)
    later = Batches(SENTENCES * 9, coder, 3, 8, 1, torch.device("cpu"), partly=0.5, first=2)
    assert all(map(torch.equal, later(1), batches(3)))
    read = "?" + coder.alphabet
    whole = "".join(SENTENCES).lower().replace(" ", "")
    kept = 0
    for step in range(2 * batches.per_epoch):
        batch = batches(step)
        assert all(map(torch.equal, batch, again(step)))
        assert batch.words.shape == (8, 3)
        for row in range(3):
            mine = batch.owners % 3 == row
            letters = [read[k] for k in batch.characters[mine]]
            groups, targets = batch.groups[mine].tolist(), batch.targets[mine].tolist()
            # Whatever has a choice is typed without marks; what it was is the target.
            pairs = zip(letters, groups, targets, strict=True)
            spelt = "".join(CLASSES[k] if g else letter for letter, g, k in pairs)
            assert all(x in "adeiouy" for x, g in zip(letters, groups, strict=True) if g)
            kept += sum(x not in "adeiouy" and x in CLASSES for x in letters)
            for part in spelt.split("\n"):
                assert part in whole
    assert kept


def test_scores_count_words_and_letters() -> None:
    found = scores(["Toi không biet 5"], ["Tôi không biết 5"])
    assert found == {"word_accuracy": round(1 / 3, 4), "char_accuracy": round(3 / 5, 4), "n": 3}
    assert scores(["A, B"], ["A, B"])["word_accuracy"] == 1


def test_the_baseline_takes_the_most_frequent_form() -> None:
    baseline = MostFrequent(["bạn bán bạn", "Hà Nội"])
    assert baseline(["Ban o HA NOI, x!"]) == ["Bạn o HÀ NỘI, x!"]


def test_a_trained_model_restores_and_keeps_everything_else(predictor: AccentPredictor) -> None:
    texts = [
        "Chao ban, toi khong biet. 7",
        "co ay BAN hang o cho!\r\n\r\n  Duong pho\tHa Noi \n",
        "",
    ]
    found = predictor.restore(texts)
    assert found[0].text == "Chào bạn, tôi không biết. 7"
    assert found[1].text == "cô ấy BÁN hàng ở chợ!\r\n\r\n  Đường phố\tHà Nội \n"
    assert found[2].text == ""
    for text, restored in zip(texts, found, strict=True):
        assert strip_marks(restored.text) == text == restored.typed
        assert len(restored.confidence) == len(text)
        open_letters = [i for i, c in enumerate(text) if c.lower() in FORMS]
        assert restored.places.tolist() == open_letters
        assert np.allclose(restored.probabilities.sum(1), 1)
    place = texts[0].index("ban") + 1
    k = found[0].places.tolist().index(place)
    (best, p), *_ = found[0].candidates(k)
    assert best == "ạ"
    assert p == pytest.approx(found[0].confidence[place])


def test_a_typed_mark_is_kept_and_marks_may_come_apart(predictor: AccentPredictor) -> None:
    (found,) = predictor.restore([unicodedata.normalize("NFD", "Chào bãn, toi không biet")])
    assert found.text == "Chào bãn, tôi không biết"
    assert all(found.typed[i].lower() in FORMS for i in found.places)


def test_a_long_line_is_read_in_pieces_without_a_gap(predictor: AccentPredictor) -> None:
    text = " ".join(strip_marks(SENTENCES[k % 5]) for k in range(90))
    (found,) = predictor.restore([text])
    assert found.places.tolist() == [i for i, c in enumerate(text) if c.lower() in FORMS]
    assert (
        scores([found.text], [" ".join(SENTENCES[k % 5] for k in range(90))])["word_accuracy"]
        > 0.95
    )
    with pytest.raises(InputError, match="at most 5,000"):
        predictor.restore(["a" * 5001])


def test_it_stops_when_told(predictor: AccentPredictor) -> None:
    with pytest.raises(InterruptedError):
        predictor.restore(["a"], stop=lambda: True)


def test_gradients_of_one_letter_to_both_sides(predictor: AccentPredictor) -> None:
    text = "x\nCo ay ban hang"
    found = predictor.gradients(text, text.index("ban") + 1)
    words = [text[a:b] for a, b in found.spans.tolist()][1:-1]
    assert words == ["Co", "ay", "ban", "hang"]
    assert found.step == 3
    assert found.h.shape == (2, 6)
    assert found.c is not None
    # Forward: from the beginning up to the word; backward: from the end down to it.
    assert (found.h[0, :4] > 0).all()
    assert (found.h[0, 4:] == 0).all()
    assert (found.h[1, 3:] > 0).all()
    assert (found.h[1, :3] == 0).all()
    other = predictor.gradients(text, text.index("ban") + 1, "a")
    assert found.form != "a"
    assert other.form == "a"
    assert not np.allclose(found.h, other.h)
    for place, form in ((0, None), (len(text), None), (text.index("ban"), None), (4, "x")):
        with pytest.raises(InputError):
            predictor.gradients(text, place, form)


def test_its_header_says_how_good_it_is(trained: Path) -> None:
    header = checkpoints.read_header(trained)
    assert (
        header.metrics["news"]["word_accuracy"]
        > header.metrics["news"]["baseline"]["word_accuracy"]
    )
    assert header.metrics["all words typed with their marks"]["word_accuracy"] > 0.95
    assert trained.with_suffix(".md").is_file()
    assert not list(trained.parent.glob("*.training.safetensors"))


def test_failures_are_counted_by_kind_of_word(trained: Path) -> None:
    text = "Ở Huế, hoà nhạc ăn zzz ngon lắm. Lan"
    words = {text[m.start() : m.end()]: m.span() for m in WORD.finditer(text)}
    listed = ["o", "hue", "hoa", "nhac", "an", "ngon", "lam", "lan"]
    found = {word: failures.kinds(text, *span, listed) for word, span in words.items()}
    assert found["Huế"] == ("name",)
    assert found["hoà"] == ("tone may move",)
    assert found["zzz"] == ("not listed", "no marks")
    assert found["lắm"] == ("plain",)
    assert found["Lan"] == found["ngon"] == ("no marks",)
    written = read_failures(failures_path(trained))
    assert written.everything.n > written.everything.errors
    mixed = Mix([], {"charlm/vi_wikinews": ["Bạn ở đâu, Lan ơi?"]}, CORPORA)
    report = failures.collect(mixed, {"charlm/vi_wikinews": ["Ban ở đâu, Lán ơi?"]}, listed)
    assert (report.everything.n, report.everything.errors) == (5, 2)
    (quote,) = report.quotes
    assert quote.text[quote.start : quote.end] == "Bạn"


def test_the_command_line(
    trained: Path, tmp_path: Path, capsys: Output, monkeypatch: pytest.MonkeyPatch
) -> None:
    options = ["--models", str(trained.parent), "--device", "cpu"]
    long = "a" * 5001
    typed = io.TextIOWrapper(io.BytesIO(f"chao ban\n\n{long}\n".encode()), encoding="ascii")
    monkeypatch.setattr(sys, "stdin", typed)
    assert main(["accents", "accents-vi", *options]) == 2
    written = capsys.readouterr()
    assert written.out == "chào bạn\n\n\n"
    assert written.err.startswith("error: text 3: This text has 5,001")
    assert main(["accents", "accents-vi", "chao ban", "--json", *options]) == 0
    record = json.loads(capsys.readouterr().out)
    assert record["text"] == "chao ban"
    assert record["restored"] == "chào bạn"
    assert [letter["place"] for letter in record["letters"]] == [2, 3, 6]
    data = tmp_path / "marked.txt"
    data.write_text("\n".join(SENTENCES), encoding="utf-8")
    assert main(["evaluate", "accents-vi", "--data", str(data), *options]) == 0
    found = json.loads(capsys.readouterr().out)
    assert found.keys() == {"word_accuracy", "char_accuracy", "n"}
    assert found["word_accuracy"] > 0.9
    data.write_bytes(b"\xff\xfe\x00")
    assert main(["evaluate", "accents-vi", "--data", str(data), *options]) == 2
    assert capsys.readouterr().err == "error: marked.txt is not UTF-8 text.\n"


def test_marks_that_no_letter_has_are_not_read(tmp_path: Path) -> None:
    path = tmp_path / "x.vi"
    path.write_text("ba\u0323\u0302n a\u0323\u0308 o\u0303\n", encoding="utf-8")
    (text,) = read_lines(path)
    assert text == "bận ạ õ"
    assert nfc(strip_marks(text)) == strip_marks(text)


def test_every_recipe_can_be_built() -> None:
    assert set(RECIPES) == {"accents-vi", "accents-vi-forward", "accents-vi-rnn", "accents-vi-gru"}
