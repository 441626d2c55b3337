"""Migrations run through the engine of the service: the same library, the same settings."""

from alembic import context
from sqlalchemy import Connection, text

import app.tables  # noqa: F401  every table, by importing every noun's
from app.db import Base, connect
from app.settings import Settings


def migrate(connection: Connection) -> None:
    """Migrate in one transaction; on SQLite a table that is rebuilt must leave no dangling reference."""
    lite = connection.dialect.name == "sqlite"
    context.configure(connection=connection, target_metadata=Base.metadata, compare_server_default=True)
    with context.begin_transaction():
        if lite:  # a table is rebuilt under its children: they are looked at when all is done
            connection.execute(text("PRAGMA defer_foreign_keys=ON"))
        context.run_migrations()
    broken = connection.execute(text("PRAGMA foreign_key_check")).all() if lite else []
    if broken:
        message = f"a migration left dangling references: {broken[:5]}"
        raise RuntimeError(message)


def main() -> None:
    """In the caller's transaction where there is one (app.upgrading), else in one of its own."""
    given = context.config.attributes.get("connection")
    if isinstance(given, Connection):
        migrate(given)
        return
    settings = Settings()
    engine = connect(settings.database_url, durable=not settings.allow_weak_durability)
    with engine.begin() as connection:
        migrate(connection)
    engine.dispose()


main()
