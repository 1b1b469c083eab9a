"""Histories that clients order without an inspection: what sources know of a car that nobody looks at."""
