"""Figures of the page Sentiment: verdict, influence of words, pooling, many texts with labels."""
