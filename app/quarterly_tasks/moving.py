"""The transitions of a task: who may make them, what they need, and what they change."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from sqlalchemy import exists, func, or_, select

from app.blockers import blockers
from app.db import today
from app.errors import Blocked, Forbidden, InvalidTransition, Words
from app.events import Event
from app.quarterly_tasks.models import Assignment, QuarterlyTask, TaskEntry
from app.quarterly_tasks.schemas import TransitionIn
from app.quarterly_tasks.under_review import come_under_review
from app.quarterly_tasks.vocabulary import (
    TASK_EVENTS,
    TASK_MOVES,
    AssignmentRole,
    EntryKind,
    TaskStatus,
    TaskTransition,
)
from app.schema import refuse
from app.types import plain
from app.work import Work

_T = TaskTransition
BY_THE_ASSIGNED = {_T.DECLINE, _T.START, _T.SUSPEND, _T.RESUME, _T.REPORT_COMPLETION}
BY_THE_APPROVER = {_T.CONFIRM, _T.SEND_BACK}
INTO_REVIEW = {_T.ISSUE, _T.RECALL, _T.REOPEN}
WITH_A_COMMENT = {_T.DECLINE, _T.SEND_BACK, _T.CANCEL}
BY_CARRYING_OVER = {"external_refs", "parent_id"}  # what it is known by, and its whole, when that follows
DONE = 100  # percent


def move(work: Work, task: QuarterlyTask, asked: TransitionIn) -> TaskEntry:
    """Make the transition, with its one event. Raises InvalidTransition, Blocked or Forbidden."""
    _allow(work, task, asked.transition)
    moves = TASK_MOVES[task.status]
    if asked.transition not in moves:
        raise InvalidTransition(allowed=list(moves))
    if asked.transition in WITH_A_COMMENT and asked.comment is None:
        refuse("comment", "missing", "Phải nêu lý do", "Say why")
    if asked.transition == _T.ISSUE:
        _need_a_lead(task)
    day = effective(work, task, asked.effective_on)
    if asked.transition in INTO_REVIEW:
        come_under_review(work, task)
    if asked.transition == _T.RECALL:
        _withdraw_the_successor(work, task, day)
    onward = _before(work, task) if asked.transition == _T.REOPEN else moves[asked.transition]
    values = {"status": onward, **_changes(task, asked, day)}
    old = {name: getattr(task, name) for name in values}
    work.change(task, TASK_EVENTS[asked.transition], on=day, **values)
    return TaskEntry(
        task_id=task.id,
        kind=EntryKind(asked.transition),
        effective_on=day,
        old_values=shown(old),
        new_values=shown(values),
        text=asked.comment,
    )


def _allow(work: Work, task: QuarterlyTask, transition: TaskTransition) -> None:
    """The issuing side issues, cancels, reopens; its approver confirms; the assigned report what they do."""
    issuer = [task.issuing_organization_id]
    if transition in BY_THE_APPROVER:
        allowed = work.may("quarterly_tasks:confirm", issuer)
    elif transition in BY_THE_ASSIGNED:
        allowed = may_report(work, task)
    elif transition == _T.REOPEN:
        allowed = work.may("quarterly_tasks:write", issuer) or work.may("quarterly_tasks:confirm", issuer)
    else:
        allowed = work.may("quarterly_tasks:write", issuer)
    if not allowed:
        raise Forbidden


def may_report(work: Work, task: QuarterlyTask) -> bool:
    """The office that issued it records for all; an assigned body reports its own, while it is assigned."""
    if work.may("quarterly_tasks:write", [task.issuing_organization_id]):
        return True
    if not task.is_given:
        return False
    assigned = select(Assignment.organization_id).where(
        Assignment.task_id == task.id, Assignment.role != AssignmentRole.SUPERVISING
    )
    return work.may("quarterly_tasks:report", list(work.db.scalars(assigned)))


def _withdraw_the_successor(work: Work, task: QuarterlyTask, day: date) -> None:
    """What it was carried over into is cancelled and let go, if nobody has touched it since."""
    successor = work.db.scalar(
        select(QuarterlyTask).where(QuarterlyTask.carried_from_id == task.id).with_for_update()
    )
    if successor is None:
        return
    path = f"/v1/quarterly-tasks/{successor.id}"
    if successor.status != TaskStatus.ASSIGNED or _was_worked_on(work, successor):
        words = Words(
            "Nhiệm vụ kế tiếp đã được thực hiện hoặc thay đổi", "Its successor has been worked on or changed"
        )
        raise Blocked(blockers=[_touched(words, path)])
    its_own = {f"{path}/entries", f"/v1/quarterly-tasks?parent_id={successor.id}"}
    standing = [one["pointer"] for one in blockers(work.db, successor)]
    if others := [one for one in standing if one not in its_own]:
        words = Words(
            "Nhiệm vụ kế tiếp đã được đánh giá hoặc dẫn chiếu", "Its successor was reviewed or used"
        )
        raise Blocked(blockers=[_touched(words, one) for one in others])
    values: dict[str, Any] = {
        "status": TaskStatus.CANCELLED,
        "carried_from_id": None,
        "root_task_id": successor.id,
        "carry_count": 0,
        "external_refs": [],  # by which others know whatever goes on in the next quarter: the next one, then
    }
    old = {name: getattr(successor, name) for name in values}
    work.change(successor, "withdrawn", on=day, **values)
    entry = TaskEntry(
        task_id=successor.id,
        kind=EntryKind.CANCEL,
        effective_on=day,
        old_values=shown(old),
        new_values=shown(values),
        recorded_at=work.now,
        recorded_by=work.actor.name,
    )
    work.db.add(entry)


def _was_worked_on(work: Work, successor: QuarterlyTask) -> bool:
    """Whether there is more of it than its making: entries, parts, or members that somebody changed."""
    told = select(func.count()).where(TaskEntry.task_id == successor.id)
    parts = exists().where(
        QuarterlyTask.parent_id == successor.id, QuarterlyTask.status != TaskStatus.CANCELLED
    )
    if work.db.scalar(select(or_(told.scalar_subquery() > 1, parts))):
        return True
    name = f"{successor.noun}.updated"
    updates = select(Event.changes).where(Event.subject_id == successor.id, Event.name == name)
    return any(changes.keys() - BY_CARRYING_OVER for changes in work.db.scalars(updates))


def _touched(words: Words, pointer: str) -> dict[str, str]:
    return {
        "code": "successor-touched",
        "detail_vi": words.vi,
        "detail_en": words.en,
        "pointer": pointer,
    }


def _need_a_lead(task: QuarterlyTask) -> None:
    if task.lead_organization_id is None:
        blocker = {
            "code": "lead-missing",
            "detail_vi": "Nhiệm vụ đã giao có đúng một cơ quan chủ trì",
            "detail_en": "Exactly one body leads an issued task",
            "pointer": f"/v1/quarterly-tasks/{task.id}#/assignments",
        }
        raise Blocked(Words("Chưa có cơ quan chủ trì", "No body leads it yet"), blockers=[blocker])


def _changes(task: QuarterlyTask, asked: TransitionIn, day: date) -> Mapping[str, Any]:
    """What a transition changes beside the status."""
    if asked.transition == _T.ISSUE:
        due = task.due_date or task.effective_due_date
        return {
            "was_issued": True,
            "is_given": True,
            "original_due_date": task.original_due_date or due,
            "root_due_date": task.root_due_date or due,
        }
    if asked.transition == _T.REPORT_COMPLETION:
        done: dict[str, Any] = {"completed_on": day, "progress_percent": DONE}
        return done | ({"result_summary": asked.result_summary} if asked.result_summary else {})
    if asked.transition == _T.DECLINE:
        return {"is_given": False}
    if asked.transition == _T.SEND_BACK:
        return {"completed_on": None}
    return {}


def _before(work: Work, task: QuarterlyTask) -> TaskStatus:
    """The state from which it was completed or cancelled. Raises Blocked for what a recall withdrew."""
    ended = (EntryKind.CONFIRM, EntryKind.CANCEL)
    last = select(TaskEntry.old_values).where(TaskEntry.task_id == task.id, TaskEntry.kind.in_(ended))
    values = work.db.scalar(last.order_by(TaskEntry.id.desc()).limit(1)) or {}
    if predecessor := values.get("carried_from_id"):  # it was withdrawn: that one goes on in its place
        blocker = {
            "code": "withdrawn",
            "detail_vi": "Đã rút lại: nhiệm vụ gốc được thực hiện tiếp",
            "detail_en": "It was withdrawn: the task it was carried over from goes on",
            "pointer": f"/v1/quarterly-tasks/{predecessor}",
        }
        raise Blocked(blockers=[blocker])
    return TaskStatus(values["status"])


def effective(work: Work, task: QuarterlyTask, given: date | None) -> date:
    """The day it takes effect: not in the future, not before the entry before it."""
    last = work.db.scalar(select(func.max(TaskEntry.effective_on)).where(TaskEntry.task_id == task.id))
    day = given or max(today(), last or today())
    if day > today() and given is not None:
        refuse("effective_on", "in_the_future", "Ngày ở tương lai", "It is in the future")
    if last is not None and day < last:
        refuse(
            "effective_on",
            "before_the_last_entry",
            f"Trước mục trước ({last})",
            f"The entry before is of {last}",
        )
    return day


def shown(values: Mapping[str, Any]) -> dict[str, Any]:
    """Old or new values as an entry keeps them."""
    return {name: plain(value) for name, value in values.items() if name not in QuarterlyTask.INTERNAL}
