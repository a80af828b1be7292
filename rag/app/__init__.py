"""The Streamlit door: pages that ask, read and look up, over one `Record`."""

from __future__ import annotations

from pathlib import Path

ENTRY = Path(__file__).with_name("main.py")  # what `streamlit run` is given by `rag app`
