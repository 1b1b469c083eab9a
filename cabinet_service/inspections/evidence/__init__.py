"""The photos of an inspection."""
