"""Setting a meeting: what its members must agree on before it is stored."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import exists, select

from app.db import ZONE
from app.errors import Blocked, Conflict, Fault, Words
from app.meetings.models import Meeting
from app.meetings.queries import MEETINGS
from app.meetings.vocabulary import MeetingKind, MeetingStatus, Visibility
from app.quarter import Period
from app.quarterly_tasks.models import QuarterlyTask
from app.quarterly_tasks.vocabulary import TaskKind
from app.schema import fault, refuse, refuse_all
from app.work import Work

MOST_LOOKED_AT = 5  # of meetings alike: more than two are a mistake that was seen before


def agree(work: Work, values: Mapping[str, Any], meeting: Meeting | None = None) -> None:
    """Raises a 422 that points at the member to mend."""

    def of(name: str) -> Any:
        return values[name] if name in values else getattr(meeting, name, None)

    faults = _in_time(of("held_on"), of("starts_at"), of("ends_at"))
    if of("kind") == MeetingKind.QUARTERLY_BRIEFING:
        faults += _follows(of("review_period"), of("plan_period"))
    refuse_all(faults)
    if {"previous_meeting_id", "held_on"} & values.keys():
        _follows_one_of_its_own(work, values, meeting)
    if meeting is not None and "held_on" in values:
        _precedes_its_successor(work, values["held_on"], meeting)


def _in_time(held_on: date, starts_at: datetime | None, ends_at: datetime | None) -> list[Fault]:
    faults = []
    if starts_at and starts_at.astimezone(ZONE).date() != held_on:
        words = (
            f"Giờ bắt đầu (theo giờ Việt Nam) không thuộc ngày {held_on}",
            f"In Viet Nam it is not on {held_on}, the day it is held",
        )
        faults.append(fault("starts_at", "not_on_the_day", *words))
    if starts_at and ends_at and ends_at < starts_at:
        words = "Kết thúc trước khi bắt đầu", "It ends before it begins"
        faults.append(fault("ends_at", "ends_before_it_begins", *words))
    return faults


def _follows(reviewed: str | None, planned: str | None) -> list[Fault]:
    if not reviewed or not planned or Period.parse(planned).follows(Period.parse(reviewed)):
        return []
    words = (
        f"Kỳ kế hoạch phải liền sau kỳ đánh giá {reviewed}",
        f"What is planned follows what is reviewed: {reviewed}",
    )
    return [fault("plan_period", "does_not_follow", *words)]


def _follows_one_of_its_own(work: Work, values: Mapping[str, Any], meeting: Meeting | None) -> None:
    """The meeting before is the same host's, and lies before this one: nobody moves it meanwhile."""
    previous_id = values.get("previous_meeting_id", meeting and meeting.previous_meeting_id)
    if previous_id is None:
        return
    if "previous_meeting_id" in values:
        previous = work.taken(MEETINGS, previous_id, at="previous_meeting_id")
    else:
        previous = work.db.get_one(Meeting, previous_id, with_for_update=True)
    host = values.get("host_organization_id", meeting and meeting.host_organization_id)
    held_on = values.get("held_on", meeting.held_on if meeting else previous.held_on)
    if previous.host_organization_id != host:
        refuse("previous_meeting_id", "of_another_host", "Của cơ quan khác", "It is another body's meeting")
    is_before = previous.held_on < held_on
    on_the_day = previous.held_on == held_on and (meeting is None or previous.id < meeting.id)
    if not is_before and not on_the_day:
        refuse(
            "previous_meeting_id",
            "not_before",
            "Phải là hội nghị trước đó",
            "It must be a meeting before this one",
        )
    followed = Meeting.previous_meeting_id == previous_id, Meeting.id != (meeting and meeting.id)
    if work.db.scalar(select(exists().where(*followed))):  # under its lock: nobody else comes meanwhile
        words = Words("Hội nghị ấy đã có hội nghị kế tiếp", "Another meeting follows that one already")
        faults = [Fault("body", "#/previous_meeting_id", "has-a-successor", words)]
        raise Conflict(words, errors=faults)


def _precedes_its_successor(work: Work, held_on: date, meeting: Meeting) -> None:
    after = select(Meeting.held_on, Meeting.id).where(Meeting.previous_meeting_id == meeting.id)
    next_on, next_id = work.db.execute(after).first() or (None, None)
    if next_on is not None and (held_on, meeting.id) > (next_on, next_id):
        # On which day that is, only those are told who see it.
        words = "Hội nghị kế tiếp họp trước ngày này", "The meeting that follows it is held before that day"
        refuse("held_on", "after_its_successor", *words)


def where_it_is_followed(work: Work, meeting: Meeting, successor_id: UUID) -> str:
    """The meeting after it; or, for who does not see that, the list that would show it."""
    if work.sees(MEETINGS, successor_id):
        return f"/v1/meetings/{successor_id}"
    return f"/v1/meetings?previous_meeting_id={meeting.id}"


def similar_to(work: Work, meeting: Meeting) -> UUID | None:
    """Another one of the host and kind, for the same review period: the first that the caller sees."""
    if meeting.review_period is None:
        return None
    others = select(Meeting.id).where(
        Meeting.host_organization_id == meeting.host_organization_id,
        Meeting.kind == meeting.kind,
        Meeting.review_period == meeting.review_period,
        Meeting.status != MeetingStatus.CANCELLED,
        Meeting.id != meeting.id,
    )
    found = work.db.scalars(others.order_by(Meeting.held_on, Meeting.id).limit(MOST_LOOKED_AT))
    return next((one for one in found.all() if work.sees(MEETINGS, one)), None)


def keep_its_tasks(work: Work, meeting: Meeting, plan_period: str | None) -> None:
    """Raises Blocked where tasks were set at it for quarters that another plan period leaves out."""
    if plan_period is not None and plan_period != meeting.plan_period:
        refuse_tasks_outside(work, meeting, plan_period)


def refuse_tasks_outside(work: Work, meeting: Meeting, plan_period: str) -> None:
    """Raises Blocked where tasks were set at it for other quarters than these."""
    planned = [str(quarter) for quarter in Period.parse(plan_period).quarters]
    task = QuarterlyTask
    outside = exists().where(
        task.set_at_meeting_id == meeting.id, task.kind != TaskKind.AD_HOC, task.quarter.not_in(planned)
    )
    if work.db.scalar(select(outside)):  # how many, only those are told who see them
        blocker = {
            "code": "tasks-outside",
            "detail_vi": "Có nhiệm vụ giao tại hội nghị nằm ngoài kỳ này",
            "detail_en": "Tasks set at the meeting lie outside this period",
            "pointer": f"/v1/quarterly-tasks?set_at_meeting_id={meeting.id}",
        }
        raise Blocked(blockers=[blocker])


def keep_in_sight(work: Work, meeting: Meeting) -> None:
    """Raises Conflict where its author would not see it any more: nobody might."""
    if meeting.visibility == Visibility.RESTRICTED and not work.sees(MEETINGS, meeting.id):
        raise Conflict(
            Words(
                "Sau đó chính bạn không còn xem được: cần người có vai trò tại chính cơ quan chủ trì",
                "You would not see it afterwards: it takes somebody with a grant in the host body itself",
            )
        )
