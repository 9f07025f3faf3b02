"""RNN Lab: recurrent networks that run. Start it with `streamlit run streamlit_app.py`."""

from __future__ import annotations

from pages.shared import counters, header, jobs, links

jobs.configure_process()
counters.count_visit()
with links.synced_address():
    page = header.menu()
    header.slide_bar(page.url_path or "home")
    header.title(page.url_path or "home")
    page.run()
    header.footer()
jobs.give_up()  # what an interrupted run of this session waited for
