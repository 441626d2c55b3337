"""Where a database stands among the migrations, and how it is brought up to date."""

from functools import cache
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Engine, text

MIGRATIONS = Path(__file__).parent.parent / "migrations"


class TooNew(Exception):
    """The database was migrated by a newer version of the service."""


@cache
def head() -> str | None:
    """The migration that this code was written for."""
    return ScriptDirectory(str(MIGRATIONS)).get_current_head()


def current(engine: Engine) -> str | None:
    """The migration at which the database stands; none for an empty one."""
    with engine.connect() as connection:
        return MigrationContext.configure(connection).get_current_revision()


def upgrade(engine: Engine) -> None:
    """Bring it to the head; several that start at once take turns. Raises TooNew."""
    found = current(engine)
    if found == head():
        return
    if found is not None and found not in {one.revision for one in _scripts().walk_revisions()}:
        raise TooNew(found)
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    with engine.begin() as connection:
        if engine.dialect.name == "postgresql":
            connection.execute(text("SELECT pg_advisory_xact_lock(hashtext('migrate'))"))
        config.attributes["connection"] = connection
        command.upgrade(config, "head")


def _scripts() -> ScriptDirectory:
    return ScriptDirectory(str(MIGRATIONS))
