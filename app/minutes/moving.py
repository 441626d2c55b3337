"""The minutes of a meeting: drafted once, and moved by who may."""

from datetime import date
from typing import Any

from sqlalchemy import select

from app.db import today
from app.errors import Blocked, Forbidden, InvalidTransition, Words
from app.meetings.contents import WRITE, of_the_meeting
from app.meetings.models import Meeting
from app.meetings.vocabulary import MeetingStatus
from app.minutes.models import Minutes, MinutesMove
from app.minutes.schemas import MinutesIn, MinutesMoveIn
from app.minutes.vocabulary import MINUTES_EVENTS, MINUTES_MOVES, MinutesTransition
from app.schema import refuse
from app.work import Work

_T = MinutesTransition
SIGN = "minutes:sign"
BY_THE_APPROVER = {_T.REQUEST_CHANGES, _T.SIGN}
WAS_HELD = {MeetingStatus.HELD, MeetingStatus.CLOSED}


def draft(work: Work, meeting: Meeting, said: MinutesIn) -> Minutes:
    """Not stored yet. Raises Blocked where the meeting, which the caller has locked, has some already."""
    if there := work.db.scalar(select(Minutes.id).where(Minutes.meeting_id == meeting.id)):
        words = Words("Hội nghị đã có biên bản", "The meeting has minutes already")
        raise _blocked("minutes-there", words, f"/v1/minutes/{there}")
    return Minutes(**said.model_dump(), **of_the_meeting(meeting))


def move(work: Work, minutes: Minutes, asked: MinutesMoveIn) -> MinutesMove:
    """Make the transition, with its one event. Raises Forbidden, InvalidTransition or Blocked."""
    if not work.may(SIGN if asked.transition in BY_THE_APPROVER else WRITE, [minutes.host_id]):
        raise Forbidden
    moves = MINUTES_MOVES[minutes.status]
    if asked.transition not in moves:
        raise InvalidTransition(allowed=list(moves))
    if asked.transition == _T.REQUEST_CHANGES and asked.comment is None:
        refuse("comment", "missing", "Phải nêu lý do", "Say why")
    meeting = work.db.get_one(Meeting, minutes.meeting_id)
    values: dict[str, Any] = {"status": moves[asked.transition]}
    if asked.transition == _T.SUBMIT:
        _refuse_before_it_was_held(meeting)
        values |= {"submitted_by": work.actor.name, "submitter_id": work.actor.principal_id}
    if asked.transition == _T.SIGN:
        _refuse_who_submitted(work, minutes)
    day, before = _effective(meeting, asked.effective_on), minutes.status
    work.change(minutes, MINUTES_EVENTS[asked.transition], **values)
    return MinutesMove(
        minutes_id=minutes.id,
        transition=asked.transition,
        from_status=before,
        to_status=minutes.status,
        effective_on=day,
        comment=asked.comment,
    )


def _refuse_before_it_was_held(meeting: Meeting) -> None:
    """What was held stays so, whoever moves the meeting meanwhile: its row need not be locked."""
    if meeting.status not in WAS_HELD:
        words = Words("Hội nghị chưa họp", "The meeting has not been held")
        raise _blocked("meeting-not-held", words, f"/v1/meetings/{meeting.id}")


def _refuse_who_submitted(work: Work, minutes: Minutes) -> None:
    if minutes.submitter_id is not None and minutes.submitter_id == work.actor.principal_id:
        words = Words("Người trình không tự ký", "Who submitted them does not sign them")
        raise _blocked("signer-submitted", words, f"/v1/minutes/{minutes.id}")


def _effective(meeting: Meeting, given: date | None) -> date:
    day = given or today()
    if day > today():
        refuse("effective_on", "in_the_future", "Ngày ở tương lai", "It is in the future")
    if day < meeting.held_on:
        words = f"Trước ngày họp ({meeting.held_on})", f"The meeting was held on {meeting.held_on}"
        refuse("effective_on", "before_the_meeting", *words)
    return day


def _blocked(code: str, words: Words, pointer: str) -> Blocked:
    blocker = {"code": code, "detail_vi": words.vi, "detail_en": words.en, "pointer": pointer}
    return Blocked(blockers=[blocker])
