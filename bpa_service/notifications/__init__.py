"""Telling experts what happened while they look elsewhere."""
