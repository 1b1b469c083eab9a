"""Which authorities this process believes."""

import ssl
from functools import cache

import httpx


@cache
def trusted() -> ssl.SSLContext:
    """Those that the package certifi names: for clients, of whom a process has several.

    Reading some 140 certificates takes 15 ms of CPU, which each client would take of its own.
    """
    return httpx.create_ssl_context(trust_env=False)
