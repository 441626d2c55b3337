"""Speeches over HTTP."""

from typing import Annotated
from uuid import UUID

from fastapi import Path, Query, Response

from app import example_ids as ids
from app.db import one_transaction
from app.http import routes_of
from app.meetings.contents import opened, taken_listed
from app.meetings.ordering import close_gap
from app.meetings.queries import MEETINGS
from app.paging import Page
from app.reader import Looking
from app.speeches import recording
from app.speeches.queries import SPEECHES
from app.speeches.schemas import MeetingSpeechList, SpeechIn, SpeechList, SpeechOut, SpeechPatch
from app.work import Doing

router = routes_of("meetings", "speeches")
Held = Annotated[UUID, Path(openapi_examples={"demo": {"value": ids.BRIEFING}})]


@router.get("/v1/speeches", response_model=Page[SpeechOut])
async def list_speeches(wanted: Annotated[SpeechList, Query()], look: Looking) -> Response:
    """The speeches at all meetings that you may see; `q` looks into what was said."""
    return await look.page(SPEECHES, wanted)


@router.get("/v1/meetings/{meeting_id}/speeches", response_model=Page[SpeechOut])
async def list_meeting_speeches(
    meeting_id: Held, wanted: Annotated[MeetingSpeechList, Query()], look: Looking
) -> Response:
    """Who spoke at a meeting, in order."""
    return await look.page(SPEECHES, wanted, inside=MEETINGS, meeting_id=meeting_id)


@router.post("/v1/meetings/{meeting_id}/speeches", status_code=201, response_model=SpeechOut)
@one_transaction
def create_speech(meeting_id: Held, body: SpeechIn, work: Doing) -> Response:
    """Record what somebody said, last or at `position`; those after it move on.

    422 where nothing says who spoke, or the item is of another meeting.
    """
    meeting = opened(work, meeting_id)
    return work.created(SPEECHES, recording.record(work, meeting, body.model_dump()))


@router.get("/v1/speeches/{speech_id}", response_model=SpeechOut)
async def get_speech(speech_id: UUID, look: Looking) -> Response:
    """One speech."""
    return await look.one(SPEECHES, speech_id)


@router.patch("/v1/speeches/{speech_id}", response_model=SpeechOut)
@one_transaction
def update_speech(speech_id: UUID, body: SpeechPatch, work: Doing) -> Response:
    """Change what is named, its place among the others too; needs If-Match.

    Another speaker comes with the title of the day, unless `title_snapshot` says another.
    """
    meeting, speech = taken_listed(work, SPEECHES, speech_id)
    values = body.model_dump()
    recording.rewrite(work, meeting, speech, values)
    return work.changed(SPEECHES, speech, **values)


@router.delete("/v1/speeches/{speech_id}", status_code=204)
@one_transaction
def delete_speech(speech_id: UUID, work: Doing) -> Response:
    """Delete a speech that no finding or directive names; those after it move up. Needs If-Match."""
    _, speech = taken_listed(work, SPEECHES, speech_id)
    work.remove(speech)
    close_gap(work, speech)
    return Response(status_code=204)
