"""Names of recognised things, their slots, articles and plurals; people whose gender is unsure."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from engine.decoding import Search
from engine.models.captioner import Captioner
from engine.tasks import captions
from engine.tasks.captions import CaptionPredictor, naming
from engine.tasks.captions.data import LONGEST, SPECIAL_NAMES, Vocabulary
from engine.tasks.captions.naming import Slot
from engine.tasks.captions.recipe import COMPARED
from tests.engine.tasks.test_captions_predictor import header

WORDS = [
    *SPECIAL_NAMES,
    *("a", "an", "two", "dog", "dogs", "horse", "horses", "man", "woman", "person", "people"),
    *("men", "women", "runs", "sits", "his", "her", "their"),
]
VOCABULARY = Vocabulary(WORDS)
PHOTO = np.random.default_rng(0).integers(0, 256, (224, 224, 3), dtype=np.uint8)
WIDE = Search(4, 1.0, LONGEST)
IDS = {word: k for k, word in enumerate(WORDS)}


def classes(**likely: float) -> torch.Tensor:
    """Probabilities of ImageNet's classes; `likely` by number, as `_340`."""
    p = torch.full((1000,), 1e-6)
    for number, share in likely.items():
        p[int(number[1:])] = share
    return p


def plain(text: str) -> list[Slot]:
    return [Slot(word, IDS[word], (IDS[word],)) for word in text.split()]


def thing(name: str) -> naming.Thing:
    return next(each for each in naming.things() if each.name == name)


def test_every_class_has_at_most_one_name_and_most_have_one() -> None:
    numbers = [number for each in naming.things() for number in each.classes]
    assert len(numbers) == len({*numbers}) >= 750
    assert {*numbers} <= {*range(1000)}
    assert len({each.name for each in naming.things()}) == len(naming.things()) >= 200


@pytest.mark.parametrize(
    ("name", "plural"),
    [
        ("zebra", "zebras"),
        ("fox", "foxes"),
        ("butterfly", "butterflies"),
        ("monkey", "monkeys"),
        ("wolf", "wolves"),
        ("goldfish", "goldfish"),
        ("fire truck", "fire trucks"),
        ("plate of spaghetti", "plates of spaghetti"),
        ("bench", "benches"),
        ("kitchen knife", "kitchen knives"),
    ],
)
def test_plurals(name: str, plural: str) -> None:
    assert naming.plural(name) == plural


@pytest.mark.parametrize(
    ("word", "article"),
    [
        ("zebra", "a"),
        ("elephant", "an"),
        ("hourglass", "an"),
        ("unicycle", "a"),
        ("umbrella", "an"),
        ("ear of corn", "an"),
    ],
)
def test_articles(word: str, article: str) -> None:
    assert naming.article(word) == article


def test_classes_of_one_name_count_together() -> None:
    found, p = naming.recognise(classes(_281=0.3, _285=0.3, _340=0.35))
    assert found.name == "cat"
    assert p == pytest.approx(0.6, abs=1e-4)


def test_a_sentence_names_a_thing_by_any_of_its_words() -> None:
    cat = thing("cat")
    assert cat.is_named(("two", "kittens", "sleep"))
    assert cat.is_named(("a", "cat"))
    assert not cat.is_named(("a", "catcher"))
    assert thing("ice cream").is_named(["a", "boy", "eats", "ice", "cream"])


def test_a_slot_takes_the_probability_of_its_kind_and_reads_a_stand_in() -> None:
    one, several = naming.slots(thing("zebra"), VOCABULARY)
    assert (one.text, one.read, {*one.takes}) == ("zebra", IDS["horse"], {IDS["dog"], IDS["horse"]})
    assert (several.text, several.read) == ("zebras", IDS["horses"])
    assert {*several.takes} == {IDS["dogs"], IDS["horses"]}
    p = torch.full((1, len(WORDS) - 3), 0.01)
    p[0, IDS["horse"] - 3], p[0, IDS["dog"] - 3] = 0.2, 0.5
    assert float(one.of(p)) == pytest.approx(0.7)
    assert naming.slots(thing("pizza"), VOCABULARY) == ()  # it has no word of that kind


