"""The command line: `python -m engine models | train | evaluate | classify | sample | caption |
translate | accents | frames | bench`.

Results go to standard output and nothing else does; progress and errors go to standard error. The
exit status is 0, 2 for input that cannot be used, 130 after Ctrl-C, 141 when nobody reads on.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from engine.answers import SEARCH
from engine.commands import (
    MODELS,
    accents,
    bench,
    caption,
    classify,
    evaluate,
    frames,
    models,
    sample,
    show_error,
    train,
    translate,
)
from engine.decoding import Choice
from engine.device import AUTO
from engine.errors import InputError
from engine.language.text import without_surrogates

INTERRUPTED, BROKEN_PIPE = 130, 141
CHOICE = Choice()


def main(arguments: Sequence[str]) -> int:
    """Runs one command and returns the exit status."""
    options = _parsed(arguments)
    try:
        status = options.command(options)
        sys.stdout.flush()
    except InputError as error:
        return show_error(error)
    except KeyboardInterrupt:
        return INTERRUPTED
    except BrokenPipeError:
        # Whoever read has gone, as `head` does; Python would complain when it flushes at the end.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return BROKEN_PIPE
    except OSError as error:  # a file or folder that cannot be read or written
        named = f"{error.filename}: " if error.filename else ""
        return show_error(f"{named}{error.strerror or error}")
    return int(status or 0)


def _whole(least: int) -> Callable[[str], int]:
    def whole(text: str) -> int:
        if not (text.isdecimal() and least <= int(text) < 2**63):
            raise argparse.ArgumentTypeError(f"{text!r} is not a whole number from {least} on")
        return int(text)

    return whole


OPTIONS: dict[str, dict[str, Any]] = {
    "name": {"metavar": "NAME", "help": "a model's name, such as sentiment-en"},
    "texts": {"metavar": "TEXT", "nargs": "*", "help": "or lines on standard input"},
    "images": {"metavar": "IMAGE", "nargs": "+", "help": "photos: JPEG, PNG, WebP, GIF or HEIC"},
    "films": {"metavar": "FILE", "nargs": "+", "help": "films: .npz as in shared/data/frames"},
    "--data": {"metavar": "PATH", "type": Path, "required": True, "help": "what to learn or read"},
    "--device": {"default": AUTO, "help": "auto (the default), cpu, cuda:0, mps"},
    "--models": {"metavar": "DIR", "type": Path, "default": MODELS, "help": "where models are"},
    "--out": {"metavar": "DIR", "type": Path, "default": MODELS, "help": "where to put the model"},
    "--resume": {"action": "store_true", "help": "go on where an earlier training stopped"},
    "--seed": {"type": _whole(0), "default": 0, "help": "where all random numbers come from (0)"},
    "--length": {"type": _whole(1), "default": 500, "help": "characters to write (500)"},
    "--prompt": {"default": "", "help": "what the text goes on from"},
    "--temperature": {"type": float, "default": CHOICE.temperature, "help": "below 1: safer (0.8)"},
    "--top-k": {"type": _whole(0), "default": CHOICE.top_k, "help": "only the K likeliest (all)"},
    "--top-p": {"type": float, "default": CHOICE.top_p, "help": "only the likeliest P (1)"},
    "--greedy": {"action": "store_true", "help": "always the likeliest"},
    "--width": {
        "type": _whole(1),
        "default": SEARCH.width,
        "help": "how many beginnings go on (5)",
    },
    "--penalty": {"type": float, "help": "for length; 0: none (what suits the model)"},
    "--json": {"action": "store_true", "help": "JSON, with all that the pages show"},
    "--text": {"help": "a sentence to read instead of searching one"},
    "--boxes": {
        "metavar": "FILE",
        "type": Path,
        "help": "captions: where things are, to measure attention",
    },
    "--rounds": {"type": _whole(1), "help": "how often everything is measured"},
}

FILES = {**OPTIONS["--data"], "nargs": "+", "help": "what to read: SOURCE TARGET for translation"}
"""Of `--data` where it may name more than one file."""

COMMANDS: dict[Callable[[argparse.Namespace], int | None], str] = {
    models: "--models",
    train: "name --data --device --out --resume --seed",
    evaluate: "name --data --boxes --device --models",
    classify: "name texts --device --json --models",
    sample: "name --length --temperature --top-k --top-p --greedy --seed --prompt --models",
    translate: "name texts --device --width --penalty --json --models",
    caption: "name images --device --width --penalty --text --json --models",
    accents: "name texts --json --device --models",
    frames: "name films --json --device --models",
    bench: "--rounds --json",
}


def _parsed(arguments: Sequence[str]) -> argparse.Namespace:
    """The options. TEXT … may also stand after options, which argparse alone does not manage."""
    parser = argparse.ArgumentParser(
        prog="python -m engine", description="Recurrent networks: train, measure and use them."
    )
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    for function, names in COMMANDS.items():
        text = (function.__doc__ or "").partition("\n")[0]
        command = commands.add_parser(function.__name__, help=text, description=text)
        command.set_defaults(command=function)
        for option in names.split():
            several = function is evaluate and option == "--data"
            command.add_argument(option, **(FILES if several else OPTIONS[option]))
    end = arguments.index("--") if "--" in arguments else len(arguments)
    options, rest = parser.parse_known_args(arguments[:end])
    texts = [*rest, *arguments[end + 1 :]]
    if any(part.startswith("-") for part in rest) or (texts and not hasattr(options, "texts")):
        parser.error(f"unrecognized arguments: {' '.join(texts)}")
    if hasattr(options, "texts"):
        options.texts = [without_surrogates(text) for text in (*options.texts, *texts)]
    if hasattr(options, "prompt"):
        options.prompt = without_surrogates(options.prompt)
    return options


if __name__ == "__main__":
    # Vietnamese needs UTF-8 even where the terminal's language is set to something else.
    # A path may hold bytes that are no text; they come out as they came in.
    sys.stdout.reconfigure(encoding="utf-8", errors="surrogateescape")  # type: ignore[union-attr]
    sys.exit(main(sys.argv[1:]))
