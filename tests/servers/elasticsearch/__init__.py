"""The genuine Elasticsearch, on free ports, in a folder of its own.

`python -m tests.servers.elasticsearch` fetches it, starts it once and stops it, so that what is missing on a
machine is told before any test wants it.
"""
