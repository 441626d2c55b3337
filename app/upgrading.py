"""Where a database stands among the migrations, and how it is brought up to date."""

import re
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, Engine, inspect, text
from sqlalchemy.exc import OperationalError

from app.db import SCHEMA

if TYPE_CHECKING:
    from alembic.script import ScriptDirectory

MIGRATIONS = Path(__file__).parent.parent / "migrations"
TRIES = 60  # at tables that are in use
LOCK_NOT_AVAILABLE = "55P03"  # PostgreSQL's code


class TooNew(Exception):
    """The database was migrated by a newer version of the service."""


def current(engine: Engine) -> str | None:
    """The migration at which the database stands; none for an empty one."""
    with engine.connect() as connection:
        if not inspect(connection).has_table("alembic_version"):
            return None
        return connection.execute(text("SELECT version_num FROM alembic_version")).scalar()


def upgrade(engine: Engine) -> None:
    """Bring it to the head; several that start at once take turns. Raises TooNew."""
    found = current(engine)
    if found == SCHEMA:
        return
    if found is not None and found not in {one.revision for one in _scripts().walk_revisions()}:
        raise TooNew(found)
    for left in reversed(range(TRIES)):
        try:
            _upgrade(engine)
        except OperationalError as error:
            if not left or getattr(error.orig, "sqlstate", None) != LOCK_NOT_AVAILABLE:
                raise
            time.sleep(1)  # those who wait behind us go on meanwhile
        else:
            return


@contextmanager
def rebuilding(engine: Engine) -> Iterator[Connection]:
    """A transaction in which tables may be made anew; writers never wait half a second for it.

    SQLite changes a table by making it again and dropping the old one, which with foreign keys on would
    delete what stands on its rows: they are off meanwhile, and looked at before the end.
    """
    lite = engine.dialect.name == "sqlite"
    with engine.connect() as connection:
        raw: Any = connection.connection.driver_connection
        if lite:
            raw.execute("PRAGMA foreign_keys=OFF")
        try:
            with connection.begin():
                if not lite:
                    _take_turns(connection)
                yield connection
                if lite:
                    _refuse_dangling(connection)
        finally:
            if lite:
                raw.execute("PRAGMA foreign_keys=ON")


def revalue(connection: Connection, table: str, constraint: str, column: str, values: Iterable[str]) -> None:
    """Let a column of a closed vocabulary hold these values, by its CHECK alone: no row is written.

    SQLite's own documentation has this way for a change of a table that changes nothing on the disk.
    """
    listed = ", ".join(f"'{value}'" for value in values)
    check = f"CONSTRAINT {constraint} CHECK ({column} IN ({listed}))"
    if connection.dialect.name == "postgresql":
        connection.execute(text(f"ALTER TABLE {table} DROP CONSTRAINT {constraint}"))
        connection.execute(text(f"ALTER TABLE {table} ADD {check}"))
        return
    written = "SELECT sql FROM sqlite_master WHERE type = 'table' AND name = :table"
    sql = str(connection.execute(text(written), {"table": table}).scalar_one())
    old = re.compile(rf"CONSTRAINT {constraint} CHECK \({column} IN \([^)]*\)\)")
    sql, found = old.subn(check, sql)
    if found != 1:
        message = f"{table} has no {constraint} over {column}"
        raise RuntimeError(message)
    number = int(connection.execute(text("PRAGMA schema_version")).scalar_one())
    connection.execute(text("PRAGMA writable_schema=ON"))
    connection.execute(
        text("UPDATE sqlite_master SET sql = :sql WHERE type = 'table' AND name = :table"),
        {"sql": sql, "table": table},
    )
    connection.execute(text(f"PRAGMA schema_version={number + 1}"))
    connection.execute(text("PRAGMA writable_schema=OFF"))


def _take_turns(connection: Connection) -> None:
    connection.execute(text("SET LOCAL statement_timeout = 0"))
    connection.execute(text("SET LOCAL lock_timeout = '60s'"))
    connection.execute(text("SELECT pg_advisory_xact_lock(hashtext('migrate'))"))
    connection.execute(text("SET LOCAL lock_timeout = '400ms'"))


def _refuse_dangling(connection: Connection) -> None:
    if broken := connection.execute(text("PRAGMA foreign_key_check")).all():
        message = f"a migration left dangling references: {broken[:5]}"
        raise RuntimeError(message)


def _upgrade(engine: Engine) -> None:
    from alembic import command  # noqa: PLC0415  most starts find nothing to do
    from alembic.config import Config  # noqa: PLC0415  the same

    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    with rebuilding(engine) as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "head")


def _scripts() -> "ScriptDirectory":
    from alembic.script import ScriptDirectory  # noqa: PLC0415  the same

    return ScriptDirectory(str(MIGRATIONS))
