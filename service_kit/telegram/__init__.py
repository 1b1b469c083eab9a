"""Telegram as a messenger: what both services need to talk there beside `service_kit/chats`.

`bot` speaks the Bot API, `channel` is the channel of notifications, `heard` understands what is said.
Only the worker imports the library (`bot`, `channel`, `heard`), and only where a token is set.
"""
