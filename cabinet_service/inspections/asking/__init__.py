"""What the experts ask, and the client's answers to it."""
