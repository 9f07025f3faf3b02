"""A trained sentiment model in use: read-only, so that any number of threads may share it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import torch
from jaxtyping import Float
from tokenizers import Tokenizer
from torch import Tensor

from engine import checkpoints
from engine.checkpoints import Header
from engine.errors import N_, InputError
from engine.gradients import exact, norms_through_time
from engine.language import lexicon, normalise
from engine.language.ratings import only_rating, rating
from engine.language.respelling import respell
from engine.language.subwords import UNKNOWN, encode, restore, words
from engine.language.text import no_words
from engine.models.sentiment import SentimentModel
from engine.padding import batches_by_length, pad_rows
from engine.recurrent import fuse_
from engine.results import (
    Contributions,
    Floats,
    GradientProfile,
    Influence,
    Piece,
    Reading,
    StatedRating,
    Verdict,
)

CHUNK = 64  # texts per batch; a stop is noticed between two
SORTED = 1_024
"""Texts among which those of like length share a batch, where nothing stops between batches."""

EVERY, FIRST, POINTS = 300, 100, 48
"""Up to how many tokens a model of two directions reads each beginning of a text. Of a longer one
it reads each of the FIRST and so many of the others, and of those that end with a sentence at most
as many again."""
ROWS = 300_000
"""Words left out times tokens, at most: a text of 1,000 tokens is read without each of 300 words.
Sets how long `influence` takes: some 3 seconds of one core."""

Stop = Callable[[], bool]


def load(path: Path, device: str = "cpu") -> SentimentPredictor:
    """The classifier in a checkpoint; InputError for a file that is not one."""
    header, model = checkpoints.load_network(
        path,
        "sentiment",
        network,
        InputError(N_("{file} is not a sentiment model."), file=path.name),
        fits=lambda header: header.tokenizer is not None,
        device=device,
    )
    return SentimentPredictor(header, model, restore(header.tokenizer or ""))


READING = ("language", "labels", "max_tokens", "temperature")
"""The arguments in a header that say how texts are read, not how the network is built."""


def network(**arguments: Any) -> SentimentModel:
    """The network that a header's arguments describe."""
    shape = {name: value for name, value in arguments.items() if name not in READING}
    return SentimentModel(classes=len(arguments["labels"]), **shape)


