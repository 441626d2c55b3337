"""Meetings and their history over HTTP."""

from typing import Annotated
from uuid import UUID

from fastapi import Path, Query, Response

from app import example_ids as ids
from app.db import new_code, new_id, one_transaction
from app.http import routes_of
from app.meetings import holding
from app.meetings.contents import add_agenda_item, add_participation
from app.meetings.models import Meeting
from app.meetings.planning import agree
from app.meetings.queries import MEETING_TRANSITIONS, MEETINGS
from app.meetings.schemas import (
    MeetingIn,
    MeetingList,
    MeetingMoveIn,
    MeetingMoveList,
    MeetingMoveOut,
    MeetingOut,
    MeetingPatch,
    MeetingView,
)
from app.organizations.queries import ORGANIZATIONS
from app.paging import Page
from app.reader import Looking
from app.work import Doing

router = routes_of("meetings", "meetings")
WRITE = "meetings:write"
CONTENTS = {"agenda_items", "participations"}
Draft = Annotated[UUID, Path(openapi_examples={"demo": {"value": ids.PREPARED}})]


@router.get("/v1/meetings", response_model=Page[MeetingOut])
async def list_meetings(wanted: Annotated[MeetingList, Query()], look: Looking) -> Response:
    """The meetings you may see: those of your bodies, those they take part in, and public ones."""
    return await look.page(MEETINGS, wanted)


@router.post("/v1/meetings", status_code=201, response_model=MeetingOut)
@one_transaction
def create_meeting(body: MeetingIn, work: Doing) -> Response:
    """Plan a meeting, in draft; `agenda_items` and `participations` are made with it, all or nothing.

    422 where its day, hours or periods disagree; 409 where the code is taken or the meeting before
    has a successor already.
    """
    host = work.governed(ORGANIZATIONS, body.host_organization_id, WRITE, at="host_organization_id")
    values = body.model_dump(exclude=CONTENTS)
    agree(work, values)
    meeting = Meeting(**values, id=new_id(), tenant_id=host.tenant_id)
    meeting.code = meeting.code or new_code("HN", meeting.id)
    work.add(meeting)
    for n, item in enumerate(body.agenda_items):
        add_agenda_item(work, meeting, item, at=f"agenda_items/{n}/")
    for n, participation in enumerate(body.participations):
        add_participation(work, meeting, participation, at=f"participations/{n}/")
    return work.shown(MEETINGS, meeting, 201)


@router.get("/v1/meetings/{meeting_id}", response_model=MeetingOut)
async def get_meeting(meeting_id: UUID, wanted: Annotated[MeetingView, Query()], look: Looking) -> Response:
    """One meeting; `include` shows its agenda, who takes part, and the tasks set at it."""
    return await look.one(MEETINGS, meeting_id, wanted.include)


@router.patch("/v1/meetings/{meeting_id}", response_model=MeetingOut)
@one_transaction
def update_meeting(meeting_id: UUID, body: MeetingPatch, work: Doing) -> Response:
    """Change what is named; needs If-Match. The status moves by transitions only."""
    meeting, values = work.unchanged(MEETINGS, meeting_id), body.model_dump()
    agree(work, values, meeting)
    return work.changed(MEETINGS, meeting, **values)


@router.delete("/v1/meetings/{meeting_id}", status_code=204)
@one_transaction
def delete_meeting(meeting_id: UUID, work: Doing) -> Response:
    """Delete a meeting on which nothing stands; otherwise 409 names what does. Needs If-Match."""
    work.remove(work.unchanged(MEETINGS, meeting_id))
    return Response(status_code=204)


@router.post("/v1/meetings/{meeting_id}/transitions", status_code=201, response_model=MeetingMoveOut)
@one_transaction
def create_meeting_transition(meeting_id: Draft, body: MeetingMoveIn, work: Doing) -> Response:
    """Move the meeting. The answer's ETag is the meeting's new one.

    409 `invalid-transition` lists what is allowed now; 409 `blocked` what `hold` still needs. For a meeting
    taken from a report those are warnings.
    """
    meeting = work.locked(MEETINGS, meeting_id, WRITE)
    return work.told(MEETING_TRANSITIONS, holding.move(work, meeting, body), meeting)


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
