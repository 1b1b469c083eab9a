"""Performance figures, one module each. Every figure is a ratio against a baseline measured in the same run."""
