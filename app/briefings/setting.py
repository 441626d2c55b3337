"""The tasks that a briefing sets: put into the document's words, and given out where it says so."""

from typing import Any

from sqlalchemy import select

from app.briefings.linking import Document, changes, gone, without_null
from app.briefings.pointing import Unplaced
from app.briefings.schemas import BriefingTaskIn
from app.meetings import planning as meetings
from app.quarterly_tasks import assigning, moving, planning, setting
from app.quarterly_tasks.models import QuarterlyTask, TaskEntry
from app.quarterly_tasks.queries import QUARTERLY_TASKS, TASK_ENTRIES
from app.quarterly_tasks.schemas import QuarterlyTaskIn, TransitionIn
from app.quarterly_tasks.vocabulary import EntryKind, TaskStatus, TaskTransition
from app.reviews.reviewing import day_of
from app.schema import refuse
from app.types import plain

WHERE, WRITE = "quarterly_tasks", "quarterly_tasks:write"
LINKS = {  # the member that names another part, in which list that stands, and our own member for it
    "parent": ("quarterly_tasks", "parent_id"),
    "agenda_item": ("agenda_items", "agenda_item_id"),
    "directive": ("directives", "directive_id"),
    "answers_finding": ("findings", "answers_finding_id"),
}


def put_tasks(doc: Document) -> None:
    """Set each, or bring it into line; a part may come before the task that it is a part of."""
    present, later = _present(doc), list[int]()
    doc.found(WHERE, present)
    for n, one in doc.each(WHERE, enumerate(doc.said.quarterly_tasks)):
        with doc.problems.at(f"{WHERE}/{n}"):
            row = present.get(one.external_id)
            links = _links(doc, one, row, later, n)
            task = _set(doc, one, links) if row is None else _rewritten(doc, row, one, links)
            doc.placed(WHERE, one.external_id, task)
            doc.problems.places[f"/v1/quarterly-tasks/{task.id}"] = f"#/{WHERE}/{n}"
            _given(doc, task, one)
    for n in later:
        one = doc.said.quarterly_tasks[n]
        task_or_none = doc.rows.get(WHERE, {}).get(one.external_id)
        if isinstance(task_or_none, QuarterlyTask):
            with doc.problems.at(f"{WHERE}/{n}"):
                above = doc.link(WHERE, one.parent, "parent")
                setting.rewrite(doc.work, task_or_none, {"parent_id": above})


def _present(doc: Document) -> dict[str, QuarterlyTask]:
    """Those that the caller sees; a successor that was carried over stands with its review."""
    task = QuarterlyTask
    known = doc.present(task, task.set_at_meeting_id == doc.meeting.id, task.carried_from_id.is_(None))
    return {name: row for name, row in known.items() if doc.work.sees(QUARTERLY_TASKS, row.id)}


def _links(
    doc: Document, one: BriefingTaskIn, row: QuarterlyTask | None, later: list[int], n: int
) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name, (where, ours) in LINKS.items():
        try:
            found[ours] = doc.link(where, getattr(one, name), name, getattr(row, ours) if row else None)
        except Unplaced:
            if name != "parent":
                raise
            later.append(n)
            found[ours] = row.parent_id if row else None
    return found


def _set(doc: Document, one: BriefingTaskIn, links: dict[str, Any]) -> QuarterlyTask:
    members = {name: getattr(one, name) for name in QuarterlyTaskIn.model_fields if name in one.__dict__}
    body = QuarterlyTaskIn.model_construct(
        **members, **links, set_at_meeting_id=doc.meeting.id, external_refs=doc.named(one.external_id)
    )
    return setting.set_task(doc.work, body)


def _rewritten(
    doc: Document, row: QuarterlyTask, one: BriefingTaskIn, links: dict[str, Any]
) -> QuarterlyTask:
    """Only what is another is touched, so that who may not change a task may still hand in the rest."""
    if not _another(doc, row, one, links):
        return row
    if one.issuing_organization_id != row.issuing_organization_id:
        words = "Không đổi được cơ quan giao", "Who issues a task stays"
        refuse("issuing_organization_id", "fixed", *words)
    task = doc.work.locked(QUARTERLY_TASKS, row.id, WRITE)
    setting.rewrite(doc.work, task, _another(doc, task, one, links))
    return task


def _another(
    doc: Document, task: QuarterlyTask, one: BriefingTaskIn, links: dict[str, Any]
) -> dict[str, Any]:
    """The members that the document states otherwise, but for what was decided about the task since."""
    own = one.model_dump(exclude={"external_id", "issued", *LINKS, *setting.APART})
    found = changes(task, without_null({**own, **links}, {"code"}))
    if planning.measured(one.measures) != task.measures:
        found["measures"] = one.measures
    source = one.source_document and one.source_document.model_dump(mode="json")
    if source != task.source_document:
        found["source_document"] = one.source_document
    assignments = [line.model_dump(mode="json") for line in one.assignments]
    if assigning.listed(doc.work, task) != assignments:
        found["assignments"] = one.assignments
    if planning.BY_ENTRIES_ONLY & found.keys() and task.status != TaskStatus.DRAFT:
        stated = {name: plain(value) for name, value in found.items()} | {"assignments": assignments}
        given = _as_given(doc, task)
        found = {name: found[name] for name in found if name not in given or given[name] != stated[name]}
    return found


def _as_given(doc: Document, task: QuarterlyTask) -> dict[str, Any]:
    """What entries have changed since it was issued, as it was then: to state it so again changes nothing."""
    history = select(TaskEntry.kind, TaskEntry.old_values).where(TaskEntry.task_id == task.id)
    given: dict[str, Any] = {}
    for kind, old in doc.work.db.execute(history.order_by(TaskEntry.id)):
        given = {} if kind == EntryKind.ISSUE else {**old, **given}
    return {name: given[name] for name in planning.BY_ENTRIES_ONLY & given.keys()}


def _given(doc: Document, task: QuarterlyTask, one: BriefingTaskIn) -> None:
    """Issue it, on the meeting's day."""
    if one.issued == task.is_given:
        return
    if not one.issued:
        refuse("issued", "issued", "Đã giao: hãy hủy", "It was issued: cancel it instead")
    if task.lead_organization_id is None:
        refuse("assignments", "lead_missing", "Phải có một cơ quan chủ trì", "One body must lead")
    task = doc.work.taken(QUARTERLY_TASKS, task.id)
    issue = TransitionIn(transition=TaskTransition.ISSUE, effective_on=day_of(doc.work, doc.meeting, task))
    doc.work.told(TASK_ENTRIES, moving.move(doc.work, task, issue), task)


def tidy_tasks(doc: Document, *, plan_changed: bool) -> None:
    """Take back drafts that are left out, parts first; all that stays lies in what the meeting plans."""
    left = gone(_present(doc), doc.said.quarterly_tasks)
    for row in sorted(left, key=lambda row: row.parent_id is None):
        with doc.problems.at(lambda _: WHERE):
            setting.take_back(doc.work, doc.work.locked(QUARTERLY_TASKS, row.id, WRITE))
    if plan_changed and doc.meeting.plan_period is not None:
        listed = f"/v1/quarterly-tasks?set_at_meeting_id={doc.meeting.id}"
        doc.problems.places[listed] = "#/meeting/plan_period"
        with doc.problems.at("meeting/plan_period"):
            meetings.refuse_tasks_outside(doc.work, doc.meeting, doc.meeting.plan_period)
