"""What reports count of tasks: each state with the days and moments it held, and a sum of the present ones.

A state holds from the day it took effect and from the moment it was recorded. Both only move forward along
a task's history, so for any day and any moment exactly one state of a task holds, or none. A task that has
parts is counted by its parts.

A transaction takes its moment while it says so in a lock, and holds that until it has ended: whoever asks
what was recorded by a moment waits for those who may have taken an earlier one (see reports.settling).
"""

from collections import Counter
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import Date, DateTime, Dialect, Index, Integer, bindparam, func, insert, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Mapped, Session, mapped_column

from app.db import Base, at_last
from app.prepared import Statement, written
from app.types import Id, Moment, to_milliseconds
from app.vocabulary import Vocabulary

FIRST_DAY, LAST_DAY = date.min, date.max
NEVER = datetime(9999, 12, 31, tzinfo=UTC)
NOTHING = (0, FIRST_DAY, datetime(1, 1, 2, tzinfo=UTC), LAST_DAY, NEVER)  # before a task's first state


class Side(Vocabulary):
    """Whose tasks an organization's are: those that it issued, or those that it leads."""

    ISSUER = "issuer", "Cơ quan giao", "Issuing body"
    LEAD = "lead", "Cơ quan chủ trì", "Lead body"


class Facet(Vocabulary):
    """What a sum is a sum of: all tasks of a body, or those of one field or kind."""

    ORGANIZATION = "organization", "Theo cơ quan", "By organization"
    FIELD = "field", "Theo lĩnh vực", "By field"
    KIND = "kind", "Theo loại", "By kind"


class Counted(Vocabulary):
    """How a task counts: open or done, and what of that is told apart."""

    DRAFT = "draft", "Dự thảo", "Draft"
    CANCELLED = "cancelled", "Hủy", "Cancelled"
    OPEN = "open", "Chưa hoàn thành", "Open"
    CARRIED_OVER = "carried_over", "Chuyển quý sau", "Carried over"
    SUBMITTED = "submitted", "Chưa xác nhận", "Not confirmed yet"
    COMPLETED = "completed", "Hoàn thành", "Completed"


RECORDING = 20260  # PostgreSQL's number for the lock that is held while states are recorded
MILLISECOND = timedelta(milliseconds=1)  # a moment ends one, and what is asked about begins one
DONE = (Counted.SUBMITTED, Counted.COMPLETED)
UNDONE = (Counted.OPEN, Counted.CARRIED_OVER)
APART = {Counted.DRAFT: "drafts", Counted.CANCELLED: "cancelled"}  # and the sums that they are in
OF_WHICH = {Counted.CARRIED_OVER: "carried_over", Counted.SUBMITTED: "unconfirmed"}


class TaskState(Base):
    """How one task counted, while it did: written once, but for its end."""

    __tablename__ = "quarterly_task_states"
    __table_args__ = (
        Index(None, "quarter", "issuing_organization_id"),
        Index(None, "quarter", "lead_organization_id"),
    )

    task_id: Mapped[UUID] = mapped_column(primary_key=True)  # no foreign key: it outlives a deleted draft
    number: Mapped[int] = mapped_column(primary_key=True)
    effective_on: Mapped[date]
    recorded_at: Mapped[datetime]
    ended_on: Mapped[date]  # the day from which the next one holds
    superseded_at: Mapped[datetime]  # the moment from which that is known
    issuing_organization_id: Mapped[UUID]
    lead_organization_id: Mapped[UUID | None]  # once it is given
    quarter: Mapped[str]
    field: Mapped[str]  # empty where none is known
    kind: Mapped[str]
    state: Mapped[str]
    late_after: Mapped[date]  # it counts as late on every day after this one
    root_late_after: Mapped[date]  # the same by the due date of the first of its lineage


class TaskTally(Base):
    """How many tasks of a body count as what now: kept by whoever changes one.

    What no day changes stands in the row of the first day there is; what becomes late after a due date
    stands in the row of that date. So the rows before a day add up to what holds on it.
    """

    __tablename__ = "quarterly_task_tallies"
    __table_args__ = {"sqlite_with_rowid": False}  # noqa: RUF012  SQLAlchemy's own declaration

    quarter: Mapped[str] = mapped_column(primary_key=True)
    side: Mapped[str] = mapped_column(primary_key=True)
    facet: Mapped[str] = mapped_column(primary_key=True)
    organization_id: Mapped[UUID] = mapped_column(primary_key=True)
    member: Mapped[str] = mapped_column(primary_key=True)  # of the facet: which field, which kind
    late_after: Mapped[date] = mapped_column(primary_key=True)
    drafts: Mapped[int]
    cancelled: Mapped[int]
    undone: Mapped[int]
    carried_over: Mapped[int]  # of the undone
    on_time: Mapped[int]  # done by the due date
    late: Mapped[int]  # done after it
    unconfirmed: Mapped[int]  # of the done
    overdue: Mapped[int]  # of the undone
    late_by_root: Mapped[int]  # done or not


TALLY_KEY = tuple(column.name for column in TaskTally.__table__.primary_key)
TALLIED = tuple(column.name for column in TaskTally.__table__.c if not column.primary_key)


