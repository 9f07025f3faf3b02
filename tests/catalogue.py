"""Keeps the translation catalogues in step with the code: `python tests/catalogue.py`.

Extracts every text marked `_("…")`, `n_("…", "…", n)` or `N_("…")` and updates each `app.po`: new
texts come in with an empty translation, to be filled in with any editor (Poedit, Weblate); texts
that the code no longer has go out. Prints what is left to do.
"""

from __future__ import annotations

import ast
import re
import string
import sys
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_file
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).resolve().parent.parent
LOCALE = ROOT / "assets" / "locale"
KEYWORDS = {"_": None, "N_": None, "n_": (1, 2)}


def sources() -> list[Path]:
    """The files whose texts reach a person's eyes."""
    found = [path for folder in ("engine", "pages") for path in ROOT.glob(f"{folder}/**/*.py")]
    return [ROOT / "streamlit_app.py", *sorted(found)]


def extracted() -> Catalog:
    """All texts of the code as it is now."""
    catalogue = Catalog(charset="utf-8")
    for path in sources():
        place = path.relative_to(ROOT).as_posix()
        for _line, text, comments, context in extract_from_file(
            "python", path, keywords=KEYWORDS, options={"encoding": "utf-8"}
        ):
            # Files without lines: an edit elsewhere in a file does not touch the catalogue.
            catalogue.add(text, locations=[(place, 0)], auto_comments=comments, context=context)
        for text in inside_formatted_strings(path.read_text(encoding="utf-8")):
            catalogue.add(text, locations=[(place, 0)])
    return catalogue


def inside_formatted_strings(source: str) -> Iterator[str]:
    """The texts that stand inside an f-string, which Babel passes over where Python's tokenizer
    takes it as one piece."""
    for formatted in ast.walk(ast.parse(source)):
        if not isinstance(formatted, ast.JoinedStr):
            continue
        for node in ast.walk(formatted):
            match node:
                case ast.Call(func=ast.Name(id="_"), args=[ast.Constant(value=str(text))]):
                    yield text


def catalogues() -> dict[str, Path]:
    """The catalogue of each language."""
    return {path.parts[-3]: path for path in sorted(LOCALE.glob("*/LC_MESSAGES/app.po"))}


def read(path: Path) -> Catalog:
    with path.open("rb") as source:
        return read_po(source, locale=path.parts[-3])


def update(path: Path) -> None:
    """Brings one catalogue into step with the code, keeping its translations and its header."""
    catalogue = read(path)
    catalogue.update(extracted(), no_fuzzy_matching=True, update_creation_date=False)
    catalogue.obsolete.clear()
    out = BytesIO()
    write_po(out, catalogue, width=100, include_lineno=False, sort_by_file=True)
    path.write_bytes(out.getvalue())


def faults(catalogue: Catalog, code: Catalog) -> Iterator[str]:
    """What keeps a catalogue from being complete and right, one line each."""
    ids = {message.id for message in code if message.id}
    known = {message.id for message in catalogue if message.id}
    yield from (f"not in the catalogue: {text!r}" for text in sorted(ids - known, key=str))
    yield from (f"no longer in the code: {text!r}" for text in sorted(known - ids, key=str))
    yield from (f"left over: {text!r}" for text in catalogue.obsolete)
    for message in catalogue:
        if message.id and message.id in ids:
            yield from (f"{fault}: {message.id!r}" for fault in _message_faults(message))


def _message_faults(message: Message) -> Iterator[str]:
    translations, originals = _forms(message.string), _forms(message.id)
    if message.fuzzy:
        yield "marked as fuzzy"
    if not all(translations):
        yield "not translated"
        return
    if any(_placeholders(t) != _placeholders(originals[-1]) for t in translations):
        yield "other placeholders"
    if any(_directives(t) != _directives(originals[-1]) for t in translations):
        yield "other Markdown"


def _forms(text: object) -> list[str]:
    """One text, or the singular and the plurals."""
    return [str(t or "") for t in (text if isinstance(text, tuple | list) else [text])]


def _placeholders(text: str) -> set[str]:
    """Names in braces; a text that str.format cannot read has the placeholder "?"."""
    try:
        return {name for _, name, _, _ in string.Formatter().parse(text) if name is not None}
    except ValueError:
        return {"?"}


def _directives(text: str) -> list[str]:
    """Streamlit's icons and colours, code, and how often bold type starts or ends."""
    return sorted(re.findall(r":[a-z/_-]+(?::|(?=\[))|`[^`]*`|\*\*", text))


def main() -> int:
    for language, path in catalogues().items():
        update(path)
        left = list(faults(read(path), extracted()))
        sys.stdout.write("".join(f"{language}: {fault}\n" for fault in left))
        sys.stdout.write(f"{path.relative_to(ROOT)}: {len(read(path))} texts, {len(left)} to do\n")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
