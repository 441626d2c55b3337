"""Conclusion notices, their history, comments and versions over HTTP."""

from typing import Annotated
from uuid import UUID

from fastapi import Path, Query, Response

from app import example_ids as ids
from app.db import one_transaction
from app.http import needs, routes_of
from app.meetings.contents import WRITE
from app.meetings.queries import MEETINGS
from app.minutes import commenting, moving
from app.minutes.models import ConclusionNotice, ConclusionNoticeMove
from app.minutes.queries import (
    CONCLUSION_NOTICE_TRANSITIONS,
    CONCLUSION_NOTICES,
    MINUTES_COMMENTS,
    MINUTES_VERSIONS,
    NOTICES_DRAFTED,
)
from app.minutes.schemas import (
    ConclusionNoticeIn,
    ConclusionNoticeMoveIn,
    ConclusionNoticeMoveOut,
    ConclusionNoticeOut,
    ConclusionNoticePatch,
    DocumentList,
    MinutesCommentIn,
    MinutesCommentList,
    MinutesCommentOut,
    MinutesMoveList,
    MinutesVersionList,
    MinutesVersionOut,
)
from app.paging import Page
from app.reader import Looking
from app.work import Doing

router = routes_of("meetings", "conclusion-notices")
MOVE, TASKS = "minutes:move", "quarterly_tasks:read"
Unnoticed = Annotated[UUID, Path(openapi_examples={"demo": {"value": ids.PREPARED}})]
Draft = Annotated[UUID, Path(openapi_examples={"demo": {"value": ids.DRAFT_CONCLUSION_NOTICE}})]
Signed = Annotated[UUID, Path(openapi_examples={"demo": {"value": ids.SIGNED_CONCLUSION_NOTICE}})]


@router.get("/v1/conclusion-notices", response_model=Page[ConclusionNoticeOut])
async def list_conclusion_notices(wanted: Annotated[DocumentList, Query()], look: Looking) -> Response:
    """The notices of the meetings you may see; `status=in_review` are those that wait for a signature."""
    return await look.page(CONCLUSION_NOTICES, wanted)


@router.post(
    "/v1/meetings/{meeting_id}/conclusion-notice", status_code=201, response_model=ConclusionNoticeOut
)
@one_transaction
def create_conclusion_notice(meeting_id: Unnoticed, body: ConclusionNoticeIn, work: Doing) -> Response:
    """Begin the conclusion notice of a meeting, in draft; it has one.

    409 `blocked` points at it where it is there, as when the example is sent again.
    """
    meeting = work.locked(MEETINGS, meeting_id, WRITE)
    return work.created(CONCLUSION_NOTICES, moving.draft(work, ConclusionNotice, meeting, body))


@router.get("/v1/conclusion-notices/{conclusion_notice_id}", response_model=ConclusionNoticeOut)
async def get_conclusion_notice(conclusion_notice_id: UUID, look: Looking) -> Response:
    """The conclusion notice of that id."""
    return await look.one(CONCLUSION_NOTICES, conclusion_notice_id)


@router.patch("/v1/conclusion-notices/{conclusion_notice_id}", response_model=ConclusionNoticeOut)
@one_transaction
def update_conclusion_notice(
    conclusion_notice_id: Draft, body: ConclusionNoticePatch, work: Doing
) -> Response:
    """Change what is printed on it, while a draft, sent back or amended (else 409); needs If-Match.

    422 where a number that was drawn would no longer fit: it stays with its term or year and its symbol.
    """
    notice = work.unchanged(CONCLUSION_NOTICES, conclusion_notice_id)
    moving.rewrite(work, notice, body.model_dump())
    return work.shown(CONCLUSION_NOTICES, notice)


@router.delete("/v1/conclusion-notices/{conclusion_notice_id}", status_code=204)
@one_transaction
def delete_conclusion_notice(conclusion_notice_id: UUID, work: Doing) -> Response:
    """Delete a draft that was never submitted; what has a history stays (409). Needs If-Match."""
    moving.remove(work, work.unchanged(CONCLUSION_NOTICES, conclusion_notice_id))
    return Response(status_code=204)


