"""What only a sandbox has: time that is let pass."""
