"""Plotly figures by subject, drawn from `engine.results` only: no torch, no Streamlit.

Each figure function takes the translating function `_`; beside it stands one that says the same in
words, for those who do not see the picture.
"""
