"""What a number is: in digits, in words, as an ordinal; how another language writes it, and whether
a translation has lost one.

Networks lose numbers easily: "vingt-deux" comes out as twenty-four. Which numbers stand in a text
does not depend on the network, so a rule can say that one of them is not there any more.
"""

from __future__ import annotations

import html
import re
from functools import cache

from num2words import num2words

from engine.language import lexicon
from engine.language.text import Span

_THOUSANDS = r"\d{1,3}(?:([.,\u00a0\u202f ])\d{3})+"
_GROUPED = re.compile(rf"{_THOUSANDS}(?!\d)")
_DECIMAL = re.compile(r"\d+[.,]\d+")
_DIGITS = re.compile(r"\d+")
_GROUPED_DECIMAL = re.compile(rf"{_THOUSANDS}(?:([.,])\d+)?")
_SHORT_DECIMAL = re.compile(r"\d+([.,])\d\d?")
"""As a decimal is told from a number with thousands apart."""

# Vietnamese numbers its months, where other languages name them.
LONG = r"\d+(?:[.,:/-]\d+)+|\d{3,}|(?<!tháng )\d\d"
"""A number of two digits or more, a date, a time of day."""
_SPACED = r"(?<![\d.,])\d{1,3}(?: \d{3})+(?:,\d+)?(?!\d)"
_SIGNED = r"(?<![^\s(])[−-]\d+(?:[.,]\d+)?(?: ?°[CF]?)?(?![\w-])|\d+(?:[.,]\d+)? ?°[CF]?(?!\w)"
"""A number with a minus sign or with degrees."""
_ORDINAL = re.compile(
    r"(?<![\w.,:/-])(\d+)(?:st|nd|rd|th|ers?|[eè]?res?|i?[eè]mes?|es?|nde?s?)(?!\w)"
)
_TIME = re.compile(r"(?<!\d)(\d{1,2}) ?h ?(\d\d)?(?!\w)")
COPIED = f"{_ORDINAL.pattern}|{_TIME.pattern}|{_SIGNED}|{_SPACED}|{LONG}"
"""What a translation copies rather than has a network write it."""

_THOUSAND_COMMA = re.compile(r"(?<=thousand|.million|.billion),(?= [\w-]+ (?:hundred|thousand))")
"""As in "two thousand, five hundred": no end of the number."""
_WORD = re.compile(r"\w+|[^\w\s-]")
_SPACE = re.compile(r"[\s\u00a0-]+")

LEAST_IN_WORDS = 10
"""Smaller numbers in words of a source count for nothing: "one" and "năm" are other words, too."""
LARGEST_ORDINAL_IN_WORDS = 10
"""Up to which ordinals in digits are read as words: networks know where these belong."""
LEAST_SPELT = 11
"""From which on numbers in words are translated by a rule: networks get most of them wrong."""


def numbers(text: str, language: str) -> frozenset[str]:
    """All numbers of the text as plain decimals: {"22", "3000000000", "3.5"}.

    In digits with the separators of any of the languages, and in the words of `language`,
    ordinals included.
    """
    spelt = {str(value) for _, value in _spelt(text, language)}
    return frozenset(_in_digits(text)) | spelt | {*_mixed(text, language)[1]}


def lost_numbers(source: str, translation: str, languages: tuple[str, str]) -> tuple[str, ...]:
    """Numbers of the source that the translation does not have, in digits or in words.

    Args:
        languages: of the source and of the translation.
    """
    source, translation = html.unescape(source), html.unescape(translation)
    source, mixed = _mixed(source, languages[0])
    words = {str(n) for _, n in _spelt(source, languages[0]) if n >= LEAST_IN_WORDS}
    due = dict.fromkeys([*_in_digits(source), *mixed, *sorted(words)])
    found = numbers(translation, languages[1])
    return tuple(number for number in due if number not in found)


def _mixed(text: str, language: str) -> tuple[str, list[str]]:
    """The text without numbers in digits and words ("3.5 million"), and these."""
    large = lexicon.read(language, "numbers")["large"]
    pattern = rf"(?<![\d.,])(\d+(?:[.,]\d+)?)\s+({'|'.join(large)})(?!\w)"
    found = [
        str(round(float(m[1].replace(",", ".")) * large[m[2].lower()]))
        for m in re.finditer(pattern, text, re.IGNORECASE)
    ]
    return re.sub(pattern, " ; ", text, flags=re.IGNORECASE), found


