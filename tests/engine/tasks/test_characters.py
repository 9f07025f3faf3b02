"""Character models from training to writing, on two verses; n-grams and lục bát by hand."""

from __future__ import annotations

import itertools
import math
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch

from engine import checkpoints
from engine.decoding import Choice
from engine.errors import InputError
from engine.results import StateTrace
from engine.tasks.characters import TextGenerator, curve, evaluate, load, rebuild, units
from engine.tasks.characters.evaluation import PIECE, cross_entropy
from engine.tasks.characters.recipe import once
from tests.engine.tasks import characters_small as small

CPU = torch.device("cpu")


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return small.built(
        tmp_path_factory.mktemp("characters"), replace(small.TINY, parts=once(8.0, 4e-3))
    )


@pytest.fixture(scope="module")
def writer(path: Path) -> TextGenerator:
    return load(path)


def test_it_learns_keeps_its_moments_and_says_how_well(path: Path) -> None:
    header = checkpoints.read_header(path)
    scores = header.metrics["verse dev"]
    assert scores["nats_per_char"] < 1.5 < math.log(20)
    assert scores["perplexity"] == pytest.approx(math.exp(scores["nats_per_char"]), abs=0.01)
    assert scores["baseline"]["nats_per_char"] < 1
    assert load(path).moments == (5, 10)
    assert header.parameters == 4 * 24 * (20 + 24 + 2) + 20 * 25
    found = curve(path)
    assert found is not None
    assert found.iterations.tolist()[:2] == [5, 10]
    assert found.held_out[-1] < found.held_out[0]
    assert "chars-verse" in path.with_suffix(".md").read_text(encoding="utf-8")
    assert not list(path.parent.glob("*.training.safetensors"))


def test_an_earlier_moment_is_another_and_worse_model(path: Path) -> None:
    text = small.VERSE * 3
    now, before = (
        -np.log([letter.probability for letter in w.read(text).letters]).mean()
        for w in (load(path), load(path, moment=5))
    )
    assert before > now + 0.3
    with pytest.raises(KeyError):
        load(path, moment=6)


def test_evaluate_reads_once_with_the_state_carried_over(path: Path, tmp_path: Path) -> None:
    """Against one long pass, although it is read in pieces."""
    file = tmp_path / "text.txt"
    file.write_text(small.VERSE * 30)
    assert len(small.VERSE) * 30 > 2 * PIECE
    scores = evaluate(path, file)
    letters = load(path)
    ids = torch.tensor(letters.encode(small.VERSE * 30)[-2000:]).unsqueeze(1)
    logits, _, _ = letters._model(ids[:-1])
    whole = float(torch.nn.functional.cross_entropy(logits[:, 0], ids[1:, 0]))
    assert cross_entropy(letters._model, ids) == pytest.approx(whole, abs=1e-5)
    assert set(scores) == {"nats_per_char", "bits_per_char", "perplexity", "n"}
    assert scores["n"] == len(small.VERSE) * 30 - 1
    assert evaluate(path, file, "auto") == pytest.approx(scores, abs=1e-3)
    assert scores["bits_per_char"] == pytest.approx(scores["nats_per_char"] / math.log(2), abs=1e-3)


def test_stopping_and_resuming_changes_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("engine.training.job.SAVE_EVERY", 12)
    recipe = replace(
        small.TINY, parts=once(0.5, 4e-3), dropout=0.3, recurrent_dropout=0.2, layers=2
    )
    (tmp_path / "whole").mkdir()
    (tmp_path / "parts").mkdir()
    whole = small.built(tmp_path / "whole", recipe)

    def stops(line: str) -> None:
        if line.startswith("iteration 20"):
            raise KeyboardInterrupt

    folder = small.corpus(tmp_path / "parts")
    with pytest.raises(KeyboardInterrupt):
        rebuild("chars-verse", folder, folder, CPU, recipe=recipe, report=stops)
    parts = rebuild(
        "chars-verse", folder, folder, CPU, recipe=recipe, resume=True, report=lambda _: None
    )
    one, other = (checkpoints.load(path)[1] for path in (whole, parts))
    assert one.keys() == other.keys()
    assert all(torch.equal(one[name], other[name]) for name in one)
    assert (
        whole.with_suffix(".curve.csv").read_text() == parts.with_suffix(".curve.csv").read_text()
    )


