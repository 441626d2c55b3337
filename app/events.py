"""The journal: what happened, once for each change, for all who see its subject before or after it."""

from collections.abc import Mapping
from datetime import datetime
from functools import lru_cache
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, Dialect, Index, Integer, SmallInteger, bindparam, insert, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from app.audience import Audience, Beside, Circles, Seen, circles_of, subject_of
from app.db import Base
from app.prepared import Statement, written
from app.sql import transaction_number
from app.types import Id, Json

Number = BigInteger().with_variant(Integer, "sqlite")  # only INTEGER numbers its rows in SQLite


class Event(Base):
    """`seq` numbers it; (`tx`, `seq`) is its place: on PostgreSQL numbers are not drawn in commit order."""

    __tablename__ = "events"
    __table_args__ = (
        Index(None, "tx", "seq"),
        Index(None, "subject_id", "seq"),
        {"sqlite_autoincrement": True},
    )

    seq: Mapped[int] = mapped_column(Number, primary_key=True, autoincrement=True)
    tx: Mapped[int] = mapped_column(BigInteger, default=transaction_number())
    at: Mapped[datetime]
    actor_id: Mapped[UUID | None]
    actor: Mapped[str]
    noun: Mapped[str]
    name: Mapped[str]
    subject_id: Mapped[UUID]
    version: Mapped[int]
    organization_id: Mapped[UUID]
    left_organization_id: Mapped[UUID | None]  # the one that governed the subject before, if another did
    changes: Mapped[Json] = mapped_column(default=dict)
    request_id: Mapped[str | None]


class EventAudience(Base):
    """Every circle that sees the subject of the event before or after it, in the order of the feed."""

    __tablename__ = "event_audience"
    __table_args__ = {"sqlite_with_rowid": False}  # noqa: RUF012  SQLAlchemy's own declaration

    circle_id: Mapped[UUID] = mapped_column(Id, primary_key=True)
    tx: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    seq: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    lines: Mapped[int] = mapped_column(SmallInteger)


class Journal(Base):
    """One row: which life of the database this is. Restored from a backup, it begins another.

    Places and tags handed out before may lie ahead of a restored journal, and would skip what comes after.
    """

    __tablename__ = "journal"

    life: Mapped[str] = mapped_column(primary_key=True)


def write_down(db: Session, event: Mapping[str, Any], seen_by: Seen, seen_before: Circles) -> None:
    """One event and its audience: those who see the subject now, and those who saw it before."""
    dialect = db.get_bind().dialect
    ((seq, tx),) = _event(dialect).run(db, event)
    place = {"tx": tx, "seq": seq}
    if isinstance(seen_by, Beside) and not seen_before:
        _copied(seen_by.table, dialect).run(db, {**place, "subject": seen_by.subject_id})
        return
    both = dict(seen_before)
    for circle, lines in circles_of(db, seen_by).items():
        both[circle] = both.get(circle, 0) | lines
    rows = ({**place, "circle": circle, "lines": lines} for circle, lines in both.items())
    _shown(dialect).run_many(db, rows)


@lru_cache(maxsize=8)
def _event(dialect: Dialect) -> Statement:
    given = [column for column in Event.__table__.c if column.name not in ("seq", "tx")]
    values = {column.name: bindparam(column.name, type_=column.type) for column in given}
    new = insert(Event).values(**values, tx=transaction_number())
    return written(new.returning(Event.seq, Event.tx), dialect)


@lru_cache(maxsize=16)
def _copied(table: type[Audience], dialect: Dialect) -> Statement:
    """The audience beside the row becomes the event's, without passing through here."""
    place = [bindparam(name, type_=BigInteger()) for name in ("tx", "seq")]
    theirs = subject_of(table) == bindparam("subject", type_=Id())
    columns = ("circle_id", "lines", "tx", "seq")
    now = select(table.circle_id, table.lines, *place).where(theirs)
    return written(insert(EventAudience).from_select(columns, now), dialect)


@lru_cache(maxsize=8)
def _shown(dialect: Dialect) -> Statement:
    values = {"circle_id": "circle", "tx": "tx", "seq": "seq", "lines": "lines"}
    return written(insert(EventAudience).values({c: bindparam(n) for c, n in values.items()}), dialect)
