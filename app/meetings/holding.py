"""The transitions of a meeting up to `held`: what each needs and what it changes."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from sqlalchemy import func, select

from app.db import today
from app.errors import Blocked, InvalidTransition, Words
from app.meetings.models import Meeting, MeetingMove, Participation
from app.meetings.planning import agree, similar_to, where_it_is_followed
from app.meetings.schemas import MeetingMoveIn
from app.meetings.vocabulary import (
    MEETING_EVENTS,
    MEETING_MOVES,
    Attendance,
    MeetingStatus,
    MeetingTransition,
    ParticipationRole,
    Record,
)
from app.schema import refuse
from app.work import Work

_T = MeetingTransition
FROM_ITS_DAY_ON = {_T.START, _T.HOLD, _T.CLOSE, _T.REOPEN}
WITH_A_COMMENT = {_T.POSTPONE, _T.CANCEL, _T.REOPEN}
WAS_HELD = {MeetingStatus.HELD, MeetingStatus.CLOSED}
INCOMPLETE = Words("Chưa đủ để kết thúc phiên họp", "It cannot be held yet")
WAS_COMPLETE = Words("Đã họp: thành phần phải giữ đầy đủ", "It was held: who took part stays complete")
Finding = dict[str, str]


def move(work: Work, meeting: Meeting, asked: MeetingMoveIn, warnings: Sequence[Finding] = ()) -> MeetingMove:
    """Make the transition, with its one event. Raises InvalidTransition, Blocked or ValidationError."""
    moves = MEETING_MOVES[meeting.status]
    if asked.transition not in moves:
        raise InvalidTransition(allowed=list(moves))
    if asked.transition in WITH_A_COMMENT and asked.comment is None:
        refuse("comment", "missing", "Phải nêu lý do", "Say why")
    day = asked.effective_on or today()
    if day > today():
        refuse("effective_on", "in_the_future", "Ngày ở tương lai", "It is in the future")
    if asked.transition in FROM_ITS_DAY_ON:
        _refuse_before_its_day(meeting, day)
    values: dict[str, Any] = {"status": moves[asked.transition]}
    values |= _rescheduled(work, meeting, asked)
    if values["status"] != MeetingStatus.CANCELLED:
        values["is_announced"] = True
    if asked.transition == _T.HOLD:
        warnings = _held(work, meeting)
    if asked.transition in {_T.SCHEDULE, _T.HOLD}:
        warnings = [*warnings, *_similar(work, meeting)]
    if asked.transition == _T.REOPEN:
        _refuse_after_its_successor(work, meeting)
    before = meeting.status
    work.change(meeting, MEETING_EVENTS[asked.transition], **values)
    return MeetingMove(
        meeting_id=meeting.id,
        transition=asked.transition,
        from_status=before,
        to_status=meeting.status,
        effective_on=day,
        comment=asked.comment,
        warnings=list(warnings),
    )


def _refuse_before_its_day(meeting: Meeting, day: date) -> None:
    words = f"Họp ngày {meeting.held_on}", f"It is held on {meeting.held_on}"
    if meeting.held_on > today():
        refuse("transition", "in_the_future", *words)
    if day < meeting.held_on:
        refuse("effective_on", "before_its_day", *words)


def _refuse_after_its_successor(work: Work, meeting: Meeting) -> None:
    """What the next meeting has looked back on is not opened again."""
    follows = select(Meeting.id).where(
        Meeting.previous_meeting_id == meeting.id,
        Meeting.status.in_([MeetingStatus.HELD, MeetingStatus.CLOSED]),
    )
    if successor := work.db.scalar(follows):
        blocker = {
            "code": "successor-held",
            "detail_vi": "Hội nghị kế tiếp đã họp",
            "detail_en": "The meeting that follows it was held",
            "pointer": where_it_is_followed(work, meeting, successor),
        }
        raise Blocked(blockers=[blocker])


def _rescheduled(work: Work, meeting: Meeting, asked: MeetingMoveIn) -> dict[str, Any]:
    given = {"held_on": asked.held_on, "starts_at": asked.starts_at}
    named = {name: value for name, value in given.items() if value is not None}
    if asked.transition != _T.RESCHEDULE:
        for name in named:
            refuse(name, "extra_forbidden", "Chỉ dùng khi xếp lại lịch", "It belongs to reschedule only")
        return {}
    if asked.held_on is None:
        refuse("held_on", "missing", "Phải nêu ngày mới", "Name the new day")
    values = {**given, "ends_at": None}
    agree(work, values, meeting)
    return values


def keep_in_the_past(meeting: Meeting, values: Mapping[str, Any]) -> None:
    """What `hold` asked of the day stays true of a meeting that was held."""
    if meeting.status in WAS_HELD and values.get("held_on", meeting.held_on) > today():
        refuse("held_on", "in_the_future", "Đã họp: không thể ở tương lai", "It was held: not in the future")


def keep_in_line(work: Work, meeting: Meeting, values: Mapping[str, Any]) -> None:
    """What a meeting that was held has looked back on stays before it: else that could be opened again."""
    before_id = meeting.previous_meeting_id
    if meeting.status not in WAS_HELD or values.get("previous_meeting_id", before_id) == before_id:
        return
    if before_id is not None and work.db.get_one(Meeting, before_id).status in WAS_HELD:
        words = (
            "Đã họp, tiếp nối hội nghị đã họp: giữ nguyên",
            "It was held, and so was the one before: it stays",
        )
        refuse("previous_meeting_id", "fixed", *words)


def keep_held(work: Work, meeting: Meeting, values: Mapping[str, Any]) -> None:
    """The same of who took part, where a meeting that was reported is minuted from now on."""
    is_minuted = values.get("record") == Record.MINUTED and meeting.record != Record.MINUTED
    if meeting.status in WAS_HELD and is_minuted:
        _refuse(_missing(work, meeting), INCOMPLETE)


def keep_complete(work: Work, meeting: Meeting) -> None:
    """The same of who took part: after it was held, a minuted meeting keeps its chair and its secretary."""
    if meeting.status in WAS_HELD and meeting.record == Record.MINUTED:
        work.db.flush()
        _refuse(_missing(work, meeting), WAS_COMPLETE)


def _held(work: Work, meeting: Meeting) -> Sequence[Finding]:
    """A chair, a secretary, and nobody left at `invited`; for a reported meeting these are warnings only."""
    found = _missing(work, meeting)
    if meeting.record == Record.MINUTED:
        _refuse(found, INCOMPLETE)
    return found


def _similar(work: Work, meeting: Meeting) -> Sequence[Finding]:
    """It may have been recorded twice. No refusal: a briefing may be held in two parts."""
    if (other := similar_to(work, meeting)) is None:
        return []
    of = meeting.review_period
    return [
        {
            "code": "similar-meeting",
            "detail_vi": f"Cơ quan đã có một hội nghị cùng loại đánh giá kỳ {of}",
            "detail_en": f"The body has another meeting of this kind that reviews {of}",
            "pointer": f"/v1/meetings/{other}",
        }
    ]


def _refuse(found: Sequence[Finding], words: Words) -> None:
    if found:
        raise Blocked(words, blockers=found)


def _missing(work: Work, meeting: Meeting) -> Sequence[Finding]:
    counted = select(
        func.count().filter(Participation.role == ParticipationRole.CHAIR),
        func.count().filter(Participation.role == ParticipationRole.SECRETARY),
        func.count().filter(Participation.attendance == Attendance.INVITED),
    ).where(Participation.meeting_id == meeting.id)
    chairs, secretaries, invited = work.db.execute(counted).one()
    found = []
    if not chairs:
        words = Words("Chưa ghi người chủ trì", "Nobody is recorded as its chair")
        found.append(_finding(meeting, "chair-missing", words, "role=chair"))
    if not secretaries:
        words = Words("Chưa ghi thư ký", "Nobody is recorded as its secretary")
        found.append(_finding(meeting, "secretary-missing", words, "role=secretary"))
    if invited:
        words = Words(
            f"Còn {invited} thành phần chưa ghi có mặt hay vắng", f"{invited} still stand at `invited`"
        )
        found.append(_finding(meeting, "attendance-open", words, "attendance=invited"))
    return found


def _finding(meeting: Meeting, code: str, words: Words, which: str) -> Finding:
    """In both languages, since a warning is stored for whoever reads it later."""
    pointer = f"/v1/meetings/{meeting.id}/participations?{which}"
    return {"code": code, "detail_vi": words.vi, "detail_en": words.en, "pointer": pointer}
