"""The experts' side."""
