"""From corpora to a shipped model and its use, on small made-up corpora."""

import threading
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

from engine import checkpoints
from engine.errors import InputError
from engine.models.sentiment import SentimentModel
from engine.padding import pad_rows
from engine.tasks import REGISTRY
from engine.tasks.sentiment import RECIPES, SentimentPredictor, evaluate, load, rebuild
from engine.tasks.sentiment.recipe import COMPOSITION, Recipe, parts
from tests.engine.corpora import sentiment_corpora

NAMES = (
    "sentiment-en",
    "sentiment-vi",
    "sentiment-en-lstm-last",
    "sentiment-en-gru-last",
    "sentiment-en-rnn-sum",
    "sentiment-en-lstm-both",
)
CPU = torch.device("cpu")
SENTENCE = "The food was very good, so the film was a lovely film"


def small(name: str, **changes: Any) -> Recipe:
    sizes: dict[str, Any] = {"embedding": 12, "hidden": 12, "vocabulary": 200, "batch": 60}
    sizes |= {"distilled": False, "emoji": 40, "contrasts": 40, "max_tokens": 64}
    sizes |= {"composed": 40, "neutral": 10, "rehearsed": (200, 20, 0), "ema_decay": 0.9}
    return replace(RECIPES[name], **(sizes | changes))


