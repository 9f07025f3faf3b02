"""RNN Lab: recurrent networks that run. Start it with `streamlit run streamlit_app.py`."""

from __future__ import annotations

from pages.shared import header, links, slide_bar

with links.followed():
    page = header.menu()
    header.controls()
    slide_bar.draw(page.url_path or "home")
    page.run()
    header.footer()
