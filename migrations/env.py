"""Migrations run through the engine of the service: the same library, the same settings."""

from alembic import context
from sqlalchemy import Connection

import app.tables  # noqa: F401  every table, by importing every noun's
from app.db import Base, connect
from app.settings import Settings
from app.upgrading import rebuilding


def migrate(connection: Connection) -> None:
    """Within the transaction that is given: all of it, or nothing."""
    context.configure(connection=connection, target_metadata=Base.metadata, compare_server_default=True)
    with context.begin_transaction():
        context.run_migrations()


def main() -> None:
    """In the caller's transaction where there is one (app.upgrading), else in one of its own."""
    given = context.config.attributes.get("connection")
    if isinstance(given, Connection):
        migrate(given)
        return
    settings = Settings()
    engine = connect(settings.database_url, durable=not settings.allow_weak_durability)
    with rebuilding(engine) as connection:
        migrate(connection)
    engine.dispose()


main()
