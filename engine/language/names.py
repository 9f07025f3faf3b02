"""Which words of a sentence are names that a network cannot spell or was not taught.

Somebody called Pierre is not a stone, and not "Father" either, which is what a network says that
has met no Pierre: it does better to copy him. In Vietnamese most names are words of the language,
so capitals, family names and what stands beside them have to tell.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from functools import cache

from engine.language import lexicon
from engine.language.text import BEGINNING, WORD, Span

MANY_PIECES = 4
"""A capitalised word inside a sentence that takes so many pieces is a name nobody has taught."""
TRANSLATED = 2
"""Sentences in which a capitalised word became another one, until it counts as translated."""
LONGEST_NAME = 4
"""Words of a whole Vietnamese name at most."""


def _words(language: str, *keys: str) -> frozenset[str]:
    """A list of words among a language's names; empty if it has none."""
    found = lexicon.read(language, "names")
    for key in keys:
        found = found.get(key, {})
    return frozenset(str(found or "").split())


FAMILIES = _words("vi", "finding", "family")
"""Vietnamese ones."""
VIETNAMESE = _words("vi", "men", "given") | _words("vi", "women", "given")
WESTERN = frozenset[str]().union(
    *(_words(language, "given") for language in (*lexicon.NAMES, lexicon.SEVERAL))
)
GIVEN = WESTERN | VIETNAMESE
LEARNT = _words(lexicon.SEVERAL, "learnt")
"""Those whom everyday sentences are full of."""
ALSO_WORDS = {language: _words(language, "also_words") for language in lexicon.NAMES}
"""Names that, at the beginning of a sentence, are more often words of the language."""

_INSIDE = re.compile(r"[\w,;)%][\s(]*$|['’-]$|\b(?:Mrs?|Ms|Dr|St|M|Mme|Mlle)\. $")
"""What comes before a word inside a sentence."""
_PEOPLE = re.compile("(?:ians?|ish|ese)$")
"""How English words for peoples and faiths end, which have a capital and are no names."""
_TOGETHER = re.compile(r" (?:và|với|cùng) [^\W\d_]")
"""Vietnamese "and" or "with", and the first letter after it."""


@cache
def titles(source: str, target: str) -> dict[str, str]:
    """What stands before a name in one language, and what is written for it in another; empty where
    that is not known."""
    read, written = (lexicon.read(name, "names").get("titles", {}) for name in (source, target))
    if source == target or not written:
        return {}
    return {
        title: written[kind]["written"] for kind in read for title in read[kind]["read"].split()
    }


class NameFinder:
    """Finds the names in sentences, titles included where they are known in the other language.

    Args:
        languages: from which to which, such as ("fr", "en").
        piece_count: how many pieces a word takes.
        translated: capitalised words that are no names to copy: China is "Chine" in French. If
            empty, nobody has looked, and a short word that is nobody's given name is left alone.
    """

    def __init__(
        self,
        languages: tuple[str, str],
        piece_count: Callable[[str], int],
        translated: Iterable[str] = (),
    ) -> None:
        self.language, self._piece_count = languages[0], piece_count
        self._translated = frozenset(translated)
        before = "|".join(map(re.escape, titles(*languages)))
        self._title = re.compile(rf"\b(?:{before}) $") if before else None

    def spans(self, text: str) -> list[Span]:
        """From where to where each name goes, names of several words in one; some may overlap."""
        words = [(start, stop, text[start:stop]) for start, stop in _untied(text, self.language)]
        insides = [bool(_INSIDE.search(text[:start])) for start, _, _ in words]
        # A capital says little where common words have one, as in headlines.
        crowded = (
            sum(
                word[0].isupper() and len(word) > 1 and word not in GIVEN and self._is_common(word)
                for (_, _, word), inside in zip(words, insides, strict=True)
                if inside
            )
            > 1
        )
        found: list[Span] = []
        head: Span | None = None  # of a name that may go on
        for (start, stop, word), inside in zip(words, insides, strict=True):
            given = (
                self.language != "vi"
                and GIVEN.issuperset(word.split("-"))
                and (inside or word not in ALSO_WORDS[self.language])
            )
            first = self._begin(
                text, start, word, None if crowded and self._is_common(word) else head
            )
            goes_on = first < start
            unknown = self._is_unknown(word, inside, crowded)
            if goes_on or (given and word not in LEARNT) or unknown:
                found = [span for span in found if span[0] != first]
                found.append((first, stop))
            head = (first, stop) if goes_on or given or (first, stop) in found else None
        if self.language == "vi":
            found += vietnamese_spans(text, self._is_common)
        return found

    def _begin(self, text: str, start: int, word: str, head: Span | None) -> int:
        """Where the name begins that a word at `start` would be of: with a title, with another name
        before it, or there."""
        if not word[0].isupper() or len(word) == 1:
            return start
        title = self._title and self._title.search(text[:start])
        if title:
            return title.start()
        follows = head is not None and text[head[1] : start] == " " and word not in self._translated
        return head[0] if head and follows else start

    def _is_common(self, word: str) -> bool:
        """Whether it is a frequent word in small letters."""
        return self._piece_count(word.lower()) == 1

    def _is_unknown(self, word: str, inside: bool, crowded: bool) -> bool:
        """Whether a word was not taught and is a name, as far as capitals tell; in a `crowded`
        sentence they say little."""
        if not word[0].isupper() or word in self._translated:
            return False
        pieces, small = self._piece_count(word), self._piece_count(word.lower())
        if not inside:
            # A capital says nothing here, but small letters that come one by one, nearly, do.
            return pieces >= MANY_PIECES and 2 * small > len(word) and word.isalpha()
        common = len(word) == 1 or self._is_common(word) or _PEOPLE.search(word)
        looked = bool(self._translated) and not (crowded or common)
        return pieces >= MANY_PIECES or (looked and pieces > 1)


