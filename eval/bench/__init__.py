"""How fast, and in how much memory: figures for people, never a timed test."""
