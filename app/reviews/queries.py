"""Which tasks a meeting must review, what stands in the way of closing it, and how reviews are shown."""

from dataclasses import replace
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Select,
    Text,
    and_,
    bindparam,
    case,
    cast,
    exists,
    false,
    or_,
    select,
    true,
    union_all,
)
from sqlalchemy.orm import aliased

from app.actor import Breadth
from app.findings.models import Finding
from app.findings.vocabulary import FindingKind, ResponseStatus
from app.meetings.models import AgendaItem, Meeting
from app.meetings.queries import MEETINGS
from app.meetings.vocabulary import UNFINISHED, MeetingStatus, Record
from app.minutes.models import Minutes
from app.minutes.vocabulary import IN_FORCE
from app.quarterly_tasks.models import QuarterlyTask, QuarterlyTaskAudience, TaskEntry
from app.quarterly_tasks.queries import QUARTERLY_TASKS, TASK_ENTRIES
from app.quarterly_tasks.vocabulary import EntryKind, TaskStatus
from app.reading import Reading, ToAudience, columns
from app.reviews.models import TaskReview
from app.reviews.schemas import ClosingChecksOut, ReviewSheetOut, TaskReviewOut, TaskReviewsOut
from app.reviews.vocabulary import Disposition
from app.sql import Found, Value, constant, json_list, json_object, json_rows, whole
from app.types import Id

OPEN = (TaskStatus.ASSIGNED, TaskStatus.IN_PROGRESS, TaskStatus.ON_HOLD, TaskStatus.SUBMITTED)


def _is(column: Value, *words: str) -> ColumnElement[bool]:
    return or_(*(column == constant(word) for word in words))


def _line() -> Any:
    """The meeting bound as `id` and all before it, one after the other."""
    here = select(Meeting.id, Meeting.previous_meeting_id).where(Meeting.id == bindparam("id", type_=Id()))
    line = here.cte("line", recursive=True)
    before = aliased(Meeting)
    onward = select(before.id, before.previous_meeting_id).join(line, before.id == line.c.previous_meeting_id)
    return line.union_all(onward)


_before = aliased(Meeting)
_last_held = (  # none, where the one before was called off: then nothing was looked back on there
    select(_before.held_on)
    .where(
        _before.id == Meeting.previous_meeting_id,
        or_(*(_before.status == constant(one) for one in (MeetingStatus.HELD, MeetingStatus.CLOSED))),
    )
    .correlate(Meeting)
)
_successor = aliased(QuarterlyTask)
_carried_to = select(_successor.id).where(_successor.carried_from_id == TaskReview.task_id)
_at_line = select(_line().c.id)
_host_sees = select(whole(1)).where(
    QuarterlyTaskAudience.quarterly_task_id == QuarterlyTask.id,
    QuarterlyTaskAudience.circle_id == Meeting.host_organization_id,
)
_reviewed = (
    select(whole(1))
    .where(TaskReview.meeting_id == Meeting.id, TaskReview.task_id == QuarterlyTask.id)
    .correlate(Meeting, QuarterlyTask)
)
# Of the quarters reviewed, what the host issued or its line of meetings set: open, or completed since the
# last one. Never the tasks of bodies below, and nothing that the host does not see.
TO_BE_REVIEWED = and_(
    QuarterlyTask.quarter >= Meeting.first_reviewed,
    QuarterlyTask.quarter <= Meeting.last_reviewed,
    or_(
        QuarterlyTask.issuing_organization_id == Meeting.host_organization_id,
        QuarterlyTask.set_at_meeting_id.in_(_at_line),
    ),
    or_(
        _is(QuarterlyTask.status, *OPEN),
        and_(
            QuarterlyTask.status == constant(TaskStatus.COMPLETED),
            or_(
                _last_held.scalar_subquery().is_(None),
                QuarterlyTask.completed_on > _last_held.scalar_subquery(),
            ),
        ),
    ),
    exists(_host_sees.correlate(Meeting, QuarterlyTask)),
)
ON_THE_SHEET = or_(TO_BE_REVIEWED, exists(_reviewed))


