"""Carrying tasks over into the next quarter, as their reviews decided, each once."""

from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import select

from app.db import new_code, new_id, rehearsed
from app.errors import Blocked, QuarterClosed, ValidationError, Words
from app.meetings.models import Meeting
from app.quarter import Period, Quarter
from app.quarterly_tasks import assigning, moving
from app.quarterly_tasks.models import QuarterlyTask, TaskEntry
from app.quarterly_tasks.queries import QUARTERLY_TASKS, TASK_ENTRIES
from app.quarterly_tasks.schemas import AssignmentIn, TransitionIn
from app.quarterly_tasks.vocabulary import EntryKind, TaskStatus, TaskTransition
from app.reviews.models import TaskReview
from app.reviews.queries import OPEN
from app.reviews.reviewing import day_of, refuse_unless_underway
from app.reviews.schemas import CarriedOut, CarryOverOut
from app.reviews.vocabulary import Disposition
from app.work import Work

COPIED = (
    *("title", "description", "expected_result", "measures", "kind", "priority", "field", "source_document"),
    *(
        "issuing_organization_id",
        "issued_by_id",
        "lead_organization_id",
        "directive_id",
        "answers_finding_id",
    ),
    *("tenant_id", "root_due_date", "root_task_id"),
)


def carry_over(work: Work, meeting: Meeting) -> CarryOverOut:
    """A successor for every task whose review says so; those that have one already are told, not made again.

    Raises Blocked with every task that cannot go on; nothing is carried then.
    """
    refuse_unless_underway(meeting)
    decided = select(TaskReview).join(QuarterlyTask, QuarterlyTask.id == TaskReview.task_id)
    decided = decided.where(
        TaskReview.meeting_id == meeting.id, TaskReview.disposition == Disposition.CARRY_OVER
    )
    wholes_first = QuarterlyTask.parent_id.is_not(None)
    carried: list[CarriedOut] = []
    blockers: list[dict[str, str]] = []
    for review in work.db.scalars(decided.order_by(wholes_first, TaskReview.task_id)).all():
        try:
            carried.append(_carried(work, meeting, review))
        except Blocked as problem:
            blockers += problem.members["blockers"]
    if blockers:
        words = Words("Có nhiệm vụ không chuyển được", "Some cannot be carried over")
        raise Blocked(words, blockers=blockers)
    return CarryOverOut(items=carried, dry_run=False)


def rehearse(work: Work, meeting: Meeting) -> CarryOverOut:
    """What it would be. Nothing of it is kept, the ids least of all."""
    done = rehearsed(work, lambda: carry_over(work, meeting))
    unmade = {"successor_id": None, "successor_code": None}
    items = [one if one.was_carried_before else one.model_copy(update=unmade) for one in done.items]
    return CarryOverOut(items=items, dry_run=True)


def _carried(work: Work, meeting: Meeting, review: TaskReview) -> CarriedOut:
    """The successor of one. Raises Blocked."""
    if not work.sees(QUARTERLY_TASKS, review.task_id):
        words = Words("Còn nhiệm vụ mà bạn không xem được", "Here stands a task that you do not see")
        raise _blocked("task-not-seen", words, f"/v1/meetings/{meeting.id}/task-reviews")
    task = work.taken(QUARTERLY_TASKS, review.task_id)
    before = work.db.scalar(select(QuarterlyTask).where(QuarterlyTask.carried_from_id == task.id))
    if before is not None:
        return _told(task, before, again=True)
    into = _quarter_after(meeting, task)
    _refuse_unless_it_goes_on(work, task)
    try:
        return _told(task, _successor(work, meeting, task, into, review.comment), again=False)
    except QuarterClosed as closed:
        quarter = closed.members["quarter"]
        words = Words(f"{task.code}: quý {quarter} đã chốt", f"{task.code}: {quarter} is closed")
        body = task.issuing_organization_id
        raise _blocked(
            "quarter-closed", words, f"/v1/organizations/{body}/quarters/{quarter}/closing"
        ) from None
    except ValidationError as refused:  # its day lies in a quarter that is closed
        raise _blocked("quarter-closed", refused.errors[0].words, _path(task)) from None


