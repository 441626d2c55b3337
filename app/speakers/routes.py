"""Speakers and their positions over HTTP."""

from typing import Annotated
from uuid import UUID

from fastapi import Query, Response

from app.db import new_id, one_transaction
from app.http import routes_of
from app.organizations.queries import ORGANIZATIONS
from app.paging import Page
from app.reader import Looking
from app.schema import refuse_backwards
from app.speakers.models import Position, Speaker
from app.speakers.queries import POSITIONS, SPEAKERS
from app.speakers.schemas import (
    PositionIn,
    PositionList,
    PositionOut,
    PositionPatch,
    SpeakerIn,
    SpeakerList,
    SpeakerOut,
    SpeakerPatch,
    SpeakerView,
)
from app.work import Doing, Work

router = routes_of("speakers", "speakers")
WRITE = "speakers:write"


@router.get("/v1/speakers", response_model=Page[SpeakerOut])
async def list_speakers(wanted: Annotated[SpeakerList, Query()], look: Looking) -> Response:
    """The people of the tenant, by given name. `as_of` says of which day the titles are."""
    return await look.page(SPEAKERS, wanted)


@router.post("/v1/speakers", status_code=201, response_model=SpeakerOut)
@one_transaction
def create_speaker(body: SpeakerIn, work: Doing) -> Response:
    """Add a person, with the positions held, in one transaction."""
    home = work.governed(ORGANIZATIONS, body.organization_id, WRITE, at="organization_id")
    made = Speaker(**body.model_dump(exclude={"positions"}), id=new_id(), tenant_id=home.tenant_id)
    work.add(made)
    for n, position in enumerate(body.positions):
        _add_position(work, made, position, at=f"positions/{n}/")
    return work.shown(SPEAKERS, made, 201)


@router.get("/v1/speakers/{speaker_id}", response_model=SpeakerOut)
async def get_speaker(speaker_id: UUID, wanted: Annotated[SpeakerView, Query()], look: Looking) -> Response:
    """One person, with the titles of the day `as_of` (today where absent)."""
    return await look.one(SPEAKERS, speaker_id, wanted.include, wanted.as_of)


@router.patch("/v1/speakers/{speaker_id}", response_model=SpeakerOut)
@one_transaction
def update_speaker(speaker_id: UUID, body: SpeakerPatch, work: Doing) -> Response:
    """Change what is named; needs If-Match. A new home must be one whose speakers you may write."""
    speaker, values = work.unchanged(SPEAKERS, speaker_id), body.model_dump()
    if "organization_id" in values:
        work.known(ORGANIZATIONS, speaker.tenant_id, organization_id=values["organization_id"])
        work.governed(ORGANIZATIONS, values["organization_id"], WRITE, at="organization_id")
    return work.changed(SPEAKERS, speaker, **values)


@router.delete("/v1/speakers/{speaker_id}", status_code=204)
@one_transaction
def delete_speaker(speaker_id: UUID, work: Doing) -> Response:
    """Delete a person whom nothing names; otherwise 409 says what does. Needs If-Match."""
    work.remove(work.unchanged(SPEAKERS, speaker_id))
    return Response(status_code=204)


@router.get("/v1/speakers/{speaker_id}/positions", response_model=Page[PositionOut])
async def list_positions(
    speaker_id: UUID, wanted: Annotated[PositionList, Query()], look: Looking
) -> Response:
    """The positions of one person through time."""
    return await look.page(POSITIONS, wanted, inside=SPEAKERS, speaker_id=speaker_id)


@router.post("/v1/speakers/{speaker_id}/positions", status_code=201, response_model=PositionOut)
@one_transaction
def create_position(speaker_id: UUID, body: PositionIn, work: Doing) -> Response:
    """Add a title held in a body. Several at once are normal; 409 for a second open primary one."""
    speaker = work.locked(SPEAKERS, speaker_id, WRITE)
    return work.shown(POSITIONS, _add_position(work, speaker, body), 201)


@router.get("/v1/positions/{position_id}", response_model=PositionOut)
async def get_position(position_id: UUID, look: Looking) -> Response:
    """One position."""
    return await look.one(POSITIONS, position_id)


@router.patch("/v1/positions/{position_id}", response_model=PositionOut)
@one_transaction
def update_position(position_id: UUID, body: PositionPatch, work: Doing) -> Response:
    """Change what is named, such as its last day; needs If-Match."""
    position, values = work.unchanged(POSITIONS, position_id), body.model_dump()
    work.known(ORGANIZATIONS, position.tenant_id, organization_id=values.get("organization_id"))
    refuse_backwards(
        values.get("started_on", position.started_on), values.get("ended_on", position.ended_on), "ended_on"
    )
    return work.changed(POSITIONS, position, **values)


@router.delete("/v1/positions/{position_id}", status_code=204)
@one_transaction
def delete_position(position_id: UUID, work: Doing) -> Response:
    """Take back one that was recorded by mistake; one that ended gets its `ended_on`. Needs If-Match."""
    work.remove(work.unchanged(POSITIONS, position_id))
    return Response(status_code=204)


def _add_position(work: Work, speaker: Speaker, body: PositionIn, at: str = "") -> Position:
    work.known(ORGANIZATIONS, speaker.tenant_id, **{f"{at}organization_id": body.organization_id})
    refuse_backwards(body.started_on, body.ended_on, f"{at}ended_on")
    made = Position(
        **body.model_dump(),
        id=new_id(),
        speaker_id=speaker.id,
        tenant_id=speaker.tenant_id,
    )
    work.add(made)
    return made
