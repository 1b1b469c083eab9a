"""What comes after the answer: what the client thinks of it, and what came of it."""