def on_the_sheet(breadth: Breadth) -> Select[Any]:
    """The ids of all tasks that the caller sees and the meeting bound as `id` must review or has reviewed."""
    here = Meeting.id == bindparam("id", type_=Id())
    tasks = select(QuarterlyTask.id).select_from(QuarterlyTask).join(Meeting, here)
    return tasks.where(ON_THE_SHEET, QUARTERLY_TASKS.visible.to(breadth))


RESULTING = _carried_to.correlate(TaskReview).scalar_subquery()
_shown = columns(TaskReviewOut, TaskReview, but={"resulting_task_id": RESULTING})


def _reviews_seen(breadth: Breadth) -> Value:
    seen = TASK_REVIEWS.visible.to(breadth)
    here = (TaskReview.meeting_id == Meeting.id) & seen
    return json_list(_shown, of=TaskReview, where=here, order_by=(TaskReview.task_id,))


def _sheet(breadth: Breadth) -> Value:
    last = (
        select(json_object(columns(TASK_ENTRIES.shows, TaskEntry)))
        .where(TaskEntry.task_id == QuarterlyTask.id, TaskEntry.kind == constant(EntryKind.PROGRESS))
        .order_by(TaskEntry.id.desc())
        .limit(whole(1))
        .correlate(QuarterlyTask)
    )
    review = select(json_object(_shown)).where(
        TaskReview.meeting_id == Meeting.id, TaskReview.task_id == QuarterlyTask.id
    )
    row = {
        "task": json_object(QUARTERLY_TASKS.members(frozenset(), breadth)),
        "last_progress": last.scalar_subquery(),
        "review": review.correlate(Meeting, QuarterlyTask).scalar_subquery(),
    }
    return json_list(
        row,
        of=QuarterlyTask,
        where=ON_THE_SHEET & QUARTERLY_TASKS.visible.to(breadth),
        order_by=(QuarterlyTask.lead_organization_id, QuarterlyTask.effective_due_date, QuarterlyTask.id),
    )


def _check(code: str, vi: Value, en: Value, pointer: Value) -> Value:
    named = {"code": constant(code), "detail_vi": vi, "detail_en": en, "pointer": pointer}
    return json_object(named).label("body")


def _at(path: str, id: Value) -> ColumnElement[str]:
    return constant(path) + cast(id, Text)


def _items_pending() -> Found:
    return select(
        _check(
            "agenda_items_pending",
            constant("Mục chương trình chưa xong: ") + AgendaItem.title,
            constant("This agenda item is not done: ") + AgendaItem.title,
            _at("/v1/agenda-items/", AgendaItem.id),
        )
    ).where(AgendaItem.meeting_id == Meeting.id, _is(AgendaItem.status, *UNFINISHED))


def _tasks_unreviewed(seen: ColumnElement[bool]) -> Found:
    return (
        select(
            _check(
                "tasks_unreviewed",
                constant("Nhiệm vụ chưa được đánh giá: ") + QuarterlyTask.title,
                constant("This task has not been reviewed: ") + QuarterlyTask.title,
                _at("/v1/quarterly-tasks/", QuarterlyTask.id),
            )
        )
        .where(TO_BE_REVIEWED, ~exists(_reviewed), seen)
        .order_by(QuarterlyTask.id)
    )


def _not_carried_out(seen: ColumnElement[bool]) -> Found:
    return (
        select(
            _check(
                "dispositions_not_carried_out",
                constant("Nhiệm vụ chưa chuyển quý sau: ") + QuarterlyTask.title,
                constant("This task has not been carried over: ") + QuarterlyTask.title,
                _at("/v1/quarterly-tasks/", QuarterlyTask.id),
            )
        )
        .join(TaskReview, TaskReview.task_id == QuarterlyTask.id)
        .where(
            TaskReview.meeting_id == Meeting.id,
            TaskReview.disposition == constant(Disposition.CARRY_OVER),
            RESULTING.is_(None),
            seen,
        )
    )


