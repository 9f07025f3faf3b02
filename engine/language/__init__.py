"""What is done with text whatever it is for: normalising, identifying its language, cutting it up.

What is known of each language is data in assets/lexicon; a word is what `text.WORD` matches.
"""

from engine.language.identification import detect_language, identify, lacks_accents
from engine.language.lexicon import NAMES
from engine.language.text import MAX_CHARACTERS, check, is_latin, normalise, strip_accents

__all__ = [
    "MAX_CHARACTERS",
    "NAMES",
    "check",
    "detect_language",
    "identify",
    "is_latin",
    "lacks_accents",
    "normalise",
    "strip_accents",
]
