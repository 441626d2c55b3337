"""Setting a task: alone, or because a directive asks for it or a finding calls for it."""

from collections.abc import Mapping
from typing import Any

from app.db import new_code, new_id
from app.errors import Conflict, Words
from app.findings.models import Directive, Finding
from app.meetings.models import Meeting
from app.organizations.queries import ORGANIZATIONS
from app.quarter import Period
from app.quarterly_tasks import assigning, planning
from app.quarterly_tasks.models import QuarterlyTask
from app.quarterly_tasks.schemas import QuarterlyTaskFrom, QuarterlyTaskIn
from app.schema import refuse
from app.work import Work

LONGEST = 500  # characters of a title
APART = {"assignments", "measures", "source_document"}  # members that are not stored as they are sent


def set_task(work: Work, body: QuarterlyTaskIn) -> QuarterlyTask:
    """Store it in draft, with its one event."""
    at, write = "issuing_organization_id", "quarterly_tasks:write"
    issuer = work.governed(ORGANIZATIONS, body.issuing_organization_id, write, at=at)
    values = body.model_dump(exclude=APART)
    planning.agree(work, issuer.tenant_id, values)
    assigning.check(work, issuer.tenant_id, body.assignments)
    task = QuarterlyTask(
        **values,
        id=new_id(),
        tenant_id=issuer.tenant_id,
        measures=planning.measured(body.measures),
        source_document=body.source_document and body.source_document.model_dump(mode="json"),
        lead_organization_id=assigning.lead_of(body.assignments),
    )
    task.root_task_id, task.code = task.id, task.code or new_code("NV", task.id)
    work.add(task, assignments=[one.model_dump(mode="json") for one in body.assignments])
    assigning.store(work, task, body.assignments)
    return task


def rewrite(work: Work, task: QuarterlyTask, said: Mapping[str, Any]) -> None:
    """Change what is named, with one event; once it is issued, not what entries change (409)."""
    values = {name: value for name, value in said.items() if name not in APART}
    planning.refuse_what_entries_change(task, said)
    planning.agree(work, task.tenant_id, values, task)
    if "measures" in said:
        values["measures"] = planning.measured(said["measures"])
    if "source_document" in said:
        document = said["source_document"]
        values["source_document"] = document and document.model_dump(mode="json")
    more = {}
    if "assignments" in said:
        assigning.check(work, task.tenant_id, said["assignments"])
        values["lead_organization_id"] = assigning.lead_of(said["assignments"])
        more = assigning.replace(work, task, said["assignments"])
    work.change(task, "updated", more, **values)


def take_back(work: Work, task: QuarterlyTask) -> None:
    """Delete a draft that was never issued."""
    if task.was_issued:
        raise Conflict(Words("Đã giao thì hủy, không xóa", "Once issued, a task is cancelled, never deleted"))
    work.remove(task)


def set_for_directive(work: Work, directive: Directive, body: QuarterlyTaskFrom) -> QuarterlyTask:
    """The same, as the directive asks."""
    links = {"directive_id": directive.id, "issued_by_id": body.issued_by_id or directive.issued_by_id}
    return set_task(work, _completed(work, directive, body, links))


def set_for_finding(work: Work, finding: Finding, body: QuarterlyTaskFrom) -> QuarterlyTask:
    """The same, in answer to the finding."""
    return set_task(work, _completed(work, finding, body, {"answers_finding_id": finding.id}))


def _completed(
    work: Work, origin: Directive | Finding, body: QuarterlyTaskFrom, links: dict[str, Any]
) -> QuarterlyTaskIn:
    """What the body leaves out, its origin and the meeting of that say."""
    meeting = work.db.get_one(Meeting, origin.meeting_id)
    known = {
        "title": " ".join(origin.text.split())[:LONGEST].strip(),
        "field": origin.field,
        "set_at_meeting_id": meeting.id,
        "agenda_item_id": origin.agenda_item_id,
    }
    said = {name: value for name, value in body if value is not None}
    if "quarter" not in said:
        known["quarter"] = _first_planned(meeting)
    host = {"issuing_organization_id": meeting.host_organization_id}
    return QuarterlyTaskIn.model_construct(**{**known, **said, **links, **host})  # all of it was read already


def _first_planned(meeting: Meeting) -> str:
    if meeting.plan_period is None:
        words = "Hội nghị không nêu kỳ kế hoạch: phải nêu quý", "The meeting plans no period: name a quarter"
        refuse("quarter", "missing", *words)
    return str(Period.parse(meeting.plan_period).quarters[0])
