"""Telling people what happened, each once, on the channel that works for them now.

What happened queues a *notification* in its own transaction (`telling`), and with it a *delivery* on the first
channel of the person's. The worker's `sender` hands deliveries to their channels, again and again until one is
taken or given up, and goes on to the next channel where nobody has seen it within its time (`rules`). The rows
stay as a ledger for support: what was queued, sent, delivered, seen, what failed and why.

A service says which kinds of news there are, who its people are and how the words go (`People`); a new channel is
one adapter of the port `Channel` and one line in `wiring`.
"""
