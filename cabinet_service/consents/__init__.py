"""Consents: what a client agreed to, in which words, and when they took it back."""
