"""MAX for tests: its Bot API over HTTP, as strict as its documents, and people who chat with the bot."""
