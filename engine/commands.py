"""What the command line does: one function per command, and what several of them need."""

from __future__ import annotations

import argparse
import json
import sys
from collections import deque
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import asdict
from functools import partial
from itertools import islice
from pathlib import Path
from tempfile import TemporaryFile
from typing import TYPE_CHECKING, Any

from engine import answers, checkpoints, device, distributed
from engine.decoding import Choice
from engine.errors import N_, InputError
from engine.language import check, normalise
from engine.training import silent

if TYPE_CHECKING:
    from engine.tasks import Task
    from engine.tasks.captions import PhotoFeatures
    from engine.tasks.sentiment import SentimentPredictor
    from engine.tasks.translation import TranslationPredictor

MODELS = Path(__file__).resolve().parent.parent / "assets" / "models"
LINES_AT_ONCE = 256

BAD_INPUT = 2


def models(options: argparse.Namespace) -> None:
    """One row per model in the folder."""
    rows = [("name", "size", "parameters", "metrics")]
    for header in checkpoints.index(options.models):
        size, parameters = f"{header.size / 1e6:.2f} MB", f"{header.parameters:,}"
        rows.append((header.name, size, parameters, _metrics(header.metrics)))
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    for name, size, parameters, metrics in rows:
        left = f"{name:<{widths[0]}}  {size:>{widths[1]}}  {parameters:>{widths[2]}}"
        print(f"{left}  {metrics}")


def train(options: argparse.Namespace) -> None:
    """Rebuilds a model from its data, alone or as one of torchrun's processes."""
    task, data = _task(options.name), _existing(options.data)
    options.out.mkdir(parents=True, exist_ok=True)
    with TemporaryFile(dir=options.out):
        pass  # it can be written to: known before hours of training
    progress = partial(print, file=sys.stderr, flush=True)
    with distributed.start(options.device) as device:
        task.train(
            data,
            device,
            options.out,
            resume=options.resume,
            seed=options.seed,
            report=progress if distributed.rank() == 0 else silent,
        )


def evaluate(options: argparse.Namespace) -> None:
    """The model's scores on a file, as one JSON object."""
    task, path = _task(options.name), _trained(options)
    count = 2 if getattr(task, "kind", "") == "translation" else 1
    if len(options.data) != count:
        raise InputError(
            N_("{name} is evaluated on {count} file(s), not on {given}."),
            name=options.name,
            count=count,
            given=len(options.data),
        )
    more = {} if options.boxes is None else {"boxes": _existing(options.boxes)}
    if more and getattr(task, "kind", "") != "captions":
        raise InputError(N_("{name} is not evaluated with boxes."), name=options.name)
    scores = task.evaluate(path, *map(_existing, options.data), device=options.device, **more)
    print(json.dumps(scores, ensure_ascii=False, allow_nan=False))


def classify(options: argparse.Namespace) -> int:
    """One line per text: label, probability, text as it was read; 1 where a rule read a rating.

    A text that cannot be read leaves the first two empty, so that lines still correspond, and makes
    the exit status 2. `--json`: an object per text, with the probabilities after each piece.
    """
    model = _task(options.name, "sentiment").load(_trained(options), options.device)
    texts = options.texts or _lines()
    readings = (_checked(model, text, number) for number, text in enumerate(texts, 1))
    # Someone who types wants an answer to each line; a file is faster in larger pieces.
    size = 1 if not options.texts and sys.stdin.isatty() else LINES_AT_ONCE
    status = 0
    while chunk := list(islice(readings, size)):
        if options.json:
            for text, readable in chunk:
                print_json(answers.classify(model, text) if readable else {"text": text})
                status = status if readable else BAD_INPUT
            continue
        verdicts = model.classify([text for text, readable in chunk if readable])
        for text, readable in chunk:
            verdict = next(verdicts) if readable else None
            print(f"{verdict.label}\t{verdict.confidence:.4f}" if verdict else "\t", text, sep="\t")
            status = status if readable else BAD_INPUT
        sys.stdout.flush()
    return status


def sample(options: argparse.Namespace) -> None:
    """The text that a character model writes, and nothing else."""
    choice = Choice(
        temperature=options.temperature,
        top_k=options.top_k,
        top_p=options.top_p,
        greedy=options.greedy,
    )
    generator = _task(options.name, "characters").load(_trained(options), "cpu")
    for letter in generator.write(options.prompt, options.length, choice, options.seed):
        print(letter.text, end="")
    print()


