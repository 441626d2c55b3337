"""Minutes and their history over HTTP."""

from typing import Annotated
from uuid import UUID

from fastapi import Path, Query, Response

from app import example_ids as ids
from app.db import one_transaction
from app.errors import Conflict, Words
from app.http import needs, routes_of
from app.meetings.contents import WRITE
from app.meetings.queries import MEETINGS
from app.minutes import moving
from app.minutes.queries import MINUTES, MINUTES_TRANSITIONS
from app.minutes.schemas import (
    MinutesIn,
    MinutesList,
    MinutesMoveIn,
    MinutesMoveList,
    MinutesMoveOut,
    MinutesOut,
)
from app.minutes.vocabulary import MinutesStatus
from app.paging import Page
from app.reader import Looking
from app.work import Doing

router = routes_of("meetings", "minutes")
MOVE = "minutes:move"
Unminuted = Annotated[UUID, Path(openapi_examples={"demo": {"value": ids.PREPARED}})]


@router.get("/v1/minutes", response_model=Page[MinutesOut])
async def list_minutes(wanted: Annotated[MinutesList, Query()], look: Looking) -> Response:
    """The minutes of the meetings you may see; `status=in_review` are those that wait for a signature."""
    return await look.page(MINUTES, wanted)


@router.post("/v1/meetings/{meeting_id}/minutes", status_code=201, response_model=MinutesOut)
@one_transaction
def create_minutes(meeting_id: Unminuted, body: MinutesIn, work: Doing) -> Response:
    """Begin the minutes of a meeting, in draft; it has them once.

    409 `blocked` points at them where they are there, as when the example is sent again.
    """
    meeting = work.locked(MEETINGS, meeting_id, WRITE)
    return work.created(MINUTES, moving.draft(work, meeting, body))


@router.get("/v1/meetings/{meeting_id}/minutes", response_model=MinutesOut)
async def get_meeting_minutes(meeting_id: UUID, look: Looking) -> Response:
    """The minutes of a meeting, 404 where it has none."""
    return await look.only(MINUTES, meeting_id=meeting_id)


@router.get("/v1/minutes/{minutes_id}", response_model=MinutesOut)
async def get_minutes(minutes_id: UUID, look: Looking) -> Response:
    """The minutes of that id."""
    return await look.one(MINUTES, minutes_id)


@router.delete("/v1/minutes/{minutes_id}", status_code=204)
@one_transaction
def delete_minutes(minutes_id: UUID, work: Doing) -> Response:
    """Delete a draft that was never submitted; what has a history stays (409). Needs If-Match."""
    minutes = work.unchanged(MINUTES, minutes_id)
    if minutes.status != MinutesStatus.DRAFT:
        words = Words("Chỉ xóa được dự thảo", "Only a draft can be deleted")
        raise Conflict(words, status_now=minutes.status)
    work.remove(minutes)
    return Response(status_code=204)


@router.post("/v1/minutes/{minutes_id}/transitions", status_code=201, response_model=MinutesMoveOut)
@needs(MOVE)
@one_transaction
def create_minutes_transition(minutes_id: UUID, body: MinutesMoveIn, work: Doing) -> Response:
    """Move the minutes; the answer's ETag is their new one.

    The office of the meeting's host submits and withdraws; its approver signs or requests changes. 409
    `invalid-transition` lists what is allowed now; 409 `blocked` says that the meeting was not held yet
    (`meeting-not-held`), or that you submitted what another must sign (`signer-submitted`). The example
    signs: sent again, it is refused as `invalid-transition`.
    """
    minutes = work.taken(MINUTES, minutes_id)
    return work.told(MINUTES_TRANSITIONS, moving.move(work, minutes, body), minutes)


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
