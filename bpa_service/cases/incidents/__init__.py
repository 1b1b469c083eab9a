"""Failures of the platform: a shift lead declares them, and clocks stand still meanwhile."""