def caption(options: argparse.Namespace) -> int:
    """One line per image: path, caption.

    An image that cannot be read leaves its caption empty and makes the exit status 2. A word that
    the image classifier recognised, and a photo unlike all that was learnt from, are notes on
    standard error. `--text`: the sentence is given, and its log p printed in its place. `--json`:
    an object per image, with each word's probability, candidates and attention weights.
    """
    model = _task(options.name, "captions").load(_trained(options), options.device)
    search = answers.caption_search(options.width, options.penalty)
    count, status = None if options.json else 1, 0
    for path, encoded in _encode_ahead(options.images):
        try:
            found = answers.caption(model, encoded.result(), search, options.text, count)
            best = found["captions"][0]
            line = best["text"] if options.text is None else f"{best['log_probability']:.4f}"
        except InputError as error:
            line, found = "", {}
            status = show_error(error)
        if options.json:
            print_json({"image": path, **found})
        else:
            if found.get("unfamiliar"):
                show_note(path, "like no photo that the model has learnt from; this is a guess")
            for word in best["words"] if found else ():
                if word["recognised"] is not None:
                    show_note(path, f"recognised: {word['text']} ({word['recognised']:.2f})")
            print(path, line, sep="\t", flush=True)
    return status


def _encode_ahead(paths: Sequence[str]) -> Iterator[tuple[str, Future[PhotoFeatures]]]:
    """Each image with its features: one thread reads and encodes the next while another captions
    this one, each with its share of the cores."""
    from engine.images import read_file
    from engine.tasks.captions import encode_photo

    def encode(path: str) -> PhotoFeatures:
        return encode_photo(read_file(Path(path)).squashed)

    device.share_cores(workers=2)
    waiting: deque[tuple[str, Future[PhotoFeatures]]] = deque()
    with ThreadPoolExecutor(max_workers=1) as pool:
        for path in paths:
            waiting.append((path, pool.submit(encode, path)))
            if len(waiting) > 2:
                yield waiting.popleft()
        yield from waiting


def translate(options: argparse.Namespace) -> int:
    """One line per line: its translation.

    A line that cannot be translated leaves an empty one, so that lines still correspond, and makes
    the exit status 2. A number that a translation has lost, and Vietnamese without accents, are
    notes on standard error. `--json`: an object per line, with each piece's probability, candidates
    and attention weights.
    """
    from engine.language.numbers import lost_numbers
    from engine.language.sentences import check_translatable, translate_by_sentence

    predictor = _task(options.name, "translation").load(_trained(options), options.device)
    search = answers.translation_search(predictor, options.width, options.penalty)
    size = 1 if not options.texts and sys.stdin.isatty() else LINES_AT_ONCE
    lines = enumerate(options.texts or _lines(), 1)
    status = 0
    while chunk := list(islice(lines, size)):
        texts = []
        for number, line in chunk:
            try:
                texts.append(check_translatable(line))
            except InputError as error:
                texts.append("")
                status = show_error(f"text {number}: {error}")
        if options.json:
            for (number, _), text in zip(chunk, texts, strict=True):
                found = answers.translate(predictor, text, search)
                _note_doubts(f"text {number}", predictor, text, found["lost_numbers"])
                print_json(found)
            continue
        translate = partial(predictor.translate_batch, search=search)
        translations = translate_by_sentence(texts, translate)
        for (number, _), text, whole in zip(chunk, texts, translations, strict=True):
            print(whole)
            lost = lost_numbers(text, whole, predictor.languages)
            _note_doubts(f"text {number}", predictor, text, lost)
        sys.stdout.flush()
    return status


def _note_doubts(
    about: str, predictor: TranslationPredictor, text: str, lost: tuple[str, ...]
) -> None:
    """Says on standard error what is doubtful about a translation."""
    from engine.language import lacks_accents

    if predictor.languages[0] == "vi" and lacks_accents(text):
        show_note(about, "typed without accents, which the model needs; accents-vi adds them")
    if lost:
        show_note(about, f"a number may be wrong, not found in the translation: {', '.join(lost)}")


