"""Weaker settings are read back and refused, on both databases."""

import asyncio
import time
from pathlib import Path

import pytest

from app.db import WeakDurability, connect, weaknesses
from app.errors import Unavailable
from app.lanes import lane
from app.main import create_app
from app.settings import Settings
from tests import postgres


def test_the_settings_of_sqlite_are_those_that_lose_nothing(tmp_path: Path) -> None:
    assert weaknesses(connect(f"sqlite:///{tmp_path}/minutes.db")) == []


def test_a_weaker_sqlite_is_told_by_what_is_weak(tmp_path: Path) -> None:
    (found,) = weaknesses(connect(f"sqlite:///{tmp_path}/minutes.db", durable=False))
    assert found.startswith("synchronous is 0")


def test_a_second_transaction_on_one_connection_of_sqlite_waits_as_long_as_the_first(tmp_path: Path) -> None:
    """What passed before it was not spent on waiting."""
    with connect(f"sqlite:///{tmp_path}/minutes.db").connect() as connection:
        with connection.begin():
            pass
        time.sleep(0.1)
        with connection.begin():
            assert connection.exec_driver_sql("PRAGMA busy_timeout").scalar() == 10_000


def test_a_service_does_not_start_on_a_postgresql_that_does_not_sync(
    server: postgres.Postgres, postgres_template: str
) -> None:
    server.create("weak", postgres_template)  # the tests' own server runs with fsync off
    with pytest.raises(WeakDurability, match="fsync is off"):
        asyncio.run(_start(server.url("weak"), allowed=False))
    asyncio.run(_start(server.url("weak"), allowed=True))
    server.drop("weak")


@pytest.mark.parametrize("heavy", [False, True])
def test_a_read_of_sqlite_is_given_up_when_its_time_is_over(tmp_path: Path, *, heavy: bool) -> None:
    path = tmp_path / "minutes.db"
    with connect(f"sqlite:///{path}").connect():
        pass  # it is there
    counting = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n LIMIT 60000000)"
    long = f"{counting} SELECT count(*) FROM n"  # a quarter of a minute, so that without the limit it ends

    async def ask() -> float:
        reads = lane(f"sqlite:///{path}", 1, 1)
        await reads.open()
        began = time.monotonic()
        with pytest.raises(Unavailable):
            await reads.fetch(long, [], heavy=heavy)
        taken = time.monotonic() - began
        assert [*await reads.fetch("SELECT 1", [])] == [(1,)]  # whoever comes next has the whole time
        await reads.close()
        return taken

    assert 1 <= asyncio.run(ask()) < 8


async def _start(url: str, *, allowed: bool) -> None:
    app = create_app(Settings(database_url=url, allow_weak_durability=allowed))
    try:
        async with app.router.lifespan_context(app):
            pass
    finally:
        app.state.engine.dispose()
