"""Backups of an installation, sealed and checked, and the way back: `python -m deploy.backup --help`."""
