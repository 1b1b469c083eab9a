"""What is looked at in every case, and what came of it."""
