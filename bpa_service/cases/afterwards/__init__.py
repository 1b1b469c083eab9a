"""What clients say once they have their answer: what they think of it, and what came of it."""
