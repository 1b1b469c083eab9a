"""Who is at work, on what, and how the shift will fare."""
