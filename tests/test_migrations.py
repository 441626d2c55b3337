"""Migrations go up and down with data in place, lose none of it, and hold nobody up."""

import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from alembic import command
from alembic.config import Config
from alembic.operations import Operations
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Engine, MetaData, Text, select, text
from sqlalchemy.exc import IntegrityError, OperationalError, ProgrammingError

from app.checking import faults
from app.db import SCHEMA, Base, connect
from app.upgrading import LOCK_NOT_AVAILABLE, MIGRATIONS, current, rebuilding, revalue, upgrade
from tests import postgres
from tests.conftest import Example, _copy, _database
from tests.town import build

FIRST = "0001"
Rows = dict[str, list[tuple[Any, ...]]]


@pytest.fixture(params=["sqlite", "postgresql"])
def empty(
    request: pytest.FixtureRequest, server: postgres.Postgres, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Engine]:
    lite = request.param == "sqlite"
    if not lite:
        server.create("moved", None)
    path = tmp_path_factory.mktemp("moved") / "minutes.db"
    engine = connect(f"sqlite:///{path}" if lite else server.url("moved"), durable=False)
    yield engine
    engine.dispose()
    server.drop("moved")


@pytest.fixture(params=["sqlite", "postgresql"])
def migrated(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Engine]:
    """One at the last migration."""
    url, drop = _database(request, tmp_path)
    engine = connect(url, durable=False)
    yield engine
    engine.dispose()
    drop()


@pytest.fixture(params=["sqlite", "postgresql"])
def filled(
    request: pytest.FixtureRequest, examples: Callable[[str], Example], tmp_path: Path
) -> Iterator[Engine]:
    """One with the example data."""
    url, drop = _copy(request, request.param, examples(request.param).database, tmp_path)
    engine = connect(url, durable=False)
    yield engine
    engine.dispose()
    drop()


def move(engine: Engine, to: str, *, down: bool = False) -> None:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    with rebuilding(engine) as connection:
        config.attributes["connection"] = connection
        (command.downgrade if down else command.upgrade)(config, to)


def contents(engine: Engine) -> Rows:
    """Every row of every table, as the database has it."""
    found = MetaData()
    found.reflect(engine)
    with engine.connect() as connection:
        return {
            table.name: sorted((tuple(row) for row in connection.execute(select(table))), key=repr)
            for table in found.sorted_tables
        }


def test_the_code_expects_the_last_migration_of_one_line() -> None:
    assert ScriptDirectory(str(MIGRATIONS)).get_heads() == [SCHEMA]


def test_what_was_recorded_outlives_every_migration_up_and_down(empty: Engine) -> None:
    move(empty, FIRST)
    build(empty)
    first = contents(empty)
    assert len(first["organizations"]) > 5
    upgrade(empty)
    assert current(empty) == SCHEMA
    last = contents(empty)
    assert {name: rows for name, rows in last.items() if name in first and name != "alembic_version"} == {
        name: rows for name, rows in first.items() if name != "alembic_version"
    }
    move(empty, FIRST, down=True)
    assert contents(empty) == first
    upgrade(empty)
    upgrade(empty)  # nothing is left to do
    move(empty, "base", down=True)
    assert set(contents(empty)) == {"alembic_version"}


def test_what_reports_count_is_counted_from_what_was_recorded_before(filled: Engine) -> None:
    before = contents(filled)
    move(filled, "0004", down=True)
    upgrade(filled)
    again = contents(filled)
    for name in ("quarterly_task_tallies", "quarterly_task_states"):
        assert len(again[name]) > 20
    assert {row for row in again["quarterly_task_tallies"] if any(row[6:])} == {
        row for row in before["quarterly_task_tallies"] if any(row[6:])
    }
    assert [one for one in faults(filled) if one.startswith("quarterly_task_")] == []


def test_a_table_made_anew_keeps_what_stands_on_its_rows(migrated: Engine) -> None:
    build(migrated)
    before = contents(migrated)
    with rebuilding(migrated) as connection:
        change = Operations(MigrationContext.configure(connection))
        with change.batch_alter_table("principals", recreate="auto") as table:
            table.alter_column("name", existing_type=Text(), nullable=False, server_default="x")
    assert contents(migrated) == before
    with migrated.connect() as connection:
        if migrated.dialect.name == "sqlite":
            assert connection.execute(text("PRAGMA foreign_keys")).scalar_one() == 1


def test_a_migration_that_leaves_a_row_without_its_parent_is_undone(migrated: Engine) -> None:
    build(migrated)
    before = contents(migrated)
    refused = (RuntimeError, IntegrityError)  # of ours on SQLite, of the database's own on PostgreSQL
    with pytest.raises(refused), rebuilding(migrated) as connection:
        connection.execute(text("DELETE FROM organizations WHERE parent_id IS NULL"))
    assert contents(migrated) == before


def test_a_vocabulary_that_is_not_where_a_migration_looks_for_it_is_no_silent_miss(migrated: Engine) -> None:
    refused = (RuntimeError, ProgrammingError)
    with pytest.raises(refused, match="ck_meetings_nothing"), rebuilding(migrated) as connection:
        revalue(connection, "meetings", "ck_meetings_nothing", "status", ["planned"])


def test_a_migration_that_cannot_have_a_table_gives_up_soon_and_is_tried_again(
    server: postgres.Postgres, postgres_template: str
) -> None:
    server.create("busy", postgres_template)
    engine, other = connect(server.url("busy"), durable=False), connect(server.url("busy"), durable=False)
    with other.connect() as reading:
        reading.execute(select(Base.metadata.tables["organizations"]))  # and its transaction stays open
        began = time.monotonic()
        with pytest.raises(OperationalError) as raised, rebuilding(engine) as connection:
            connection.execute(text("ALTER TABLE organizations ADD COLUMN more text"))
        assert time.monotonic() - began < 5
    assert raised.value.orig is not None
    assert getattr(raised.value.orig, "sqlstate", None) == LOCK_NOT_AVAILABLE
    for one in (engine, other):
        one.dispose()
    server.drop("busy")
