"""Pinpoint: ask the record, get the paragraph.

Importing this package is cheap: the heavy libraries (LlamaIndex, Chroma, ONNX
Runtime, Streamlit) open only when something needs them.
"""

__version__ = "0.1.0"
