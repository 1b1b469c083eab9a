"""The ends of an inspection other than its answer."""
