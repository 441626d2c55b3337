"""Who answers for a task: its list of bodies, replaced whole, with who sees it."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import delete, insert, select

from app.organizations.queries import ORGANIZATIONS
from app.quarterly_tasks.models import Assignment, QuarterlyTask
from app.quarterly_tasks.schemas import AssignmentIn
from app.quarterly_tasks.vocabulary import AssignmentRole
from app.schema import refuse
from app.speakers.queries import SPEAKERS
from app.work import Work


def check(work: Work, tenant_id: UUID, assignments: Sequence[AssignmentIn]) -> None:
    """At most one lead, no body twice in one role, and every body and person one that the caller sees."""
    leads = [n for n, one in enumerate(assignments) if one.role == AssignmentRole.LEAD]
    if len(leads) > 1:
        refuse(
            f"assignments/{leads[1]}/role", "second_lead", "Chỉ một cơ quan chủ trì", "Only one body may lead"
        )
    seen = set[tuple[UUID, str]]()
    for n, one in enumerate(assignments):
        if (one.organization_id, one.role) in seen:
            refuse(f"assignments/{n}", "twice", "Trùng cơ quan và vai trò", "The same body in the same role")
        seen.add((one.organization_id, one.role))
    work.known(
        ORGANIZATIONS,
        tenant_id,
        **{f"assignments/{n}/organization_id": one.organization_id for n, one in enumerate(assignments)},
    )
    work.known(
        SPEAKERS,
        tenant_id,
        **{f"assignments/{n}/speaker_id": one.speaker_id for n, one in enumerate(assignments)},
    )


def lead_of(assignments: Sequence[AssignmentIn]) -> UUID | None:
    """The body that leads, if one is named."""
    return next((one.organization_id for one in assignments if one.role == AssignmentRole.LEAD), None)


def store(work: Work, task: QuarterlyTask, assignments: Sequence[AssignmentIn]) -> None:
    """Write the lines of a task's list, in their order."""
    lines = [{"task_id": task.id, "position": n, **one.model_dump()} for n, one in enumerate(assignments)]
    if lines:
        work.db.execute(insert(Assignment), lines)


def replace(work: Work, task: QuarterlyTask, assignments: Sequence[AssignmentIn]) -> dict[str, Any]:
    """Put another list in place of the present one; answers both, for the journal."""
    old = listed(work, task)
    work.db.execute(delete(Assignment).where(Assignment.task_id == task.id))
    store(work, task, assignments)
    new = [one.model_dump(mode="json") for one in assignments]
    return {} if old == new else {"assignments": {"old": old, "new": new}}


def listed(work: Work, task: QuarterlyTask) -> list[dict[str, Any]]:
    """The present list, as bodies show it."""
    rows = work.db.execute(
        select(Assignment.organization_id, Assignment.role, Assignment.speaker_id)
        .where(Assignment.task_id == task.id)
        .order_by(Assignment.position)
    )
    return [
        {
            "organization_id": str(body),
            "role": str(role),
            "speaker_id": str(speaker) if speaker else None,
        }
        for body, role, speaker in rows
    ]
