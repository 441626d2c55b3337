"""Agenda items over HTTP, one by one and as a whole."""

from typing import Annotated
from uuid import UUID

from fastapi import Path, Query, Response

from app import example_ids as ids
from app.agenda.reordering import close_gap, reorder
from app.db import one_transaction
from app.http import routes_of
from app.meetings.contents import add_agenda_items, check_agenda_items, opened, taken_item
from app.meetings.queries import AGENDA, AGENDA_ITEMS, MEETINGS
from app.meetings.schemas import (
    AgendaItemIn,
    AgendaItemList,
    AgendaItemOut,
    AgendaItemPatch,
    AgendaOrder,
    AgendaOut,
    MeetingAgendaItemList,
)
from app.paging import Page
from app.reader import Looking
from app.work import Doing

router = routes_of("meetings", "agenda-items")
Draft = Annotated[UUID, Path(openapi_examples={"demo": {"value": ids.PREPARED}})]
Scheduled = Annotated[UUID, Path(openapi_examples={"demo": {"value": ids.NEXT_BRIEFING}})]


@router.get("/v1/agenda-items", response_model=Page[AgendaItemOut])
async def list_agenda_items(wanted: Annotated[AgendaItemList, Query()], look: Looking) -> Response:
    """The agenda items of all meetings that you may see."""
    return await look.page(AGENDA_ITEMS, wanted)


@router.get("/v1/meetings/{meeting_id}/agenda-items", response_model=Page[AgendaItemOut])
async def list_meeting_agenda_items(
    meeting_id: UUID, wanted: Annotated[MeetingAgendaItemList, Query()], look: Looking
) -> Response:
    """The agenda items of one meeting, page by page."""
    return await look.page(AGENDA_ITEMS, wanted, inside=MEETINGS, meeting_id=meeting_id)


@router.post("/v1/meetings/{meeting_id}/agenda-items", status_code=201, response_model=AgendaItemOut)
@one_transaction
def create_agenda_item(meeting_id: Draft, body: AgendaItemIn, work: Doing) -> Response:
    """Append an item after its siblings, at the top or below `parent_id` (three levels at most).

    409 for one that is still pending once the meeting is closed: reopen it first.
    """
    meeting = opened(work, meeting_id)
    (made,) = add_agenda_items(work, meeting, [body])
    return work.shown(AGENDA_ITEMS, made, 201)


@router.get("/v1/agenda-items/{agenda_item_id}", response_model=AgendaItemOut)
async def get_agenda_item(agenda_item_id: UUID, look: Looking) -> Response:
    """One agenda item."""
    return await look.one(AGENDA_ITEMS, agenda_item_id)


@router.patch("/v1/agenda-items/{agenda_item_id}", response_model=AgendaItemOut)
@one_transaction
def update_agenda_item(agenda_item_id: UUID, body: AgendaItemPatch, work: Doing) -> Response:
    """Change what is named, such as the minutes' text or the status; needs If-Match.

    409 where an item of a closed meeting would be pending again: reopen the meeting first.
    """
    meeting, item = taken_item(work, agenda_item_id)
    values = body.model_dump()
    check_agenda_items(work, meeting, {"": values}, item.id)
    return work.changed(AGENDA_ITEMS, item, **values)


@router.delete("/v1/agenda-items/{agenda_item_id}", status_code=204)
@one_transaction
def delete_agenda_item(agenda_item_id: UUID, work: Doing) -> Response:
    """Delete an item that has no parts; its later siblings move up. Needs If-Match."""
    _, item = taken_item(work, agenda_item_id)
    work.remove(item)
    close_gap(work, item)
    return Response(status_code=204)


@router.get("/v1/meetings/{meeting_id}/agenda", response_model=AgendaOut)
async def get_agenda(meeting_id: Scheduled, look: Looking) -> Response:
    """The whole agenda, parents before children, siblings in order; its ETag is what PUT needs."""
    return await look.one(AGENDA, meeting_id)


@router.put("/v1/meetings/{meeting_id}/agenda", response_model=AgendaOut)
@one_transaction
def replace_agenda(meeting_id: Scheduled, body: AgendaOrder, work: Doing) -> Response:
    """Put the whole tree in another order. Every item once, each parent before its children.

    422 points at an item that is missing, foreign, named twice or too deep; nothing moves then.
    Needs If-Match with the ETag of `GET /v1/meetings/{meeting_id}/agenda`, or `*`.
    """
    meeting = opened(work, meeting_id)
    reorder(work, meeting, body)
    return work.shown(AGENDA, meeting)
