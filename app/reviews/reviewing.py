"""Reviewing the tasks of a period at a meeting: all at once, all or nothing, and what is decided is done."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import func, select

from app import tags
from app.db import new_id, today
from app.errors import Conflict, Fault, PreconditionRequired, Problem, Stale, Words
from app.meetings.models import Meeting
from app.meetings.vocabulary import MeetingStatus
from app.organizations.queries import ORGANIZATIONS
from app.quarter import Quarter
from app.quarterly_tasks import assigning, moving, recording
from app.quarterly_tasks.models import QuarterlyTask, TaskEntry
from app.quarterly_tasks.queries import QUARTERLY_TASKS, TASK_ENTRIES
from app.quarterly_tasks.schemas import AssignmentIn, TaskEntryIn, TransitionIn
from app.quarterly_tasks.vocabulary import AssignmentRole, EntryKind, TaskStatus, TaskTransition
from app.reviews.models import TaskReview
from app.reviews.queries import MEETING_REVIEWS, OPEN, REVIEW_SHEET, on_the_sheet
from app.reviews.schemas import TaskReviewIn, TaskReviewsIn
from app.reviews.vocabulary import Disposition
from app.schema import fault, refuse, refuse_all
from app.work import Work

UNDERWAY = {MeetingStatus.SCHEDULED, MeetingStatus.IN_PROGRESS, MeetingStatus.HELD}
DECIDED = ("disposition", "due_date", "lead_organization_id")


def review(work: Work, meeting: Meeting, said: TaskReviewsIn) -> None:
    """The same as `replace`, if the caller has seen what stands there now."""
    refuse_unless_underway(meeting)
    _unchanged(work, meeting)
    replace(work, meeting, said)


def replace(work: Work, meeting: Meeting, said: TaskReviewsIn) -> None:
    """Put these reviews in the place of the present ones, and do what they decide. Raises ValidationError."""
    refuse_unless_underway(meeting)
    present = reviewed(work, meeting)
    read = "quarterly_tasks:read"
    asked = {"id": meeting.id, **work.actor.parameters(read)}
    sheet = set(work.db.scalars(on_the_sheet(work.actor.breadth(read)), asked))
    work.known(
        ORGANIZATIONS,
        meeting.tenant_id,
        **{f"items/{n}/lead_organization_id": one.lead_organization_id for n, one in enumerate(said.items)},
    )
    faults = _misnamed(meeting, said.items, sheet)
    for n, one in enumerate(said.items):
        if not any(f.name.startswith(f"#/items/{n}/task_id") for f in faults):
            with _pointing(faults, n):
                _put(work, meeting, one, present.get(one.task_id))
    faults += _taken_back(work, present, {one.task_id for one in said.items})
    refuse_all(faults)


def reviewed(work: Work, meeting: Meeting) -> dict[UUID, TaskReview]:
    """The reviews that stand, by task."""
    rows = work.db.scalars(select(TaskReview).where(TaskReview.meeting_id == meeting.id))
    return {one.task_id: one for one in rows}


def refuse_unless_underway(meeting: Meeting) -> None:
    """A meeting that is closed, cancelled or not called yet reviews nothing."""
    if meeting.status not in UNDERWAY:
        words = Words(
            "Hội nghị không ở trạng thái cho phép đánh giá", "The meeting is not in a state to review tasks"
        )
        raise Conflict(words, status_now=meeting.status)


def day_of(work: Work, meeting: Meeting, task: QuarterlyTask) -> date:
    """When what the meeting decides takes effect: its own day, unless the task's history has gone on."""
    last = work.db.scalar(select(func.max(TaskEntry.effective_on)).where(TaskEntry.task_id == task.id))
    return max(min(meeting.held_on, today()), last or date.min)


def _unchanged(work: Work, meeting: Meeting) -> None:
    """The caller has seen the sheet, or the reviews, as they are."""
    wanted = work.request.headers.get("if-match")
    if wanted is None:
        raise PreconditionRequired
    present = work.shown(MEETING_REVIEWS, meeting)
    seen = (present, work.shown(REVIEW_SHEET, meeting))
    if not any(tags.shows(wanted, bytes(one.body)) for one in seen):
        raise Stale(headers={"ETag": present.headers["etag"]})


def _misnamed(meeting: Meeting, items: Sequence[TaskReviewIn], sheet: set[UUID]) -> list[Fault]:
    faults, seen = [], set[UUID]()
    for n, one in enumerate(items):
        at = f"items/{n}/task_id"
        if one.task_id in seen:
            faults.append(fault(at, "twice", "Đã nêu ở trên", "It is named twice"))
        elif one.task_id not in sheet:
            words = "Không thuộc danh sách phải đánh giá", "It is not on the meeting's review sheet"
            faults.append(fault(at, "not_on_the_sheet", *words))
        elif one.disposition == Disposition.CARRY_OVER and meeting.plan_period is None:
            words = "Hội nghị không nêu kỳ kế hoạch", "The meeting plans no period to carry it into"
            faults.append(fault(f"items/{n}/disposition", "no_plan_period", *words))
        seen.add(one.task_id)
    return faults


