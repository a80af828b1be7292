"""The stored index: `catalog` is the truth, `words` and `vectors` derive from it; `index` writes."""