def test_the_same_seed_writes_the_same_text(writer: TextGenerator) -> None:
    def text(seed: int, **choice: float | bool) -> str:
        letters = writer.write("Mot con ", 120, Choice(**choice), seed)  # type: ignore[arg-type]
        return "".join(letter.text for letter in letters)

    assert text(1) == text(1) != text(2)
    assert len(text(1)) == 120
    assert text(1, greedy=True) == text(2, greedy=True)
    assert text(1, temperature=0.05) == text(1, greedy=True)


def test_letters_say_how_sure_the_model_was(writer: TextGenerator) -> None:
    for letter in itertools.islice(writer.write("", 30, Choice(1.0), 0), 30):
        shares = [share for _, share in letter.candidates]
        assert shares == sorted(shares, reverse=True)
        assert len(shares) == 5
        assert 0 < letter.probability <= shares[0]
        assert sum(shares) <= 1 + 1e-6
    offered = writer.candidates("Mot con vi")
    assert offered[0][1] == max(share for _, share in offered)
    known = writer.encode("\nMot con vi")
    p = writer._model(torch.tensor(known).unsqueeze(1))[0][-1, 0].softmax(-1)
    assert offered[0][0] == writer.alphabet[int(p.argmax())]
    assert offered[0][1] == pytest.approx(float(p.max()), abs=1e-5)


def test_writing_stops_when_it_is_told_to(writer: TextGenerator) -> None:
    summary = iter([False] * 7 + [True])
    assert len(list(writer.write("a", 100, Choice(), 0, stop=lambda: next(summary)))) == 7


@pytest.mark.parametrize("text", ["日本語", "🙂", "\x00\x00"])
def test_a_prompt_of_unknown_characters_is_refused(writer: TextGenerator, text: str) -> None:
    with pytest.raises(InputError, match="none of these characters"):
        next(writer.write(text, 5, Choice(), 0))
    with pytest.raises(InputError, match="none of these characters"):
        writer.read(text)
    assert len(writer.read(f"{text}ca").letters) == 2


def test_reading_gives_states_and_the_same_probabilities(writer: TextGenerator) -> None:
    memory = writer.read("con vit")
    assert memory.text == "con vit"
    assert memory.h.shape == (7, 24)
    share = dict(writer.candidates("con vi")).get("t", 0.0)
    alone = writer.read("con vi").letters
    assert memory.letters[0].probability == pytest.approx(alone[0].probability, abs=1e-6)
    assert memory.letters[-1].probability == pytest.approx(share, abs=1e-5)


def test_the_profile_is_that_of_a_plain_loop(path: Path) -> None:
    """‖∂e/∂h_t‖ from torch.nn.LSTMCell, with autograd's own gradient kept at every state."""
    letters = load(path)
    profile = letters.gradients("con vit xoe")
    ids = torch.tensor(letters.encode("con vit xoe"))
    cell = torch.nn.LSTMCell(len(letters.alphabet), 24)
    weights = letters._model.recurrent.state_dict()
    cell.load_state_dict({name.removesuffix("_l0"): w for name, w in weights.items()})
    h = c = torch.zeros(1, 24)
    states = []
    for token in ids[:-1]:
        x = torch.nn.functional.one_hot(token[None], len(letters.alphabet)).float()
        h, c = cell(x, (h, c))
        h.retain_grad()
        states.append(h)
    torch.nn.functional.cross_entropy(letters._model.output(h), ids[-1:]).backward()
    expected = [float(state.grad.norm()) for state in states if state.grad is not None]
    np.testing.assert_allclose(profile.h, expected, rtol=1e-4, atol=1e-7)
    assert profile.c is not None
    assert profile.verdict.labels == ("e", "other")
    assert [piece.start for piece in profile.pieces] == list(range(10))


