"""Sentences as summary records report them, for property tests of every format."""

from __future__ import annotations

from hypothesis import strategies as st

SAID = st.lists(
    st.sampled_from(
        "the Committee delegation asked whether article 14 had been applied in 2012 and why "
        "women were held for 6 months".split()
    ),
    min_size=4,
    max_size=25,
).map(lambda words: " ".join(["Ms. Sen", *words]) + ".")