@contextmanager
def _pointing(faults: list[Fault], n: int) -> Iterator[None]:
    """Whatever goes wrong with one row is told at that row, beside what is wrong with others."""
    try:
        yield
    except Problem as problem:
        faults.extend(
            Fault("body", f"#/items/{n}/{_member(one.name)}", one.code, one.words) for one in problem.errors
        )
        if not problem.errors:
            faults.append(Fault("body", f"#/items/{n}/disposition", problem.code, problem.detail))


def _member(pointer: str) -> str:
    """The member of a review to mend, where something is wrong with what was done as it says."""
    name = pointer.removeprefix("#/").partition("/")[0]
    name = {"assignments": "lead_organization_id"}.get(name, name)
    return name if name in TaskReviewIn.model_fields else "disposition"


def _put(work: Work, meeting: Meeting, said: TaskReviewIn, present: TaskReview | None) -> None:
    values = said.model_dump()
    task = work.taken(QUARTERLY_TASKS, said.task_id)
    decided = present is None or any(getattr(present, name) != values[name] for name in DECIDED)
    if decided and said.due_date is not None:
        _refuse_unless_later(work, task, said.due_date, present)
    if present is None:
        more = {"id": new_id(), "tenant_id": meeting.tenant_id, "host_id": meeting.host_organization_id}
        work.add(TaskReview(**values, **more, meeting_id=meeting.id))
    else:
        _refuse_once_carried(task, values, present)
        work.change(present, "updated", **values)
    if decided:
        _carry_out(work, meeting, task, said)


def _refuse_unless_later(work: Work, task: QuarterlyTask, day: date, present: TaskReview | None) -> None:
    """An extension goes forward: one that is corrected, from what was due when the review was made."""
    due = task.effective_due_date
    if present is not None and present.due_date == due:
        told = TaskEntry.task_id == task.id, TaskEntry.kind == EntryKind.DUE_DATE_CHANGED
        since = TaskEntry.recorded_at >= present.created_at
        before = select(TaskEntry.old_values).where(*told, since).order_by(TaskEntry.id).limit(1)
        known = (work.db.scalar(before) or {}).get("due_date")
        due = date.fromisoformat(known) if known else Quarter.parse(task.quarter).last_day
    if day <= due:
        refuse("due_date", "not_later", f"Gia hạn phải sau hạn cũ ({due})", f"It was due on {due} already")


def _refuse_once_carried(task: QuarterlyTask, values: Mapping[str, Any], present: TaskReview) -> None:
    if task.status == TaskStatus.CARRIED_OVER and values["disposition"] != present.disposition:
        words = Words("Đã chuyển quý sau: rút lại trước", "It was carried over: recall it first")
        raise Conflict(words)


def _carry_out(work: Work, meeting: Meeting, task: QuarterlyTask, said: TaskReviewIn) -> None:
    """Do what is decided; carrying over waits for its own operation."""
    day = day_of(work, meeting, task)
    if said.disposition == Disposition.CLOSE:
        if task.status != TaskStatus.COMPLETED:
            confirm = TransitionIn(transition=TaskTransition.CONFIRM, effective_on=day)
            _told(work, task, moving.move(work, task, confirm))
        return
    if task.status not in OPEN:
        words = Words("Nhiệm vụ không còn mở", "The task is not open any more")
        raise Conflict(words, status_now=task.status)
    if said.disposition == Disposition.CANCEL:
        cancel = TransitionIn(transition=TaskTransition.CANCEL, effective_on=day, comment=said.comment)
        _told(work, task, moving.move(work, task, cancel))
    elif said.disposition == Disposition.EXTEND:
        later = TaskEntryIn(
            kind=EntryKind.DUE_DATE_CHANGED, due_date=said.due_date, text=said.comment, effective_on=day
        )
        _told(work, task, recording.record(work, task, later))
    elif said.disposition == Disposition.REASSIGN:
        present = [AssignmentIn.model_validate(one) for one in assigning.listed(work, task)]
        given = TaskEntryIn(
            kind=EntryKind.REASSIGNED,
            assignments=led_by(said.lead_organization_id, present),
            text=said.comment,
            effective_on=day,
        )
        _told(work, task, recording.record(work, task, given))


def led_by(body_id: UUID | None, assignments: Sequence[AssignmentIn]) -> list[AssignmentIn]:
    """The same bodies, with another in the lead; the one that led has no part unless it had a second."""
    kept = [one for one in assignments if one.role != AssignmentRole.LEAD]
    kept = [one for one in kept if one.organization_id != body_id]
    lead = {"organization_id": body_id, "role": AssignmentRole.LEAD}
    return [AssignmentIn.model_validate(lead), *kept]


def _told(work: Work, task: QuarterlyTask, entry: TaskEntry) -> None:
    work.told(TASK_ENTRIES, entry, task)


def _taken_back(work: Work, present: Mapping[UUID, TaskReview], named: set[UUID]) -> list[Fault]:
    """Reviews that are left out go; what they decided was done and stays in the tasks' histories."""
    faults = []
    for task_id, one in present.items():
        if task_id in named or not work.sees(QUARTERLY_TASKS, task_id):  # who cannot name it keeps it
            continue
        if work.db.get_one(QuarterlyTask, task_id).status == TaskStatus.CARRIED_OVER:
            words = f"Thiếu nhiệm vụ đã chuyển quý {task_id}", f"{task_id} was carried over and must stay"
            faults.append(fault("items", "carried_over", *words))
        else:
            work.remove(one)
    return faults
