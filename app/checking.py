"""Is the data whole: the database's own checks, and the journal against every row that it tells of."""

from collections.abc import Iterator
from itertools import product
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Date,
    Engine,
    Select,
    String,
    and_,
    case,
    cast,
    exists,
    func,
    literal,
    or_,
    select,
    text,
    union_all,
)
from sqlalchemy.orm import aliased

import app.tables  # noqa: F401  every table, by importing every noun's
from app.db import SCHEMA, Base, Resource
from app.events import Event, EventAudience
from app.minutes import auditing
from app.quarterly_tasks.counts import (
    APART,
    DONE,
    FIRST_DAY,
    NEVER,
    OF_WHICH,
    TALLIED,
    TALLY_KEY,
    UNDONE,
    Facet,
    Side,
    TaskState,
    TaskTally,
)
from app.quarterly_tasks.models import TOLD_APART, QuarterlyTask
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
        if engine.dialect.name == "postgresql":  # nobody waits for it: it may look at years of events
            connection.execute(text("SET statement_timeout = 0"))
        yield from _of_the_database(connection)
        for found, saying in _of_the_journal():
            yield from _named(connection, found, saying)
        for found, saying in _of_the_counts():
            yield from _named(connection, found, saying)
        yield from auditing.broken(connection)


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
        select(
            Event.subject_id,
            func.count().label("changes"),
            func.count(Event.version.distinct()).label("versions"),
            func.max(Event.version).label("last"),
        )
        .where(~GONE)
        .group_by(Event.subject_id)
        .subquery("told")
    )
    for kind in _resources():
        numbers = (told.c.changes, told.c.versions, told.c.last)
        wrong = or_(told.c.changes.is_(None), *(one != kind.version for one in numbers))
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


def _of_the_counts() -> Iterator[tuple[Select[Any], str]]:
    """What reports count from, against the tasks themselves and against itself."""
    part, present = aliased(QuarterlyTask), TaskState.superseded_at == NEVER
    whole = ~exists().where(part.parent_id == QuarterlyTask.id)
    counted = (TaskState.task_id == QuarterlyTask.id) & present
    is_given = case((QuarterlyTask.is_given, QuarterlyTask.lead_organization_id))
    state = case((QuarterlyTask.status.in_(TOLD_APART), cast(QuarterlyTask.status, String)), else_="open")
    same = and_(
        TaskState.issuing_organization_id == QuarterlyTask.issuing_organization_id,
        TaskState.lead_organization_id.is_not_distinct_from(is_given),
        TaskState.quarter == QuarterlyTask.quarter,
        TaskState.field == func.coalesce(cast(QuarterlyTask.field, String), ""),
        TaskState.kind == cast(QuarterlyTask.kind, String),
        TaskState.state == state,
    )
    number = select(func.count()).select_from(TaskState).where(counted, same).scalar_subquery()
    wanted = case((whole, 1), else_=0)
    yield (
        select(QuarterlyTask.id).where(number != wanted),
        "quarterly_task_states: the task does not count as it is",
    )
    kept = select(*(getattr(TaskTally, name) for name in (*TALLY_KEY, *TALLIED)))
    sums = union_all(kept, *_recounted()).subquery("sums")
    yield (
        select(sums.c.quarter + " " + sums.c.side + " " + cast(sums.c.organization_id, String))
        .group_by(*(sums.c[name] for name in TALLY_KEY))
        .having(or_(*(func.sum(sums.c[name]) != 0 for name in TALLIED))),
        "quarterly_task_tallies: the sum is not the number of tasks",
    )


def _recounted() -> Iterator[Select[Any]]:
    """Each present state taken off the sums that it is part of."""
    bodies = {Side.ISSUER: TaskState.issuing_organization_id, Side.LEAD: TaskState.lead_organization_id}
    members = {
        Facet.ORGANIZATION: literal(""),
        Facet.FIELD: TaskState.field.expression,
        Facet.KIND: TaskState.kind.expression,
    }
    for (side, body), (facet, member) in product(bodies.items(), members.items()):
        key: tuple[Any, ...] = (TaskState.quarter, literal(side.value), literal(facet.value), body, member)
        for day, sums in _sums_of_a_state():
            taken = (case((sums[name], -1), else_=0) if name in sums else literal(0) for name in TALLIED)
            found: Select[Any] = select(*key, day, *taken)
            yield found.where(TaskState.superseded_at == NEVER, body.is_not(None))


def _sums_of_a_state() -> Iterator[tuple[Any, dict[str, ColumnElement[bool]]]]:
    """Which of a body's sums it is part of, and in the row of which day."""
    done, undone = TaskState.state.in_(DONE), TaskState.state.in_(UNDONE)
    late = TaskState.late_after == FIRST_DAY
    of_any_day = {
        "undone": undone,
        "on_time": done & ~late,
        "late": done & late,
        "late_by_root": done & (TaskState.root_late_after == FIRST_DAY),
    }
    named = {name: TaskState.state == state for state, name in {**APART, **OF_WHICH}.items()}
    yield literal(FIRST_DAY, Date()), {**of_any_day, **named}
    yield TaskState.late_after, {"overdue": undone}
    yield TaskState.root_late_after, {"late_by_root": undone}


def _has_audience() -> ColumnElement[bool]:
    return exists(literal(1)).where(EventAudience.seq == Event.seq)


def _named(connection: Connection, found: Select[Any], saying: str) -> Iterator[str]:
    names = connection.scalars(found.limit(MOST + 1)).all()
    if names:
        more = " and more" if len(names) > MOST else ""
        yield f"{saying}: {', '.join(str(one) for one in names[:MOST])}{more}."
