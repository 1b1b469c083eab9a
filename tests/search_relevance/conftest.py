"""Relevance is measured where it is named, not with every run of all tests: to fill an index takes its time."""

from pathlib import Path

import pytest


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """Leave the measurement out unless somebody named it."""
    is_named = any("search_relevance" in argument for argument in config.args)
    return None if is_named or collection_path.is_dir() else True