def _quarter_after(meeting: Meeting, task: QuarterlyTask) -> Quarter:
    """The first quarter that the meeting plans after the task's own. Raises Blocked."""
    planned = Period.parse(meeting.plan_period).quarters if meeting.plan_period else ()
    for one in planned:
        if one > Quarter.parse(task.quarter):
            return one
    vi, en = f"Kỳ kế hoạch không có quý sau {task.quarter}", f"No quarter after {task.quarter} is planned"
    pointer = _path(task) if planned else f"/v1/meetings/{meeting.id}#/plan_period"
    raise _blocked("no-quarter-after", Words(vi, en), pointer)


def _refuse_unless_it_goes_on(work: Work, task: QuarterlyTask) -> None:
    if task.status not in OPEN:
        words = Words(f"Nhiệm vụ {task.code} không còn mở", f"Task {task.code} is not open any more")
        raise _blocked("task-not-open", words, _path(task))
    if not work.may("quarterly_tasks:write", [task.issuing_organization_id]):
        words = Words(f"{task.code} do cơ quan khác giao", f"{task.code} is another body's to carry over")
        raise _blocked("forbidden", words, _path(task))


def _path(task: QuarterlyTask) -> str:
    return f"/v1/quarterly-tasks/{task.id}"


def _blocked(code: str, words: Words, pointer: str) -> Blocked:
    blocker = {"code": code, "detail_vi": words.vi, "detail_en": words.en, "pointer": pointer}
    return Blocked(blockers=[blocker])


def _told(task: QuarterlyTask, successor: QuarterlyTask, *, again: bool) -> CarriedOut:
    return CarriedOut(
        task_id=task.id,
        successor_id=successor.id,
        successor_code=successor.code,
        quarter=successor.quarter,
        was_carried_before=again,
    )


def _successor(
    work: Work, meeting: Meeting, task: QuarterlyTask, into: Quarter, reason: str | None
) -> QuarterlyTask:
    """The same task in another quarter, given to the same bodies; what was due first stays known."""
    day = day_of(work, meeting, task)
    made = QuarterlyTask(
        **{name: getattr(task, name) for name in COPIED},
        id=new_id(),
        parent_id=_whole(work, task, into),
        quarter=str(into),
        set_at_meeting_id=meeting.id,
        carried_from_id=task.id,
        carry_count=task.carry_count + 1,
        carry_reason=reason,
    )
    made.code = new_code("NV", made.id)
    assignments = [AssignmentIn.model_validate(one) for one in assigning.listed(work, task)]
    work.add(made, assignments=[one.model_dump(mode="json") for one in assignments])
    assigning.store(work, made, assignments)
    issue = TransitionIn(transition=TaskTransition.ISSUE, effective_on=day, comment=reason)
    work.told(TASK_ENTRIES, moving.move(work, made, issue), made)
    work.told(TASK_ENTRIES, leave(work, task, made, day), task)
    _gather(work, task, made)
    return made


def _whole(work: Work, task: QuarterlyTask, into: Quarter) -> UUID | None:
    """What a part is a part of there: the successor of its whole; where that stays, the whole itself."""
    carried = select(QuarterlyTask.id).where(
        QuarterlyTask.carried_from_id == task.parent_id, QuarterlyTask.quarter == str(into)
    )
    return (task.parent_id and work.db.scalar(carried)) or task.parent_id


def _gather(work: Work, task: QuarterlyTask, made: QuarterlyTask) -> None:
    """Its parts that went before it are parts of its successor: else both would be counted there."""
    before = select(QuarterlyTask).where(
        QuarterlyTask.parent_id == task.id, QuarterlyTask.quarter == made.quarter
    )
    for part in work.db.scalars(before.order_by(QuarterlyTask.id).with_for_update()).all():
        work.change(part, "updated", parent_id=made.id)


def leave(work: Work, task: QuarterlyTask, successor: QuarterlyTask, day: date) -> TaskEntry:
    """The old task stays in its quarter, not completed; its entry, not stored yet, names the successor."""
    values: dict[str, Any] = {"status": TaskStatus.CARRIED_OVER}
    if task.completed_on is not None:  # what was reported done, and is not
        values["completed_on"] = None
    was, now = {name: getattr(task, name) for name in values}, {**values, "successor_id": successor.id}
    work.change(task, "carried_over", on=day, **values)
    return TaskEntry(
        task_id=task.id,
        kind=EntryKind.CARRY_OVER,
        effective_on=day,
        old_values=moving.shown(was),
        new_values=moving.shown(now),
        text=successor.carry_reason,
    )
