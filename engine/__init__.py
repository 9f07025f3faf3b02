"""Recurrent networks from the lecture's equations: cells, back-propagation through time, models."""

from engine.recurrent import GRU, LSTM, RNN

__all__ = ["GRU", "LSTM", "RNN"]