@router.post(
    "/v1/conclusion-notices/{conclusion_notice_id}/transitions",
    status_code=201,
    response_model=ConclusionNoticeMoveOut,
)
@needs(MOVE)
@one_transaction
def create_conclusion_notice_transition(
    conclusion_notice_id: UUID, body: ConclusionNoticeMoveIn, work: Doing
) -> Response:
    """Move the notice; the answer's ETag is its new one.

    - The office of the meeting's host submits, withdraws, issues and opens an amendment; its approver signs,
      requests changes and signs the amendment. Each signature makes a version, and its answer tells number,
      symbol and hash; from then on the meeting's facts and directives are locked (409 `minutes-locked`).
    - 409 `invalid-transition` lists what is allowed now; 409 `blocked` says that the meeting was not held yet
      (`meeting-not-held`), what the closing checks still find, that it would record more than 4 million
      letters (`too-long`), or that you submitted or opened what another must sign (`signer-submitted`,
      `signer-opened`). The example asks for changes: sent again, it is refused as `invalid-transition`.
    """
    meeting, notice = moving.taken(work, CONCLUSION_NOTICES, conclusion_notice_id)
    told = moving.move(work, meeting, notice, body)
    moved = ConclusionNoticeMove(**told, conclusion_notice_id=notice.id)
    return work.told(CONCLUSION_NOTICE_TRANSITIONS, moved, notice)


@router.get(
    "/v1/conclusion-notices/{conclusion_notice_id}/transitions", response_model=Page[ConclusionNoticeMoveOut]
)
async def list_conclusion_notice_transitions(
    conclusion_notice_id: UUID, wanted: Annotated[MinutesMoveList, Query()], look: Looking
) -> Response:
    """How the notice moved."""
    return await look.page(
        CONCLUSION_NOTICE_TRANSITIONS,
        wanted,
        inside=CONCLUSION_NOTICES,
        conclusion_notice_id=conclusion_notice_id,
    )


@router.get(
    "/v1/conclusion-notice-transitions/{conclusion_notice_transition_id}",
    response_model=ConclusionNoticeMoveOut,
)
async def get_conclusion_notice_transition(conclusion_notice_transition_id: UUID, look: Looking) -> Response:
    """One transition of a conclusion notice."""
    return await look.one(CONCLUSION_NOTICE_TRANSITIONS, conclusion_notice_transition_id)


@router.post(
    "/v1/conclusion-notices/{conclusion_notice_id}/comments",
    status_code=201,
    response_model=MinutesCommentOut,
)
@needs(MOVE)
@one_transaction
def create_conclusion_notice_comment(
    conclusion_notice_id: UUID, body: MinutesCommentIn, work: Doing
) -> Response:
    """Say something of the notice, or of one place in its record. For those who may write or sign it."""
    notice = work.taken(CONCLUSION_NOTICES, conclusion_notice_id)
    return work.told(MINUTES_COMMENTS, commenting.comment(work, notice, body), notice)


@router.get("/v1/conclusion-notices/{conclusion_notice_id}/comments", response_model=Page[MinutesCommentOut])
async def list_conclusion_notice_comments(
    conclusion_notice_id: UUID, wanted: Annotated[MinutesCommentList, Query()], look: Looking
) -> Response:
    """What reviewers said of the notice: for those who may read the draft of which they said it, else 404.

    Those are who may read at the host itself, the tasks too that it records.
    """
    look.need(TASKS)
    return await look.page(
        MINUTES_COMMENTS, wanted, inside=NOTICES_DRAFTED, conclusion_notice_id=conclusion_notice_id
    )


@router.get("/v1/conclusion-notices/{conclusion_notice_id}/versions", response_model=Page[MinutesVersionOut])
async def list_conclusion_notice_versions(
    conclusion_notice_id: Signed, wanted: Annotated[MinutesVersionList, Query()], look: Looking
) -> Response:
    """The signed versions of the notice, without what they record."""
    return await look.page(
        MINUTES_VERSIONS, wanted, inside=CONCLUSION_NOTICES, conclusion_notice_id=conclusion_notice_id
    )
