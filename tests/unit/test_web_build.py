"""A web app is built again when something that goes into it has changed, and only then."""

from pathlib import Path

import pytest

from deploy import web


@pytest.fixture
def app(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """One that was just built, by nobody."""

    def run(app: Path, script: str) -> None:
        assert script == "build"
        (app / "dist").mkdir()

    app = tmp_path / "app"
    (app / "src" / "api").mkdir(parents=True)
    (app / "src" / "main.ts").write_text("let screens;")
    monkeypatch.setattr(web, "SHARED", tmp_path / "kit")
    monkeypatch.setattr(web, "run", run)
    web.build(app)
    return app


def test_what_was_built_is_what_the_source_is(app: Path) -> None:
    assert web.is_built(app)


def test_a_change_of_the_source_calls_for_a_build(app: Path) -> None:
    (app / "src" / "main.ts").write_text("let more;")
    assert not web.is_built(app)


def test_types_that_a_check_has_written_do_not(app: Path) -> None:
    (app / "src" / "api" / "schema.d.ts").write_text("export type Paths = never;")
    assert web.is_built(app)
