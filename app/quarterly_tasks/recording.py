"""Entries of a task's history that are no transition: progress, a new due date, other bodies."""

from typing import Any

from app.errors import Conflict, Forbidden, Words
from app.quarterly_tasks import assigning
from app.quarterly_tasks.models import QuarterlyTask, TaskEntry
from app.quarterly_tasks.moving import effective, may_report, shown
from app.quarterly_tasks.planning import agree
from app.quarterly_tasks.schemas import TaskEntryIn
from app.quarterly_tasks.under_review import come_under_review
from app.quarterly_tasks.vocabulary import EntryKind, TaskStatus
from app.schema import refuse
from app.work import Work

OPEN = {TaskStatus.ASSIGNED, TaskStatus.IN_PROGRESS, TaskStatus.ON_HOLD, TaskStatus.SUBMITTED}
EVENTS = {
    EntryKind.PROGRESS: "progressed",
    EntryKind.DUE_DATE_CHANGED: "due_date_changed",
    EntryKind.REASSIGNED: "reassigned",
    EntryKind.RECLASSIFIED: "reclassified",
}


def record(work: Work, task: QuarterlyTask, said: TaskEntryIn) -> TaskEntry:
    """Change the task as the entry says, with its one event; the entry keeps old and new values."""
    issuer = [task.issuing_organization_id]
    progress = said.kind == EntryKind.PROGRESS
    if not (may_report(work, task) if progress else work.may("quarterly_tasks:write", issuer)):
        raise Forbidden
    if task.status not in OPEN:
        raise Conflict(
            Words("Nhiệm vụ không ở trạng thái đang mở", "The task is not open"), status_now=task.status
        )
    day = effective(work, task, said.effective_on)
    values, more = _values(work, task, said)
    old = {name: getattr(task, name) for name in values}
    work.change(task, EVENTS[said.kind], more, told=True, on=day, **values)
    lists = {name: both["old"] for name, both in more.items()}, {n: both["new"] for n, both in more.items()}
    return TaskEntry(
        task_id=task.id,
        kind=said.kind,
        effective_on=day,
        old_values=shown(old) | lists[0],
        new_values=shown(values) | lists[1],
        progress_percent=said.progress_percent,
        text=said.text,
    )


def _values(work: Work, task: QuarterlyTask, said: TaskEntryIn) -> tuple[dict[str, Any], dict[str, Any]]:
    if said.kind == EntryKind.PROGRESS:
        return {"progress_percent": said.progress_percent}, {}
    if said.kind == EntryKind.DUE_DATE_CHANGED:
        due = {"due_date": said.due_date}
        agree(work, task.tenant_id, due, task)
        return due, {}
    if said.kind == EntryKind.REASSIGNED:
        assignments = said.assignments or []
        assigning.check(work, task.tenant_id, assignments)
        lead = assigning.lead_of(assignments)
        if lead is None:
            refuse("assignments", "lead_missing", "Phải có một cơ quan chủ trì", "One body must lead")
        if task.set_at_meeting_id is not None:  # the host that set it may see it only from now on
            come_under_review(work, task)
        return {"lead_organization_id": lead}, assigning.replace(work, task, assignments)
    named = said.model_fields_set & {"quarter", "field"}
    values = {name: getattr(said, name) for name in named}
    if said.task_kind is not None:
        values["kind"] = said.task_kind
    agree(work, task.tenant_id, values, task)
    return values, {}
