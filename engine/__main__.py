"""The command line: `python -m engine models | train | evaluate | classify | bench`.

Results go to standard output and nothing else does; progress and errors go to standard error. The
exit status is 0, 2 for input that cannot be used, 130 after Ctrl-C, 141 when nobody reads on.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

from engine import checkpoints, distributed
from engine.device import AUTO
from engine.errors import N_, InputError
from engine.text import check, normalise

if TYPE_CHECKING:
    from engine.tasks import Task

MODELS = Path(__file__).resolve().parent.parent / "assets" / "models"
LINES_AT_ONCE = 256

BAD_INPUT, INTERRUPTED, BROKEN_PIPE = 2, 130, 141


def main(arguments: Sequence[str]) -> int:
    """Runs one command and returns the exit status."""
    options = _parsed(arguments)
    try:
        status = options.command(options)
        sys.stdout.flush()
    except InputError as error:
        return _complain(error)
    except KeyboardInterrupt:
        return INTERRUPTED
    except BrokenPipeError:
        # Whoever read has gone, as `head` does; Python would complain when it flushes at the end.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return BROKEN_PIPE
    return int(status or 0)


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
    with distributed.start(options.device) as device:
        task.train(
            data,
            device,
            options.out,
            resume=options.resume,
            seed=options.seed,
            report=_report if distributed.rank() == 0 else _say_nothing,
        )


def evaluate(options: argparse.Namespace) -> None:
    """The model's scores on a file, as one JSON object."""
    task, path = _task(options.name), _trained(options)
    scores = task.evaluate(path, _existing(options.data), options.device)
    print(json.dumps(scores, ensure_ascii=False, allow_nan=False))


def classify(options: argparse.Namespace) -> int:
    """One line per text: label, probability, text as it was read.

    A text that cannot be read leaves the first two empty, so that lines still correspond, and makes
    the exit status 2.
    """
    classifier = _task(options.name).load(_trained(options), options.device)
    texts = options.texts or _lines()
    readings = (_checked(text, number) for number, text in enumerate(texts, 1))
    # Someone who types wants an answer to each line; a file is faster in larger pieces.
    size = 1 if not options.texts and sys.stdin.isatty() else LINES_AT_ONCE
    status = 0
    while chunk := list(islice(readings, size)):
        verdicts = classifier.classify([text for text, readable in chunk if readable])
        for text, readable in chunk:
            verdict = next(verdicts) if readable else None
            print(f"{verdict.label}\t{verdict.confidence:.4f}" if verdict else "\t", text, sep="\t")
            status = status if readable else BAD_INPUT
        sys.stdout.flush()
    return status


def bench(options: argparse.Namespace) -> None:
    """Our layers' time against torch.nn's."""
    from engine import bench as benchmark

    rows = benchmark.run(options.rounds) if options.rounds else benchmark.run()
    if options.json:
        print(json.dumps([asdict(row) for row in rows], allow_nan=False))
    else:
        print(benchmark.table(rows))


def _whole(least: int) -> Callable[[str], int]:
    def whole(text: str) -> int:
        if not (text.isdecimal() and least <= int(text) < 2**63):
            raise argparse.ArgumentTypeError(f"{text!r} is not a whole number from {least} on")
        return int(text)

    return whole


OPTIONS: dict[str, dict[str, Any]] = {
    "name": {"metavar": "NAME", "help": "a model's name, such as sentiment-en"},
    "texts": {"metavar": "TEXT", "nargs": "*", "help": "or lines on standard input"},
    "--data": {"metavar": "PATH", "type": Path, "required": True, "help": "what to learn or read"},
    "--device": {"default": AUTO, "help": "auto (the default), cpu, cuda:0, mps"},
    "--models": {"metavar": "DIR", "type": Path, "default": MODELS, "help": "where models are"},
    "--out": {"metavar": "DIR", "type": Path, "default": MODELS, "help": "where to put the model"},
    "--resume": {"action": "store_true", "help": "go on where an earlier training stopped"},
    "--seed": {"type": _whole(0), "default": 0, "help": "where all random numbers come from (0)"},
    "--json": {"action": "store_true", "help": "JSON instead of a table"},
    "--rounds": {"type": _whole(1), "help": "how often everything is measured"},
}

COMMANDS: dict[Callable[[argparse.Namespace], int | None], str] = {
    models: "--models",
    train: "name --data --device --out --resume --seed",
    evaluate: "name --data --device --models",
    classify: "name texts --device --models",
    bench: "--rounds --json",
}


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m engine", description="Recurrent networks: train, measure and use them."
    )
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    for function, options in COMMANDS.items():
        text = (function.__doc__ or "").partition("\n")[0]
        command = commands.add_parser(function.__name__, help=text, description=text)
        command.set_defaults(command=function)
        for option in options.split():
            command.add_argument(option, **OPTIONS[option])
    return parser


def _parsed(arguments: Sequence[str]) -> argparse.Namespace:
    """The options. TEXT … may also stand after options, which argparse alone does not manage."""
    end = arguments.index("--") if "--" in arguments else len(arguments)
    parser = _parser()
    options, rest = parser.parse_known_args(arguments[:end])
    texts = [*rest, *arguments[end + 1 :]]
    if any(part.startswith("-") for part in rest) or (texts and not hasattr(options, "texts")):
        parser.error(f"unrecognized arguments: {' '.join(texts)}")
    if texts:
        options.texts = [*options.texts, *texts]
    return options


def _task(name: str) -> Task:
    from engine.tasks import REGISTRY

    if name not in REGISTRY:
        raise InputError(
            N_("There is no model {name}. Choose one of: {choices}."),
            name=name,
            choices=", ".join(sorted(REGISTRY)),
        )
    return REGISTRY[name]


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
            yield line.decode()
        except UnicodeDecodeError as error:
            raise InputError(
                N_("Line {number} of the input is not UTF-8 text."), number=number
            ) from error


def _checked(text: str, number: int) -> tuple[str, bool]:
    """The text as it will be read, and whether it can be; the reason, if not, is complained of."""
    try:
        return check(text), True
    except InputError as error:
        _complain(f"text {number}: {error}")
        return normalise(text), False


def _metrics(metrics: dict[str, Any]) -> str:
    parts = []
    for test, scores in metrics.items():
        numbers = [f"{name} {_number(v)}" for name, v in scores.items() if not isinstance(v, dict)]
        parts.append(f"{test}: {', '.join(numbers)}")
    return "; ".join(parts)


def _number(value: int | float) -> str:
    return str(value) if isinstance(value, int) else f"{value:.4f}"


def _report(line: str) -> None:
    print(line, file=sys.stderr, flush=True)


def _say_nothing(_: str) -> None:
    pass


def _complain(error: object) -> int:
    print(f"error: {error}", file=sys.stderr, flush=True)
    return BAD_INPUT


if __name__ == "__main__":
    # Vietnamese needs UTF-8 even where the terminal's language is set to something else.
    sys.stdout.reconfigure(encoding="utf-8")  # type: ignore[union-attr]
    sys.exit(main(sys.argv[1:]))
