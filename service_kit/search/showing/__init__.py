"""What is said of what was found, whichever service it is of."""
