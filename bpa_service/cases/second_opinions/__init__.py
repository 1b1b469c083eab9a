"""Hearing a senior before the answer is given."""
