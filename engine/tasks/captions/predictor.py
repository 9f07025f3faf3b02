"""A trained captioner in use: read-only, so that any number of threads may share it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import torch
from torch import Tensor

from engine import checkpoints, vision
from engine.checkpoints import Header
from engine.decoding import Beam, Search, beam_search
from engine.device import resolve
from engine.errors import N_, InputError
from engine.models.captioner import START, STOP, UNKNOWN, UNSAID, Captioner, Sight
from engine.results import (
    STOP_WORD,
    Caption,
    CaptionReach,
    CaptionWord,
    Description,
    Drift,
    Floats,
)
from engine.tasks.beam_tree import nodes
from engine.tasks.captions import gradients
from engine.tasks.captions.data import LONGEST, Vocabulary, split

CANDIDATES = 5
CLASSES = 5
DEFAULT = Search(width=5, penalty=1.0, longest=LONGEST)

Stop = Callable[[], bool]


class Look(NamedTuple):
    """One photo as the encoder's trunk sees it (1, 49, 208): the same for every model. Opaque to
    pages; 41 kB."""

    halfway: Tensor


def look(squashed: Any) -> Look:
    """What the encoder makes of a photo, uint8 (224, 224, 3)."""
    with torch.inference_mode():
        photo = vision.pixels(squashed).unsqueeze(0)
        return Look(vision.encoder().trunk(photo.contiguous(memory_format=torch.channels_last)))


def classes(seen: Look, count: int = CLASSES) -> tuple[tuple[str, float], ...]:
    """The likeliest ImageNet classes of a photo, with probabilities, best first (slide 15, 1→1)."""
    with torch.inference_mode():
        best = vision.encoder().classes(seen.halfway)[0].topk(count)
    pairs = zip(best.values.tolist(), best.indices.tolist(), strict=True)
    return tuple((vision.class_name(number), share) for share, number in pairs)


class CaptionPredictor:
    """Photos in, sentences out, and what happens on the way.

    Args:
        header: of the checkpoint.
        model: the network, weights in place; it is frozen here.
        device: where to compute.
    """

    def __init__(self, header: Header, model: Captioner, device: torch.device) -> None:
        self.header, self.device = header, device
        self.vocabulary = Vocabulary((header.tokenizer or "").split("\n"))
        self._model = model.eval().requires_grad_(False).to(device)

    @property
    def cell(self) -> str:
        """ "rnn", "lstm" or "gru"."""
        return str(self.header.arguments["cell"])

    @property
    def attention(self) -> bool:
        return self._model.attention is not None

    def known(self, text: str) -> tuple[str, ...]:
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
    def describe(
        self,
        seen: Look,
        search: Search = DEFAULT,
        first: Sequence[str] = (),
        stop: Stop = lambda: False,
    ) -> Description:
        """Sentences about a photo, best first, at most `search.width`; `first` words are given.

        InterruptedError once `stop()`.
        """
        sight = self._see(seen)
        forced = self.vocabulary.numbers(first)
        beam = self._search(sight, search, forced, stop)
        captions = tuple(
            self._caption(sight, beam.symbols(found.node), found.total, found.score)
            for found in beam.hypotheses[: search.width]
        )
        tree = nodes(beam, self._word)
        return Description(captions, tree, search.width, search.penalty, len(forced))

    def read(self, seen: Look, words: Sequence[str]) -> Caption:
        """The sentence `words`, word by word, as the model sees it: probabilities and attention."""
        numbers = [*self._numbers(words), STOP]
        with torch.inference_mode():
            caption = self._caption(self._see(seen), numbers, 0.0, 0.0)
        total = float(np.log([word.probability for word in caption.words]).sum())
        return Caption(caption.words, total, DEFAULT.score(total, len(numbers)))

    def sentences(self, halfway: Iterable[Any], search: Search = DEFAULT) -> list[tuple[str, ...]]:
        """The best sentence for each of many photos, given as maps halfway (49, 208)."""
        found = []
        with torch.inference_mode():
            for maps in halfway:
                sight = self._see(Look(torch.from_numpy(np.array(maps)).float().unsqueeze(0)))
                beam = self._search(sight, search)
                found.append(self.vocabulary.sentence(beam.symbols(beam.hypotheses[0].node)))
        return found

    def drift(self, seen: Look, words: Sequence[str], at: int, wrong: str) -> Drift:
        """What follows if `wrong` is said in place of word `at` of the sentence `words`."""
        right = [*self._numbers(words), STOP]
        (instead,) = self._numbers([wrong])
        slipped = [*right[:at], instead, *right[at + 1 :]]
        with torch.inference_mode():
            sight = self._see(seen)
            before, after = (self._after(sight, row)[0].cpu() for row in (right, slipped))
            places = torch.tensor(right).sub(UNSAID).unsqueeze(1)
            p, q = (rows.gather(1, places)[:, 0].double().numpy() for rows in (before, after))
        greedy = self.describe(seen, Search(1, 0.0, LONGEST), [*words[:at], wrong])
        free = greedy.captions[0].words[at + 1 :]
        return Drift((*words, STOP_WORD), at, wrong, p, q, free)

    def reach(self, seen: Look, words: Sequence[str], at: int) -> CaptionReach:
        """How strongly the loss of word `at` (STOP comes last) reaches each state and h_0."""
        said = [*self._numbers(words), STOP]
        h, c = gradients.through_time(self._model, self._on_device(seen), said[: at + 1])
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

    def saliency(self, squashed: Any, words: Sequence[str], at: int) -> Floats:
        """(7, 7): ‖∂e/∂pixels‖ of each place of a photo (224, 224, 3), e the loss of word `at`."""
        said = [*self._numbers(words), STOP]
        return gradients.on_the_photo(self._model, squashed, said[: at + 1], self.device)

    def _numbers(self, words: Sequence[str]) -> list[int]:
        numbers = self.vocabulary.numbers(words)
        if UNKNOWN in numbers:
            raise InputError(
                N_("The model does not know these words: {words}."),
                words=words[numbers.index(UNKNOWN)][:30],
            )
        return numbers

    def _on_device(self, seen: Look) -> Tensor:
        return seen.halfway.to(self.device)

    def _see(self, seen: Look) -> Sight:
        return self._model.see(self._on_device(seen))

    def _search(
        self,
        sight: Sight,
        search: Search,
        forced: Sequence[int] = (),
        stop: Stop = lambda: False,
    ) -> Beam:
        def step(symbols: Tensor, states: tuple[Tensor, ...]) -> tuple[Tensor, tuple[Tensor, ...]]:
            logits, _, states = self._model(symbols.unsqueeze(0), sight, states)
            scores = logits[0].float().log_softmax(-1)
            return torch.nn.functional.pad(scores, (UNSAID, 0), value=-torch.inf), states

        first = self._model.initial(sight)
        return beam_search(step, first, START, STOP, search, forced=forced, cancelled=stop)

    def _after(self, sight: Sight, said: Sequence[int]) -> tuple[Tensor, Tensor | None]:
        """Probabilities (n, V − 3) for each of the words `said`, and shares (n, 49) or None."""
        read = torch.tensor([START, *said[:-1]], device=self.device).unsqueeze(1)
        logits, shares, _ = self._model(read, sight, self._model.initial(sight))
        return logits[:, 0].float().softmax(-1), None if shares is None else shares[:, 0]

    def _caption(self, sight: Sight, said: Sequence[int], total: float, worth: float) -> Caption:
        p, shares = (None if t is None else t.cpu() for t in self._after(sight, said))
        assert p is not None
        best = p.topk(CANDIDATES)
        words = []
        for k, number in enumerate(said):
            pairs = zip(best.indices[k].tolist(), best.values[k].tolist(), strict=True)
            candidates = tuple((self._word(place + UNSAID), share) for place, share in pairs)
            at = None if shares is None else shares[k].view(vision.GRID, vision.GRID)
            attention = None if at is None else at.double().numpy()
            chance = float(p[k, number - UNSAID])
            words.append(CaptionWord(self._word(number), chance, candidates, attention))
        return Caption(tuple(words), total, worth)

    def _word(self, number: int) -> str:
        return STOP_WORD if number == STOP else self.vocabulary.words[number]


def load(path: Path, device: str = "cpu") -> CaptionPredictor:
    """The captioner in a checkpoint; InputError for a file that is not one."""

    def fits(header: Header) -> bool:
        words = (header.tokenizer or "").split("\n")
        return len(words) == header.arguments.get("vocabulary")

    header, model = checkpoints.load_network(
        path, "captions", Captioner, N_("{file} is not a captioner."), fits
    )
    return CaptionPredictor(header, model, resolve(device))
