"""MAX as a messenger: what is needed to talk there beside `service_kit/chats`.

`bot` speaks the Bot API over httpx, `channel` is the channel of notifications, `heard` understands what is said.
What is known of the API, and from where, stands in docs/decisions/0057.
"""
