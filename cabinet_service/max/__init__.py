"""Clients' chats in MAX: tied, told, and answered. A whole check by chat is made in Telegram only."""
