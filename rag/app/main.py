"""The app's front: page settings, the pages, the sidebar that they share.

`streamlit run app.py` and `streamlit run rag/app/main.py` both come here.
"""

from __future__ import annotations

from pathlib import Path

import streamlit as st

from rag.app import ask, evaluate, library, lookup, reading, state
from rag.app.kept import show_kept
from rag.app.script import listen
from rag.app.sidebar import show_sidebar
from rag.app.style import STYLE

# A file, because Streamlit fetches emoji and Material favicons from a server elsewhere.
_ICON = Path(__file__).with_name("pinpoint.svg")


def main() -> None:
    """Draw the page that the visitor is on."""
    st.set_page_config(page_title="Pinpoint", page_icon=_ICON, layout="wide")
    st.html(STYLE)
    page = st.navigation(
        [
            st.Page(ask.page, title="Ask", url_path="ask", default=True),
            st.Page(reading.page, title="Read", url_path="read"),
            st.Page(lookup.page, title="Look up", url_path="cite"),
            st.Page(library.page, title="Library", url_path="library"),
            st.Page(evaluate.page, title="Evaluate", url_path="evaluate"),
        ],
        position="top",
    )
    record, settings = state.open_record()
    show_sidebar(record, settings)
    page.run()
    show_kept(record)  # last: what was just answered is kept already
    with st.sidebar:
        listen()


if __name__ == "__main__":
    main()
