"""Carrying tasks over into the next quarter, as their reviews decided, each once."""

from datetime import date
from uuid import UUID

from sqlalchemy import select

from app.db import new_code, new_id
from app.errors import Blocked, Words
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


def carry_over(work: Work, meeting: Meeting, *, dry_run: bool) -> CarryOverOut:
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
        task = work.taken(QUARTERLY_TASKS, review.task_id)
        before = work.db.scalar(select(QuarterlyTask).where(QuarterlyTask.carried_from_id == task.id))
        into = _quarter_after(meeting, task)
        if before is not None:
            carried.append(_told(task, before, before.quarter, again=True))
        elif into is None:
            blockers.append(_no_quarter(task))
        elif found := _blocker(work, task):
            blockers.append(found)
        else:
            successor = None if dry_run else _successor(work, meeting, task, into, review.comment)
            carried.append(_told(task, successor, str(into), again=False))
    if blockers:
        words = Words("Có nhiệm vụ không chuyển được", "Some cannot be carried over")
        raise Blocked(words, blockers=blockers)
    return CarryOverOut(items=carried, dry_run=dry_run)


def _quarter_after(meeting: Meeting, task: QuarterlyTask) -> Quarter | None:
    """The first quarter that the meeting plans after the task's own."""
    planned = Period.parse(meeting.plan_period).quarters if meeting.plan_period else ()
    return next((one for one in planned if one > Quarter.parse(task.quarter)), None)


def _no_quarter(task: QuarterlyTask) -> dict[str, str]:
    vi, en = f"Kỳ kế hoạch không có quý sau {task.quarter}", f"No quarter after {task.quarter} is planned"
    return _said("no-quarter-after", Words(vi, en), task)


def _blocker(work: Work, task: QuarterlyTask) -> dict[str, str] | None:
    if task.status not in OPEN:
        words = Words(f"Nhiệm vụ {task.code} không còn mở", f"Task {task.code} is not open any more")
        return _said("task-not-open", words, task)
    if not work.may("quarterly_tasks:write", [task.issuing_organization_id]):
        words = Words(f"{task.code} do cơ quan khác giao", f"{task.code} is another body's to carry over")
        return _said("forbidden", words, task)
    return None


def _said(code: str, words: Words, task: QuarterlyTask) -> dict[str, str]:
    pointer = f"/v1/quarterly-tasks/{task.id}"
    return {"code": code, "detail_vi": words.vi, "detail_en": words.en, "pointer": pointer}


def _told(task: QuarterlyTask, successor: QuarterlyTask | None, quarter: str, *, again: bool) -> CarriedOut:
    return CarriedOut(
        task_id=task.id,
        successor_id=successor.id if successor else None,
        successor_code=successor.code if successor else None,
        quarter=quarter,
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
    return made


def _whole(work: Work, task: QuarterlyTask, into: Quarter) -> UUID | None:
    """What a part is a part of there: the successor of its whole; where that stays, the whole itself."""
    carried = select(QuarterlyTask.id).where(
        QuarterlyTask.carried_from_id == task.parent_id, QuarterlyTask.quarter == str(into)
    )
    return (task.parent_id and work.db.scalar(carried)) or task.parent_id


def leave(work: Work, task: QuarterlyTask, successor: QuarterlyTask, day: date) -> TaskEntry:
    """The old task stays in its quarter, not completed; its entry, not stored yet, names the successor."""
    was, now = {"status": task.status}, {"status": TaskStatus.CARRIED_OVER, "successor_id": successor.id}
    work.change(task, "carried_over", on=day, status=TaskStatus.CARRIED_OVER)
    return TaskEntry(
        task_id=task.id,
        kind=EntryKind.CARRY_OVER,
        effective_on=day,
        old_values=moving.shown(was),
        new_values=moving.shown(now),
        text=successor.carry_reason,
    )
