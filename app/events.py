"""The journal: what happened, once for each change, for all who see its subject before or after it."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, Index, Integer, SmallInteger, insert, literal, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from app.audience import Circles
from app.db import Base
from app.sql import Found, transaction_number
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


def write_down(db: Session, event: dict[str, Any], seen_by: Found, seen_before: Circles) -> None:
    """One event and its audience: those who see the subject now, and those who saw it before."""
    written = insert(Event).returning(Event.seq, Event.tx)
    seq, tx = db.execute(written, event).one()
    if not seen_before:
        columns = ("circle_id", "lines", "tx", "seq")
        now = seen_by.subquery()
        copied = select(now.c.circle_id, now.c.lines, literal(tx, BigInteger()), literal(seq, BigInteger()))
        db.execute(insert(EventAudience).from_select(columns, copied))
        return
    both = dict(seen_before)
    for circle, lines in db.execute(seen_by):
        both[circle] = both.get(circle, 0) | int(lines)
    rows = [{"circle_id": c, "lines": lines, "tx": tx, "seq": seq} for c, lines in both.items()]
    db.execute(insert(EventAudience), rows)
