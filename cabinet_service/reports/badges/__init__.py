"""Badges: a picture for adverts that says what the newest answer is, as long as its owner wants."""
