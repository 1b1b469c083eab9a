"""Clients who upload: the same people as those who inspect."""

from tests.service.inspections.conftest import client, sign_up, stranger

__all__ = ["client", "sign_up", "stranger"]