def accents(options: argparse.Namespace) -> int:
    """One line per line: Vietnamese typed without its marks, with them.

    A line that cannot be read leaves an empty one, so that lines still correspond, and makes the
    exit status 2.
    """
    predictor = _task(options.name, "accents").load(_trained(options), options.device)
    size = 1 if not options.texts and sys.stdin.isatty() else LINES_AT_ONCE
    lines = enumerate(options.texts or _lines(), 1)
    status = 0
    while chunk := list(islice(lines, size)):
        for number, line in chunk:
            try:
                restored = predictor.restore([line.rstrip("\r\n")])[0]
            except InputError as error:
                status = show_error(f"text {number}: {error}")
                if options.json:
                    print_json({"text": line})
                else:
                    print()
                continue
            if options.json:
                print_json(answers.restored(restored))
            else:
                print(restored.text)
        sys.stdout.flush()
    return status


def frames(options: argparse.Namespace) -> int:
    """One line per stretch of a film: path, first frame, last frame, label, probability.

    The films of one file follow each other, and so do their frames' numbers. A file that cannot be
    used leaves no line and makes the exit status 2.
    """
    predictor = _task(options.name, "frames").load(_trained(options), options.device)
    status = 0
    for path in options.films:
        try:
            films = list(answers.label_films(predictor, _existing(Path(path))))
        except InputError as error:
            status = show_error(error)
            continue
        for film in films:
            if options.json:
                print_json({"path": path, **film})
                continue
            for part in film["stretches"]:
                place = (film["first"] + part["first"], film["first"] + part["last"])
                print(path, *place, part["label"], f"{part['probability']:.4f}", sep="\t")
        sys.stdout.flush()
    return status


def bench(options: argparse.Namespace) -> None:
    """Our layers' time against torch.nn's, and how fast one stream is written."""
    from engine import bench as benchmark

    rounds = options.rounds or benchmark.ROUNDS
    rows = [*benchmark.run(rounds), *benchmark.writing(rounds), *benchmark.reading(rounds)]
    if options.json:
        print(json.dumps([asdict(row) for row in rows], allow_nan=False))
    else:
        print(benchmark.processor())
        print(benchmark.table(rows))


def _task(name: str, kind: str | None = None) -> Task:
    """The task of that name, of one kind where only that can do what is asked."""
    from engine.tasks import REGISTRY

    able = {n: task for n, task in REGISTRY.items() if kind in (None, getattr(task, "kind", kind))}
    if name not in able:
        raise InputError(
            N_("There is no model {name}. Choose one of: {choices}."),
            name=name,
            choices=", ".join(sorted(able)),
        )
    return able[name]


def _trained(options: argparse.Namespace) -> Path:
    path: Path = options.models / f"{options.name}.safetensors"
    if not path.is_file():
        raise InputError(
            N_("{name} has not been trained: {path} is missing."), name=options.name, path=path
        )
    return path


def _existing(path: Path) -> Path:
    if not path.exists():
        raise InputError(N_("{path} does not exist."), path=path)
    return path


def _lines() -> Iterator[str]:
    """The lines of standard input, which has to be UTF-8 whatever the terminal's language is."""
    for number, line in enumerate(sys.stdin.buffer, 1):
        try:
            yield line.decode("utf-8-sig" if number == 1 else "utf-8")
        except UnicodeDecodeError as error:
            raise InputError(
                N_("Line {number} of the input is not UTF-8 text."), number=number
            ) from error


def _checked(model: SentimentPredictor, text: str, number: int) -> tuple[str, bool]:
    """The text as it will be read, and whether it can be; if not, the reason is printed."""
    try:
        return model.check(check(text)), True
    except InputError as error:
        show_error(f"text {number}: {error}")
        return normalise(text), False


def _metrics(metrics: dict[str, Any]) -> str:
    """The model's own numbers in one line, test set by test set."""
    parts = []
    for test, scores in metrics.items():
        own = {name: value for name, value in scores.items() if not isinstance(value, dict)}
        numbers = (f"{n} {v if isinstance(v, int) else format(v, '.4f')}" for n, v in own.items())
        parts.append(f"{test}: {', '.join(numbers)}")
    return "; ".join(parts)


def print_json(found: dict[str, Any]) -> None:
    """One line; arrays become nested lists."""
    print(answers.to_json(found), flush=True)


def show_note(about: str, text: str) -> None:
    """Prints one line about an input that could be read to standard error."""
    print(f"note: {about}: {text}", file=sys.stderr, flush=True)


def show_error(error: object) -> int:
    """Prints one line to standard error and returns the exit status for input that is unusable."""
    print(f"error: {error}", file=sys.stderr, flush=True)
    return BAD_INPUT
