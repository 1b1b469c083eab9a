"""The cases that wait, the most urgent first; and those of every state."""
