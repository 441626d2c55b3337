"""The control: FastAPI, an async session, ORM entities and response models, as the tutorials teach it.

Over the same tables and with the same members in its answers, but without callers, tenancy, journal,
tags or cursors: pages are OFFSET and LIMIT. `benchmarks.run` starts it with BENCHMARK_URL set.
"""

import os
from collections.abc import AsyncIterator
from datetime import date, datetime
from typing import TYPE_CHECKING, Annotated, Any
from uuid import UUID

from fastapi import Depends, FastAPI, HTTPException
from pydantic import BaseModel, ConfigDict
from sqlalchemy import func, make_url, select
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker, create_async_engine
from sqlalchemy.orm import DeclarativeBase, Mapped, relationship, selectinload

import app.tables  # noqa: F401  every table, for the foreign keys
from app.db import new_id, utcnow
from app.meetings import models as meetings
from app.meetings.vocabulary import (
    MEETING_MOVES,
    AgendaItemKind,
    AgendaItemStatus,
    Attendance,
    MeetingFormat,
    MeetingKind,
    MeetingStatus,
    MeetingTransition,
    ParticipationRole,
    Record,
    Visibility,
)
from app.organizations import models as organizations
from app.quarterly_tasks import models as tasks
from app.quarterly_tasks.vocabulary import (
    TASK_MOVES,
    AssignmentRole,
    Priority,
    TaskKind,
    TaskStatus,
    TaskTransition,
    Timeliness,
)
from app.vocabulary import WorkField


class Base(DeclarativeBase):
    pass


class Organization(Base):
    __table__ = organizations.Organization.__table__

    if TYPE_CHECKING:
        id: Mapped[UUID]
        name: Mapped[str]
        tenant_id: Mapped[UUID]


class AgendaItem(Base):
    __table__ = meetings.AgendaItem.__table__


class Participation(Base):
    __table__ = meetings.Participation.__table__


class Meeting(Base):
    __table__ = meetings.Meeting.__table__

    if TYPE_CHECKING:  # those that are named below; the table has them all
        id: Mapped[UUID]
        host_organization_id: Mapped[UUID]
        status: Mapped[MeetingStatus]
        held_on: Mapped[date]

    agenda_items: Mapped[list[AgendaItem]] = relationship(order_by=AgendaItem.__table__.c.position)
    participations: Mapped[list[Participation]] = relationship(order_by=Participation.__table__.c.id)

    @property
    def allowed_transitions(self) -> list[MeetingTransition]:
        return list(MEETING_MOVES[self.status])


class Assignment(Base):
    __table__ = tasks.Assignment.__table__


class Task(Base):
    __table__ = tasks.QuarterlyTask.__table__

    if TYPE_CHECKING:
        id: Mapped[UUID]
        title: Mapped[str]
        quarter: Mapped[str]
        issuing_organization_id: Mapped[UUID]
        lead_organization_id: Mapped[UUID | None]
        status: Mapped[TaskStatus]
        completed_on: Mapped[date | None]
        effective_due_date: Mapped[date]
        updated_at: Mapped[datetime]

    assignments: Mapped[list[Assignment]] = relationship(
        order_by=Assignment.__table__.c.position, cascade="all, delete-orphan", lazy="selectin"
    )

    @property
    def allowed_transitions(self) -> list[TaskTransition]:
        return list(TASK_MOVES[self.status])

    @property
    def days_overdue(self) -> int | None:
        if self.status in tasks.UNCOUNTED:
            return None
        return max(0, ((self.completed_on or date.today()) - self.effective_due_date).days)  # noqa: DTZ011  as taught

    @property
    def timeliness(self) -> Timeliness | None:
        overdue = self.days_overdue
        if overdue is None:
            return None
        if self.completed_on:
            return Timeliness.COMPLETED_LATE if overdue else Timeliness.COMPLETED_ON_TIME
        return Timeliness.OPEN_OVERDUE if overdue else Timeliness.OPEN_WITHIN_DEADLINE


class Read(BaseModel):
    model_config = ConfigDict(from_attributes=True)


class ResourceRead(Read):
    id: UUID
    version: int
    created_at: datetime
    updated_at: datetime
    external_refs: list[dict[str, Any]]


