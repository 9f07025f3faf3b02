"""A trained translator in use: read-only, so that any number of threads may share it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple

import torch
from jaxtyping import Float
from torch import Tensor

from engine import checkpoints
from engine.checkpoints import Header
from engine.decoding import Beam, Hypothesis, Search, beam_searches, require_hypotheses, tree_nodes
from engine.errors import N_, InputError
from engine.language import lexicon
from engine.language.names import NameFinder
from engine.language.numbers import lost_numbers
from engine.language.placeholders import (
    PLACEHOLDERS,
    TAGGED,
    localise,
    mask,
    without_placeholders,
)
from engine.models.translator import START, STOP, EncodedSource, Translator
from engine.padding import batches_by_length, pad_rows
from engine.results import (
    STOP_WORD,
    Floats,
    Sentence,
    Translation,
    TranslationReach,
    WrittenWord,
)
from engine.tasks.translation import tokenizer
from engine.tasks.translation.data import normalise_source
from engine.tasks.translation.preparation import (
    Constraints,
    Prepared,
    doubt,
    prepare,
    spell_ampersands,
)
from engine.tasks.translation.tags import Tags, around_pieces, button, cut_tags, place_tags
from engine.tasks.translation.tokenizer import Detokenizer

TOP_K = 5
"""Likeliest pieces that are shown at each place."""
BATCH = 32
"""Sentences that are decoded side by side."""
LONGEST = 200
"""Pieces of a translation; one of n pieces gets 2 n + 10 at most."""
DEFAULT = Search(width=5, penalty=1.0, longest=LONGEST, early_stopping=True)
BY_PROBABILITY = replace(DEFAULT, penalty=0.0)
REMEMBERED = 4_096
"""Phrases of which it is known which mark suits them."""

Stop = Callable[[], bool]
Norms = tuple[
    Float[Floats, " n"], Float[Floats, " m"], Float[Floats, " n"] | None, Float[Floats, " m"] | None
]


class Encoded(NamedTuple):
    """A sentence as the network reads it: its pieces' ids, what its placeholders stand for, in it
    and in its translation, what was done to it before, and tags that go around the translations of
    some pieces."""

    ids: list[int]
    copied: tuple[str, ...]
    written: tuple[str, ...]
    prepared: Prepared
    tags: tuple[Tags, ...]


def tuned_search(recipe: Mapping[str, Any]) -> Search:
    """The search that did best on dev for the model whose header has this recipe."""
    penalty = recipe.get("penalty")
    return DEFAULT if penalty is None else replace(DEFAULT, penalty=float(penalty))


def load(path: Path, device: str = "cpu") -> TranslationPredictor:
    """The translator in a checkpoint; InputError for a file that is not one."""

    def fits(header: Header) -> bool:
        # Its pieces are as many as the network's, and its languages known.
        if header.tokenizer is None:
            return False
        size = tokenizer.restore(header.tokenizer).get_vocab_size()
        known = all(header.recipe.get(side) in [*lexicon.NAMES] for side in ("source", "target"))
        return known and size == header.arguments.get("vocabulary")

    refusal = InputError(N_("{file} is not a translator."), file=path.name)
    header, model = checkpoints.load_network(
        path, "translation", Translator, refusal, fits, device=device
    )
    return TranslationPredictor(header, model)


class TranslationPredictor:
    """Sentences in, sentences out, and what happens on the way.

    Args:
        header: of the checkpoint.
        model: the network, weights in place, frozen.
    """

    def __init__(self, header: Header, model: Translator) -> None:
        self.header, self._model = header, model
        self.device = model.embedding.weight.device
        self.cell: str = header.arguments["cell"]
        self._tokenizer = tokenizer.restore(header.tokenizer or "")
        self._alphabet = tokenizer.alphabet(self._tokenizer)
        self._names = NameFinder(self.languages, self._cost, header.lexicon)
        self._best_mark = lru_cache(REMEMBERED)(self._likelier_mark)
        self._constraints = Constraints(tokenizer.placeholder_ids(self._tokenizer), self.device)

    @property
    def languages(self) -> tuple[str, str]:
        """From which to which, such as ("fr", "en")."""
        return str(self.header.recipe["source"]), str(self.header.recipe["target"])

    @property
    def attention(self) -> bool:
        """Whether each state of the decoder looks at the source again."""
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

        `watch` gets the likeliest beginning after each step. InterruptedError once `stop()`.
        """
        encoded = self._encode(sentence)
        source = self._read([encoded])
        detokenizer, finish = self._detokenizer(encoded), self._finish(encoded)
        forced = self._forced(first, encoded)

        def watch_text(ids: list[int]) -> None:
            if watch is not None:
                watch(finish(detokenizer.text(ids)))

        (beam,) = self._search(source, [encoded], search, [forced], stop, watch and watch_text)
        ranked = _ranked(beam, detokenizer)[: search.width]
        best = ranked[0].node
        translations = tuple(
            self._translation(source, detokenizer, beam.symbols(k.node), k.total, k.score)
            for k in ranked
        )
        # Some differ in the mark alone that is taken away.
        finished = [
            replace(each, text=self._text(encoded, source, detokenizer, beam.symbols(k.node)))
            for k, each in zip(ranked, translations, strict=True)
        ]
        unique = {each.text: each for each in reversed(finished)}
        unique = {} if encoded.prepared.is_ended else unique
        translations = tuple(each for each in finished if unique.get(each.text, each) is each)
        first_best = sorted(beam.hypotheses, key=lambda found: found.node != best)
        return Sentence(
            sentence,
            detokenizer.source_words(encoded.ids),
            translations,
            tree_nodes(
                replace(beam, hypotheses=tuple(first_best)), lambda id: detokenizer.word(id)[0]
            ),
            search.width,
            search.penalty,
            len(forced),
            detokenizer.trouble(beam.symbols(best))
            or doubt(encoded.prepared.text, encoded.copied, translations[0], self._cost),
            encoded.prepared.read_as,
            lost_numbers(encoded.prepared.text, translations[0].text, self.languages),
        )

    def translate_batch(
        self, sentences: Sequence[str], search: Search = DEFAULT, stop: Stop = lambda: False
    ) -> Iterator[tuple[int, str]]:
        """The best translation of each sentence with its number, in the order in which they are
        done: those of like length side by side. InterruptedError once `stop()`."""
        encoded = [self._encode(sentence) for sentence in sentences]
        for rows in batches_by_length([len(each.ids) for each in encoded], BATCH):
            batch = [encoded[k] for k in rows]
            # A generator must not hold inference mode while it waits.
            with torch.inference_mode():
                read = self._read(batch)
                beams = self._search(read, batch, search, [()] * len(batch), stop)
            for row, each, beam in zip(rows, batch, beams, strict=True):
                detokenizer = self._detokenizer(each)
                best = _ranked(beam, detokenizer)[0]
                with torch.inference_mode():
                    alone = self._read([each]) if each.tags else read
                    text = self._text(each, alone, detokenizer, beam.symbols(best.node))
                yield row, text

    @torch.inference_mode()
    def score(self, sentence: str, text: str) -> Translation:
        """The translation `text` (`Translation.written`) as the model sees it, piece by piece."""
        encoded = self._encode(sentence)
        ids = [*self._forced(text, encoded), STOP]
        source, detokenizer = self._read([encoded]), self._detokenizer(encoded)
        found = self._translation(source, detokenizer, ids, 0.0, 0.0)
        total = float(torch.tensor([w.probability for w in found.words]).double().log().sum())
        return replace(found, log_probability=total, score=DEFAULT.score(total, len(ids)))

    def reach(self, sentence: str, text: str, at: int) -> TranslationReach:
        """How strongly the loss of piece `at` of the translation `text` (STOP comes last) reaches
        each state of the decoder and of the encoder."""
        encoded = self._encode(sentence)
        detokenizer = self._detokenizer(encoded)
        ids = [*self._forced(text, encoded), STOP]
        return TranslationReach(
            self.header.name,
            self.cell,
            self.attention,
            self.reverse,
            self.header.parameters,
            detokenizer.labels(encoded.ids, translated=False),
            ("START", *detokenizer.labels(ids[: at + 1], translated=True)[:at]),
            detokenizer.word(ids[at])[0],
            *gradient_norms(self._model, encoded.ids, ids[: at + 1], self.device),
        )

    def pieces(self, sentence: str, text: str) -> tuple[str, ...]:
        """The pieces of a translation as this model spells it, STOP last."""
        encoded = self._encode(sentence)
        detokenizer = self._detokenizer(encoded)
        return (*(detokenizer.word(id)[0] for id in self._forced(text, encoded)), STOP_WORD)

    def _encode(self, sentence: str) -> Encoded:
        prepared = prepare(sentence, self.languages[0], self._cost)
        if prepared.marks:
            prepared = prepared.with_mark(self._best_mark(prepared))
        return self._masked(prepared)

    def _masked(self, prepared: Prepared) -> Encoded:
        text, signs = spell_ampersands(normalise_source(prepared.text), self.languages[0])
        text, tags = cut_tags(text, *self.languages) if self.attention else (text, ())
        masked = mask(text, self._alphabet, self._names, tagged=True)
        (ids,) = tokenizer.encode(self._tokenizer, [masked.text])
        written = tuple(map(self._rewritten, masked.copied))
        tags = around_pieces(tags, masked, [self._tokenizer.id_to_token(id) or "" for id in ids])
        prepared = replace(prepared, ampersands=signs)
        return Encoded(ids or [STOP], masked.copied, written, prepared, tags)

    def _rewritten(self, part: str) -> str:
        """A copied part as it is written in a translation; words between tags are translated."""
        if found := TAGGED.fullmatch(part):
            words = button(found[3], *self.languages) or next(self.translate_batch([found[3]]))[1]
            return found[1] + words + found[4]
        return localise(part, *self.languages)

    @torch.inference_mode()
    def _likelier_mark(self, prepared: Prepared) -> str:
        """The mark with which the network's translation of a phrase is likeliest."""
        encoded = [self._masked(prepared.with_mark(mark)) for mark in prepared.marks]
        begun = [()] * len(encoded)
        beams = self._search(self._read(encoded), encoded, BY_PROBABILITY, begun, lambda: False)
        totals = [max(found.total for found in beam.hypotheses) for beam in beams]
        return prepared.marks[totals.index(max(totals))]

    def _cost(self, word: str) -> int:
        """How many pieces a word takes."""
        return len(tokenizer.encode(self._tokenizer, [word])[0])

    def _finish(self, encoded: Encoded) -> Callable[[str], str]:
        """How what the network wrote is given back."""
        return lambda text: encoded.prepared.finish(text, self._cost, self.languages[1])

    def _text(
        self, encoded: Encoded, source: EncodedSource, detokenizer: Detokenizer, ids: Sequence[int]
    ) -> str:
        """The translation `ids` as it is given back, tags around their words."""
        if not encoded.tags:
            return self._finish(encoded)(detokenizer.text(ids))
        rows = [
            word.attention for word in self._translation(source, detokenizer, ids, 0.0, 0.0).words
        ]
        words, attention = detokenizer.by_word(ids, rows)
        return self._finish(encoded)(" ".join(place_tags(words, encoded.tags, attention)))

    def _forced(self, text: str, encoded: Encoded) -> list[int]:
        """The ids of a translation's pieces, with placeholders for the source's copied parts."""
        text = without_placeholders(text)
        # The longest first: one part may stand in another.
        parts = zip(encoded.written, PLACEHOLDERS, strict=False)
        pairs = sorted(parts, key=lambda pair: -len(pair[0]))
        for part, placeholder in pairs:
            text = text.replace(part, placeholder, 1)
        return tokenizer.encode(self._tokenizer, [text.strip()])[0] if text.strip() else []

    def _detokenizer(self, encoded: Encoded) -> Detokenizer:
        return Detokenizer(self._tokenizer, encoded.copied, self.languages, encoded.written)

    def _read(self, encoded: Sequence[Encoded]) -> EncodedSource:
        source, lengths = pad_rows([each.ids for each in encoded])
        return self._model.encode(source.to(self.device), lengths.to(self.device))

    def _search(
        self,
        source: EncodedSource,
        encoded: Sequence[Encoded],
        search: Search,
        forced: Sequence[Sequence[int]],
        stop: Stop,
        watch: Callable[[list[int]], None] | None = None,
    ) -> list[Beam]:
        def step(
            symbols: Tensor, states: tuple[Tensor, ...], rows: Tensor
        ) -> tuple[Tensor, tuple[Tensor, ...]]:
            owed = self._constraints.after(symbols, states[-1])
            logits, _, after = self._model(symbols.unsqueeze(0), source.select(rows), states[:-1])
            log_p = logits[0].float().log_softmax(-1)
            return self._constraints.allowed(log_p, owed), (*after, owed)

        searches = [
            replace(search, longest=min(search.longest, 2 * len(each.ids) + 10 + len(begun)))
            for each, begun in zip(encoded, forced, strict=True)
        ]
        owed = self._constraints.owed([len(each.copied) for each in encoded])
        states = (*source.states, owed)
        beams = beam_searches(
            step, states, START, STOP, searches, forced=forced, cancelled=stop, on_step=watch
        )
        return [require_hypotheses(beam) for beam in beams]

    def _translation(
        self,
        source: EncodedSource,
        detokenizer: Detokenizer,
        ids: Sequence[int],
        total: float,
        score: float,
    ) -> Translation:
        """The translation `ids`, its log p and score given, with probabilities and attention."""
        read = torch.tensor([START, *ids[:-1]], device=self.device).unsqueeze(1)
        logits, attention_weights, _ = self._model(read, source, source.states)
        p = logits[:, 0].float().softmax(-1).cpu()
        unused = torch.tensor(detokenizer.unused_placeholders(), dtype=torch.long)
        best = p.index_fill(1, unused, 0).topk(TOP_K)
        words = []
        for k, (id, piece) in enumerate(zip(ids, detokenizer.pieces(ids), strict=True)):
            pairs = zip(best.indices[k].tolist(), best.values[k].tolist(), strict=True)
            candidates = tuple((detokenizer.candidate(other), share) for other, share in pairs)
            weights = attention_weights
            attention = None if weights is None else weights[k, 0].double().cpu().numpy()
            words.append(WrittenWord(*piece, float(p[k, id]), candidates, attention))
        text = detokenizer.text(ids)
        return Translation(text, tuple(words), total, score, text)


