"""Distributing a task: one like it for each of many bodies, that each leads, made once."""

from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import select

from app.db import new_code, new_id, rehearsed
from app.errors import Blocked, Conflict, Words
from app.organizations.queries import ORGANIZATIONS
from app.quarterly_tasks import assigning, moving
from app.quarterly_tasks.models import QuarterlyTask
from app.quarterly_tasks.queries import TASK_ENTRIES
from app.quarterly_tasks.schemas import (
    AssignmentIn,
    DistributedOut,
    DistributionIn,
    DistributionOut,
    TransitionIn,
)
from app.quarterly_tasks.vocabulary import FINAL, AssignmentRole, TaskTransition
from app.schema import refuse_backwards
from app.work import Work

COPIED = (
    *("title", "description", "expected_result", "kind", "priority", "field", "quarter", "start_date"),
    *("source_document", "set_at_meeting_id", "agenda_item_id", "directive_id", "answers_finding_id"),
    *("issuing_organization_id", "issued_by_id", "tenant_id"),
)


def rehearse(work: Work, task: QuarterlyTask, said: DistributionIn) -> DistributionOut:
    """What it would be. Nothing of it is kept, the ids least of all."""
    done = rehearsed(work, lambda: distribute(work, task, said))
    unmade = {"quarterly_task_id": None, "code": None}
    items = [one if one.was_there else one.model_copy(update=unmade) for one in done.items]
    return DistributionOut(items=items, dry_run=True)


def distribute(work: Work, task: QuarterlyTask, said: DistributionIn) -> DistributionOut:
    """A part of the task for every named body; those that lead one already are told, not made again.

    Who has locked the task is alone with it: of several that distribute it at once, one makes the parts.
    """
    _refuse_unless_divisible(task)
    due = said.due_date or task.due_date
    refuse_backwards(task.start_date, due, "due_date")
    named = {f"organization_ids/{n}": one for n, one in enumerate(said.organization_ids)}
    work.known(ORGANIZATIONS, task.tenant_id, **named)
    there = _led_by(work, task, said.organization_ids)
    made: dict[UUID, QuarterlyTask] = {}
    for body in said.organization_ids:
        if body not in there:
            made[body] = _part(work, task, body, due, issue=said.issue)
    parts = made | there
    items = [_told(body, parts[body], again=body in there) for body in said.organization_ids]
    return DistributionOut(items=items, dry_run=False)


def _refuse_unless_divisible(task: QuarterlyTask) -> None:
    if task.parent_id is not None:
        blocker = {
            "code": "too-deep",
            "detail_vi": "Chỉ một cấp nhiệm vụ con",
            "detail_en": "A task that is part of another has no parts",
            "pointer": f"/v1/quarterly-tasks/{task.id}#/parent_id",
        }
        raise Blocked(blockers=[blocker])
    if task.status in FINAL:
        words = Words("Nhiệm vụ đã kết thúc, không giao thêm", "The task has ended: nothing is given out")
        raise Conflict(words, status_now=task.status)


def _led_by(work: Work, task: QuarterlyTask, bodies: list[UUID]) -> dict[UUID, QuarterlyTask]:
    """The first part of the task that each of these bodies leads."""
    parts = select(QuarterlyTask).where(
        QuarterlyTask.parent_id == task.id, QuarterlyTask.lead_organization_id.in_(bodies)
    )
    found = work.db.scalars(parts.order_by(QuarterlyTask.id.desc()))
    return {part.lead_organization_id: part for part in found if part.lead_organization_id}


def _part(work: Work, task: QuarterlyTask, body: UUID, due: date | None, *, issue: bool) -> QuarterlyTask:
    """The same task, led by that body; what was achieved is for each to tell."""
    part = QuarterlyTask(
        **{name: getattr(task, name) for name in COPIED},
        id=new_id(),
        parent_id=task.id,
        measures=[_not_achieved(one) for one in task.measures],
        due_date=due,
        lead_organization_id=body,
    )
    part.root_task_id, part.code = part.id, new_code("NV", part.id)
    lead = AssignmentIn(organization_id=body, role=AssignmentRole.LEAD)
    work.add(part, assignments=[lead.model_dump(mode="json")])
    assigning.store(work, part, [lead])
    if issue:
        asked = TransitionIn(transition=TaskTransition.ISSUE)
        work.told(TASK_ENTRIES, moving.move(work, part, asked), part)
    return part


def _not_achieved(measure: dict[str, Any]) -> dict[str, Any]:
    return {**measure, "achieved": None, "percent": None}


def _told(body: UUID, part: QuarterlyTask, *, again: bool) -> DistributedOut:
    return DistributedOut(
        organization_id=body,
        quarterly_task_id=part.id,
        code=part.code,
        was_there=again,
    )
