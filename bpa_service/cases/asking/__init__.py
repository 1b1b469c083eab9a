"""Asking the client for a photo or an answer, and what becomes of it."""
