"""Which words of two texts differ, capitals and punctuation aside."""

from __future__ import annotations

from difflib import SequenceMatcher

from engine.figures.style import Translate

Marked = list[tuple[str, bool]]
"""The words of a text, and whether each is only in this one at this place."""


MOST = 10
"""More words than this are not listed one by one."""


def changes(before: str, after: str) -> tuple[Marked, Marked]:
    """The words of both texts, marked where the longest common order of words leaves them out."""
    first, second = before.split(), after.split()
    one, two = [*map(_bare, first)], [*map(_bare, second)]
    kept, also = set[int](), set[int]()
    for a, b, size in SequenceMatcher(None, one, two, autojunk=False).get_matching_blocks():
        kept |= {*range(a, a + size)}
        also |= {*range(b, b + size)}
    return (
        [(word, k not in kept) for k, word in enumerate(first)],
        [(word, k not in also) for k, word in enumerate(second)],
    )


def _bare(word: str) -> str:
    """Without what differs by habit only; a word of signs alone stays as it is."""
    return "".join(c for c in word.lower().replace("’", "'") if c.isalnum() or c == "'") or word


def listed(marked: Marked, _: Translate) -> str:
    """The words that differ, in quotes: `“n'est”, “pas”`."""
    return ", ".join(f"“{word.strip('.,;:!?…')}”" for word, differs in marked if differs)


def compared(sources: tuple[str, str], translations: tuple[str, str], _: Translate) -> str:
    """What two sources and their translations do not share, in a sentence; how many words they
    share where they are too different for a list."""
    gone, come = changes(*sources)
    lost, new = changes(*translations)
    if not _differing(gone, come):
        return _("Both sentences are the same, word by word.")
    if max(_differing(gone, come), _differing(lost, new)) > MOST:
        shared = (sum(not differs for _word, differs in each) for each in (gone, lost))
        return _(
            "The sentences differ in many words: the sources share {sources}, the translations "
            "{translations}."
        ).format(**dict(zip(("sources", "translations"), shared, strict=True)))
    told = [_told(_("In the source"), gone, come, _)]
    if _differing(lost, new):
        told.append(_told(_("In the translation"), lost, new, _))
    else:
        told.append(_("The translation is the same."))
    return " ".join(told)


def _differing(*texts: Marked) -> int:
    return sum(differs for text in texts for _word, differs in text)


def _told(where: str, before: Marked, after: Marked, _: Translate) -> str:
    gone, come = listed(before, _), listed(after, _)
    if gone and come:
        return _("{where}: {gone} → {come}.").format(where=where, gone=gone, come=come)
    if come:
        return _("{where}, new: {come}.").format(where=where, come=come)
    return _("{where}, gone: {gone}.").format(where=where, gone=gone)


def share(before: str, after: str) -> tuple[int, int]:
    """How many words of the first text the second one has not, and how many there are."""
    marked, _other = changes(before, after)
    return sum(differs for _word, differs in marked), len(marked)
