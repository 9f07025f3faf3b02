"""A trained translator in use: read-only, so that any number of threads may share it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from typing import NamedTuple

import torch
from torch import Tensor

from engine.checkpoints import Header
from engine.decoding import Beam, Hypothesis, Search, beam_searches
from engine.models.translator import START, STOP, Source, Translator
from engine.padding import padded
from engine.results import STOP_WORD, BeamNode, Sentence, Translation, TranslationReach, WrittenWord
from engine.tasks.beam_tree import nodes
from engine.tasks.translation import gradients, pieces
from engine.tasks.translation.copying import hide, localised, show
from engine.tasks.translation.data import plain
from engine.tasks.translation.names import Names
from engine.tasks.translation.rules import Rules
from engine.tasks.translation.spelling import Spelling

CANDIDATES = 5
AT_ONCE = 32
"""Sentences that are decoded side by side."""
LONGEST = 200
"""Pieces of a translation; one of n pieces gets 2 n + 10 at most."""
DEFAULT = Search(width=5, penalty=1.0, longest=LONGEST, eager=True)

Stop = Callable[[], bool]


class Asked(NamedTuple):
    """A sentence as the network reads it: its pieces' numbers, and what its marks stand for."""

    numbers: list[int]
    parts: tuple[str, ...]


class TranslationPredictor:
    """Sentences in, sentences out, and what happens on the way.

    Args:
        header: of the checkpoint.
        model: the network, weights in place; it is frozen here.
        device: where to compute.
    """

    def __init__(self, header: Header, model: Translator, device: torch.device) -> None:
        self.header, self.device = header, device
        self._tokenizer = pieces.restore(header.tokenizer or "")
        self._alphabet = pieces.alphabet(self._tokenizer)
        self._names = Names(self.languages, self._spelled, header.lexicon)
        self._rules = Rules(pieces.mark_numbers(self._tokenizer), device)
        self._model = model.eval().requires_grad_(False).to(device)

    @property
    def languages(self) -> tuple[str, str]:
        """From which to which, such as ("fr", "en")."""
        return str(self.header.recipe["source"]), str(self.header.recipe["target"])

    @property
    def cell(self) -> str:
        """ "rnn", "lstm" or "gru"."""
        return str(self.header.arguments["cell"])

    @property
    def attention(self) -> bool:
        return self._model.attention is not None

    @property
    def reverse(self) -> bool:
        """Whether the source is read last piece first."""
        return self._model.reverse

    @torch.inference_mode()
    def translate(
        self,
        sentence: str,
        search: Search = DEFAULT,
        first: str = "",
        stop: Stop = lambda: False,
        watch: Callable[[str], None] | None = None,
    ) -> Sentence:
        """At most `search.width` translations of a sentence that begin with `first`, best first.

        `watch` is told the likeliest beginning after each step. InterruptedError once `stop()`.
        """
        asked = self._asked(sentence)
        source = self._read([asked])
        spelling = self._spelling(asked)
        forced = self._forced(first, asked)

        def seen(symbols: list[int]) -> None:
            if watch is not None:
                watch(spelling.text(symbols))

        (beam,) = self._search(source, [asked], search, [forced], stop, watch and seen)
        found = self._ranked(beam, spelling)[: search.width]
        translations = tuple(
            self._translation(source, spelling, beam.symbols(k.node), k.total, k.worth)
            for k in found
        )
        return Sentence(
            sentence,
            spelling.read(asked.numbers),
            translations,
            self._tree(beam, found[0].node, spelling),
            search.width,
            search.penalty,
            len(forced),
            spelling.trouble(beam.symbols(found[0].node)),
        )

    def many(
        self, sentences: Sequence[str], search: Search = DEFAULT, stop: Stop = lambda: False
    ) -> Iterator[tuple[int, str]]:
        """The best translation of each sentence with its number, in the order in which they are
        done: those of like length side by side. InterruptedError once `stop()`."""
        asked = [self._asked(sentence) for sentence in sentences]
        order = sorted(range(len(asked)), key=lambda k: len(asked[k].numbers))
        for first in range(0, len(order), AT_ONCE):
            group = order[first : first + AT_ONCE]
            yield from zip(group, self._group([asked[k] for k in group], search, stop), strict=True)

    @torch.inference_mode()
    def _group(self, asked: Sequence[Asked], search: Search, stop: Stop) -> list[str]:
        beams = self._search(self._read(asked), asked, search, [()] * len(asked), stop)
        found = []
        for each, beam in zip(asked, beams, strict=True):
            spelling = self._spelling(each)
            found.append(spelling.text(beam.symbols(self._ranked(beam, spelling)[0].node)))
        return found

    @torch.inference_mode()
    def read(self, sentence: str, text: str) -> Translation:
        """The translation `text` as the model sees it, piece by piece: probabilities, attention."""
        asked = self._asked(sentence)
        said = [*self._forced(text, asked), STOP]
        found = self._translation(self._read([asked]), self._spelling(asked), said, 0.0, 0.0)
        total = float(torch.tensor([w.probability for w in found.words]).double().log().sum())
        return replace(found, log_probability=total, score=DEFAULT.worth(total, len(said)))

    def reach(self, sentence: str, text: str, at: int) -> TranslationReach:
        """How strongly the loss of piece `at` of the translation `text` (STOP comes last) reaches
        each state of the decoder and of the encoder."""
        asked = self._asked(sentence)
        spelling = self._spelling(asked)
        said = [*self._forced(text, asked), STOP]
        norms = gradients.through_time(self._model, asked.numbers, said[: at + 1], self.device)
        return TranslationReach(
            self.header.name,
            self.cell,
            self.attention,
            self.reverse,
            self.header.parameters,
            spelling.labels(asked.numbers, translated=False),
            ("START", *spelling.labels(said[: at + 1], translated=True)[:at]),
            spelling.word(said[at])[0],
            *norms,
        )

    def pieces(self, sentence: str, text: str) -> tuple[str, ...]:
        """The pieces of a translation as this model spells it, STOP last."""
        asked = self._asked(sentence)
        spelling = self._spelling(asked)
        return (*(spelling.word(n)[0] for n in self._forced(text, asked)), STOP_WORD)

    def _asked(self, sentence: str) -> Asked:
        hidden = hide(plain(sentence), self._alphabet, self._names)
        (numbers,) = pieces.encode(self._tokenizer, [hidden.text])
        return Asked(numbers or [STOP], hidden.parts)

    def _spelled(self, word: str) -> int:
        return len(pieces.encode(self._tokenizer, [word])[0])

    def _forced(self, text: str, asked: Asked) -> list[int]:
        """The numbers of a translation's pieces, with marks where the source's copied parts are."""
        text = show(text, (), *self.languages)  # without marks that were typed
        parts = [localised(part, *self.languages) for part in asked.parts]
        # The longest first: one part may stand in another.
        for part, mark in sorted(zip(parts, pieces.MARKS, strict=False), key=lambda p: -len(p[0])):
            text = text.replace(part, mark, 1)
        return pieces.encode(self._tokenizer, [text.strip()])[0] if text.strip() else []

    def _spelling(self, asked: Asked) -> Spelling:
        return Spelling(self._tokenizer, asked.parts, self.languages)

    def _read(self, asked: Sequence[Asked]) -> Source:
        source, lengths = padded([each.numbers for each in asked])
        return self._model.read(source.to(self.device), lengths.to(self.device))

    def _search(
        self,
        source: Source,
        asked: Sequence[Asked],
        search: Search,
        forced: Sequence[Sequence[int]],
        stop: Stop,
        watch: Callable[[list[int]], None] | None = None,
    ) -> list[Beam]:
        def step(
            symbols: Tensor, states: tuple[Tensor, ...], rows: Tensor
        ) -> tuple[Tensor, tuple[Tensor, ...]]:
            owed = self._rules.after(symbols, states[-1])
            logits, _, after = self._model(symbols.unsqueeze(0), source.rows(rows), states[:-1])
            return self._rules.allowed(logits[0].float().log_softmax(-1), owed), (*after, owed)

        searches = [
            replace(search, longest=min(search.longest, 2 * len(each.numbers) + 10 + len(begun)))
            for each, begun in zip(asked, forced, strict=True)
        ]
        states = (*source.states, self._rules.owed([len(each.parts) for each in asked]))
        return beam_searches(
            step, states, START, STOP, searches, forced=forced, halted=stop, watch=watch
        )

    def _ranked(self, beam: Beam, spelling: Spelling) -> list[Hypothesis]:
        """What was found, best first, what is in trouble last."""
        return sorted(beam.found, key=lambda k: bool(spelling.trouble(beam.symbols(k.node))))

    def _tree(self, beam: Beam, best: int, spelling: Spelling) -> tuple[BeamNode, ...]:
        first = sorted(beam.found, key=lambda found: found.node != best)
        return nodes(replace(beam, found=tuple(first)), lambda n: spelling.word(n)[0])

    def _translation(
        self,
        source: Source,
        spelling: Spelling,
        said: Sequence[int],
        total: float,
        worth: float,
    ) -> Translation:
        read = torch.tensor([START, *said[:-1]], device=self.device).unsqueeze(1)
        logits, shares, _ = self._model(read, source, source.states)
        p = logits[:, 0].float().softmax(-1).cpu()
        best = p.index_fill(1, torch.tensor(spelling.unused(), dtype=torch.long), 0).topk(
            CANDIDATES
        )
        words = []
        for k, (number, shape) in enumerate(zip(said, spelling.shapes(said), strict=True)):
            pairs = zip(best.indices[k].tolist(), best.values[k].tolist(), strict=True)
            candidates = tuple((spelling.candidate(other), share) for other, share in pairs)
            attention = None if shares is None else shares[k, 0].double().cpu().numpy()
            words.append(WrittenWord(*shape, float(p[k, number]), candidates, attention))
        return Translation(spelling.text(said), tuple(words), total, worth)
