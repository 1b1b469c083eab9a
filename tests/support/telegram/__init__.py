"""Telegram for tests: its Bot API over HTTP, as strict as the real one, and people who chat with the bot."""
