"""The desk of the cases' tests."""

from tests.service.cases.conftest import desk

__all__ = ["desk"]
