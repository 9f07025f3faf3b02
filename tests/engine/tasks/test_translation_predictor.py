"""A translator in use: what it says of each piece, whatever it is given."""

from __future__ import annotations

import random
from itertools import count

import numpy as np
import pytest
import torch

from engine.decoding import Beam, Hypothesis, Node, Search
from engine.language.sentences import check_translatable
from engine.models.translator import START, STOP
from engine.results import STOP_WORD
from engine.tasks.translation import TranslationPredictor
from engine.tasks.translation.predictor import LONGEST, _ranked
from engine.tasks.translation.tokenizer import BLANK
from tests.engine.tasks.translation_small import untrained

SEARCHES = [
    Search(1, 1.0, LONGEST, early_stopping=True),
    Search(4, 0.5, 30),
    Search(5, 1.0, 40, early_stopping=True),
]
SENTENCES = [
    "Le chat dort.",
    "Où est l'élève qui a reçu ça, à Noël, dans sa forêt ?",
    "A",
    "Thức ăn rất ngon, quán sạch và đẹp.",
    "En 1984 Katherine a payé 2 500 euros à jane@example.org 😀",
    "The quick brown fox jumps over the lazy dog, doesn't it?",
]
STRANGE = {
    "emoji": "👨‍👩‍👧 👍🏽 a",
    "markup": "<script>alert('x')</script> &amp; <b>bold</b>",
    "special": "[STOP] [PAD] <unk> </s> ▁▁ a",
    "scripts": "Hello 你好 Привет مرحبا नमस्ते ελ ở",
    "long word": "a" * 500,
    "digits": "Years " + " ".join(map(str, range(1000, 1020))),
    "quotes": "“L’été” « là » ‘so’ …",
    "one sign": "a!",
}


@pytest.fixture(scope="module")
def predictor() -> TranslationPredictor:
    return untrained()


@pytest.mark.parametrize("search", SEARCHES, ids=["greedy", "wide", "default"])
@pytest.mark.parametrize("attention", [True, False])
def test_many_are_what_each_is_alone(search: Search, attention: bool) -> None:
    predictor = untrained(attention=attention)
    found = dict(predictor.translate_batch(SENTENCES, search))
    assert found == {
        k: predictor.translate(sentence, search).best.text for k, sentence in enumerate(SENTENCES)
    }
    assert len({*found.values()}) > 3, "hardly any difference to be seen"


