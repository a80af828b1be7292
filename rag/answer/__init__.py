"""Passages → an answer: verbatim without a model, or written by one and checked."""
