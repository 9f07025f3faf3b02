"""A page with the token component alone, fed with what nobody should trust; for test_tokens.py."""

from __future__ import annotations

import streamlit as st

from pages.shared.tokens import Token, tokens

HOSTILE = "<img src=x onerror=window.hit=1>"
TEXTS = ["good", "ba", "d", HOSTILE, "\u202eשלום", '‘"&lt;', "end"]
VALUES = [1.0, -1.0, -1.0, 0.1, None, 0.0, -0.4]

st.title("Coloured")
pieces = [
    Token(text=text, value=value, continues=text == "d", title=f"{text}: {value}", room=1.0)
    for text, value in zip(TEXTS, VALUES, strict=True)
]
chosen = tokens(pieces, key="tapped", label=f"All pieces {HOSTILE}")
st.text(f"Chosen: {chosen}")
