"""Drafts: opened, changed, and handed over to the experts."""
