"""Spreadsheets as people send them: read in a process of its own, as the texts that stand in their cells."""
