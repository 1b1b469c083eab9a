"""Finding cases by whatever somebody remembers of them, and the questions that people keep."""
