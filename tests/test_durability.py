"""Weaker settings are read back and refused, on both databases."""

import asyncio
from pathlib import Path

import pytest

from app.db import WeakDurability, connect, weaknesses
from app.main import create_app
from app.settings import Settings
from tests import postgres


def test_the_settings_of_sqlite_are_those_that_lose_nothing(tmp_path: Path) -> None:
    assert weaknesses(connect(f"sqlite:///{tmp_path}/minutes.db")) == []


def test_a_weaker_sqlite_is_told_by_what_is_weak(tmp_path: Path) -> None:
    (found,) = weaknesses(connect(f"sqlite:///{tmp_path}/minutes.db", durable=False))
    assert found.startswith("synchronous is 0")


def test_a_service_does_not_start_on_a_postgresql_that_does_not_sync(
    server: postgres.Postgres, postgres_template: str
) -> None:
    server.create("weak", postgres_template)  # the tests' own server runs with fsync off
    with pytest.raises(WeakDurability, match="fsync is off"):
        asyncio.run(_start(server.url("weak"), allowed=False))
    asyncio.run(_start(server.url("weak"), allowed=True))
    server.drop("weak")


async def _start(url: str, *, allowed: bool) -> None:
    app = create_app(Settings(database_url=url, allow_weak_durability=allowed))
    try:
        async with app.router.lifespan_context(app):
            pass
    finally:
        app.state.engine.dispose()
