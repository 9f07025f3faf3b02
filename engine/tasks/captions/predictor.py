"""A trained captioner in use: read-only, so that any number of threads may share it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import torch
from jaxtyping import Float
from torch import Tensor

from engine import checkpoints, vision
from engine.checkpoints import Header
from engine.decoding import Beam, Search, beam_search, require_hypotheses, tree_nodes
from engine.errors import N_, InputError
from engine.gradients import norms_through_time
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
from engine.tasks.captions.data import LONGEST, Vocabulary, split

TOP_K = 5
"""Likeliest words that are shown at each place."""
CLASSES = 5
DEFAULT = Search(width=5, penalty=1.0, longest=LONGEST)

Stop = Callable[[], bool]


class PhotoFeatures(NamedTuple):
    """One photo as the encoder's backbone hands it on (1, 49, 208): the same for every model.
    Opaque to pages; 41 kB."""

    feature_map: Tensor


def encode_photo(squashed: Any) -> PhotoFeatures:
    """What the encoder makes of a photo, uint8 (224, 224, 3)."""
    with torch.inference_mode():
        photo = vision.pixels(squashed).unsqueeze(0)
        photo = photo.contiguous(memory_format=torch.channels_last)
        return PhotoFeatures(vision.encoder().backbone(photo))


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
    ) -> Description:
        """Sentences about a photo, best first, at most `search.width`; `first` words are given.

        InterruptedError once `stop()`.
        """
        encoded = self._encode(photo)
        forced = self.vocabulary.encode(first)
        beam = self._search(encoded, search, forced, stop)
        captions = tuple(
            self._caption(encoded, beam.symbols(found.node), found.total, found.score)
            for found in beam.hypotheses[: search.width]
        )
        tree = tree_nodes(beam, self._word)
        return Description(captions, tree, search.width, search.penalty, len(forced))

    def caption_batch(
        self, feature_maps: Iterable[Any], search: Search = DEFAULT
    ) -> list[tuple[str, ...]]:
        """The best sentence for each of many photos, given as feature maps (49, 208)."""
        found = []
        with torch.inference_mode():
            for feature_map in feature_maps:
                features = torch.from_numpy(np.array(feature_map)).float().unsqueeze(0)
                beam = self._search(self._encode(PhotoFeatures(features)), search)
                found.append(self.vocabulary.decode(beam.symbols(beam.hypotheses[0].node)))
        return found

    def score(self, photo: PhotoFeatures, words: Sequence[str]) -> Caption:
        """The sentence `words`, word by word, as the model sees it: probabilities and attention."""
        ids = [*self._ids(words), STOP]
        with torch.inference_mode():
            caption = self._caption(self._encode(photo), ids, 0.0, 0.0)
        total = float(np.log([word.probability for word in caption.words]).sum())
        return Caption(caption.words, total, DEFAULT.score(total, len(ids)))

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
        h, c = gradient_norms(self._model, feature_map, ids[: at + 1])
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
        read = _read([*self._ids(words), STOP], self.device)
        h, _last = self._model.recurrent(self._model.embedding(read), first)
        found: Floats = torch.cat((first[0], h))[:, 0].double().cpu().numpy()
        return found

    def saliency(self, squashed: Any, words: Sequence[str], at: int) -> Float[Floats, "7 7"]:
        """‖∂e/∂pixels‖ in each region of a photo (224, 224, 3), e the loss of word `at`."""
        ids = [*self._ids(words), STOP][: at + 1]
        photo = vision.pixels(squashed).unsqueeze(0).to(self.device).requires_grad_()
        encoded = self._model.encode(vision.encoder(str(self.device)).backbone(photo))
        states = self._model.initial_states(encoded)
        logits, _, _ = self._model(_read(ids, self.device), encoded, states)
        (gradient,) = torch.autograd.grad(_loss(logits, ids), photo)
        side = vision.SIDE // vision.GRID
        regions = gradient[0].unfold(1, side, side).unfold(2, side, side)
        norms: Floats = regions.square().sum((0, 3, 4)).sqrt().double().cpu().numpy()
        return norms

    def _ids(self, words: Sequence[str]) -> list[int]:
        ids = self.vocabulary.encode(words)
        if UNKNOWN in ids:
            raise InputError(
                N_("The model does not know these words: {words}."),
                words=words[ids.index(UNKNOWN)][:30],
            )
        return ids

    def _encode(self, photo: PhotoFeatures) -> EncodedPhotos:
        return self._model.encode(photo.feature_map.to(self.device))

    def _search(
        self,
        photo: EncodedPhotos,
        search: Search,
        forced: Sequence[int] = (),
        stop: Stop = lambda: False,
    ) -> Beam:
        def step(symbols: Tensor, states: tuple[Tensor, ...]) -> tuple[Tensor, tuple[Tensor, ...]]:
            logits, _, states = self._model(symbols.unsqueeze(0), photo, states)
            log_p = logits[0].float().log_softmax(-1)
            return torch.nn.functional.pad(log_p, (UNWRITTEN, 0), value=-torch.inf), states

        first = self._model.initial_states(photo)
        return require_hypotheses(
            beam_search(step, first, START, STOP, search, forced=forced, cancelled=stop)
        )

    def _teacher_forced(
        self, photo: EncodedPhotos, ids: Sequence[int]
    ) -> tuple[Tensor, Tensor | None]:
        """Probabilities (n, V − 3) at each of the words `ids` after those before it, and attention
        weights (n, 49) or None."""
        read, states = _read(ids, self.device), self._model.initial_states(photo)
        logits, weights, _ = self._model(read, photo, states)
        return logits[:, 0].float().softmax(-1), None if weights is None else weights[:, 0]

    def _caption(
        self, photo: EncodedPhotos, ids: Sequence[int], total: float, score: float
    ) -> Caption:
        """The caption `ids`, its log p and score given, with probabilities and attention."""
        p, weights = (None if t is None else t.cpu() for t in self._teacher_forced(photo, ids))
        assert p is not None
        best = p.topk(TOP_K)
        words = []
        for k, id in enumerate(ids):
            pairs = zip(best.indices[k].tolist(), best.values[k].tolist(), strict=True)
            candidates = tuple((self._word(index + UNWRITTEN), share) for index, share in pairs)
            grid = None if weights is None else weights[k].view(vision.GRID, vision.GRID)
            attention = None if grid is None else grid.double().numpy()
            probability = float(p[k, id - UNWRITTEN])
            words.append(CaptionWord(self._word(id), probability, candidates, attention))
        return Caption(tuple(words), total, score)

    def _word(self, id: int) -> str:
        return STOP_WORD if id == STOP else self.vocabulary.words[id]


def gradient_norms(
    model: Captioner, feature_map: Float[Tensor, "1 49 208"], ids: Sequence[int]
) -> tuple[Float[Floats, " N"], Float[Floats, " N"] | None]:
    """‖∂e/∂h_t‖ and, for the LSTM, ‖∂e/∂c_t‖ for t = 0 … n, e the loss of the last of n words."""
    with torch.no_grad():
        photo = model.encode(feature_map)
        states = model.initial_states(photo)
    # The first states stand in the place of probes of their own: what is added to them is zero.
    first = tuple(state.clone().requires_grad_() for state in states)
    probe = model.probes(len(ids))
    logits, _, _ = model(_read(ids, feature_map.device), photo, first, probe=probe)
    loss = _loss(logits, ids)
    at_zero = torch.autograd.grad(loss, first, retain_graph=True)
    later = norms_through_time(loss, probe)
    norms = [
        torch.cat((zero.norm(dim=-1).flatten(), rest[-1, :, 0])).double().cpu().numpy()
        for zero, rest in zip(at_zero, later, strict=True)
    ]
    return norms[0], norms[1] if len(norms) > 1 else None


def _read(ids: Sequence[int], device: torch.device) -> Tensor:
    """What is read (T, 1) when the words `ids` are written: START in front, the last left out."""
    return torch.tensor([START, *ids[:-1]], device=device).unsqueeze(1)


def _loss(logits: Tensor, ids: Sequence[int]) -> Tensor:
    """The loss of the last of the words."""
    target = torch.tensor([ids[-1] - UNWRITTEN], device=logits.device)
    return torch.nn.functional.cross_entropy(logits[-1].float(), target)