class State(NamedTuple):
    """What a report needs to know of a task."""

    issuing_organization_id: UUID
    lead_organization_id: UUID | None
    quarter: str
    field: str
    kind: str
    state: str
    late_after: date
    root_late_after: date

    def tallied(self) -> Iterator[tuple[Any, ...]]:
        """The sums it is part of: each by its key, and by its name there."""
        for side, body in zip(Side, self[:2], strict=True):
            if body is not None:
                for facet, member in zip(Facet, ("", self.field, self.kind), strict=True):
                    key = (self.quarter, side.value, facet.value, body, member)
                    yield from ((*key, *one) for one in self._counters())

    def _counters(self) -> Iterator[tuple[date, str]]:
        """Which of a body's sums, and in the row of which day."""
        if self.state in APART:
            yield FIRST_DAY, APART[Counted(self.state)]
        elif self.state in UNDONE:
            yield FIRST_DAY, "undone"
            yield self.late_after, "overdue"
            yield self.root_late_after, "late_by_root"
        else:
            yield FIRST_DAY, "late" if self.late_after == FIRST_DAY else "on_time"
            if self.root_late_after == FIRST_DAY:
                yield FIRST_DAY, "late_by_root"
        if self.state in OF_WHICH:
            yield FIRST_DAY, OF_WHICH[Counted(self.state)]


def recount(db: Session, task_id: UUID, state: State | None, on: date | None, *, is_new: bool) -> bool:
    """The task counts like this from that day on (from the day before it did, where none is given).

    Answers whether that is otherwise than before.
    """
    dialect = db.get_bind().dialect
    last = [] if is_new else _last(dialect).run(db, {"task": task_id})
    number, since, known, until, superseded, *rest = last[0] if last else NOTHING
    was = State(*rest) if rest and superseded == NEVER else None
    if was == state:
        return False
    if superseded != NEVER:
        since, known = until, superseded
    day, moment = max(since, on or since), max(_moment(db), known)
    if was is not None:
        _end(dialect).run(db, {"task": task_id, "which": number, "day": day, "moment": moment})
    if state is not None:
        key = {"task_id": task_id, "number": number + 1, "effective_on": day, "recorded_at": moment}
        end = {"ended_on": LAST_DAY, "superseded_at": NEVER}
        _begin(dialect).run(db, {**key, **end, **state._asdict()})
    sums: Counter[tuple[Any, ...]] = db.info.setdefault("tallies", Counter())
    sums.update(state.tallied() if state else ())
    sums.subtract(was.tallied() if was else ())
    at_last(db, _tally)
    return True


def _moment(db: Session) -> datetime:
    """When this transaction records, by the database's clock, and never later than it is known."""
    if "moment" not in db.info:
        now = datetime.now(UTC)
        if db.get_bind().dialect.name == "postgresql":
            held = select(func.pg_advisory_xact_lock_shared(RECORDING)).subquery()  # first, then the clock
            told = select(func.clock_timestamp(type_=DateTime(timezone=True))).select_from(held)
            now = db.scalars(told).one()
        db.info["moment"] = to_milliseconds(now + MILLISECOND)
    moment: datetime = db.info["moment"]
    return moment


def _tally(db: Session) -> None:
    """In one order, and after all else, so that nobody who counts waits for long, nor in a circle."""
    _add(db.get_bind().dialect).run_many(db, as_rows(db.info.pop("tallies", Counter())))


def as_rows(sums: Counter[tuple[Any, ...]]) -> Iterator[dict[str, Any]]:
    """What is to be added to each row, in the order of their keys."""
    rows: dict[tuple[Any, ...], dict[str, int]] = {}
    for (*key, name), more in sums.items():
        if more:
            rows.setdefault(tuple(key), dict.fromkeys(TALLIED, 0))[name] = more
    for row in sorted(rows):
        yield dict(zip(TALLY_KEY, row, strict=True)) | rows[row]


@lru_cache(maxsize=8)
def _last(dialect: Dialect) -> Statement:
    held = (TaskState.effective_on, TaskState.recorded_at, TaskState.ended_on, TaskState.superseded_at)
    found = select(TaskState.number, *held, *(getattr(TaskState, name) for name in State._fields))
    found = found.where(TaskState.task_id == bindparam("task", type_=Id()))
    return written(found.order_by(TaskState.number.desc()).limit(1), dialect)


@lru_cache(maxsize=8)
def _begin(dialect: Dialect) -> Statement:
    columns = {column.name: bindparam(column.name, type_=column.type) for column in TaskState.__table__.c}
    return written(insert(TaskState).values(**columns), dialect)


@lru_cache(maxsize=8)
def _end(dialect: Dialect) -> Statement:
    mine = (TaskState.task_id == bindparam("task", type_=Id())) & (
        TaskState.number == bindparam("which", type_=Integer())
    )
    end = {"ended_on": bindparam("day", type_=Date()), "superseded_at": bindparam("moment", type_=Moment())}
    return written(update(TaskState).where(mine).values(**end), dialect)


@lru_cache(maxsize=8)
def _add(dialect: Dialect) -> Statement:
    table = TaskTally.__table__
    into: Any = sqlite.insert if dialect.name == "sqlite" else postgresql.insert
    new = into(table).values({c.name: bindparam(c.name, type_=c.type) for c in table.c})
    both = {name: table.c[name] + new.excluded[name] for name in TALLIED}
    return written(new.on_conflict_do_update(index_elements=TALLY_KEY, set_=both), dialect)
