"""The engines behind cabinet's ports."""