class SentimentPredictor:
    """Texts in, verdicts, readings and gradient profiles out.

    Args:
        header: of the checkpoint; its arguments give labels, language and temperature.
        model: the network, weights in place, frozen.
        tokenizer: what cuts texts into pieces.
    """

    def __init__(self, header: Header, model: SentimentModel, tokenizer: Tokenizer) -> None:
        self.header, self._tokenizer = header, tokenizer
        self.device = model.embedding.weight.device
        self.cell: str = header.arguments["cell"]
        self.language: str = header.arguments["language"]
        self.labels: tuple[str, ...] = tuple(header.arguments["labels"])
        self.max_tokens: int = header.arguments["max_tokens"]
        self.temperature: float = header.arguments.get("temperature", 1.0)
        self._model, self._exact = model, exact(model)
        fuse_(self._model)
        alike = lexicon.read(lexicon.SEVERAL, "sentiment")["alike"]
        self._alike = {
            sign: known
            for known, signs in alike.items()
            for sign in sorted(signs.split(), key=len, reverse=True)
            if self._is_unknown(sign) and not self._is_unknown(known)
        }

    @property
    def pooling(self) -> str:
        """ "last", "sum" or "mean"; "both" for the sum over two directions (slide 53)."""
        pooling = str(self.header.arguments["pooling"])
        return "both" if pooling == "sum" and self._model.recurrent.bidirectional else pooling

    def respell(self, text: str) -> str:
        """The text as it is read: normalised, in the spelling that the model has learnt from."""
        learnt = lexicon.read(self.language, "sentiment").get("learnt", ())
        text = respell(normalise(text), self.language, self._cost, learnt).text
        for (
            sign,
            known,
        ) in self._alike.items():  # by an emoji it has met
            text = text.replace(sign, known)
        return text

    def _cost(self, word: str) -> int:
        """Pieces that a word is cut into."""
        return len(self._tokenizer.encode(word, add_special_tokens=False).ids)

    def check(self, text: str) -> str:
        """The text as it is read; InputError without a word, a rating or an emoji that is known."""
        text = self.respell(text)
        if any(c.isalpha() for c in text) or rating(text) is not None:
            return text
        if self._is_unknown(text):
            raise no_words()
        return text

    def _is_unknown(self, text: str) -> bool:
        """Whether the model has learnt nothing of any piece of it."""
        return {*self.encode(text)[0]} <= {UNKNOWN}

    def encode(self, text: str) -> tuple[list[int], tuple[Piece, ...], bool]:
        """Piece numbers, pieces, and whether the (respelt) text was cut at `max_tokens`."""
        return encode(self._tokenizer, text, self.max_tokens)

    def length(self, text: str) -> int:
        """Pieces of the text, at most `max_tokens`."""
        return len(self.encode(self.respell(text))[0])

    def classify(self, texts: Sequence[str], stop: Stop | None = None) -> Iterator[Verdict]:
        """A verdict per text, in order, computed in batches of texts of like length; ends early
        once `stop()` is true."""
        size = SORTED if stop is None else CHUNK
        for start in range(0, len(texts), size):
            if stop is not None and stop():
                return
            chunk = [self.respell(text) for text in texts[start : start + size]]
            logits = self._logits([self.encode(text)[0] for text in chunk])
            for text, row in zip(chunk, self._probabilities(logits), strict=True):
                yield self._rated(text) or self._verdict(row)

    def read(self, text: str, stop: Stop | None = None) -> Reading:
        """The text's pieces, its verdict and the probabilities after each piece.

        A model of two directions has no verdict after half a text but the one it would give if
        the text ended there: its backward direction begins anew at each such end. Of a text of more
        than `EVERY` pieces it reads a selection of beginnings; the rest is interpolated.
        """
        typed, text = normalise(text), self.check(text)
        ids, pieces, truncated = self.encode(text)
        ends = list(range(1, len(ids) + 1))
        if not self._model.recurrent.bidirectional:
            table, _ = pad_rows([ids], self.device)
            with torch.inference_mode():
                logits = self._model.after_each(self._model(table).states)
        else:
            ends = _ends(pieces)
            logits = self._without(ids, [(end, len(ids)) for end in ends], stop)
        after = self._probabilities(logits)
        verdict, rated = self._rated(text) or self._verdict(after[-1]), rating(text)
        every = len(ends) == len(ids)
        if not every:
            steps = np.arange(1, len(ids) + 1)
            after = np.stack([np.interp(steps, ends, column) for column in after.T], axis=1)
        return Reading(
            text,
            pieces,
            verdict,
            after,
            truncated,
            None if every else tuple(ends),
            None if typed == text else typed,
            None if rated is None else StatedRating(rated.text, rated.label),
        )

    def gradients(self, text: str, label: str) -> GradientProfile:
        """‖∂e/∂h_t‖ (and ‖∂e/∂c_t‖) for all t, e being the loss if `label` were the truth.

        ValueError for a bidirectional model: with two directions there are two ends to count from.
        """
        if self._exact.recurrent.bidirectional:
            raise ValueError("a gradient profile needs a model of one direction")
        ids, pieces, _ = self.encode(self.respell(text))
        table, _ = pad_rows([ids], torch.device("cpu"))
        probe = self._exact.probes(len(ids))
        logits = self._exact(table, probe=probe).logits
        loss = torch.nn.functional.cross_entropy(logits, torch.tensor([self.labels.index(label)]))
        norms = [n[-1, :, 0].numpy() for n in norms_through_time(loss, probe)]
        verdict = self._verdict(self._probabilities(logits.detach())[0])
        h, c = (norms[0], None) if len(norms) == 1 else norms
        return GradientProfile(
            self.cell,
            self.header.name,
            self.header.parameters,
            pieces,
            verdict,
            h,
            c,
            self.pooling,
        )

    def contributions(self, text: str) -> Contributions:
        """How the states add up to the margin between "positive" and "negative"."""
        ids, pieces, _ = self.encode(self.respell(text))
        table, _ = pad_rows([ids], torch.device("cpu"))
        with torch.inference_mode():
            logits, states = self._exact(table)
        classifier = self._exact.classifier
        positive, negative = self.labels.index("positive"), self.labels.index("negative")
        w = classifier.weight[positive] - classifier.weight[negative]
        H = self._exact.recurrent.hidden_size
        parts = [states[:, 0, :H] @ w[:H], states[:, 0, H:] @ w[H:]]
        if self._exact.pooling == "last":
            # What each step changed; the changes add up to w·h_n, since w·h_0 = 0.
            zero = parts[0].new_zeros(1)
            parts = [torch.diff(parts[0], prepend=zero), -torch.diff(parts[1], append=zero)]
        elif self._exact.pooling == "mean":
            parts = [part / len(ids) for part in parts]
        forward, backward = (part.numpy() for part in parts)
        return Contributions(
            self.cell,
            self.pooling,
            self.header.name,
            self.header.parameters,
            pieces,
            self._verdict(self._probabilities(logits)[0]),
            forward,
            backward if self._exact.recurrent.bidirectional else None,
            float(classifier.bias[positive] - classifier.bias[negative]),
        )

    def influence(self, text: str, stop: Stop | None = None) -> Influence:
        """What each word does to the verdict, by reading the text without it.

        Of a text of more words than `ROWS` allows, those are left out that the gradient says matter
        most.
        """
        text = self.respell(text)
        ids, pieces, _ = self.encode(text)
        found = words(text, pieces)
        spans = [(w.first, w.last) for w in found]
        positive, negative = self.labels.index("positive"), self.labels.index("negative")
        most = max(1, ROWS // len(ids))
        chosen = np.arange(len(found))
        if len(found) > most:
            way = torch.zeros(len(self.labels), device=self.device)
            way[positive], way[negative] = 1, -1
            parts = self._model.first_order(torch.tensor(ids, device=self.device), way)
            estimates = [float(parts[a:b].sum().abs()) for a, b in spans]
            chosen = np.sort(np.argsort(estimates)[-most:])
        logits = self._without(ids, [(0, 0), *(spans[k] for k in chosen)], stop)
        margins = (logits[:, positive] - logits[:, negative]).double().numpy()
        shifts = np.full(len(found), np.nan)
        shifts[chosen] = margins[0] - margins[1:]
        verdict = self._verdict(self._probabilities(logits)[0])
        return Influence(tuple(w.piece for w in found), verdict, float(margins[0]), shifts)

    def logits(self, texts: Sequence[str]) -> Float[Floats, "N K"]:
        """(N, K) raw scores before the temperature: what calibration is fitted on."""
        return self._logits([self.encode(self.respell(t))[0] for t in texts]).double().numpy()

    def _without(
        self, ids: list[int], spans: Sequence[tuple[int, int]], stop: Stop | None
    ) -> Float[Tensor, "P K"]:
        """(P, K) on the CPU: the text without its pieces a … b − 1, for each span (a, b)."""
        if self._model.recurrent.num_layers > 1 or (0, len(ids)) in spans:
            return self._logits([ids[:a] + ids[b:] or [UNKNOWN] for a, b in spans], stop)
        with torch.inference_mode():
            return self._model.without(torch.tensor(ids, device=self.device), spans, stop).cpu()

    def _logits(self, ids: list[list[int]], stop: Stop | None = None) -> Tensor:
        """(N, K) on the CPU; texts of like length share a batch. InterruptedError once `stop()`."""
        logits = torch.empty(len(ids), len(self.labels))
        with torch.inference_mode():
            for rows in batches_by_length([len(row) for row in ids], CHUNK):
                if stop is not None and stop():
                    raise InterruptedError("stopped")
                table, lengths = pad_rows([ids[i] for i in rows], self.device)
                logits[rows] = self._model(table, lengths).logits.cpu()
        return logits

    def _probabilities(self, logits: Tensor) -> Floats:
        """softmax(logits / temperature), in double precision."""
        scaled = logits.double() / self.temperature
        return np.asarray(torch.softmax(scaled, -1).cpu().numpy())

    def _rated(self, text: str) -> Verdict | None:
        """The verdict of a rule where the text is nothing but a rating; None for all others.

        A middling rating leaves a model without "neutral" undecided.
        """
        found = only_rating(text)
        if found is None:
            return None
        K = len(self.labels)
        hits = [float(label == found.label) for label in self.labels]
        return Verdict(self.labels, np.array(hits if any(hits) else [1 / K] * K), by_rule=True)

    def _verdict(self, probabilities: Floats) -> Verdict:
        return Verdict(self.labels, probabilities)


def _ends(pieces: Sequence[Piece]) -> list[int]:
    """After how many pieces a beginning of the text is read: after each; in a long text at POINTS
    places, and at ends of sentences.

    Early tokens move the verdict most, and short beginnings cost least.
    """
    if len(pieces) <= EVERY:
        return list(range(1, len(pieces) + 1))
    sentences = [k for k, piece in enumerate(pieces, 1) if piece.text.strip() in set(".!?…")]
    every = 1 + len(sentences) // POINTS
    points = np.linspace(FIRST, len(pieces), POINTS).round().astype(int).tolist()
    return sorted({*range(1, FIRST), *points, *sentences[::every]})
