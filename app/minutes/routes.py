"""Minutes, their history, comments and versions over HTTP."""

from typing import Annotated
from uuid import UUID

from fastapi import Path, Query, Response

from app import example_ids as ids
from app.db import one_transaction
from app.http import needs, routes_of
from app.meetings.contents import WRITE
from app.meetings.queries import MEETINGS
from app.minutes import commenting, moving
from app.minutes.models import Minutes, MinutesMove
from app.minutes.queries import (
    MINUTES,
    MINUTES_COMMENTS,
    MINUTES_DRAFTED,
    MINUTES_TRANSITIONS,
    MINUTES_VERSIONS,
    WHOLE_VERSIONS,
)
from app.minutes.schemas import (
    DocumentList,
    MinutesCommentIn,
    MinutesCommentList,
    MinutesCommentOut,
    MinutesIn,
    MinutesMoveIn,
    MinutesMoveList,
    MinutesMoveOut,
    MinutesOut,
    MinutesPatch,
    MinutesVersionList,
    MinutesVersionOut,
    WholeMinutesVersionOut,
)
from app.paging import Page
from app.reader import Looking
from app.work import Doing

router = routes_of("meetings", "minutes")
MOVE, TASKS = "minutes:move", "quarterly_tasks:read"
Unminuted = Annotated[UUID, Path(openapi_examples={"demo": {"value": ids.PREPARED}})]
Draft = Annotated[UUID, Path(openapi_examples={"demo": {"value": ids.DRAFT_MINUTES}})]
Signed = Annotated[UUID, Path(openapi_examples={"demo": {"value": ids.SIGNED_MINUTES}})]


@router.get("/v1/minutes", response_model=Page[MinutesOut])
async def list_minutes(wanted: Annotated[DocumentList, Query()], look: Looking) -> Response:
    """The minutes of the meetings you may see; `status=in_review` are those that wait for a signature."""
    return await look.page(MINUTES, wanted)


@router.post("/v1/meetings/{meeting_id}/minutes", status_code=201, response_model=MinutesOut)
@one_transaction
def create_minutes(meeting_id: Unminuted, body: MinutesIn, work: Doing) -> Response:
    """Begin the minutes of a meeting, in draft; it has them once.

    409 `blocked` points at them where they are there, as when the example is sent again.
    """
    meeting = work.locked(MEETINGS, meeting_id, WRITE)
    return work.created(MINUTES, moving.draft(work, Minutes, meeting, body))


@router.get("/v1/minutes/{minutes_id}", response_model=MinutesOut)
async def get_minutes(minutes_id: UUID, look: Looking) -> Response:
    """The minutes of that id."""
    return await look.one(MINUTES, minutes_id)


@router.patch("/v1/minutes/{minutes_id}", response_model=MinutesOut)
@one_transaction
def update_minutes(minutes_id: Draft, body: MinutesPatch, work: Doing) -> Response:
    """Change what is printed on them, while a draft, sent back or amended (else 409); needs If-Match.

    422 where a number that was drawn would no longer fit: it stays with its term or year and its symbol.
    """
    minutes = work.unchanged(MINUTES, minutes_id)
    moving.rewrite(work, minutes, body.model_dump())
    return work.shown(MINUTES, minutes)


@router.delete("/v1/minutes/{minutes_id}", status_code=204)
@one_transaction
def delete_minutes(minutes_id: UUID, work: Doing) -> Response:
    """Delete a draft that was never submitted; what has a history stays (409). Needs If-Match."""
    moving.remove(work, work.unchanged(MINUTES, minutes_id))
    return Response(status_code=204)


