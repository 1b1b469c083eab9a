"""Chats in Telegram: what both services need to talk there, and to take in what is said.

`bot` speaks the Bot API, `channel` is the channel of notifications. Updates come by `webhook`, in the API, or by
`polling`, in the worker; either way they are rows of `updates` first, and `answering` answers them chat by chat.
Only the worker imports the library (`bot`, `channel`, `answering`, `polling`), and only where a token is set.
"""
