"""Setting a meeting: what its members must agree on before it is stored."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from app.db import ZONE
from app.meetings.models import Meeting
from app.meetings.queries import MEETINGS
from app.meetings.vocabulary import MeetingKind
from app.quarter import Period
from app.schema import refuse
from app.work import Work


def agree(work: Work, values: Mapping[str, Any], meeting: Meeting | None = None) -> None:
    """Raises a 422 that points at the member to mend."""

    def of(name: str) -> Any:
        return values[name] if name in values else getattr(meeting, name, None)

    _in_time(of("held_on"), of("starts_at"), of("ends_at"))
    if of("kind") == MeetingKind.QUARTERLY_BRIEFING:
        _follows(of("review_period"), of("plan_period"))
    if values.get("previous_meeting_id"):
        _follows_one_of_its_own(work, values["previous_meeting_id"], of("held_on"), meeting)


def _in_time(held_on: date, starts_at: datetime | None, ends_at: datetime | None) -> None:
    if starts_at and starts_at.astimezone(ZONE).date() != held_on:
        refuse(
            "starts_at",
            "not_on_the_day",
            f"Giờ bắt đầu (theo giờ Việt Nam) không thuộc ngày {held_on}",
            f"In Viet Nam it is not on {held_on}, the day it is held",
        )
    if starts_at and ends_at and ends_at < starts_at:
        refuse("ends_at", "ends_before_it_begins", "Kết thúc trước khi bắt đầu", "It ends before it begins")


def _follows(reviewed: str | None, planned: str | None) -> None:
    if not reviewed or not planned:
        return
    first, then = Period.parse(reviewed), Period.parse(planned)
    if not then.follows(first):
        refuse(
            "plan_period",
            "does_not_follow",
            f"Kỳ kế hoạch phải liền sau kỳ đánh giá {reviewed}",
            f"What is planned follows what is reviewed: {reviewed}",
        )


def _follows_one_of_its_own(work: Work, previous_id: Any, held_on: date, meeting: Meeting | None) -> None:
    previous = work.named(MEETINGS, previous_id, at="previous_meeting_id")
    if previous.held_on > held_on or (meeting is not None and previous.id == meeting.id):
        refuse(
            "previous_meeting_id",
            "not_before",
            "Phải là hội nghị trước đó",
            "It must be a meeting before this one",
        )
