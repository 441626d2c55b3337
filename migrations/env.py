"""Migrations run through the engine of the service: the same library, the same settings."""

from alembic import context
from sqlalchemy import Connection, event, text

import app.tables  # noqa: F401  every table, by importing every noun's
from app.db import Base, connect
from app.settings import Settings


def run(connection: Connection) -> None:
    """Compare and migrate; on SQLite a table that is rebuilt must not take its children along."""
    context.configure(
        connection=connection,
        target_metadata=Base.metadata,
        render_as_batch=False,
        compare_server_default=True,
        transactional_ddl=True,
        user_module_prefix="app.types.",
    )
    with context.begin_transaction():
        context.run_migrations()
        if connection.dialect.name == "sqlite":
            broken = connection.execute(text("PRAGMA foreign_key_check")).all()
            if broken:
                raise RuntimeError(f"a migration left dangling references: {broken[:5]}")


def main() -> None:
    given = context.config.attributes.get("connection")
    if isinstance(given, Connection):
        run(given)
        return
    settings = Settings()
    engine = connect(settings.database_url, durable=not settings.allow_weak_durability)
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", lambda raw, _: raw.execute("PRAGMA foreign_keys=OFF"))
    with engine.begin() as connection:
        run(connection)
    engine.dispose()


main()