@pytest.mark.parametrize(
    ("text", "fixed"),
    [
        ("a 0 runs an man", "an elephant runs an man"),  # only where a word has changed
        ("two 0 runs", "two elephants runs"),
        ("a dog 1", "a dog elephant"),
        ("two dogs 1 runs", "two dogs elephants runs"),
        ("his 1", "his elephants"),
    ],
)
def test_numbers_and_articles_agree(text: str, fixed: str) -> None:
    slots = naming.slots(thing("elephant"), VOCABULARY)
    words = [slots[int(w)] if w in "01" else plain(w)[0] for w in text.split()]
    assert " ".join(w.text for w in naming.agreeing(words, slots, VOCABULARY)) == fixed


def gender(man: float, woman: float, count: int) -> torch.Tensor:
    p = torch.full((count, len(WORDS) - 3), 1e-4)
    p[:, IDS["man"] - 3], p[:, IDS["woman"] - 3] = man, woman
    return p


@pytest.mark.parametrize(
    ("text", "man", "woman", "outside", "inside", "unsure"),
    [
        ("a man runs his dog", 0.5, 0.4, "a person runs their dog", "a man runs his dog", [1]),
        ("two women sits", 0.3, 0.4, "two people sits", "two women sits", [1]),
        ("a man runs his dog", 0.6, 0.2, "a man runs his dog", "a man runs his dog", [1]),
        ("a man runs his dog", 0.6, 0.01, "a man runs his dog", "a man runs his dog", []),
        ("a dog runs", 0.3, 0.3, "a dog runs", "a dog runs", []),
    ],
)
def test_an_unsure_gender_is_marked_and_outside_of_the_corpus_not_said(
    text: str, man: float, woman: float, outside: str, inside: str, unsure: list[int]
) -> None:
    words = plain(text)
    p = gender(man, woman, len(words))
    for place, expected in ((True, outside), (False, inside)):
        found = naming.doubt_gender(words, p, VOCABULARY, outside=place)
        assert " ".join(word.text for word in found) == expected
        assert [k for k, word in enumerate(found) if word.unsure] == unsure


def test_person_has_the_probability_of_all_that_it_stands_for() -> None:
    p = gender(0.5, 0.4, 1)
    (person,) = naming.doubt_gender(plain("man"), p, VOCABULARY, outside=True)
    assert (person.text, person.unsure) == ("person", True)
    assert float(person.of(p)) == pytest.approx(0.9001, abs=1e-5)


INSIDE, OUTSIDE = naming.OUTSIDE + 1, naming.OUTSIDE - 1


@pytest.mark.parametrize(
    ("name", "p", "text", "norm", "wanted"),
    [
        ("pizza", 0.8, "a dog sits", OUTSIDE, True),
        ("pizza", 0.8, "a dog sits", INSIDE, False),
        ("pizza", 0.6, "a dog sits", OUTSIDE, False),
        ("cat", 0.8, "a dog sits", INSIDE, True),
        ("cat", 0.6, "a dog sits", INSIDE, False),
        ("cat", 0.8, "a man sits", INSIDE, False),
        ("cat", 0.8, "two kittens", OUTSIDE, False),
        ("eagle", 0.9, "a white bird flies", OUTSIDE, False),
        ("eagle", 0.9, "a white dog flies", OUTSIDE, True),
    ],
)
def test_when_a_recognised_thing_is_named(
    name: str, p: float, text: str, norm: float, wanted: bool
) -> None:
    assert naming.is_wanted(thing(name), p, text.split(), norm) is wanted


def test_familiarity_is_the_energy_and_the_scaled_norm() -> None:
    logits = torch.log(torch.full((1000,), 2.0))
    expected = np.log(2000) + 6
    assert naming.familiarity(100.0, logits, 0.0) == pytest.approx(expected, abs=1e-4)
    assert naming.familiarity(100.0, logits, 0.5) == pytest.approx(expected - 2, abs=1e-4)