def _in_digits(text: str) -> list[str]:
    found = [re.sub(r"\D", "", m[0]) for m in _GROUPED.finditer(text)]
    rest = _GROUPED.sub(" ; ", text)
    found += [m[0].replace(",", ".") for m in _DECIMAL.finditer(rest)]
    found += _DIGITS.findall(_DECIMAL.sub(" ; ", rest))
    return [number.lstrip("0") or "0" for number in found]


def spelt_numbers(text: str, language: str) -> list[Span]:
    """From where to where numbers from `LEAST_SPELT` on go that are written in words, and would be
    written in the same words by a rule: no ordinals, none that stand side by side ("nineteen
    eighty-four"), no months, and no millions, which take an "of" in French."""
    found = [(span, value) for span, value in _spelt(text, language) if value >= LEAST_SPELT]
    known, spans = lexicon.read(language, "numbers"), []
    for k, ((start, stop), value) in enumerate(found):
        neighbours = [other for other, _ in (*found[max(k - 1, 0) : k], *found[k + 1 : k + 2])]
        alone = not any(text[min(stop, b) : max(start, a)].strip(" -") == "" for a, b in neighbours)
        words = _plain_words(text[start:stop], language)
        month = "month" in known and re.search(known["month"], text[:start])
        large = value >= 1_000_000 or " ".join(words) in known.get("not_alone", ())
        if not alone or month or large:
            continue
        short = " ".join(words) in known.get("short", {})
        if short or words == _plain_words(num2words(value, lang=language), language):
            spans.append((start, stop))
    return spans


def translated_number(part: str, source: str, target: str) -> str | None:
    """A number in words of the language `source` in those of `target`; None for anything else."""
    found = _spelt(part, source)
    if len(found) != 1 or found[0][0] != (0, len(part)):
        return None
    words: str = num2words(found[0][1], lang=target)
    return words[0].upper() + words[1:] if part[0].isupper() else words


def spell_ordinals(text: str, language: str) -> str:
    """The text with small ordinals in words, which networks put where they belong: "2nd floor" ->
    "second floor", "1ère" -> "première"; and with French centuries in digits, "XIXe" -> "19e"."""
    known = lexicon.read(language, "numbers")

    def spelt(match: re.Match[str]) -> str:
        value = int(match[1])
        if not (known.get("in_words", True) and 0 < value <= LARGEST_ORDINAL_IN_WORDS):
            return match[0]
        words = known.get("ordinal_words", {}).get(match[0])
        words = words or str(num2words(value, lang=language, to="ordinal"))
        return str(words) if match.start() else str(words).capitalize()

    if "century" in known:
        text = re.sub(known["century"], lambda match: str(_roman(match[0])), text)
    return _ORDINAL.sub(spelt, text)


def order_ordinals(text: str, language: str) -> str:
    """The text with ordinals in digits before their nouns where the language has them there, which
    networks do not know of parts that are copied: "le siècle 21e" -> "le 21e siècle"."""
    articles = lexicon.read(language, "numbers").get("articles")
    if not articles:
        return text
    late = rf"\b({articles})(\s|(?<=['’]))([^\W\d_]+) (\d+er?)(?!\w)"
    found = re.sub(late, r"\1\2\4 \3", text, flags=re.IGNORECASE)
    found = re.sub(r"\bà l['’](?=\d)", "au ", found)
    return re.sub(r"\bl['’](?=\d)", "le ", found)


def _roman(numeral: str) -> int:
    """The value of a Roman numeral below 40: "XIX" -> 19."""
    values = [(1, 5, 10)["IVX".index(sign)] for sign in numeral]
    pairs = zip(values, [*values[1:], 0], strict=True)
    return sum(-value if value < following else value for value, following in pairs)


def ordinal(value: int, language: str) -> str:
    """An ordinal number in digits: "2nd", "2e", "thứ 2"."""
    known = lexicon.read(language, "numbers")
    if found := known.get("ordinals", {}).get(str(value), known.get("ordinal")):
        return str(found.format(value=value))
    return str(num2words(value, lang=language, to="ordinal_num"))