def translated_words(pairs: Iterable[tuple[str, str]], language: str) -> list[str]:
    """The capitalised words inside sentences of `language` that become others in their translations
    more often than not, in alphabetical order."""
    met: Counter[str] = Counter()
    kept: Counter[str] = Counter()
    for source, target in pairs:
        spans = _untied(source, language)
        words = {
            source[a:b] for a, b in spans if source[a].isupper() and _INSIDE.search(source[:a])
        }
        met.update(words)
        kept.update(word for word in words if word in target)
    return sorted(word for word in met if met[word] - kept[word] >= max(TRANSLATED, kept[word]))


def _untied(text: str, language: str) -> Iterator[Span]:
    """Where words are, without what an apostrophe ties to them: "d'Anna", "Tom's"."""
    facts = lexicon.facts(language)
    for match in WORD.finditer(text):
        start, stop = match.span()
        before = "tied_before" in facts and re.search(facts["tied_before"], match[0], re.IGNORECASE)
        if before and before.end() < stop - start:
            start += before.end()
        after = "tied_after" in facts and re.search(facts["tied_after"], match[0])
        yield start, (match.start() + after.start() if after else stop)


def vietnamese_spans(text: str, is_common: Callable[[str], bool]) -> list[Span]:
    """From where to where people's names go in a Vietnamese text. `is_common` says whether a word
    is a frequent one in small letters: at the beginning of a sentence it is taken for that, unless
    "and" is followed by another name."""
    found = []
    for words in _capitalised_runs(text):
        begins = BEGINNING.search(text[: words[0].start()]) is not None
        first = words[0][0]
        if begins and first not in FAMILIES and first not in VIETNAMESE | WESTERN:
            words, begins = words[1:], False
        if words and _is_vietnamese_name(text, words, begins, is_common):
            found.append((words[0].start(), words[-1].end()))
    return found


def _capitalised_runs(text: str) -> Iterator[list[re.Match[str]]]:
    """Words with a capital that follow each other."""
    run: list[re.Match[str]] = []
    for word in WORD.finditer(text):
        if run and (not word[0][0].isupper() or text[run[-1].end() : word.start()] != " "):
            yield run
            run = []
        if word[0][0].isupper():
            run.append(word)
    if run:
        yield run


def _is_vietnamese_name(
    text: str, words: list[re.Match[str]], begins: bool, is_common: Callable[[str], bool]
) -> bool:
    """Whether words with capitals, at the beginning of a sentence or not, are somebody's name."""
    first, together = words[0][0], " ".join(word[0] for word in words)
    if first in WESTERN:
        return together not in LEARNT and not (begins and first in ALSO_WORDS["vi"])
    parts = {word[0] for word in words}
    if first in FAMILIES and 1 < len(words) <= LONGEST_NAME:
        return first != "Hồ"  # lakes, and a city
    places = lexicon.read("vi", "names")["finding"]["places"]
    countries = _words("vi", "finding", "countries")
    if len(words) > 2 or not parts <= VIETNAMESE - countries or together in places:
        return False
    if begins and len(words) == 1:
        follows = _TOGETHER.match(text, words[0].end())
        return not is_common(first) or bool(follows and follows[0][-1].isupper())
    before = WORD.findall(text[: words[0].start()])
    return not before or before[-1].lower() not in _words("vi", "finding", "before_places")