class AgendaItemRead(ResourceRead):
    meeting_id: UUID
    parent_id: UUID | None
    position: int
    number: str | None
    title: str
    description: str | None
    kind: AgendaItemKind
    presenter_id: UUID | None
    presenting_organization_id: UUID | None
    duration_minutes: int | None
    status: AgendaItemStatus
    minutes_text: str | None
    carried_from_id: UUID | None


class ParticipationRead(ResourceRead):
    meeting_id: UUID
    organization_id: UUID
    speaker_id: UUID | None
    role: ParticipationRole
    attendance: Attendance
    absence_reason: str | None
    title_snapshot: str | None
    substitute_for_id: UUID | None
    headcount: int | None


class MeetingRead(ResourceRead):
    host_organization_id: UUID
    code: str
    title: str
    kind: MeetingKind
    audience: str | None
    review_period: str | None
    plan_period: str | None
    data_cutoff_on: date | None
    previous_meeting_id: UUID | None
    held_on: date
    starts_at: datetime | None
    ends_at: datetime | None
    format: MeetingFormat
    location: str | None
    online_url: str | None
    visibility: Visibility
    record: Record
    source_text: str | None
    summary: str | None
    status: MeetingStatus
    allowed_transitions: list[MeetingTransition]


class MeetingWhole(MeetingRead):
    agenda_items: list[AgendaItemRead]
    participations: list[ParticipationRead]


class AssignmentRead(Read):
    organization_id: UUID
    role: AssignmentRole
    speaker_id: UUID | None = None


class TaskRead(ResourceRead):
    code: str
    title: str
    description: str | None
    expected_result: str | None
    measures: list[dict[str, Any]]
    kind: TaskKind
    priority: Priority
    field: WorkField | None
    quarter: str
    parent_id: UUID | None
    source_document: dict[str, Any] | None
    set_at_meeting_id: UUID | None
    agenda_item_id: UUID | None
    issuing_organization_id: UUID
    issued_by_id: UUID | None
    lead_organization_id: UUID | None
    assignments: list[AssignmentRead]
    start_date: date | None
    due_date: date | None
    effective_due_date: date
    due_beyond_quarter: bool
    original_due_date: date | None
    root_due_date: date | None
    completed_on: date | None
    status: TaskStatus
    allowed_transitions: list[TaskTransition]
    progress_percent: int
    result_summary: str | None
    timeliness: Timeliness | None
    days_overdue: int | None
    carried_from_id: UUID | None
    root_task_id: UUID | None
    carry_count: int
    carry_reason: str | None


class TaskCreate(BaseModel):
    issuing_organization_id: UUID
    title: str
    description: str | None = None
    expected_result: str | None = None
    kind: TaskKind = TaskKind.KEY
    priority: Priority = Priority.NORMAL
    field: WorkField | None = None
    quarter: str
    due_date: date | None = None
    assignments: list[AssignmentRead] = []


class TaskUpdate(BaseModel):
    title: str | None = None
    description: str | None = None
    priority: Priority | None = None


def _asynchronous(url: str) -> str:
    """The same database, through the driver for asyncio."""
    driver = "sqlite+aiosqlite" if url.startswith("sqlite") else "postgresql+asyncpg"
    return make_url(url).set(drivername=driver).render_as_string(hide_password=False)


engine = create_async_engine(_asynchronous(os.environ["BENCHMARK_URL"]))
sessions = async_sessionmaker(engine, expire_on_commit=False)
application = FastAPI()


async def session() -> AsyncIterator[AsyncSession]:
    async with sessions() as opened:
        yield opened


Db = Annotated[AsyncSession, Depends(session)]


@application.get("/meetings", response_model=list[MeetingRead])
async def list_meetings(
    db: Db,
    host_organization_id: UUID | None = None,
    status: MeetingStatus | None = None,
    offset: int = 0,
    limit: int = 20,
) -> Any:
    query = select(Meeting)
    if host_organization_id is not None:
        query = query.where(Meeting.host_organization_id == host_organization_id)
    if status is not None:
        query = query.where(Meeting.status == status)
    query = query.order_by(Meeting.held_on.desc(), Meeting.id.desc()).offset(offset).limit(limit)
    return (await db.scalars(query)).all()


