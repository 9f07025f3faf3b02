"""What is done by rules to a typed sentence before a network reads it, and to its translation.

What stands around a sentence is kept and not read: a dash or number of a list, tags and emoji at
its ends. What is left is respelt as the networks know it, and a mark that is missing at the end is
added, because nearly all sentences that they learnt from have one. In the translation all of this
is undone: it is given back without that mark, and with what stood around it. While it is written,
`Constraints` see to it that every copied part comes through.
"""

from __future__ import annotations

import html
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

import torch
from jaxtyping import Float, Int
from torch import Tensor

from engine.language import lexicon
from engine.language.numbers import order_ordinals, spell_ordinals
from engine.language.placeholders import EMOJI, ENTITY, KEPT, TAG, TAGGED
from engine.language.respelling import Cost, respell
from engine.language.text import WORD, normalise
from engine.models.translator import PAD, START, STOP
from engine.results import Translation
from engine.tasks.translation.tags import is_button

MARKS = (".", "!")
"""What a sentence may lack at its end, where nothing says that it is a question."""
MOST_WORDS, MOST_ASKED = 5, 12
"""Of a text that gets the mark that it lacks, and of a question: the networks know longer ones
without, too, and on dev sentences of six words and more a mark made translations worse."""

_NUMBER = r"\(?(?:\d{1,3}(?:\.\d{1,3})*|[a-zA-Z]|[ivx]{2,5}|[IVX]{2,5})[.)]|\d{1,2}[/°]"
_LIST = (
    rf"(?:[-–—*•‣◦·▪●○■□►>»]+(?=\s|[^\W\d_])|(?:#{{1,6}}|\+|\[[ xX]?\])(?=\s)"
    rf"|(?:{_NUMBER})(?=\s+[^\W\d_]))\s*"
)
"""A dash, sign or number of a list, a heading, a quotation, a box to tick."""
_BEFORE = re.compile(rf"(?:{_LIST}|{EMOJI}\s*)+")
_AFTER = re.compile(rf"(?:\s*{EMOJI})+$")
_QUOTED = re.compile(r'(?:["“«]\s?)(?=[^"“”«»]*["”»]$)')
_CLOSING_QUOTE = re.compile(r'\s?["”»]$')
_ENDED = re.compile(r"[.!?…:;,][\"'”»)\]\s]*$")
_FINAL_MARKS = re.compile(r"\s*[.!?…]+$")
_ENTITY = re.compile(ENTITY)
_AMPERSAND = re.compile(r"(?<=\w) (&(?:amp;)?) (?=\w)")
_PROTECTED = 0xE100
"""Where the characters begin that stand for kept parts while a text is respelt."""


@dataclass(frozen=True)
class Prepared:
    """A sentence for the network: `text` is what it reads, `before` and `after` are what stands
    around it.

    `ampersands` are those that are read as "and": "&" or "&amp;". `mark` is what was added to its
    end ("" for nothing); `marks` are those to choose from as long as none was. `changes` are the
    words that were respelt: (typed, read). `case` is how the words of a phrase without an end were
    typed: "small", "capitals" or "" for as in a sentence. `is_ended`: it had a mark at its end.
    """

    text: str
    before: str = ""
    after: str = ""
    changes: tuple[tuple[str, str], ...] = ()
    ampersands: tuple[str, ...] = ()
    marks: tuple[str, ...] = ()
    mark: str = ""
    case: str = ""
    is_ended: bool = True

    @property
    def is_readable(self) -> bool:
        """Whether anything is left that can be translated."""
        return any(c.isalpha() for c in KEPT.sub("", self.text))

    @property
    def read_as(self) -> str:
        """The text as it is read, where it differs from what was typed; "" where it does not."""
        return self.text if self.is_readable and (self.changes or self.mark) else ""

    def with_mark(self, mark: str) -> Prepared:
        """The same with a mark at its end."""
        return replace(self, text=self.text + mark, mark=mark, marks=())

    def finish(self, translation: str, cost: Cost, language: str = "") -> str:
        """A translation into `language` as it is given back: with what stood around the sentence,
        in the letters in which it was typed, with its ampersands, ordinals in their places, and
        without the mark that was added."""
        if not self.is_readable:
            return f"{self.before}{self.text}{self.after}"
        if language:
            restored = _restore_ampersands(translation, self.ampersands, language)
            translation = order_ordinals(restored, language)
        if not self.is_ended:
            translation = _FINAL_MARKS.sub("", translation)
        if self.case == "capitals":
            translation = translation.upper()
        elif self.case == "small":
            translation = _small(translation, cost)
        return f"{self.before}{translation}{self.after}"


