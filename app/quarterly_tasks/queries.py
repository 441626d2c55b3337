"""What a task shows, who sees it, how tasks are found, and how late they are."""

from datetime import date
from typing import Any

from sqlalchemy import BindParameter, Case, Date, bindparam, case, func, null, or_, select

from app.quarterly_tasks.models import UNCOUNTED, Assignment, QuarterlyTask, QuarterlyTaskAudience, TaskEntry
from app.quarterly_tasks.schemas import AssignmentOut, QuarterlyTaskOut, TaskEntryOut
from app.quarterly_tasks.vocabulary import TASK_MOVES, Timeliness
from app.reading import Reading, ToAudience, columns
from app.sql import Value, by_state, constant, days_between, json_list, largest, whole
from app.types import Id

_today = bindparam("today", type_=Date())
_due = QuarterlyTask.effective_due_date
_done = case((QuarterlyTask.completed_on <= _today, QuarterlyTask.completed_on))  # by that day, or not yet
_uncounted = or_(*(QuarterlyTask.status == constant(status) for status in UNCOUNTED))
TIMELINESS = case(
    (_uncounted, null()),
    (_done > _due, constant(Timeliness.COMPLETED_LATE)),
    (_done.is_not(None), constant(Timeliness.COMPLETED_ON_TIME)),
    (_due < _today, constant(Timeliness.OPEN_OVERDUE)),
    else_=constant(Timeliness.OPEN_WITHIN_DEADLINE),
)


def days_late(due: Value) -> Case[Any]:
    """Days past that date until it was done, or until the day asked for; null where it counts nowhere."""
    return case(
        (_uncounted, null()), else_=largest(whole(0), days_between(due, func.coalesce(_done, _today)))
    )


DAYS_OVERDUE = days_late(_due)
_assigned = select(Assignment.task_id).where(
    Assignment.organization_id == bindparam("assigned_organization_id", type_=Id())
)


def _from(name: str) -> BindParameter[date]:
    return bindparam(name, type_=Date())


QUARTERLY_TASKS = Reading(
    QuarterlyTask,
    QuarterlyTaskOut,
    path="/v1/quarterly-tasks",
    area="quarterly_tasks",
    visible=ToAudience(QuarterlyTaskAudience, QuarterlyTask.id),
    governed_by=QuarterlyTask.issuing_organization_id,
    derived={
        "assignments": json_list(
            columns(AssignmentOut, Assignment),
            of=Assignment,
            where=Assignment.task_id == QuarterlyTask.id,
            order_by=(Assignment.position,),
        ),
        "allowed_transitions": by_state(QuarterlyTask.status, TASK_MOVES),
        "timeliness": TIMELINESS,
        "days_overdue": DAYS_OVERDUE,
    },
    by={
        "quarter": QuarterlyTask.quarter,
        "status": QuarterlyTask.status,
        "kind": QuarterlyTask.kind,
        "priority": QuarterlyTask.priority,
        "field": QuarterlyTask.field,
        "timeliness": TIMELINESS,
        "issuing_organization_id": QuarterlyTask.issuing_organization_id,
        "lead_organization_id": QuarterlyTask.lead_organization_id,
        "set_at_meeting_id": QuarterlyTask.set_at_meeting_id,
        "agenda_item_id": QuarterlyTask.agenda_item_id,
        "directive_id": QuarterlyTask.directive_id,
        "answers_finding_id": QuarterlyTask.answers_finding_id,
        "issued_by_id": QuarterlyTask.issued_by_id,
        "parent_id": QuarterlyTask.parent_id,
        "code": QuarterlyTask.code,
    },
    filters={
        "assigned_organization_id": QuarterlyTask.id.in_(_assigned),
        "due_date_lt": _due < _from("due_date_lt"),
        "due_date_lte": _due <= _from("due_date_lte"),
        "due_date_gt": _due > _from("due_date_gt"),
        "due_date_gte": _due >= _from("due_date_gte"),
        "updated_at_gte": QuarterlyTask.updated_at
        >= bindparam("updated_at_gte", type_=QuarterlyTask.updated_at.type),
    },
    anchors={
        "issuing_organization_id",
        "lead_organization_id",
        "assigned_organization_id",
        "set_at_meeting_id",
        "agenda_item_id",
        "directive_id",
        "answers_finding_id",
        "issued_by_id",
        "parent_id",
        "code",
    },
    sorts={"effective_due_date": _due, "created_at": QuarterlyTask.id, "code": QuarterlyTask.code},
    folded=QuarterlyTask.folded,
)
_issuer = select(QuarterlyTask.issuing_organization_id).where(QuarterlyTask.id == TaskEntry.task_id)
TASK_ENTRIES = Reading(
    TaskEntry,
    TaskEntryOut,
    path="/v1/task-entries",
    area="quarterly_tasks",
    visible=ToAudience(QuarterlyTaskAudience, TaskEntry.task_id),
    governed_by=_issuer.correlate(TaskEntry).scalar_subquery(),
    by={"task_id": TaskEntry.task_id, "kind": TaskEntry.kind},
    anchors={"task_id"},
    sorts={"created_at": TaskEntry.id},
)
