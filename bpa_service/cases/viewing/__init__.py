"""A whole case, and what happened to it."""
