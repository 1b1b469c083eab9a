"""The answer: a first word, the answer itself, and later versions of it."""