@application.get("/meetings/{meeting_id}", response_model=MeetingRead)
async def read_meeting(meeting_id: UUID, db: Db) -> Any:
    return await db.get(Meeting, meeting_id) or _missing()


@application.get("/meetings/{meeting_id}/whole", response_model=MeetingWhole)
async def read_whole_meeting(meeting_id: UUID, db: Db) -> Any:
    query = (
        select(Meeting)
        .where(Meeting.id == meeting_id)
        .options(selectinload(Meeting.agenda_items), selectinload(Meeting.participations))
    )
    return await db.scalar(query) or _missing()


@application.get("/tasks", response_model=list[TaskRead])
async def list_tasks(  # noqa: PLR0913, PLR0917  a filter each, as taught
    db: Db,
    quarter: str | None = None,
    issuing_organization_id: UUID | None = None,
    lead_organization_id: UUID | None = None,
    q: str | None = None,
    offset: int = 0,
    limit: int = 50,
) -> Any:
    query = select(Task)
    if quarter is not None:
        query = query.where(Task.quarter == quarter)
    if issuing_organization_id is not None:
        query = query.where(Task.issuing_organization_id == issuing_organization_id)
    if lead_organization_id is not None:
        query = query.where(Task.lead_organization_id == lead_organization_id)
    if q is not None:
        query = query.where(Task.title.ilike(f"%{q}%"))
    query = query.order_by(Task.effective_due_date, Task.id).offset(offset).limit(limit)
    return (await db.scalars(query)).all()


class ReportRow(Read):
    organization_id: UUID
    name: str
    total: int
    completed_on_time: int
    completed_late: int
    open_within_deadline: int
    open_overdue: int


@application.get("/report", response_model=list[ReportRow])
async def report(db: Db, quarter: str) -> Any:
    """Grouped by the database, a row for each body."""
    today, due = date.today(), Task.__table__.c.effective_due_date  # noqa: DTZ011  as taught
    done, late = Task.completed_on.is_not(None), Task.completed_on > due
    counted = Task.status.not_in(tasks.UNCOUNTED)
    cells = {
        "total": counted,
        "completed_on_time": counted & done & ~late,
        "completed_late": counted & done & late,
        "open_within_deadline": counted & ~done & (due >= today),
        "open_overdue": counted & ~done & (due < today),
    }
    counts = (
        select(
            Task.issuing_organization_id, *(func.count().filter(c).label(name) for name, c in cells.items())
        )
        .where(Task.quarter == quarter)
        .group_by(Task.issuing_organization_id)
    )
    found = {row.issuing_organization_id: row for row in await db.execute(counts)}
    bodies = await db.scalars(select(Organization).order_by(Organization.__table__.c.name))
    return [
        {
            "organization_id": body.id,
            "name": body.name,
            **{name: getattr(found.get(body.id), name, 0) for name in cells},
        }
        for body in bodies
    ]


@application.post("/tasks", response_model=TaskRead, status_code=201)
async def create_task(body: TaskCreate, db: Db) -> Any:
    lines = [Assignment(position=n, **one.model_dump()) for n, one in enumerate(body.assignments)]
    identity = new_id()
    task = Task(
        **body.model_dump(exclude={"assignments"}),
        id=identity,
        code=f"NV-{identity.hex[-10:]}",
        assignments=lines,
        root_task_id=identity,
        tenant_id=(await db.get_one(Organization, body.issuing_organization_id)).tenant_id,
        folded=body.title.lower(),
    )
    db.add(task)
    await db.commit()
    await db.refresh(task)
    return task


@application.patch("/tasks/{task_id}", response_model=TaskRead)
async def update_task(task_id: UUID, body: TaskUpdate, db: Db) -> Any:
    task: Task = await db.get(Task, task_id) or _missing()
    for name, value in body.model_dump(exclude_unset=True).items():
        setattr(task, name, value)
    task.updated_at = utcnow()
    await db.commit()
    await db.refresh(task)
    return task


def _missing() -> Any:
    raise HTTPException(404)
