"""Participations over HTTP."""

from typing import Annotated
from uuid import UUID

from fastapi import Path, Query, Response

from app import example_ids as ids
from app.db import one_transaction
from app.http import routes_of
from app.meetings import holding
from app.meetings.contents import add_participations, opened, rewrite_participation, taken_participation
from app.meetings.queries import MEETINGS, PARTICIPATIONS
from app.meetings.schemas import ParticipationIn, ParticipationList, ParticipationOut, ParticipationPatch
from app.paging import Page
from app.reader import Looking
from app.work import Doing

router = routes_of("meetings", "participations")
Draft = Annotated[UUID, Path(openapi_examples={"demo": {"value": ids.PREPARED}})]


@router.get("/v1/meetings/{meeting_id}/participations", response_model=Page[ParticipationOut])
async def list_participations(
    meeting_id: UUID, wanted: Annotated[ParticipationList, Query()], look: Looking
) -> Response:
    """Who takes part, in which role, and who came."""
    return await look.page(PARTICIPATIONS, wanted, inside=MEETINGS, meeting_id=meeting_id)


@router.post("/v1/meetings/{meeting_id}/participations", status_code=201, response_model=ParticipationOut)
@one_transaction
def create_participation(meeting_id: Draft, body: ParticipationIn, work: Doing) -> Response:
    """Add a body or a person. From `scheduled` on, the body sees the meeting.

    409 for a second chair, and for one left at `invited` once a minuted meeting was held.
    """
    meeting = opened(work, meeting_id)
    (made,) = add_participations(work, meeting, [body])
    holding.keep_complete(work, meeting)
    return work.shown(PARTICIPATIONS, made, 201)


@router.get("/v1/participations/{participation_id}", response_model=ParticipationOut)
async def get_participation(participation_id: UUID, look: Looking) -> Response:
    """One participation."""
    return await look.one(PARTICIPATIONS, participation_id)


@router.patch("/v1/participations/{participation_id}", response_model=ParticipationOut)
@one_transaction
def update_participation(participation_id: UUID, body: ParticipationPatch, work: Doing) -> Response:
    """Change what is named, such as the attendance; needs If-Match.

    Another person comes with the title of the day, unless `title_snapshot` says another. 409 where a minuted
    meeting that was held would be left without chair or secretary: name another person in their place.
    """
    meeting, participation = taken_participation(work, participation_id)
    values = body.model_dump()
    rewrite_participation(work, meeting, participation, values)
    answer = work.changed(PARTICIPATIONS, participation, **values)
    holding.keep_complete(work, meeting)
    return answer


@router.delete("/v1/participations/{participation_id}", status_code=204)
@one_transaction
def delete_participation(participation_id: UUID, work: Doing) -> Response:
    """Take it back. The body no longer sees the meeting, unless it does otherwise. Needs If-Match.

    409 for the chair and the last secretary of a minuted meeting that was held.
    """
    meeting, participation = taken_participation(work, participation_id)
    work.remove(participation)
    holding.keep_complete(work, meeting)
    return Response(status_code=204)
