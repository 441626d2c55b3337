"""Directives over HTTP."""

from typing import Annotated
from uuid import UUID

from fastapi import Path, Query, Response

from app import example_ids as ids
from app.db import one_transaction
from app.findings import recording
from app.findings.queries import DIRECTIVES
from app.findings.schemas import (
    DirectiveIn,
    DirectiveList,
    DirectiveOut,
    DirectivePatch,
    MeetingDirectiveList,
)
from app.http import routes_of
from app.meetings.contents import opened, taken_listed
from app.meetings.ordering import close_gap
from app.meetings.queries import MEETINGS
from app.paging import Page
from app.reader import Looking
from app.work import Doing

router = routes_of("meetings", "directives")
Held = Annotated[UUID, Path(openapi_examples={"demo": {"value": ids.BRIEFING}})]


@router.get("/v1/directives", response_model=Page[DirectiveOut])
async def list_directives(wanted: Annotated[DirectiveList, Query()], look: Looking) -> Response:
    """The directives of all meetings that you may see."""
    return await look.page(DIRECTIVES, wanted)


@router.get("/v1/meetings/{meeting_id}/directives", response_model=Page[DirectiveOut])
async def list_meeting_directives(
    meeting_id: Held, wanted: Annotated[MeetingDirectiveList, Query()], look: Looking
) -> Response:
    """What a meeting directed and concluded."""
    return await look.page(DIRECTIVES, wanted, inside=MEETINGS, meeting_id=meeting_id)


@router.post("/v1/meetings/{meeting_id}/directives", status_code=201, response_model=DirectiveOut)
@one_transaction
def create_directive(meeting_id: Held, body: DirectiveIn, work: Doing) -> Response:
    """Record a directive, last or at `position`; those after it move on.

    422 where it names a speech or an item of another meeting.
    """
    meeting = opened(work, meeting_id, by_the_notice=True)
    return work.created(DIRECTIVES, recording.record_directive(work, meeting, body.model_dump()))


@router.get("/v1/directives/{directive_id}", response_model=DirectiveOut)
async def get_directive(directive_id: UUID, look: Looking) -> Response:
    """One directive."""
    return await look.one(DIRECTIVES, directive_id)


@router.patch("/v1/directives/{directive_id}", response_model=DirectiveOut)
@one_transaction
def update_directive(directive_id: UUID, body: DirectivePatch, work: Doing) -> Response:
    """Change what is named, its place among the others too; needs If-Match."""
    meeting, directive = taken_listed(work, DIRECTIVES, directive_id, by_the_notice=True)
    values = body.model_dump()
    recording.rewrite_directive(work, meeting, directive, values)
    return work.changed(DIRECTIVES, directive, **values)


@router.delete("/v1/directives/{directive_id}", status_code=204)
@one_transaction
def delete_directive(directive_id: UUID, work: Doing) -> Response:
    """Delete a directive that no task names; those after it move up. Needs If-Match."""
    _, directive = taken_listed(work, DIRECTIVES, directive_id, by_the_notice=True)
    work.remove(directive)
    close_gap(work, directive)
    return Response(status_code=204)
