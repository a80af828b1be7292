"""The Streamlit door: pages that ask, read and look up, over one `Record`."""
