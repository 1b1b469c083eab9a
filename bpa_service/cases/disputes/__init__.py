"""Answers that their client does not accept."""
