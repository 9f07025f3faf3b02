"""From scores to symbols. Knows no model: takes scores, gives what is chosen."""

from engine.decoding.beam import Beam, Hypothesis, Node, Search, beam_search, beam_searches
from engine.decoding.choice import COLDEST, Choice, draw, draw_rows, weights

__all__ = [
    "COLDEST",
    "Beam",
    "Choice",
    "Hypothesis",
    "Node",
    "Search",
    "beam_search",
    "beam_searches",
    "draw",
    "draw_rows",
    "weights",
]