def test_influence_is_what_leaving_a_character_out_changes(writer: TextGenerator) -> None:
    found = writer.influence("con vit xoe")
    assert found.shape == (10,)

    def log_p(before: str) -> float:
        ids = torch.tensor(writer.encode(before)).unsqueeze(1)
        return float(writer._model(ids)[0][-1, 0].log_softmax(-1)[writer.encode("e")[0]])

    assert found[-1] == pytest.approx(log_p("con vit xo") - log_p("con vit x"), abs=1e-5)
    assert found[0] == pytest.approx(log_p("con vit xo") - log_p("on vit xo"), abs=1e-5)
    long = writer.influence("quac " * 50)
    assert not long[:-100].any()
    assert long[-1] != 0
    with pytest.raises(InputError, match="Two characters"):
        writer.influence("q")


@pytest.mark.parametrize(("cell", "states"), [("rnn", 1), ("lstm", 2), ("gru", 1)])
def test_eigenvalues_are_those_of_the_states_jacobian(
    tmp_path: Path, cell: str, states: int
) -> None:
    """Their sum is the Jacobian's trace, their product its determinant: by central differences."""
    letters = small.writer(
        tmp_path, replace(small.TINY, cell=cell, layers=2, hidden=4, parts=once(0.2, 4e-3))
    )
    letters._model.double()
    found = letters.eigenvalues("con vit")
    assert found.shape == (4 * states,)
    ids = torch.tensor(letters.encode("con vit")).unsqueeze(1)
    _, _, before = letters._model(ids[:-1])
    rows = []
    for k in range(4 * states):
        ends = []
        for way in (1e-6, -1e-6):
            moved = [state.clone() for state in before]
            moved[k // 4][-1, 0, k % 4] += way
            _, _, after = letters._model(ids[-1:], tuple(moved))
            ends.append(torch.cat([state[-1, 0] for state in after]))
        rows.append((ends[0] - ends[1]) / 2e-6)
    jacobian = torch.stack(rows, 1)
    assert found.sum().real == pytest.approx(float(jacobian.trace()), abs=1e-6)
    assert np.prod(found).real == pytest.approx(float(torch.linalg.det(jacobian)), abs=1e-8)


def test_units_that_follow_something_are_found(writer: TextGenerator) -> None:
    text = 'Ab "cd" e\nfG "h'
    memory = writer.read(small.VERSE)
    h = np.zeros((len(text), 5))
    h[:, 1] = [1, 2, 3, 4, 5, 6, 7, 8, 9, 0, 1, 2, 3, 4, 5]
    h[:, 3] = [-1.0 * (3 <= k <= 5 or k >= 13) for k in range(len(text))]
    made = replace(memory, letters=tuple(replace(memory.letters[0], text=c) for c in text), h=h)
    first, second, *_ = writer.unit_matches(made)
    assert {first.feature, second.feature} == {"line", "quote"}
    assert (abs(first.correlation), abs(second.correlation)) == pytest.approx((1, 1))
    assert {m.unit for m in (first, second)} == {1, 3}
    assert min(first.correlation, second.correlation) < 0


def test_units_of_a_stretch_are_on_there_and_least_elsewhere(writer: TextGenerator) -> None:
    text = "xxabxxabxx"
    h = np.full((len(text), 4), 0.1)
    h[2:4, 1] = h[6:8, 1] = 0.9  # on in both "ab"
    h[:, 2] = -0.8  # on everywhere, below zero
    h[2, 3] = 1.0  # on at half of the stretch: not at most of it
    letter = writer.read(small.VERSE).letters[0]
    trace = StateTrace(tuple(replace(letter, text=c) for c in text), h)
    one, *others = units.units_in_stretch(trace, 2, 4, 5)
    assert (one.unit, one.sign, one.here, one.elsewhere) == (1, 1, 1.0, 0.25)
    found = {(each.unit, each.sign, each.elsewhere) for each in others}
    assert found == {(0, 1, 1.0), (2, -1, 1.0)}
    assert units.other_places(trace, 1, 1, 2, 4, 6) == ((6, 8),)
    assert units.other_places(trace, 2, -1, 2, 4, 1) == ((4, 10),)  # the longest
    assert units.units_in_stretch(trace, 0, len(text), 1)[0].elsewhere == 0
