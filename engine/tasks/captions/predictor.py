"""A trained captioner in use: read-only, so that any number of threads may share it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import torch
from jaxtyping import Float
from torch import Tensor

from engine import checkpoints, vision
from engine.checkpoints import Header
from engine.decoding import (
    Beam,
    Constraint,
    Search,
    beam_search,
    require_hypotheses,
    tree_nodes,
)
from engine.errors import N_, InputError
from engine.models.captioner import (
    FORMER_NAMES,
    START,
    STOP,
    UNKNOWN,
    UNWRITTEN,
    Captioner,
    EncodedPhotos,
)
from engine.results import (
    STOP_WORD,
    Caption,
    CaptionReach,
    CaptionWord,
    Description,
    Drift,
    Floats,
)
from engine.tasks.captions import attribution, naming
from engine.tasks.captions.data import LONGEST, Vocabulary, split
from engine.tasks.captions.naming import Slot, Thing
from engine.tasks.captions.recipe import COMPARED

TOP_K = 5
"""Likeliest words that are shown at each place."""
CLASSES = 5
DEFAULT = Search(width=5, penalty=1.0, longest=LONGEST)

Stop = Callable[[], bool]
Forced = tuple[Float[Tensor, "n _"], Float[Tensor, "n 49"] | None]
"""Probabilities of all words at each of n places, and attention weights or None."""


class PhotoFeatures(NamedTuple):
    """One photo as the encoder's backbone hands it on (1, 49, 208), the same for every model, and
    the share of it that shows nothing. Opaque to pages; 41 kB."""

    feature_map: Tensor
    empty: float = 0.0


class _Found(NamedTuple):
    """What a search found; symbols from the vocabulary's size on are `slots` for the thing that was
    recognised, with its probability. `unfamiliar` photos are like none that were learnt from."""

    beam: Beam
    slots: tuple[Slot, ...] = ()
    recognised: tuple[Thing, float] | None = None
    unfamiliar: bool = False


def encode_photo(squashed: Any) -> PhotoFeatures:
    """What the encoder makes of a photo, uint8 (224, 224, 3)."""
    with torch.inference_mode():
        photo = vision.pixels(squashed).unsqueeze(0)
        photo = photo.contiguous(memory_format=torch.channels_last)
        return PhotoFeatures(vision.encoder().backbone(photo), naming.empty_share(squashed))


def classes(photo: PhotoFeatures, count: int = CLASSES) -> tuple[tuple[str, float], ...]:
    """The likeliest ImageNet classes of a photo, with probabilities, best first (slide 15, 1→1)."""
    with torch.inference_mode():
        best = vision.encoder().classes(photo.feature_map)[0].topk(count)
    pairs = zip(best.values.tolist(), best.indices.tolist(), strict=True)
    return tuple((vision.class_name(number), share) for share, number in pairs)


def load(path: Path, device: str = "cpu") -> CaptionPredictor:
    """The captioner in a checkpoint; InputError for a file that is not one."""

    def fits(header: Header) -> bool:
        words = (header.tokenizer or "").split("\n")
        return len(words) == header.arguments.get("vocabulary")

    refusal = InputError(N_("{file} is not a captioner."), file=path.name)
    header, model = checkpoints.load_network(
        path, "captions", Captioner, refusal, fits, former_names=FORMER_NAMES, device=device
    )
    return CaptionPredictor(header, model)


class CaptionPredictor:
    """Photos in, sentences out, and what happens on the way.

    Args:
        header: of the checkpoint.
        model: the network, weights in place, frozen.
    """

    def __init__(self, header: Header, model: Captioner) -> None:
        self.header, self._model = header, model
        self.device = model.embedding.weight.device
        self.cell: str = header.arguments["cell"]
        self.vocabulary = Vocabulary((header.tokenizer or "").split("\n"))
        self.own_words = header.name in COMPARED
        """Whether it says what its network says and nothing else, to be compared with others."""

    @property
    def attention(self) -> bool:
        """Whether each state looks at the photo again."""
        return self._model.attention is not None

    def tokenize(self, text: str) -> tuple[str, ...]:
        """The words of `text` as the model knows them; InputError naming those it does not, or for
        more than a caption can hold."""
        words = split(text)
        strange = [word for word in words if word not in self.vocabulary]
        if strange:
            raise InputError(
                N_("The model does not know these words: {words}."),
                words=", ".join(word[:30] for word in strange[:5]),
            )
        if len(words) >= LONGEST:
            raise InputError(N_("A caption has at most {limit} words."), limit=LONGEST - 1)
        return words

    @torch.inference_mode()
    def caption(
        self,
        photo: PhotoFeatures,
        search: Search = DEFAULT,
        first: Sequence[str] = (),
        stop: Stop = lambda: False,
        count: int | None = None,
    ) -> Description:
        """Sentences about a photo, best first, at most `count` or `search.width`; `first` words are
        given.

        InterruptedError once `stop()`.
        """
        encoded = self._encode(photo)
        forced = self.vocabulary.encode(first)
        beam, slots, recognised, unfamiliar = self._find(photo, encoded, search, forced, stop)
        found = [beam.symbols(each.node) for each in beam.hypotheses[: count or search.width]]
        captions = tuple(
            self._caption(*self._say(encoded, symbols, slots, len(forced)), search, recognised)
            for symbols in found
        )
        tree = tree_nodes(beam, lambda id: self._slot(id, slots).text)
        return Description(captions, tree, search.width, search.penalty, len(forced), unfamiliar)

    def caption_batch(
        self, feature_maps: Iterable[Any], search: Search = DEFAULT
    ) -> list[tuple[str, ...]]:
        """The best sentence for each of many photos, given as feature maps (49, 208)."""
        found = []
        with torch.inference_mode():
            for feature_map in feature_maps:
                features = torch.from_numpy(np.array(feature_map)).float().unsqueeze(0)
                photo = PhotoFeatures(features)
                encoded = self._encode(photo)
                beam, slots, *_ = self._find(photo, encoded, search)
                words, _ = self._say(encoded, beam.symbols(beam.hypotheses[0].node), slots)
                found.append(tuple(word.text for word in words if word.read != STOP))
        return found

    def score(self, photo: PhotoFeatures, words: Sequence[str]) -> Caption:
        """The sentence `words`, word by word, as the model sees it: probabilities and attention."""
        ids = [*self._ids(words), STOP]
        texts = (*words, STOP_WORD)
        spoken = [Slot(text, id, (id,)) for text, id in zip(texts, ids, strict=True)]
        with torch.inference_mode():
            return self._caption(spoken, self._teacher_forced(self._encode(photo), ids), DEFAULT)

    def drift(self, photo: PhotoFeatures, words: Sequence[str], at: int, wrong: str) -> Drift:
        """What follows if `wrong` is written in place of word `at` of the sentence `words`."""
        right = [*self._ids(words), STOP]
        (instead,) = self._ids([wrong])
        slipped = [*right[:at], instead, *right[at + 1 :]]
        with torch.inference_mode():
            encoded = self._encode(photo)
            before, after = (
                self._teacher_forced(encoded, row)[0].cpu() for row in (right, slipped)
            )
            targets = torch.tensor(right).sub(UNWRITTEN).unsqueeze(1)
            p, q = (rows.gather(1, targets)[:, 0].double().numpy() for rows in (before, after))
        greedy = self.caption(photo, Search(1, 0.0, LONGEST), [*words[:at], wrong])
        free = greedy.captions[0].words[at + 1 :]
        return Drift((*words, STOP_WORD), at, wrong, p, q, free)

    def reach(self, photo: PhotoFeatures, words: Sequence[str], at: int) -> CaptionReach:
        """How strongly the loss of word `at` (STOP comes last) reaches each state and h_0."""
        ids = [*self._ids(words), STOP]
        feature_map = photo.feature_map.to(self.device)
        h, c = attribution.gradient_norms(self._model, feature_map, ids[: at + 1])
        return CaptionReach(
            self.header.name,
            self.cell,
            self.attention,
            self.header.parameters,
            ("START", *words[:at]),
            (*words, STOP_WORD)[at],
            h,
            c,
        )

    @torch.inference_mode()
    def states(self, photo: PhotoFeatures, words: Sequence[str]) -> Float[Floats, "n H"]:
        """h_0, which comes from the photo, and the state after START and after each of `words`."""
        encoded = self._encode(photo)
        first = self._model.initial_states(encoded)
        read = attribution.read_ids([*self._ids(words), STOP], self.device)
        h, _last = self._model.recurrent(self._model.embedding(read), first)
        found: Floats = torch.cat((first[0], h))[:, 0].double().cpu().numpy()
        return found

    def saliency(self, squashed: Any, words: Sequence[str], at: int) -> Float[Floats, "7 7"]:
        """‖∂e/∂pixels‖ in each region of a photo (224, 224, 3), e the loss of word `at`."""
        return attribution.saliency(self._model, squashed, [*self._ids(words), STOP][: at + 1])

    def occlusion(
        self, squashed: Any, caption: Caption
    ) -> Iterator[tuple[Float[Floats, " n"], Float[Floats, "7 n"]]]:
        """The probability of each word of a caption (STOP comes last), and the same with a cell of
        the photo (224, 224, 3) covered: a row of 7 cells at a time."""
        ids = [*self._ids(caption.tokens), STOP]
        others = [self.vocabulary.encode(word.stands_for) for word in caption.words]
        others += [[]] * (len(ids) - len(others))  # STOP, of a sentence that was cut
        takes = [found or [id] for found, id in zip(others, ids, strict=True)]
        return attribution.occlusion(self._model, squashed, ids, takes)

    def _ids(self, words: Sequence[str]) -> list[int]:
        """What is read of words that can be written: themselves or, of things, their stand-ins."""
        known, other = self.vocabulary, naming.stand_ins()
        ids = known.encode(word if word in known else other.get(word, word) for word in words)
        if UNKNOWN in ids:
            raise InputError(
                N_("The model does not know these words: {words}."),
                words=words[ids.index(UNKNOWN)][:30],
            )
        return ids

    def _encode(self, photo: PhotoFeatures) -> EncodedPhotos:
        return self._model.encode(photo.feature_map.to(self.device))

    def _find(
        self,
        photo: PhotoFeatures,
        encoded: EncodedPhotos,
        search: Search,
        forced: Sequence[int] = (),
        stop: Stop = lambda: False,
    ) -> _Found:
        """The beam; where a thing was recognised that the decoder left out, one that names it."""
        beam = self._search(encoded, search, forced, stop)
        if self.own_words:
            return _Found(beam)
        encoder, norm = vision.encoder(str(self.device)), float(encoded.regions.norm())
        logits = encoder.logits(photo.feature_map.to(self.device))[0]
        unfamiliar = naming.familiarity(norm, logits, photo.empty) < naming.FAMILIAR
        thing, p = naming.recognise(logits.softmax(-1))
        said = self.vocabulary.decode(beam.symbols(beam.hypotheses[0].node))
        slots = naming.slots(thing, self.vocabulary)
        if forced or not slots or not naming.is_wanted(thing, p, said, norm):
            return _Found(beam, unfamiliar=unfamiliar)
        beam = self._search_naming(encoded, search, stop, thing, slots)
        return _Found(beam, slots, (thing, p), unfamiliar)

    def _search(
        self,
        photo: EncodedPhotos,
        search: Search,
        forced: Sequence[int] = (),
        stop: Stop = lambda: False,
    ) -> Beam:
        """The decoder's own sentences."""

        def step(symbols: Tensor, states: tuple[Tensor, ...]) -> tuple[Tensor, tuple[Tensor, ...]]:
            logits, _, states = self._model(symbols.unsqueeze(0), photo, states)
            log_p = logits[0].float().log_softmax(-1)
            return torch.nn.functional.pad(log_p, (UNWRITTEN, 0), value=-torch.inf), states

        first = self._model.initial_states(photo)
        return require_hypotheses(
            beam_search(step, first, START, STOP, search, forced=forced, cancelled=stop)
        )

    def _search_naming(
        self, photo: EncodedPhotos, search: Search, stop: Stop, thing: Thing, slots: Sequence[Slot]
    ) -> Beam:
        """Sentences about a thing: they hold one of its `slots`, whose symbols come after those of
        the vocabulary. These take the place of all words whose probability they get."""
        count, rules = len(self.vocabulary), naming.rules(thing, slots, self.vocabulary)
        reads = torch.tensor([*range(count), *(slot.read for slot in slots)], device=self.device)
        unfinished = torch.zeros(count + len(slots), dtype=torch.bool, device=self.device)
        unfinished[list(rules.open)] = True

        def step(symbols: Tensor, states: tuple[Tensor, ...]) -> tuple[Tensor, tuple[Tensor, ...]]:
            logits, _, states = self._model(reads[symbols].unsqueeze(0), photo, states)
            log_p = torch.nn.functional.pad(
                logits[0].float().log_softmax(-1), (UNWRITTEN, 0), value=-torch.inf
            )
            own = [log_p[:, list(slot.takes)].logsumexp(-1) for slot in slots]
            log_p = torch.cat((log_p, torch.stack(own, -1)), -1)
            log_p[:, rules.barred] = -torch.inf
            log_p.scatter_(1, symbols.unsqueeze(1), -torch.inf)  # no word twice in a row
            log_p[unfinished[symbols], STOP] = -torch.inf
            for article in rules.articles:
                log_p[symbols == rules.of, article] = -torch.inf
            return log_p, states

        rule = Constraint(frozenset(range(count, count + len(slots))), rules.before)
        first = self._model.initial_states(photo)
        return require_hypotheses(
            beam_search(step, first, START, STOP, search, constraint=rule, cancelled=stop)
        )

    def _slot(self, id: int, slots: Sequence[Slot]) -> Slot:
        """A symbol of a search as a word."""
        if id >= len(self.vocabulary):
            return slots[id - len(self.vocabulary)]
        return Slot(STOP_WORD if id == STOP else self.vocabulary.words[id], id, (id,))

    def _say(
        self, photo: EncodedPhotos, symbols: Sequence[int], slots: Sequence[Slot], given: int = 0
    ) -> tuple[list[Slot], Forced]:
        """The words of what a search found as they are said, and what `_teacher_forced` makes of
        them; the first ones may be given."""
        words = [self._slot(id, slots) for id in symbols]
        ids = [word.read for word in words]
        forced = self._teacher_forced(photo, ids)
        if self.own_words:
            return words, forced
        outside, rest = float(photo.regions.norm()) < naming.OUTSIDE, forced[0][given:]
        doubted = naming.doubt_gender(words[given:], rest, self.vocabulary, outside=outside)
        said = naming.agreeing([*words[:given], *doubted], slots, self.vocabulary)
        reads = [word.read for word in said]
        return said, forced if reads == ids else self._teacher_forced(photo, reads)

    def _teacher_forced(self, photo: EncodedPhotos, ids: Sequence[int]) -> Forced:
        """Probabilities (n, V − 3) at each of the words `ids` after those before it, and attention
        weights (n, 49) or None."""
        read, states = attribution.read_ids(ids, self.device), self._model.initial_states(photo)
        logits, weights, _ = self._model(read, photo, states)
        return logits[:, 0].float().softmax(-1), None if weights is None else weights[:, 0]

    def _caption(
        self,
        spoken: Sequence[Slot],
        forced: Forced,
        search: Search,
        recognised: tuple[Thing, float] | None = None,
    ) -> Caption:
        """The caption of these words, with their probabilities and attention, and what a classifier
        `recognised` in the photo marked among them."""
        p, weights = (None if t is None else t.cpu() for t in forced)
        assert p is not None
        best = p.topk(TOP_K)
        thing, certainty = recognised or (None, 0.0)
        words = []
        for k, word in enumerate(spoken):
            pairs = zip(best.indices[k].tolist(), best.values[k].tolist(), strict=True)
            candidates = tuple((self._word(index + UNWRITTEN), share) for index, share in pairs)
            grid = None if weights is None else weights[k].view(vision.GRID, vision.GRID)
            attention = None if grid is None else grid.double().numpy()
            named = thing is not None and word.text in (thing.name, thing.plural)
            words.append(
                CaptionWord(
                    word.text,
                    float(word.of(p[k : k + 1])),
                    candidates,
                    attention,
                    certainty if named else None,
                    self._word(word.read) if self._word(word.read) != word.text else "",
                    word.unsure,
                    tuple(map(self._word, word.takes)) if len(word.takes) > 1 else (),
                )
            )
        total = float(np.log([max(word.probability, 1e-30) for word in words]).sum())
        return Caption(tuple(words), total, search.score(total, len(words)))

    def _word(self, id: int) -> str:
        return STOP_WORD if id == STOP else self.vocabulary.words[id]
