"""Who has a case in hand, and which comes before its turn."""
