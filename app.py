"""The Streamlit app: `streamlit run app.py`. The views are in `rag.app`."""

from rag.app.main import main

main()
