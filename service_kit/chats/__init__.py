"""Chats in messengers: what is the same whichever of them it is.

A `messenger` says what differs. Updates come by `webhook`, in the API, or by `polling`, in the worker; either way
they are rows of `updates` first, and `answering` answers them chat by chat, by a bot that speaks its messenger's
API (`service_kit/telegram`, `service_kit/max`). `routes` tie a chat to a person and untie it.
"""