def _blockers(seen: ColumnElement[bool]) -> Value:
    return _all(_items_pending(), _tasks_unreviewed(seen), _not_carried_out(seen))


def _recommendations_unanswered() -> Found:
    return select(
        _check(
            "recommendations_unanswered",
            constant("Đề xuất, kiến nghị chưa được trả lời"),
            constant("This recommendation has not been answered"),
            _at("/v1/findings/", Finding.id),
        )
    ).where(
        Finding.meeting_id == Meeting.id,
        Finding.kind == constant(FindingKind.RECOMMENDATION),
        Finding.response_status == constant(ResponseStatus.OPEN),
    )


def _minutes_not_signed() -> Found:
    same = aliased(Meeting)  # joined, so that it is told whether there are minutes or not
    to_mend = case(
        (Minutes.id.is_(None), _at("/v1/meetings/", same.id)), else_=_at("/v1/minutes/", Minutes.id)
    )
    return (
        select(
            _check(
                "minutes_not_signed",
                constant("Biên bản chưa được ký"),
                constant("The minutes have not been signed"),
                to_mend,
            )
        )
        .select_from(same)
        .outerjoin(Minutes, Minutes.meeting_id == same.id)
        .where(
            same.id == Meeting.id,
            same.record == constant(Record.MINUTED),
            or_(Minutes.id.is_(None), ~_is(Minutes.status, *IN_FORCE)),
        )
    )


def _all(*rows: Found) -> Value:
    each = [select(one.correlate(Meeting).subquery().c.body) for one in rows]
    return json_rows(union_all(*each))


TASK_REVIEWS = Reading(
    TaskReview,
    TaskReviewOut,
    path="/v1/task-reviews",
    area="quarterly_tasks",
    visible=ToAudience(QuarterlyTaskAudience, TaskReview.task_id),
    governed_by=TaskReview.host_id,
    derived={"resulting_task_id": RESULTING},
    by={
        "task_id": TaskReview.task_id,
        "rating": TaskReview.rating,
        "disposition": TaskReview.disposition,
    },
    anchors={"task_id"},
    sorts={"created_at": TaskReview.id},
    shows_other_rows=True,
)
MEETING_REVIEWS = Reading(
    Meeting,
    TaskReviewsOut,
    path="/v1/meetings",
    area="meetings",
    visible=MEETINGS.visible,
    governed_by=Meeting.host_organization_id,
    as_seen={"items": _reviews_seen},
    shows_other_rows=True,
)
REVIEW_SHEET = Reading(
    Meeting,
    ReviewSheetOut,
    path="/v1/meetings",
    area="meetings",
    visible=MEETINGS.visible,
    governed_by=Meeting.host_organization_id,
    as_seen={"items": _sheet},
    shows_other_rows=True,
)
CLOSING_CHECKS = Reading(
    Meeting,
    ClosingChecksOut,
    path="/v1/meetings",
    area="meetings",
    visible=MEETINGS.visible,
    governed_by=Meeting.host_organization_id,
    derived={"warnings": _all(_recommendations_unanswered(), _minutes_not_signed())},
    as_seen={"blockers": lambda breadth: _blockers(QUARTERLY_TASKS.visible.to(breadth))},
    shows_other_rows=True,
)
# What decides, whoever asks: a task that the caller does not see stands in the way all the same, unnamed.
EVERY_CHECK = replace(CLOSING_CHECKS, as_seen={"blockers": lambda _: _blockers(true())})
# For a key that may not read tasks.
BUT_TASKS = replace(CLOSING_CHECKS, as_seen={"blockers": lambda _: _blockers(false())})
