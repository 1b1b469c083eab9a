"""Debian's RabbitMQ and PostgreSQL, started for one command: `python -m tests.servers pytest tests/ports`."""
