"""The signature on reports, and the key that makes it."""
