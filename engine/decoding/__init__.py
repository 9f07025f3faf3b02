"""From scores to symbols. Knows no model: takes scores, gives what is chosen."""

from engine.decoding.beam import Beam, Hypothesis, Node, Search, beam_search, beam_searches
from engine.decoding.choice import MIN_TEMPERATURE, Choice, probabilities, sample, sample_rows

__all__ = [
    "MIN_TEMPERATURE",
    "Beam",
    "Choice",
    "Hypothesis",
    "Node",
    "Search",
    "beam_search",
    "beam_searches",
    "probabilities",
    "sample",
    "sample_rows",
]