def test_plain_and_nearly_black_parts_show_nothing() -> None:
    photo = PHOTO[:101, :101].clip(16)
    assert naming.empty_share(photo) == pytest.approx(0, abs=1e-3)
    half = photo.copy()
    half[:, 51:] = 200
    assert naming.empty_share(half) == pytest.approx(0.49, abs=1e-3)  # one column has an edge
    assert naming.empty_share(photo % 16) == 1


def predictor(
    monkeypatch: pytest.MonkeyPatch, name: str = "captions-small", energy: float = 0.0
) -> CaptionPredictor:
    """An untrained one to which every photo shows a zebra."""
    described = header(vocabulary=len(WORDS))
    object.__setattr__(described, "name", name)
    object.__setattr__(described, "tokenizer", "\n".join(WORDS))
    model = Captioner(**described.arguments, generator=torch.Generator().manual_seed(1))
    with torch.no_grad():
        model.output.weight.mul_(6)
        model.embedding.weight.mul_(10)
        model.output.bias[0] = 2
    logits = classes(_340=0.9).log().unsqueeze(0) + energy
    monkeypatch.setattr("engine.vision.Encoder.logits", lambda *_: logits)
    return CaptionPredictor(described, model.eval().requires_grad_(False))


def test_a_recognised_thing_is_in_every_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    photo = captions.encode_photo(PHOTO)
    found = predictor(monkeypatch).caption(photo, WIDE)
    for caption in found.captions:
        named = [word for word in caption.words if word.text in ("zebra", "zebras")]
        assert len(named) == 1
        assert not {*caption.tokens[: caption.words.index(named[0])]} - {"a", "an", "two"}
        assert not {*caption.tokens} & {"dog", "dogs", "horse", "horses"}
        for word in named:
            assert word.recognised == pytest.approx(0.9 / (0.9 + 999e-6), abs=1e-5)
            assert word.read in ("horse", "horses")
            assert {*word.stands_for} & {"dog", "dogs"}
        total = sum(np.log(word.probability) for word in caption.words)
        assert caption.log_probability == pytest.approx(total)
    words = found.captions[0].tokens
    assert words == predictor(monkeypatch).caption_batch([photo.feature_map[0].numpy()], WIDE)[0]
    assert len(predictor(monkeypatch).states(photo, words)) == len(words) + 2


def test_after_given_words_the_network_goes_on_by_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    photo = captions.encode_photo(PHOTO)
    found = predictor(monkeypatch).caption(photo, Search(3, 1.0, LONGEST), ("a", "dog"))
    assert all(caption.tokens[:2] == ("a", "dog") for caption in found.captions)
    assert all(word.recognised is None for caption in found.captions for word in caption.words)


def test_a_photo_like_nothing_known_is_said_to_be_so(monkeypatch: pytest.MonkeyPatch) -> None:
    photo = captions.encode_photo(PHOTO)
    first = ("a", "dog")
    assert predictor(monkeypatch).caption(photo, WIDE, first).unfamiliar
    assert not predictor(monkeypatch, energy=naming.FAMILIAR).caption(photo, WIDE, first).unfamiliar


def test_things_do_not_do_what_only_the_living_do() -> None:
    def barred(name: str) -> set[int]:
        found = thing(name)
        return {*naming.rules(found, naming.slots(found, VOCABULARY), VOCABULARY).barred}

    assert barred("zebra") == {IDS[word] for word in ("dog", "dogs", "horse", "horses")}
    assert barred("piano") >= {IDS["runs"], IDS["sits"], IDS["dog"]}
    assert IDS["man"] not in barred("piano")


def test_only_places_may_stand_later_in_a_sentence() -> None:
    beach, piano = (naming.rules(thing(name), (), VOCABULARY) for name in ("beach", "piano"))
    assert IDS["man"] in beach.before
    assert piano.before == {IDS[word] for word in ("a", "an", "two")}


def test_models_to_be_compared_keep_their_own_words(monkeypatch: pytest.MonkeyPatch) -> None:
    photo = captions.encode_photo(PHOTO)
    found = predictor(monkeypatch, next(iter(COMPARED))).caption(photo)
    assert all(word.recognised is None for c in found.captions for word in c.words)