@pytest.fixture(scope="module")
def corpora(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return sentiment_corpora(tmp_path_factory.mktemp("corpora"))


@pytest.fixture(scope="module")
def made(corpora: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("models")
    learnt = parts(0.1, 3.0, 3e-2)
    composed = replace(COMPOSITION, epochs=1.0, learning_rate=1e-2)
    flagships = {"sentiment-en": (*learnt, composed), "sentiment-vi": learnt}
    few = parts(0.0, 1.0, 1e-2)  # enough where only two ways to a number are compared
    for name in NAMES:
        rebuild(name, corpora, out, CPU, recipe=small(name, parts=flagships.get(name, few)))
    return out


@pytest.fixture(scope="module")
def flagship(made: Path) -> SentimentPredictor:
    return load(made / "sentiment-en.safetensors")


def test_every_shipped_name_is_a_task() -> None:
    of_sentiment = {name for name, task in REGISTRY.items() if task.kind == "sentiment"}
    assert of_sentiment == set(RECIPES)
    assert {"sentiment-en", "sentiment-vi", "sentiment-vi-rnn-both"} <= set(REGISTRY)


def test_it_learns_and_the_card_says_how_well(made: Path, corpora: Path) -> None:
    path = made / "sentiment-en.safetensors"
    message = checkpoints.read_header(path).metrics["en_uci_yelp dev"]
    measured = evaluate(path, corpora / "en_uci_yelp" / "dev.tsv")
    assert measured["accuracy"] > 0.9
    assert {name: message[name] for name in measured} == measured
    assert 0.5 < message["baseline"]["accuracy"] <= 1
    assert "naive Bayes" in path.with_suffix(".md").read_text(encoding="utf-8")


def test_three_classes_are_learnt(made: Path) -> None:
    model = load(made / "sentiment-vi.safetensors")
    verdicts = list(model.classify(["phim là phim", "đồ ăn ngon", "phim chán"]))
    assert [v.label for v in verdicts] == ["neutral", "positive", "negative"]
    assert all(v.probabilities.sum() == pytest.approx(1) for v in verdicts)


@pytest.mark.parametrize(("warm_up", "stage"), [(0.1, "lessons"), (1.0, "warm-up")])
def test_stopping_and_resuming_changes_nothing(
    corpora: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, warm_up: float, stage: str
) -> None:
    recipe = small("sentiment-en", parts=parts(warm_up, 0.5, 1e-2))
    monkeypatch.setattr("engine.training.job.SAVE_EVERY", 3)
    monkeypatch.setattr("engine.training.job.REPORT_EVERY", 1)
    straight = rebuild("sentiment-en", corpora, tmp_path / "a", CPU, recipe=recipe)

    def interrupt(line: str) -> None:
        if line.startswith(f"{stage} 5 "):
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        rebuild("sentiment-en", corpora, tmp_path / "b", CPU, recipe=recipe, report=interrupt)
    stopped = tmp_path / "b" / f"sentiment-en.{stage}.safetensors"
    assert checkpoints.training_path(stopped).exists()
    resumed = rebuild("sentiment-en", corpora, tmp_path / "b", CPU, recipe=recipe, resume=True)
    one, other = checkpoints.load(straight)[1], checkpoints.load(resumed)[1]
    assert all(torch.equal(one[name], other[name]) for name in one)
    assert not list((tmp_path / "b").glob("*.training.safetensors"))


def test_a_forward_flagship_goes_on_from_the_flagship(
    made: Path, corpora: Path, tmp_path: Path
) -> None:
    part = replace(COMPOSITION, epochs=3.0, learning_rate=1e-2, kept=0.0)
    recipe = small("sentiment-en-forward", parts=(part,), batch=20)
    with pytest.raises(InputError):  # the flagship is not there
        rebuild("sentiment-en-forward", corpora, tmp_path, CPU, recipe=recipe)
    path = rebuild("sentiment-en-forward", corpora, made, CPU, recipe=recipe)
    model, flagship = load(path), load(made / "sentiment-en.safetensors")
    assert model.header.tokenizer == flagship.header.tokenizer
    assert model.pooling == "last"
    assert evaluate(path, corpora / "en_uci_yelp" / "dev.tsv")["accuracy"] > 0.8
    reading = model.read(SENTENCE)
    (verdict,) = model.classify([SENTENCE])
    assert reading.computed is None  # one pass
    assert reading.after[-1] == pytest.approx(verdict.probabilities, abs=1e-5)


def test_other_kinds_of_files_are_refused(tmp_path: Path, made: Path) -> None:
    path = made / "sentiment-en.safetensors"
    header, tensors = checkpoints.load(path)
    other = tmp_path / "x.safetensors"
    checkpoints.save(other, replace(header, model="captioner"), tensors)
    with pytest.raises(InputError, match="not a sentiment model"):
        load(other)
    strange = replace(header, arguments={**header.arguments, "cell": "tree"})
    checkpoints.save(other, strange, tensors)
    with pytest.raises(InputError, match="cannot be built"):
        load(other)


@pytest.mark.parametrize("name", ["sentiment-en", "sentiment-en-lstm-last", "sentiment-en-rnn-sum"])
def test_a_reading_ends_in_the_verdict_and_each_step_is_its_prefix(made: Path, name: str) -> None:
    model = load(made / f"{name}.safetensors")
    reading = model.read(SENTENCE)
    (alone,) = model.classify([SENTENCE])
    assert reading.after.shape == (len(reading.pieces), 2)
    assert reading.after[-1] == pytest.approx(alone.probabilities, abs=1e-6)
    end = reading.pieces[4].end
    (prefix,) = model.classify([SENTENCE[:end]])
    assert reading.after[4] == pytest.approx(prefix.probabilities, abs=1e-6)


def test_a_batch_gives_each_text_what_it_gets_alone(flagship: SentimentPredictor) -> None:
    texts = [SENTENCE, "bad", "the film " * 60, "a dull room"] * 20
    together = list(flagship.classify(texts))
    assert len(together) == len(texts)
    for text, verdict in zip(texts[:4], together, strict=False):
        (alone,) = flagship.classify([text])
        assert verdict.probabilities == pytest.approx(alone.probabilities, abs=1e-6)


def test_long_texts_are_cut_and_say_so(flagship: SentimentPredictor) -> None:
    reading = flagship.read("the film was " * 30)
    assert reading.truncated
    assert len(reading.pieces) == flagship.max_tokens
    assert not flagship.read("the film").truncated


def test_classifying_stops_between_chunks(flagship: SentimentPredictor) -> None:
    answers = iter([False, True])
    assert len(list(flagship.classify(["good"] * 300, lambda: next(answers)))) == 64
    with pytest.raises(InterruptedError):
        flagship.read(SENTENCE, stop=lambda: True)


@pytest.mark.parametrize("cell", ["lstm", "gru"])
def test_gradient_profile_against_plain_autograd(made: Path, cell: str) -> None:
    """∂e/∂h_t by autograd through a loop over the cell, each state kept."""
    model = load(made / f"sentiment-en-{cell}-last.safetensors")
    profile = model.gradients(SENTENCE, "negative")
    network = SentimentModel(
        classes=2,
        **{k: model.header.arguments[k] for k in ("vocabulary", "embedding", "hidden", "cell")},
    ).double()
    network.load_state_dict(checkpoints.load(made / f"sentiment-en-{cell}-last.safetensors")[1])
    one_step, kept = network.recurrent.cell(), []
    state = one_step.initial_state(1)
    for x in network.embedding(pad_rows([model.encode(SENTENCE)[0]], CPU)[0]):
        _, state = one_step(x, tuple(s.requires_grad_() for s in state))
        for s in state:
            s.retain_grad() if s.requires_grad else s.requires_grad_()
        kept.append(state)
    logits = network.classifier(state[0])
    torch.nn.functional.cross_entropy(logits, torch.tensor([0])).backward()
    for place, norms in enumerate([profile.h] if profile.c is None else [profile.h, profile.c]):
        by_hand = [float(s[place].grad.norm()) for s in kept if s[place].grad is not None]
        assert np.allclose(norms, by_hand, rtol=1e-9)
    assert profile.ratio == pytest.approx(profile.by_lag.relative()[-1])


@pytest.mark.parametrize("name", NAMES)
def test_contributions_add_up_to_the_margin(made: Path, name: str) -> None:
    model = load(made / f"{name}.safetensors")
    found = model.contributions(SENTENCE)
    negative, positive = model.labels.index("negative"), model.labels.index("positive")
    (logits,) = model.logits([SENTENCE])
    assert found.margin == pytest.approx(logits[positive] - logits[negative], abs=1e-4)
    assert len(found.forward) == len(found.pieces)
    assert (found.backward is None) == (found.pooling in ("last", "sum"))


def test_contributions_to_the_last_state_are_what_each_prefix_changed(made: Path) -> None:
    model = load(made / "sentiment-en-gru-last.safetensors")
    found = model.contributions(SENTENCE)
    (logits,) = model.logits([SENTENCE[: found.pieces[5].end]])
    so_far = found.forward[:6].sum() + found.bias
    assert so_far == pytest.approx(logits[1] - logits[0], abs=1e-4)


def test_influence_is_what_the_margin_loses_without_the_word(flagship: SentimentPredictor) -> None:
    found = flagship.influence("the film was lovely")
    whole, without = flagship.logits(["the film was lovely", "the film was"])
    assert [w.text for w in found.words] == ["the", "film", "was", "lovely"]
    assert found.margin == pytest.approx(whole[1] - whole[0], abs=1e-5)
    assert found.shifts[3] == pytest.approx((whole - without) @ [-1, 1], abs=1e-5)
    assert found.shifts.argmax() == 3
    assert len(flagship.influence("lovely").shifts) == 1
    with pytest.raises(InterruptedError):
        flagship.influence(SENTENCE, stop=lambda: True)


def test_a_model_of_two_directions_has_no_profile(flagship: SentimentPredictor) -> None:
    with pytest.raises(ValueError, match="one direction"):
        flagship.gradients("good", "positive")


def test_threads_that_share_a_model_get_the_numbers_of_one(made: Path) -> None:
    model = load(made / "sentiment-en-lstm-last.safetensors")
    texts = [f"{SENTENCE} number {n}" for n in range(12)]
    alone = [model.gradients(t, "positive").c for t in texts]
    results: dict[int, list[object]] = {}

    def work(k: int) -> None:
        results[k] = [model.gradients(t, "positive").c for t in texts]

    threads = [threading.Thread(target=work, args=(k,)) for k in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for k in range(2):
        assert all(np.array_equal(a, b) for a, b in zip(alone, results[k], strict=True))  # type: ignore[arg-type]
