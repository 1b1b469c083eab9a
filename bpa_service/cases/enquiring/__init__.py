"""Experts see which sources were asked about the car of a case, and ask one again."""
