"""The small heading of one part of a view."""

import streamlit as st


def heading(title: str) -> None:
    st.markdown(f"##### {title}", anchors=False)
