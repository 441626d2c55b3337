"""A task of a quarter, who sees it, who answers for it, and the history nobody changes."""

from collections.abc import Mapping
from datetime import date
from typing import Any, ClassVar
from uuid import UUID

from sqlalchemy import (
    Computed,
    ForeignKey,
    Index,
    UniqueConstraint,
    column,
    exists,
    false,
    func,
    select,
    text,
)
from sqlalchemy.orm import Mapped, Session, mapped_column, validates

from app.audience import Audience, Beside, Circles, circles_over, show
from app.db import Base, Fact, Resource
from app.organizations.closing import refuse_in_closed_quarter
from app.quarter import Quarter
from app.quarterly_tasks.counts import FIRST_DAY, LAST_DAY, Counted, State, recount
from app.quarterly_tasks.vocabulary import (
    TASK_MOVES,
    AssignmentRole,
    EntryKind,
    Priority,
    TaskKind,
    TaskStatus,
    TaskTransition,
    Timeliness,
)
from app.sql import quarter_end
from app.text import searchable
from app.types import Id, Json, JsonList
from app.vocabulary import WorkField

# Members on which it depends how a task counts in reports.
COUNTED_BY = {
    *("status", "quarter", "field", "kind", "due_date", "root_due_date", "completed_on"),
    *("lead_organization_id", "issuing_organization_id"),
}
DONE = (TaskStatus.SUBMITTED, TaskStatus.COMPLETED)
TOLD_APART = {TaskStatus.DRAFT, TaskStatus.CANCELLED, TaskStatus.CARRIED_OVER, *DONE}
UNCOUNTED = (TaskStatus.DRAFT, TaskStatus.CANCELLED)  # in none of the four cells


class QuarterlyTaskAudience(Audience):
    """Who sees a task and its history."""

    __tablename__ = "quarterly_task_audience"
    SUBJECT = "quarterly_task_id"
    __table_args__ = (Index(None, "circle_id", "quarterly_task_id", "lines"), {"sqlite_with_rowid": False})

    quarterly_task_id: Mapped[UUID] = mapped_column(
        Id, ForeignKey("quarterly_tasks.id", ondelete="CASCADE"), primary_key=True
    )


