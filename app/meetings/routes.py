"""Meetings and their history over HTTP."""

from typing import Annotated
from uuid import UUID

from fastapi import Query, Response

from app.db import one_transaction
from app.http import routes_of
from app.meetings import setting
from app.meetings.contents import add_agenda_items, add_participations, refuse_once_signed
from app.meetings.queries import MEETING_TRANSITIONS, MEETINGS
from app.meetings.schemas import (
    MeetingIn,
    MeetingInclude,
    MeetingList,
    MeetingMoveList,
    MeetingMoveOut,
    MeetingOut,
    MeetingPatch,
    MeetingView,
)
from app.paging import Page
from app.reader import Looking, Reader
from app.work import Doing

router = routes_of("meetings", "meetings")
CONTENTS = {"agenda_items", "participations"}


@router.get("/v1/meetings", response_model=Page[MeetingOut])
async def list_meetings(wanted: Annotated[MeetingList, Query()], look: Looking) -> Response:
    """The meetings you may see: those of your bodies, those they take part in, and public ones."""
    _need(look, wanted)
    return await look.page(MEETINGS, wanted)


@router.post("/v1/meetings", status_code=201, response_model=MeetingOut)
@one_transaction
def create_meeting(body: MeetingIn, work: Doing) -> Response:
    """Plan a meeting, in draft; `agenda_items` and `participations` are made with it, all or nothing.

    422 where its day, hours or periods disagree; 409 where the code is taken or the meeting before
    has a successor already.
    """
    meeting = setting.set_meeting(work, body.model_dump(exclude=CONTENTS))
    add_agenda_items(work, meeting, body.agenda_items, at="agenda_items/{}/")
    add_participations(work, meeting, body.participations, at="participations/{}/")
    return work.shown(MEETINGS, meeting, 201)


@router.get("/v1/meetings/{meeting_id}", response_model=MeetingOut)
async def get_meeting(meeting_id: UUID, wanted: Annotated[MeetingView, Query()], look: Looking) -> Response:
    """One meeting; `include` shows its agenda, who takes part, and the tasks set at it."""
    _need(look, wanted)
    return await look.one(MEETINGS, meeting_id, wanted.include)


@router.patch("/v1/meetings/{meeting_id}", response_model=MeetingOut)
@one_transaction
def update_meeting(meeting_id: UUID, body: MeetingPatch, work: Doing) -> Response:
    """Change what is named; needs If-Match. The status moves by transitions only.

    422 where its day, hours or periods disagree, or it was held and is to follow another meeting than it did.
    """
    meeting = work.unchanged(MEETINGS, meeting_id)
    refuse_once_signed(meeting)
    setting.rewrite(work, meeting, body.model_dump())
    return work.shown(MEETINGS, meeting)


@router.delete("/v1/meetings/{meeting_id}", status_code=204)
@one_transaction
def delete_meeting(meeting_id: UUID, work: Doing) -> Response:
    """Delete a meeting on which nothing stands; otherwise 409 names what does. Needs If-Match."""
    meeting = work.unchanged(MEETINGS, meeting_id)
    refuse_once_signed(meeting)
    work.remove(meeting)
    return Response(status_code=204)


@router.get("/v1/meetings/{meeting_id}/transitions", response_model=Page[MeetingMoveOut])
async def list_meeting_transitions(
    meeting_id: UUID, wanted: Annotated[MeetingMoveList, Query()], look: Looking
) -> Response:
    """How the meeting moved."""
    return await look.page(MEETING_TRANSITIONS, wanted, inside=MEETINGS, meeting_id=meeting_id)


@router.get("/v1/meeting-transitions/{meeting_transition_id}", response_model=MeetingMoveOut)
async def get_meeting_transition(meeting_transition_id: UUID, look: Looking) -> Response:
    """One transition of a meeting."""
    return await look.one(MEETING_TRANSITIONS, meeting_transition_id)


def _need(look: Reader, wanted: MeetingView) -> None:
    if MeetingInclude.QUARTERLY_TASKS in wanted.include:
        look.need("quarterly_tasks:read")