def prepare(sentence: str, language: str, cost: Cost) -> Prepared:
    """A sentence of `language` for the network.

    Args:
        cost: the number of pieces that a word takes.
    """
    text = _ENTITY.sub(_plain_entity, normalise(sentence))
    before, text, after = _stripped(text, language)
    text, changes = _respelt(text, language, cost)
    found = Prepared(text, before, after, changes)
    words = WORD.findall(KEPT.sub(" ", text))
    if not words or len(words) > MOST_ASKED or _ENDED.search(text):
        return found
    found = replace(found, is_ended=False)
    if text.isupper() and all(len(w) > 1 and cost(w.lower()) <= cost(w) for w in words):
        found = replace(found, text=text.capitalize(), case="capitals")
    elif text[0].islower():
        found = replace(found, case="small")
    asks = re.search(lexicon.facts(language)["asks"], text, re.IGNORECASE)
    if len(words) > 1 and asks:
        return found.with_mark("?")
    return replace(found, marks=MARKS) if len(words) <= MOST_WORDS else found


def spell_ampersands(text: str, language: str) -> tuple[str, tuple[str, ...]]:
    """The text with the word for "and" in the place of "&" and "&amp;", which networks do not know;
    and these signs."""
    signs = tuple(match[1] for match in _AMPERSAND.finditer(text))
    return _AMPERSAND.sub(f" {lexicon.facts(language)['and']} ", text), signs


def _restore_ampersands(translation: str, signs: Sequence[str], language: str) -> str:
    """A translation with the signs back, if it has as many words for "and"."""
    parts = re.split(rf"\b{lexicon.facts(language)['and']}\b", translation)
    if not signs or len(parts) != len(signs) + 1:
        return translation
    return parts[0] + "".join(sign + part for sign, part in zip(signs, parts[1:], strict=True))


def _plain_entity(match: re.Match[str]) -> str:
    """The letter, quote or space that an HTML entity stands for; that of another sign, such as
    "&lt;", stays."""
    character = html.unescape(match[0]).replace("\xa0", " ")
    return character if character.isalpha() or character in "'’\" " else match[0]


def _stripped(text: str, language: str) -> tuple[str, str, str]:
    """What stands before a sentence, the sentence, and what stands after it."""
    start, end = 0, len(text)
    while start < end:
        rest = text[start:end]
        if match := _BEFORE.match(rest):
            start += match.end()
        elif match := _AFTER.search(rest):
            end = start + match.start()
        elif (match := TAGGED.fullmatch(rest)) and is_button(match[3], language):
            break
        elif tags := _tags_around(rest):
            start, end = start + tags[0], end - tags[1]
        elif (match := _QUOTED.match(rest)) and not _ENDED.search(rest):
            start += match.end()
            end -= len(_CLOSING_QUOTE.search(rest)[0])  # type: ignore[index]
        else:
            break
    return text[:start], text[start:end], text[end:]


def _tags_around(text: str) -> tuple[int, int] | None:
    """How long the tags at the beginning and the end are that belong to nothing within the text;
    None if there are none."""
    first, last = re.match(rf"{TAG}\s*", text), re.search(rf"\s*{TAG}$", text)
    if first and last and first.end() <= last.start() and _belong(first, last, text):
        return first.end(), len(last[0])
    if first and not first[0].startswith("</") and f"</{_name(first[0])}" not in text:
        return first.end(), 0
    if last and f"<{_name(last[0])}" not in text[: last.start()]:
        return 0, len(last[0])
    return None


def _belong(first: re.Match[str], last: re.Match[str], text: str) -> bool:
    """Whether one tag of a text ends what another one began."""
    name, depth = _name(first[0]), 1
    for tag in re.findall(TAG, text[first.end() : last.start()]):
        if _name(tag) == name:
            depth += -1 if tag.startswith("</") else 1
        if not depth:
            return False
    return name == _name(last[0])