def test_more_than_fit_side_by_side_are_all_done(
    predictor: TranslationPredictor, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = dict(predictor.translate_batch(SENTENCES))
    monkeypatch.setattr("engine.tasks.translation.predictor.BATCH", 2)
    requested = count()
    found = predictor.translate_batch(SENTENCES, stop=lambda: next(requested) < 0)
    first = next(found)
    early = next(requested)
    assert dict([first, *found]) == whole
    assert next(requested) > early + 5, "nothing was left to do after the first two"
    assert list(predictor.translate_batch([])) == []


def test_translations_come_best_first_with_all_that_belongs_to_a_piece(
    predictor: TranslationPredictor,
) -> None:
    for sentence in SENTENCES:
        found = predictor.translate(sentence, Search(4, 1.0, 30))
        assert 1 <= len(found.translations) <= 4
        texts = "".join(word.text for word in found.read).replace(BLANK, "")
        # A phrase is read with a mark at its end; an emoji there is not read.
        typed = sentence.removesuffix(" 😀").replace(" ", "").replace("2500", "2 500")
        assert texts.rstrip(".!") == typed.rstrip(".!")
        for each in found.translations:
            total = sum(np.log(word.probability) for word in each.words)
            assert each.log_probability == pytest.approx(total, abs=1e-3)
            assert each.score == pytest.approx(total / len(each.words), abs=1e-3)
            for word in each.words:
                assert word.attention is not None
                assert word.attention.shape == (len(found.read),)
                assert word.attention.sum() == pytest.approx(1, abs=1e-5)
                chances = [generator for _, generator in word.candidates]
                assert chances == sorted(chances, reverse=True)
                assert chances[0] >= word.probability - 1e-6
        assert found.nodes[-1].step <= 30
        line = [node.word for node in found.nodes if node.status == "best"]
        assert line == [word.text for word in found.best.words]


def test_what_is_in_trouble_comes_last(predictor: TranslationPredictor) -> None:
    detokenizer = predictor._detokenizer(predictor._encode(SENTENCES[0]))
    dog, lazy = (predictor._tokenizer.get_vocab()[word] for word in ("▁dog", "▁lazy"))
    message = {"cut": [dog], "": [dog, STOP], "repeats": [*[lazy] * 5, STOP], "empty": [STOP]}
    nodes: list[Node] = []
    found = []
    for score, symbols in enumerate(message.values()):
        for k, symbol in enumerate(symbols):
            nodes.append(Node(len(nodes) - 1 if k else -1, symbol, -1.0, -1.0, k + 1))
        found.append(Hypothesis(len(nodes) - 1, -1.0, -float(score)))
    beam = Beam(tuple(nodes), tuple(found))
    ranked = [beam.symbols(each.node) for each in _ranked(beam, detokenizer)]
    assert ranked == [message[""], message["cut"], message["repeats"], message["empty"]]
    assert [detokenizer.trouble(each) for each in ranked] == ["", "cut", "repeats", "empty"]


def test_a_beam_of_one_is_greedy_choice(predictor: TranslationPredictor) -> None:
    for sentence in SENTENCES[:4]:  # nothing to be copied
        best = predictor.translate(sentence, SEARCHES[0]).best
        model, source = predictor._model, predictor._read([predictor._encode(sentence)])
        states, symbol = source.states, START
        message: list[int] = []
        while symbol != STOP and len(message) < len(best.words):
            logits, _, states = model(torch.tensor([[symbol]]), source, states)
            logits[..., [0, 1]] = -torch.inf
            logits[..., predictor._constraints._ids] = -torch.inf
            if not message:
                logits[..., STOP] = -torch.inf
            symbol = int(logits.argmax())
            message.append(symbol)
        detokenizer = predictor._detokenizer(predictor._encode(sentence))
        assert [word.text for word in best.words] == [detokenizer.word(n)[0] for n in message]


@pytest.mark.parametrize("search", SEARCHES, ids=["greedy", "wide", "default"])
def test_forced_beginnings_are_kept(predictor: TranslationPredictor, search: Search) -> None:
    for first in ("The dog", "dog,", "1"):
        found = predictor.translate(SENTENCES[0], search, first)
        assert found.forced == len(predictor.pieces(SENTENCES[0], first)) - 1 > 0
        assert all(each.text.startswith(first) for each in found.translations)
    assert predictor.translate(SENTENCES[0], first="  ").forced == 0


def test_forced_beginnings_may_hold_what_is_copied(predictor: TranslationPredictor) -> None:
    found = predictor.translate("En 500 ou 1500 ans", first="1500 the 500")
    assert found.best.text.startswith("1500 the 500")
    copied = [word.text for word in found.best.words[: found.forced] if word.copied]
    assert copied == ["1500", "500"]


def test_forced_marks_mean_nothing(predictor: TranslationPredictor) -> None:
    for typed, kept in (("\ue000", ""), ("a\ue003", "a"), ("dog\ue007 dog", "dog dog")):
        found = predictor.translate(SENTENCES[0], first=typed)
        assert found.best.text.startswith(kept)
        assert found.forced == len(predictor.pieces(SENTENCES[0], kept)) - 1
        assert not any(word.copied for word in found.best.words)


def test_who_watches_sees_a_translation_grow(predictor: TranslationPredictor) -> None:
    summary: list[str] = []
    found = predictor.translate(SENTENCES[0], SEARCHES[0], "The dog", watch=summary.append)
    assert summary
    assert all(found.best.text.startswith(text) for text in summary)
    assert sorted(summary, key=len) == summary
    assert len(summary) == len(found.best.words) - 1


@pytest.mark.parametrize("calls", [0, 3])
def test_it_can_be_stopped(predictor: TranslationPredictor, calls: int) -> None:
    for work in (
        lambda stop: predictor.translate(SENTENCES[1], stop=stop),
        lambda stop: list(predictor.translate_batch(SENTENCES, stop=stop)),
    ):
        requested = count()
        with pytest.raises(InterruptedError):
            work(lambda: next(requested) >= calls)  # noqa: B023 (called at once)
        assert next(requested) == calls + 1


@pytest.mark.parametrize("deep", [True, False])
def test_every_translation_that_ends_has_all_that_is_copied_once(deep: bool) -> None:
    predictor = untrained("en", "fr", deep=deep)
    # It likes marks, and to end at once: the rules alone see to it that each comes once, and first.
    predictor._model.bias[predictor._constraints._ids] = 4
    predictor._model.bias[STOP] = 6
    sentence = "In 1984 Gloucestershire paid 2,500 to jane@example.org 😀 and 你好"
    ended = 0
    for first in ("", "The dog", "1984"):
        found = predictor.translate(sentence, SEARCHES[1], first)
        for each in found.translations:
            if each.ended:
                ended += 1
                copied = sorted(word.text for word in each.words if word.copied)
                assert copied == sorted(
                    ["1984", "Gloucestershire", "2 500", "jane@example.org", "😀", "你好"]
                )
                assert all(part in each.text for part in copied)
    assert ended


@pytest.mark.parametrize("name", STRANGE)
@pytest.mark.parametrize("direction", [("fr", "en"), ("en", "vi")])
def test_any_text_gets_an_answer(name: str, direction: tuple[str, str]) -> None:
    predictor = untrained(*direction)
    plain = check_translatable(STRANGE[name])
    found = predictor.translate(plain, Search(2, 1.0, 40, early_stopping=True))
    assert found.translations
    assert (
        dict(predictor.translate_batch([plain], Search(2, 1.0, 40, early_stopping=True)))[0]
        == found.best.text
    )
    for text in [found.best.text, *(w.text for w in found.best.words + found.read)]:
        assert not any(0xE000 <= ord(c) <= 0xF8FF for c in text)
    again = predictor.score(plain, found.best.text)
    assert again.words[-1].text == STOP_WORD


def test_the_longest_text_gets_an_answer(predictor: TranslationPredictor) -> None:
    generator = random.Random(0)
    text = " ".join(generator.choices(" ".join(SENTENCES).split(), k=400))[:2_000].strip()
    found = predictor.translate(check_translatable(text), Search(1, 1.0, 20, early_stopping=True))
    assert len(found.read) > 400
    assert found.translations


def test_a_translation_is_read_as_it_was_written(predictor: TranslationPredictor) -> None:
    for text in ("The dog runs", "dog, dog!", "1"):
        written = predictor.translate(SENTENCES[1], SEARCHES[0], text)
        read = predictor.score(SENTENCES[1], text)
        assert len(read.words) == written.forced + 1
        for one, other in zip(read.words[:-1], written.best.words[:-1], strict=False):
            assert (one.text, one.continues) == (other.text, other.continues)
            assert one.probability == pytest.approx(other.probability, rel=1e-4)
            assert one.attention == pytest.approx(other.attention, abs=1e-5)
        total = sum(np.log(word.probability) for word in read.words)
        assert read.log_probability == pytest.approx(total, rel=1e-4)
        assert read.score == pytest.approx(total / len(read.words), rel=1e-4)


def test_pieces_are_those_of_the_words_that_are_read(predictor: TranslationPredictor) -> None:
    for text in ("The dog runs.", "", "1984"):
        pieces = predictor.pieces(SENTENCES[0], text)
        assert pieces == tuple(w.text for w in predictor.score(SENTENCES[0], text).words)
        assert pieces[-1] == STOP_WORD


def test_what_it_says_of_itself() -> None:
    predictor = untrained("vi", "en", cell="gru", attention=False, reverse=True)
    assert predictor.languages == ("vi", "en")
    assert predictor.cell == "gru"
    assert not predictor.attention
    assert predictor.reverse
    best = predictor.translate("Tôi không biết.").best
    assert all(word.attention is None for word in best.words)
