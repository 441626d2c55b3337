"""Findings over HTTP."""

from typing import Annotated
from uuid import UUID

from fastapi import Path, Query, Response

from app import example_ids as ids
from app.db import one_transaction
from app.findings import recording
from app.findings.queries import FINDINGS
from app.findings.schemas import FindingIn, FindingList, FindingOut, FindingPatch, MeetingFindingList
from app.http import routes_of
from app.meetings.contents import opened, taken_listed
from app.meetings.ordering import close_gap
from app.meetings.queries import MEETINGS
from app.paging import Page
from app.reader import Looking
from app.work import Doing

router = routes_of("meetings", "findings")
Held = Annotated[UUID, Path(openapi_examples={"demo": {"value": ids.BRIEFING}})]


@router.get("/v1/findings", response_model=Page[FindingOut])
async def list_findings(wanted: Annotated[FindingList, Query()], look: Looking) -> Response:
    """The findings of all meetings that you may see."""
    return await look.page(FINDINGS, wanted)


@router.get("/v1/meetings/{meeting_id}/findings", response_model=Page[FindingOut])
async def list_meeting_findings(
    meeting_id: Held, wanted: Annotated[MeetingFindingList, Query()], look: Looking
) -> Response:
    """What a meeting found: results, limitations, causes, recommendations."""
    return await look.page(FINDINGS, wanted, inside=MEETINGS, meeting_id=meeting_id)


@router.post("/v1/meetings/{meeting_id}/findings", status_code=201, response_model=FindingOut)
@one_transaction
def create_finding(meeting_id: Held, body: FindingIn, work: Doing) -> Response:
    """Record a finding, last or at `position`; those after it move on.

    422 where a member does not belong to its kind, or names something of another meeting.
    """
    meeting = opened(work, meeting_id)
    return work.created(FINDINGS, recording.record_finding(work, meeting, body.model_dump()))


@router.get("/v1/findings/{finding_id}", response_model=FindingOut)
async def get_finding(finding_id: UUID, look: Looking) -> Response:
    """One finding."""
    return await look.one(FINDINGS, finding_id)


@router.patch("/v1/findings/{finding_id}", response_model=FindingOut)
@one_transaction
def update_finding(finding_id: UUID, body: FindingPatch, work: Doing) -> Response:
    """Change what is named, its place among the others too; needs If-Match."""
    meeting, finding = taken_listed(work, FINDINGS, finding_id)
    values = body.model_dump()
    recording.rewrite_finding(work, meeting, finding, values)
    return work.changed(FINDINGS, finding, **values)


@router.delete("/v1/findings/{finding_id}", status_code=204)
@one_transaction
def delete_finding(finding_id: UUID, work: Doing) -> Response:
    """Delete a finding that no cause and no task names; those after it move up. Needs If-Match."""
    _, finding = taken_listed(work, FINDINGS, finding_id)
    work.remove(finding)
    close_gap(work, finding)
    return Response(status_code=204)
