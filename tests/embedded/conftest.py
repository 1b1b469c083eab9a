from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.embedded.launch import Launch, Launcher, make_checkout


@pytest.fixture(scope="session")
def checkout(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("launcher") / "a checkout"
    make_checkout(folder)
    return folder


@pytest.fixture
def launch(checkout: Path) -> Iterator[Launcher]:
    """Starts launchers; what a test leaves running is ended."""
    started: list[Launch] = []

    def start(data: Path, **environment: str) -> Launch:
        started.append(Launch(checkout, data, **environment))
        return started[-1]

    yield start
    for one in started:
        if one.process.poll() is None:
            one.end()
