"""Is the data whole: the database's own checks, and the journal against every row that it tells of."""

from collections.abc import Iterator
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Engine,
    Select,
    String,
    cast,
    exists,
    func,
    literal,
    or_,
    select,
    text,
    union_all,
)

import app.tables  # noqa: F401  every table, by importing every noun's
from app.db import SCHEMA, Base, Resource
from app.events import Event, EventAudience
from app.upgrading import current

MOST = 5  # of one kind that are named
GONE = Event.name.like("%.deleted")


def faults(engine: Engine) -> Iterator[str]:
    """What is not as it should be, a sentence each; nothing where all is well."""
    at = current(engine)
    if at != SCHEMA:
        yield f"The schema is at {at}, and this version expects {SCHEMA}."
        return
    with engine.connect() as connection:
        yield from _of_the_database(connection)
        for found, saying in _of_the_journal():
            yield from _named(connection, found, saying)


def _of_the_database(connection: Connection) -> Iterator[str]:
    """SQLite looks at each of its pages. PostgreSQL looks at them as it reads; what it gave up is listed."""
    if connection.dialect.name == "sqlite":
        said = connection.exec_driver_sql("PRAGMA integrity_check").scalars().all()
        yield from (f"SQLite: {one}" for one in said if one != "ok")
        for table, row, parent, _ in connection.exec_driver_sql("PRAGMA foreign_key_check"):
            yield f"SQLite: row {row} of {table} names a row of {parent} that is not there."
        return
    broken = "SELECT indexrelid::regclass::text FROM pg_index WHERE NOT indisvalid OR NOT indisready"
    for (name,) in connection.execute(text(broken)):
        yield f"PostgreSQL: the index {name} is not valid."


def _resources() -> list[type[Resource]]:
    return [one.class_ for one in Base.registry.mappers if issubclass(one.class_, Resource)]


def _of_the_journal() -> Iterator[tuple[Select[Any], str]]:
    """Each finds subjects that should not be found, and says what they show."""
    told = (
        select(Event.subject_id, func.count().label("changes"), func.max(Event.version).label("last"))
        .where(~GONE)
        .group_by(Event.subject_id)
        .subquery("told")
    )
    for kind in _resources():
        wrong = or_(told.c.changes.is_(None), told.c.changes != kind.version, told.c.last != kind.version)
        beside = select(kind.id).outerjoin(told, told.c.subject_id == kind.id).where(wrong)
        yield beside, f"{kind.__tablename__}: the version is not the number of the row's events"
    there = union_all(*(select(kind.id) for kind in _resources())).subquery("there")
    ended = select(Event.subject_id).where(GONE)
    yield (
        select(told.c.subject_id).where(
            told.c.subject_id.not_in(select(there.c.id)), told.c.subject_id.not_in(ended)
        ),
        "events: the row is gone, and no event says so",
    )
    yield (
        select(there.c.id).where(there.c.id.in_(ended)),
        "events: the row is said to be gone, and it is there",
    )
    yield (
        select(cast(Event.seq, String)).where(~_has_audience()),
        "events: nobody is named who may see it",
    )


def _has_audience() -> ColumnElement[bool]:
    return exists(literal(1)).where(EventAudience.seq == Event.seq)


def _named(connection: Connection, found: Select[Any], saying: str) -> Iterator[str]:
    names = connection.scalars(found.limit(MOST + 1)).all()
    if names:
        more = " and more" if len(names) > MOST else ""
        yield f"{saying}: {', '.join(str(one) for one in names[:MOST])}{more}."
