"""The client's side as a chat in Telegram: told there, answered there, a whole check ordered there."""