def _ranked(beam: Beam, detokenizer: Detokenizer) -> list[Hypothesis]:
    """What was found, best first, what is in trouble last."""
    return sorted(beam.hypotheses, key=lambda k: bool(detokenizer.trouble(beam.symbols(k.node))))


def gradient_norms(
    model: Translator, source: Sequence[int], target: Sequence[int], device: torch.device
) -> Norms:
    """‖∂e/∂h‖ of the encoder's states and the decoder's, then ‖∂e/∂c‖ of both for the LSTM, e the
    loss of the last of the pieces `target`.

    The encoder's are in the order of the sentence; those of two directions count together.
    """
    reading, writing = model.probes(len(source), len(target))
    ids = torch.tensor(source, device=device).unsqueeze(1)
    memory = model.encode(ids, torch.tensor([len(source)], device=device), probe=reading)
    read = torch.tensor([START, *target[:-1]], device=device).unsqueeze(1)
    logits, _, _ = model(read, memory, memory.states, probe=writing)
    loss = torch.nn.functional.cross_entropy(
        logits[-1].float(), torch.tensor([target[-1]], device=device)
    )
    found = torch.autograd.grad(loss, (*reading, *writing))

    def norms(gradient: Tensor) -> Floats:  # (directions, T, 1, H) -> (T,)
        lengths: Floats = gradient.square().sum((0, 2, 3)).sqrt().double().cpu().numpy()
        return lengths

    directions = model.encoder.directions
    encoder = [norms(g[-directions:]) for g in found[: len(reading)]]
    if model.reverse:
        encoder = [each[::-1].copy() for each in encoder]
    decoder = [norms(g) for g in found[len(reading) :]]
    encoder_c, decoder_c = (each[1] if len(each) > 1 else None for each in (encoder, decoder))
    return encoder[0], decoder[0], encoder_c, decoder_c