@router.post("/v1/minutes/{minutes_id}/transitions", status_code=201, response_model=MinutesMoveOut)
@needs(MOVE)
@one_transaction
def create_minutes_transition(minutes_id: UUID, body: MinutesMoveIn, work: Doing) -> Response:
    """Move the minutes; the answer's ETag is their new one.

    - The office of the meeting's host submits, withdraws, issues and opens an amendment; its approver signs,
      requests changes and signs the amendment. Each signature makes a version, and its answer tells number,
      symbol and hash; from then on what it records is locked (409 `minutes-locked`) but for an amendment.
    - 409 `invalid-transition` lists what is allowed now; 409 `blocked` says that the meeting was not held yet
      (`meeting-not-held`), what the closing checks still find, that it would record more than 4 million
      letters (`too-long`), or that you submitted or opened what another must sign (`signer-submitted`,
      `signer-opened`). The example asks for changes: sent again, it is refused as `invalid-transition`.
    """
    meeting, minutes = moving.taken(work, MINUTES, minutes_id)
    moved = MinutesMove(**moving.move(work, meeting, minutes, body), minutes_id=minutes.id)
    return work.told(MINUTES_TRANSITIONS, moved, minutes)


@router.get("/v1/minutes/{minutes_id}/transitions", response_model=Page[MinutesMoveOut])
async def list_minutes_transitions(
    minutes_id: UUID, wanted: Annotated[MinutesMoveList, Query()], look: Looking
) -> Response:
    """How the minutes moved."""
    return await look.page(MINUTES_TRANSITIONS, wanted, inside=MINUTES, minutes_id=minutes_id)


@router.get("/v1/minutes-transitions/{minutes_transition_id}", response_model=MinutesMoveOut)
async def get_minutes_transition(minutes_transition_id: UUID, look: Looking) -> Response:
    """One transition of minutes."""
    return await look.one(MINUTES_TRANSITIONS, minutes_transition_id)


@router.post("/v1/minutes/{minutes_id}/comments", status_code=201, response_model=MinutesCommentOut)
@needs(MOVE)
@one_transaction
def create_minutes_comment(minutes_id: UUID, body: MinutesCommentIn, work: Doing) -> Response:
    """Say something of the minutes, or of one place in their record. For those who may write or sign them."""
    minutes = work.taken(MINUTES, minutes_id)
    return work.told(MINUTES_COMMENTS, commenting.comment(work, minutes, body), minutes)


@router.get("/v1/minutes/{minutes_id}/comments", response_model=Page[MinutesCommentOut])
async def list_minutes_comments(
    minutes_id: UUID, wanted: Annotated[MinutesCommentList, Query()], look: Looking
) -> Response:
    """What reviewers said of the minutes: for those who may read the draft of which they said it, else 404.

    Those are who may read at the host itself, the tasks too that it records.
    """
    look.need(TASKS)
    return await look.page(MINUTES_COMMENTS, wanted, inside=MINUTES_DRAFTED, minutes_id=minutes_id)


@router.get("/v1/minutes-comments/{minutes_comment_id}", response_model=MinutesCommentOut)
async def get_minutes_comment(minutes_comment_id: UUID, look: Looking) -> Response:
    """One comment on minutes or on a conclusion notice: for those who may read the draft, else 404."""
    look.need(TASKS)
    return await look.one(MINUTES_COMMENTS, minutes_comment_id)


@router.get("/v1/minutes/{minutes_id}/versions", response_model=Page[MinutesVersionOut])
async def list_minutes_versions(
    minutes_id: Signed, wanted: Annotated[MinutesVersionList, Query()], look: Looking
) -> Response:
    """The signed versions of the minutes, without what they record."""
    return await look.page(MINUTES_VERSIONS, wanted, inside=MINUTES, minutes_id=minutes_id)


@router.get("/v1/minutes-versions/{minutes_version_id}", response_model=WholeMinutesVersionOut)
async def get_minutes_version(minutes_version_id: UUID, look: Looking) -> Response:
    """One signed version of minutes or of a conclusion notice, with its content as it was hashed.

    It records tasks and their reviews, whoever sees the meeting.
    """
    look.need(TASKS)
    return await look.one(WHOLE_VERSIONS, minutes_version_id)
