"""RNN Lab: recurrent networks that run. Start it with `streamlit run streamlit_app.py`."""

from __future__ import annotations

from pages.shared import header, links

with links.followed():
    page = header.menu()
    header.controls()
    page.run()
    header.footer()
