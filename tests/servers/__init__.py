"""Debian's RabbitMQ and PostgreSQL, and Elasticsearch, started for one command:
`python -m tests.servers pytest tests/ports`.
"""