def _name(tag: str) -> str:
    """A tag's name: "b" of "</b>"."""
    found = re.search(r"[A-Za-z]\w*", tag)
    return found[0] if found else ""


def _respelt(text: str, language: str, cost: Cost) -> tuple[str, tuple[tuple[str, str], ...]]:
    """The text respelt, but for the parts that are kept as they are."""
    kept: list[str] = []

    def keep(match: re.Match[str]) -> str:
        kept.append(match[0])
        return chr(_PROTECTED + len(kept) - 1)

    found = respell(KEPT.sub(keep, text), language, cost)
    whole = spell_ordinals(found.text, language)
    changed = found.changes + ((found.text, whole),) * (whole != found.text)
    for k, part in enumerate(kept):
        whole = whole.replace(chr(_PROTECTED + k), part)
    return whole, changed


def _small(translation: str, cost: Cost) -> str:
    """The translation with a small first letter, unless its first word is written with a capital
    everywhere: "I", "Monday"."""
    word = WORD.match(translation)
    if word is None or word[0].split("'")[0] == "I" or word[0][1:] != word[0][1:].lower():
        return translation
    if cost(word[0].lower()) > cost(word[0]):
        return translation
    return translation[0].lower() + translation[1:]


LONG, PIECES, STRANGE = re.compile(r"[^\W\d_]{4,}"), 0.45, 0.8
"""A long word is strange where it is cut into more than so many pieces a letter, and a text where
more than this share of its long words are."""
LIKELY = -1.2
"""Mean log p of a translation's pieces below which it is doubted. By both rules 1 of 420 dev
sentences is doubted, and of 180 texts of random letters and syllables 173."""


def doubt(text: str, copied: Sequence[str], best: Translation, cost: Cost) -> str:
    """ "unsure" where the words of a text, but for parts that are copied, are like none that the
    pieces were learnt from, or where the model finds its own words unlikely; else ""."""
    for part in copied:
        text = text.replace(part, " ")
    words = LONG.findall(text)
    strange = sum(cost(word) > PIECES * len(word) for word in words)
    alone = words == WORD.findall(text)  # one strange word among short ones says little
    unlike = strange > STRANGE * len(words) and (strange > 1 or alone)
    likely = best.log_probability / max(1, len(best.words))
    return "unsure" if unlike or likely < LIKELY else ""


class Constraints:
    """What a translation keeps to: each copied part is written once, and something is written.

    Forbids pieces, given what a beginning still owes: (1, K, placeholders + 1) numbers, 1 for each
    placeholder that is not written yet and, last, for a beginning without any piece.

    Args:
        placeholders: the ids of the pieces that stand for copied parts.
    """

    def __init__(self, placeholders: Sequence[int], device: torch.device) -> None:
        self._ids = torch.tensor(placeholders, device=device)

    def owed(self, counts: Sequence[int]) -> Float[Tensor, "1 B N"]:
        """What empty beginnings owe, one for each number of copied parts."""
        index = torch.arange(len(self._ids) + 1, device=self._ids.device)
        owed = index < torch.tensor(counts, device=index.device).unsqueeze(1)
        owed[:, -1] = True
        return owed.float().unsqueeze(0)

    def after(
        self, symbols: Int[Tensor, " K"], owed: Float[Tensor, "1 K N"]
    ) -> Float[Tensor, "1 K N"]:
        """What is owed after the beginnings' last symbols."""
        paid = torch.nn.functional.pad(symbols.unsqueeze(1) == self._ids, (0, 1))
        paid[:, -1] = symbols != START
        return owed.masked_fill(paid.unsqueeze(0), 0)

    def allowed(
        self, log_p: Float[Tensor, "K V"], owed: Float[Tensor, "1 K N"]
    ) -> Float[Tensor, "K V"]:
        """log_p, −inf for what must not come: a placeholder that is not owed, an end before all is
        written, and what is never written."""
        log_p = log_p.clone()
        log_p[:, [PAD, START]] = -torch.inf
        log_p[:, STOP] = log_p[:, STOP].masked_fill(owed[0].any(1), -torch.inf)
        copied = log_p[:, self._ids].masked_fill(owed[0, :, :-1] == 0, -torch.inf)
        log_p[:, self._ids] = copied
        return log_p