class QuarterlyTask(Resource):
    """A task set for one quarter. What follows from the row alone is made by the database."""

    __tablename__ = "quarterly_tasks"
    __table_args__ = (
        UniqueConstraint("tenant_id", "code"),
        Index(None, "issuing_organization_id", "quarter", "effective_due_date", "id"),
        Index(None, "lead_organization_id", "quarter", "effective_due_date", "id"),
        Index(None, "quarter", "effective_due_date", "id"),
        Index(None, "effective_due_date", "id"),
        Index(None, "set_at_meeting_id", "id"),
        Index(None, "agenda_item_id"),
        Index(None, "directive_id"),
        Index(None, "answers_finding_id"),
        Index(None, "parent_id"),
    )
    INTERNAL: ClassVar[frozenset[str]] = frozenset({"folded", "was_issued", "is_given"})
    AUDIENCE_FOLLOWS: ClassVar[frozenset[str]] = frozenset({"status", "assignments"})

    code: Mapped[str]
    title: Mapped[str]
    description: Mapped[str | None]
    expected_result: Mapped[str | None]
    measures: Mapped[JsonList] = mapped_column(default=list)
    kind: Mapped[TaskKind]
    priority: Mapped[Priority]
    field: Mapped[WorkField | None]
    quarter: Mapped[str]
    parent_id: Mapped[UUID | None] = mapped_column(Id, ForeignKey("quarterly_tasks.id"))
    source_document: Mapped[Json | None]
    set_at_meeting_id: Mapped[UUID | None] = mapped_column(Id, ForeignKey("meetings.id"))
    agenda_item_id: Mapped[UUID | None] = mapped_column(Id, ForeignKey("agenda_items.id"))
    directive_id: Mapped[UUID | None] = mapped_column(Id, ForeignKey("directives.id"))
    answers_finding_id: Mapped[UUID | None] = mapped_column(Id, ForeignKey("findings.id"))
    issuing_organization_id: Mapped[UUID] = mapped_column(Id, ForeignKey("organizations.id"))
    issued_by_id: Mapped[UUID | None] = mapped_column(Id, ForeignKey("speakers.id"), index=True)
    lead_organization_id: Mapped[UUID | None] = mapped_column(Id, ForeignKey("organizations.id"))
    start_date: Mapped[date | None]
    due_date: Mapped[date | None]
    original_due_date: Mapped[date | None]
    root_due_date: Mapped[date | None]
    completed_on: Mapped[date | None]
    status: Mapped[TaskStatus] = mapped_column(default=TaskStatus.DRAFT)
    progress_percent: Mapped[int] = mapped_column(default=0)
    result_summary: Mapped[str | None]
    carried_from_id: Mapped[UUID | None] = mapped_column(Id, ForeignKey("quarterly_tasks.id"), unique=True)
    root_task_id: Mapped[UUID | None] = mapped_column(Id, ForeignKey("quarterly_tasks.id"), index=True)
    carry_count: Mapped[int] = mapped_column(default=0)
    carry_reason: Mapped[str | None]
    was_issued: Mapped[bool] = mapped_column(default=False)  # ever: then it is cancelled, never deleted
    is_given: Mapped[bool] = mapped_column(default=False)  # issued, and not declined since
    folded: Mapped[str]
    effective_due_date: Mapped[date] = mapped_column(
        Computed(func.coalesce(column("due_date"), quarter_end(column("quarter"))), persisted=True)
    )
    due_beyond_quarter: Mapped[bool] = mapped_column(
        Computed(func.coalesce(column("due_date") > quarter_end(column("quarter")), false()), persisted=True)
    )

    @validates("title", "code")
    def _found_by(self, key: str, value: str) -> str:
        known = {"title": getattr(self, "title", None), "code": getattr(self, "code", None), key: value}
        self.folded = searchable(known["title"], known["code"])
        return value

    @property
    def noun(self) -> str:
        return "quarterly_task"

    @property
    def governing_id(self) -> UUID:
        return self.issuing_organization_id

    @property
    def seen_by(self) -> Beside:
        return Beside(QuarterlyTaskAudience, self.id)

    def settle(self, db: Session, *, anew: bool) -> Circles:
        """The issuer and all above it; once assigned, every assigned body and all above those."""
        bodies = {self.issuing_organization_id}
        if self.is_given:
            bodies |= set(db.scalars(select(Assignment.organization_id).where(Assignment.task_id == self.id)))
        return show(db, self.seen_by, circles_over(db, bodies), anew=anew)

    def entail(self, db: Session, changes: Mapping[str, Any], *, on: date | None, gone: bool) -> None:
        """Refuse it in a closed quarter, and count it anew. Raises QuarterClosed, ValidationError."""
        quarters = {self.quarter} | {one for one in changes.get("quarter", {}).values() if one}
        issuer, arrives = self.issuing_organization_id, "old" in changes.get("quarter", {}) and not gone
        refuse_in_closed_quarter(db, issuer, quarters, on=on, arrives=arrives)
        if COUNTED_BY & changes.keys():
            self.count(db, on, is_new="old" not in changes.get("status", {"old": ""}), gone=gone)
        for parent_id in {one for one in changes.get("parent_id", {}).values() if one}:
            named = select(QuarterlyTask).where(QuarterlyTask.id == UUID(str(parent_id)))
            whole = db.scalars(named.with_for_update()).one()
            if whole.count(db, None):  # it comes into the sums of its quarter, or leaves them
                body = whole.issuing_organization_id
                refuse_in_closed_quarter(db, body, {whole.quarter}, on=None, arrives=False)

    def count(self, db: Session, on: date | None, *, is_new: bool = False, gone: bool = False) -> bool:
        """A task that has parts is counted by its parts; answers whether it counts otherwise than before."""
        parts = exists().where(QuarterlyTask.parent_id == self.id)
        is_whole = not gone and (is_new or not db.scalar(select(parts)))
        return recount(db, self.id, self.state if is_whole else None, on, is_new=is_new)

    @property
    def state(self) -> State:
        """How it counts in reports."""
        due = self.due_date or Quarter.parse(self.quarter).last_day
        return State(
            self.issuing_organization_id,
            self.lead_organization_id if self.is_given else None,
            self.quarter,
            self.field.value if self.field else "",
            self.kind.value,
            self.status.value if self.status in TOLD_APART else Counted.OPEN.value,
            self._late_after(due),
            self._late_after(self.root_due_date or due),
        )

    def _late_after(self, due: date) -> date:
        """What is done is late for ever, or never; what is not will be after its due date."""
        if self.completed_on is None or self.status not in DONE:
            return due
        return FIRST_DAY if self.completed_on > due else LAST_DAY

    @property
    def allowed_transitions(self) -> list[TaskTransition]:
        return list(TASK_MOVES[self.status])

    def days_overdue_on(self, day: date) -> int | None:
        """Days past the due date on that day; null where it is counted nowhere."""
        if self.status in UNCOUNTED:
            return None
        return max(0, ((self._completed_by(day) or day) - self.effective_due_date).days)

    def _completed_by(self, day: date) -> date | None:
        """What is completed later was still open on that day."""
        return self.completed_on if self.completed_on and self.completed_on <= day else None

    def timeliness_on(self, day: date) -> Timeliness | None:
        """Its cell on that day."""
        overdue = self.days_overdue_on(day)
        if overdue is None:
            return None
        if self._completed_by(day):
            return Timeliness.COMPLETED_LATE if overdue else Timeliness.COMPLETED_ON_TIME
        return Timeliness.OPEN_OVERDUE if overdue else Timeliness.OPEN_WITHIN_DEADLINE


class Assignment(Base):
    """A body that answers for a task in one role: a line of the task's list, under the task's version."""

    __tablename__ = "quarterly_task_assignments"
    __table_args__ = (
        UniqueConstraint("task_id", "organization_id", "role"),
        Index(None, "organization_id", "task_id"),
        Index(None, "speaker_id"),
        Index(
            "uq_quarterly_task_assignments_lead",
            "task_id",
            unique=True,
            sqlite_where=text("role = 'lead'"),
            postgresql_where=text("role = 'lead'"),
        ),
    )

    task_id: Mapped[UUID] = mapped_column(
        Id, ForeignKey("quarterly_tasks.id", ondelete="CASCADE"), primary_key=True
    )
    position: Mapped[int] = mapped_column(primary_key=True)
    organization_id: Mapped[UUID] = mapped_column(Id, ForeignKey("organizations.id"))
    role: Mapped[AssignmentRole]
    speaker_id: Mapped[UUID | None] = mapped_column(Id, ForeignKey("speakers.id"))


class TaskEntry(Fact):
    """One entry of a task's history: what changed, from what to what, and on which day it took effect."""

    __tablename__ = "quarterly_task_entries"
    __table_args__ = (Index(None, "task_id", "id"),)

    task_id: Mapped[UUID] = mapped_column(Id, ForeignKey("quarterly_tasks.id"))
    kind: Mapped[EntryKind]
    effective_on: Mapped[date]
    old_values: Mapped[Json]
    new_values: Mapped[Json]
    progress_percent: Mapped[int | None]
    text: Mapped[str | None]
