"""Answers that the client does not accept."""
