"""The desk as a chat in Telegram: told of cases there, and taking one, without personal data and verdicts."""