def localised(part: str, source: str, target: str) -> str | None:
    """A number in digits or words, an ordinal or a time of day as the language `target` writes it;
    None for anything else."""
    if found := _ORDINAL.fullmatch(part):
        return ordinal(int(found[1]), target)
    if found := _TIME.fullmatch(part):
        written = lexicon.read(target, "numbers").get("time", part)
        return str(written.format(hour=found[1], minute=found[2] or "00"))
    if part[:1].isalpha():
        return translated_number(part, source, target)
    before, after = lexicon.facts(source), lexicon.facts(target)
    whole, point, decimals = part, "", ""
    if found := _GROUPED_DECIMAL.fullmatch(part):
        if found[1] != before["thousands"] or found[2] not in (None, before["decimal"]):
            return None
        if found[2]:
            whole, point, decimals = part.rpartition(found[2])
    elif (found := _SHORT_DECIMAL.fullmatch(part)) and found[1] == before["decimal"]:
        whole, point, decimals = part.partition(found[1])
    else:
        return None
    whole = whole.replace(before["thousands"], after["thousands"])
    return whole + (after["decimal"] if point else "") + decimals


def _plain_words(text: str, language: str) -> list[str]:
    """The words of a number without "and", each in one of its forms."""
    known = lexicon.read(language, "numbers")
    aliases, fillers = known.get("aliases", {}), known.get("fillers", ())
    words = (aliases.get(m[0], m[0]) for m in _WORD.finditer(text.lower().replace(",", " ")))
    return [word for word in words if word not in fillers]


def _spelt(text: str, language: str) -> list[tuple[Span, int]]:
    """The numbers that are written in words, such as "three hundred thousand and twelve", and from
    where to where each goes."""
    aliases = lexicon.read(language, "numbers").get("aliases", {})
    matches = [*_WORD.finditer(_THOUSAND_COMMA.sub(" ", text.lower()))]
    words = [aliases.get(m[0], m[0]) for m in matches]
    found: list[tuple[Span, int]] = []
    place = 0
    while place < len(words):
        length, value = _number_at(words, place, language)
        if length:
            found.append(((matches[place].start(), matches[place + length - 1].end()), value))
        place += length or 1
    return found


def _number_at(words: list[str], start: int, language: str) -> tuple[int, int]:
    """How many words from `start` on are one number, and which; (0, 0) where none begins.

    A number is a sum: so many million, so many thousand, and a rest below a thousand.
    """
    known, phrases = lexicon.read(language, "numbers"), _phrases(language)
    large, article = known["large"], known.get("article")
    total, place, before = 0, start, float("inf")
    while True:
        # As many words from here on as are one number below a thousand.
        begun = (tuple(words[place : place + n]) for n in range(8, 0, -1))
        phrase = next((each for each in begun if each in phrases), ())
        if not phrase and words[place : place + 2] and words[place] == article:
            phrase = (article,) * (" ".join(words[place + 1 : place + 2]) in large)  # "a million"
        length, value = len(phrase), phrases.get(phrase, len(phrase))
        scale = large.get(words[place + length]) if place + length < len(words) else None
        alone = not length and place == start and words[start] == known.get("alone")
        if scale is None or scale >= before or not (length or alone):
            return place + length - start, total + value
        total, place, before = total + (value if length else 1) * scale, place + length + 1, scale


@cache
def _phrases(language: str) -> dict[tuple[str, ...], int]:
    """The numbers from 1 to 999, and their ordinals, as the words of a language."""
    known, phrases = lexicon.read(language, "numbers"), dict[tuple[str, ...], int]()
    fillers, ordinals = known.get("fillers", ()), known.get("in_words", True)
    aliases, article = known.get("aliases", {}), known.get("article")
    for value in range(1, 1000):
        forms = [num2words(value, lang=language)]
        forms += [num2words(value, lang=language, to="ordinal")] if ordinals else []
        forms += [forms[0].replace("one ", f"{article} ")] if article and value < 200 else []
        for form in forms:
            words = tuple(aliases.get(word, word) for word in _SPACE.split(form.lower()))
            phrases.setdefault(words, value)
            phrases.setdefault(tuple(word for word in words if word not in fillers), value)
    more = known.get("more", {}) | known.get("short", {})
    return phrases | {tuple(words.split()): value for words, value in more.items()}
