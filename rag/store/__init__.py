"""The stored index: `catalog` (the truth), `words` and `vectors` (derived), `index` (the writer)."""
