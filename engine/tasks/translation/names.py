"""Which words of a sentence are names that a network cannot spell or was not taught.

Somebody called Pierre is not a stone, and not "Father" either, which is what a network says that
has met no Pierre: it does better to copy him.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator

from engine.tasks.translation import vietnamese_names
from engine.tasks.translation.given_names import GIVEN, TAUGHT, TITLES, WORDS
from engine.tasks.translation.words import WORD, Span

SPELLED = 4
"""A capitalised word inside a sentence that takes so many pieces is a name nobody has taught."""
SEEN = 2
"""Sentences in which a capitalised word became another one, until it counts as translated."""


_ENDS = {"en": re.compile("['’]s$")}
_BEGINS = {"fr": re.compile("^(?:[cdjlmnst]|(?:jus|lors|puis)?qu)['’]", re.IGNORECASE)}
_INSIDE = re.compile(r"[\w,;)%][\s(]*$|['’-]$|\b(?:Mrs?|Ms|Dr|St|M|Mme|Mlle)\. $")
"""What comes before a word inside a sentence."""
_PEOPLE = re.compile("(?:ians?|ish|ese)$")
"""How English words for peoples and faiths end, which have a capital and are no names."""


class Names:
    """Finds the names in sentences, titles included where they are known in the other language.

    Args:
        languages: from which to which, such as ("fr", "en").
        spelled: how many pieces a word takes.
        translated: capitalised words that are no names to copy: China is "Chine" in French. If
            empty, nobody has looked, and a short word that is nobody's given name is left alone.
    """

    def __init__(
        self,
        languages: tuple[str, str],
        spelled: Callable[[str], int],
        translated: Iterable[str] = (),
    ) -> None:
        self._language, self._spelled = languages[0], spelled
        self._translated = frozenset(translated)
        titles = "|".join(map(re.escape, TITLES.get(languages, ())))
        self._title = re.compile(rf"\b(?:{titles}) $") if titles else None

    def spans(self, text: str) -> list[Span]:
        """From where to where each name goes, names of several words in one; some may overlap."""
        words = [(start, stop, text[start:stop]) for start, stop in _words(text, self._language)]
        insides = [bool(_INSIDE.search(text[:start])) for start, _, _ in words]
        crowded = self._is_crowded(
            [word for (_, _, word), inside in zip(words, insides, strict=True) if inside]
        )
        found: list[Span] = []
        head: Span | None = None  # of a name that may go on
        for (start, stop, word), inside in zip(words, insides, strict=True):
            given = self._is_given(word, inside)
            first = self._begin(
                text, start, word, None if crowded and self._is_common(word) else head
            )
            goes_on = first < start
            if goes_on or (given and word not in TAUGHT) or self._is_strange(word, inside, crowded):
                found = [span for span in found if span[0] != first]
                found.append((first, stop))
            head = (first, stop) if goes_on or given or (first, stop) in found else None
        if self._language == "vi":
            found += vietnamese_names.spans(text, self._is_common)
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
        return self._spelled(word.lower()) == 1

    def _is_crowded(self, words: list[str]) -> bool:
        """Whether a capital says little, as in headlines: common words have one."""
        capitals = [w for w in words if w[0].isupper() and len(w) > 1 and w not in GIVEN]
        return sum(map(self._is_common, capitals)) > 1

    def _is_given(self, word: str, inside: bool) -> bool:
        if self._language == "vi" or not GIVEN.issuperset(word.split("-")):
            return False
        return inside or word not in WORDS[self._language]

    def _is_strange(self, word: str, inside: bool, crowded: bool) -> bool:
        """Whether a word was not taught and is a name, as far as capitals tell; in a `crowded`
        sentence they say little."""
        if not word[0].isupper() or word in self._translated:
            return False
        pieces, small = self._spelled(word), self._spelled(word.lower())
        if not inside:
            # A capital says nothing here, but small letters that come one by one, nearly, do.
            return pieces >= SPELLED and 2 * small > len(word) and word.isalpha()
        common = len(word) == 1 or self._is_common(word) or _PEOPLE.search(word)
        looked = bool(self._translated) and not (crowded or common)
        return pieces >= SPELLED or (looked and pieces > 1)


def translated(pairs: Iterable[tuple[str, str]], language: str) -> list[str]:
    """The capitalised words inside sentences of `language` that become others in their translations
    more often than not, in alphabetical order."""
    seen: Counter[str] = Counter()
    kept: Counter[str] = Counter()
    for source, target in pairs:
        spans = _words(source, language)
        words = {
            source[a:b] for a, b in spans if source[a].isupper() and _INSIDE.search(source[:a])
        }
        seen.update(words)
        kept.update(word for word in words if word in target)
    return sorted(word for word in seen if seen[word] - kept[word] >= max(SEEN, kept[word]))


def _words(text: str, language: str) -> Iterator[Span]:
    """Where words are, without what an apostrophe ties to them: "d'Anna", "Tom's"."""
    for match in WORD.finditer(text):
        start, stop = match.span()
        tied = _BEGINS[language].search(match[0]) if language in _BEGINS else None
        if tied and tied.end() < stop - start:
            start += tied.end()
        end = _ENDS[language].search(match[0]) if language in _ENDS else None
        yield start, (match.start() + end.start() if end else stop)
