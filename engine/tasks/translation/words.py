"""What a word of a text is, and where a sentence begins."""

from __future__ import annotations

import re

Span = tuple[int, int]
"""From where to where something goes in a text."""

WORD = re.compile(r"[^\W\d_]+(?:[-’'][^\W\d_]+)*")
"""A word, with what hyphens and apostrophes tie to it."""
BEGINNING = re.compile(r"(?:^|[.!?…:;\"“”«»()–—-])\s*$")
"""What comes before the first word of a sentence or of part of one."""
