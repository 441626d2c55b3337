"""The two documents of a meeting: drafted once, and moved by who may."""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any, TypeVar
from uuid import UUID

from sqlalchemy import select

from app.db import new_id, today
from app.errors import Blocked, Conflict, Forbidden, InvalidTransition, Words
from app.meetings.contents import WRITE, of_the_meeting
from app.meetings.models import Meeting
from app.meetings.queries import MEETINGS
from app.meetings.vocabulary import MeetingStatus
from app.minutes import signing
from app.minutes.measuring import refuse_too_long
from app.minutes.models import Document
from app.minutes.schemas import DocumentIn, DocumentMoveIn
from app.minutes.vocabulary import (
    MINUTES_EVENTS,
    MINUTES_MOVES,
    OPEN_TO_WRITING,
    DocumentKind,
    MinutesStatus,
    MinutesTransition,
)
from app.reading import Reading
from app.reviews.closing import refuse_unfinished
from app.schema import refuse
from app.work import Work

_T = MinutesTransition
D = TypeVar("D", bound=Document)
SIGN = "minutes:sign"
BY_THE_APPROVER = {_T.REQUEST_CHANGES, _T.SIGN, _T.SIGN_AMENDMENT}
SIGNING = {_T.SIGN, _T.SIGN_AMENDMENT}
WITH_A_COMMENT = {_T.REQUEST_CHANGES, _T.OPEN_AMENDMENT}
WAS_HELD = {MeetingStatus.HELD, MeetingStatus.CLOSED}
THERE = {
    DocumentKind.MINUTES: Words("Hội nghị đã có biên bản", "The meeting has minutes already"),
    DocumentKind.CONCLUSION_NOTICE: Words(
        "Hội nghị đã có thông báo kết luận", "The meeting has a conclusion notice already"
    ),
}


def draft(work: Work, kind: type[D], meeting: Meeting, said: DocumentIn) -> D:
    """Not stored yet. Raises Blocked where the meeting, which the caller has locked, has one already."""
    if there := work.db.scalar(select(kind.id).where(kind.meeting_id == meeting.id)):
        code = f"{kind.KIND.value.replace('_', '-')}-there"
        raise _blocked(code, THERE[kind.KIND], f"{kind.PATH}/{there}")
    return kind(**said.model_dump(), **of_the_meeting(meeting))


def taken(work: Work, of: Reading[D], id: UUID) -> tuple[Meeting, D]:
    """The document and the meeting that it is of: nobody changes either until this transaction ends."""
    meeting = work.taken(MEETINGS, work.named(of, id).meeting_id)
    return meeting, work.taken(of, id)


def rewrite(work: Work, document: Document, values: Mapping[str, Any]) -> None:
    """Change what is named. Raises Conflict where it is not open to that, or ValidationError."""
    if document.status not in OPEN_TO_WRITING:
        words = Words("Chỉ sửa được dự thảo hoặc bản đang bổ sung", "Only a draft or an amendment is changed")
        raise Conflict(words, status_now=document.status)
    signing.refuse_another_series(work, document, values)
    work.change(document, "updated", **values)


def remove(work: Work, document: Document) -> None:
    """Delete a draft that was never submitted. Raises Conflict or Blocked."""
    if document.status != MinutesStatus.DRAFT:
        words = Words("Chỉ xóa được dự thảo", "Only a draft can be deleted")
        raise Conflict(words, status_now=document.status)
    work.remove(document)


def move(
    work: Work, meeting: Meeting, document: Document, asked: DocumentMoveIn, version_id: UUID | None = None
) -> dict[str, Any]:
    """Make the transition, with its one event; answers what its fact tells.

    A version that is signed gets this id, or one of its own.
    Raises Forbidden, InvalidTransition, Blocked or ValidationError.
    """
    if not work.may(SIGN if asked.transition in BY_THE_APPROVER else WRITE, [document.host_id]):
        raise Forbidden
    moves = MINUTES_MOVES[document.status]
    if asked.transition not in moves:
        raise InvalidTransition(allowed=list(moves))
    if asked.transition in WITH_A_COMMENT and asked.comment is None:
        refuse("comment", "missing", "Phải nêu lý do", "Say why")
    day, before = _effective(meeting, asked.effective_on), document.status
    values: dict[str, Any] = {"status": moves[asked.transition]}
    if changes := CHANGES.get(asked.transition):
        values |= changes(work, meeting, document, asked)
    signed = asked.transition in SIGNING
    if signed:
        values |= signing.sign(work, document, day, version_id or new_id())
    work.change(document, MINUTES_EVENTS[asked.transition], **values)
    signing.lock(work, meeting, document)
    return {
        "transition": asked.transition,
        "from_status": before,
        "to_status": document.status,
        "effective_on": day,
        "comment": asked.comment,
        "document_version": document.current_version if signed else None,
        "document_number": document.document_number if signed else None,
        "symbol": document.symbol if signed else None,
        "sha256": document.sha256 if signed else None,
    }


def _submit(work: Work, meeting: Meeting, document: Document, _: DocumentMoveIn) -> Mapping[str, Any]:
    _refuse_unfinished(work, meeting, document)
    return {"submitted_by": work.actor.name, "submitter_id": work.actor.principal_id}


def _sign(work: Work, meeting: Meeting, document: Document, _: DocumentMoveIn) -> Mapping[str, Any]:
    words = Words("Người trình không tự ký", "Who submitted it does not sign it")
    _refuse_the_same(work, document, document.submitter_id, "signer-submitted", words)
    _refuse_unfinished(work, meeting, document)
    return {}


def _open(work: Work, _: Meeting, __: Document, asked: DocumentMoveIn) -> Mapping[str, Any]:
    opened = {"amendment_opened_by": work.actor.name, "opener_id": work.actor.principal_id}
    return {**opened, "change_note": asked.comment}


def _sign_amendment(work: Work, meeting: Meeting, document: Document, _: DocumentMoveIn) -> Mapping[str, Any]:
    words = Words("Người mở bổ sung không tự ký", "Who opened the amendment does not sign it")
    _refuse_the_same(work, document, document.opener_id, "signer-opened", words)
    _refuse_unfinished(work, meeting, document)
    return {}


Change = Callable[[Work, Meeting, Document, DocumentMoveIn], Mapping[str, Any]]
CHANGES: Mapping[MinutesTransition, Change] = {
    _T.SUBMIT: _submit,
    _T.SIGN: _sign,
    _T.OPEN_AMENDMENT: _open,
    _T.SIGN_AMENDMENT: _sign_amendment,
}


def _refuse_unfinished(work: Work, meeting: Meeting, document: Document) -> None:
    """What was held stays so; nothing of it is left open, and no task forgotten."""
    if meeting.status not in WAS_HELD:
        words = Words("Hội nghị chưa họp", "The meeting has not been held")
        raise _blocked("meeting-not-held", words, f"/v1/meetings/{meeting.id}")
    if document.KIND == DocumentKind.MINUTES:
        words = Words("Biên bản chưa thể trình, ký", "The minutes cannot be submitted or signed yet")
    else:
        words = Words("Thông báo chưa thể trình, ký", "The notice cannot be submitted or signed yet")
    refuse_unfinished(work, meeting, words)
    refuse_too_long(work, meeting, document.KIND)


def _refuse_the_same(work: Work, document: Document, one: UUID | None, code: str, words: Words) -> None:
    """Two pairs of eyes: who brought it forward does not sign it."""
    if one is not None and one == work.actor.principal_id:
        raise _blocked(code, words, document.pointer)


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
