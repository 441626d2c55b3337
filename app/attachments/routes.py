"""Attachments over HTTP: files sent as forms, downloaded as they were."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import File, Path, Query, Response

from app import example_ids as ids
from app.attachments import attaching
from app.attachments.downloading import download
from app.attachments.queries import ATTACHMENTS, READ_MEETINGS, READ_TASKS, readable
from app.attachments.recognising import MEDIA_TYPES
from app.attachments.schemas import AttachmentIn, AttachmentList, AttachmentOut, AttachmentPatch
from app.attachments.storing import Storing
from app.attachments.vocabulary import OwnerKind
from app.db import one_transaction
from app.forms import LARGEST
from app.http import routes_of
from app.meetings.queries import AGENDA_ITEMS, MEETINGS
from app.minutes.queries import CONCLUSION_NOTICES, MINUTES
from app.paging import Page
from app.quarterly_tasks.queries import TASK_ENTRIES
from app.reader import Looking
from app.work import Doing

router = routes_of("attachments", "attachments")
Sent = Annotated[AttachmentIn, File()]
Asked = Annotated[AttachmentList, Query()]
Reported = Annotated[UUID, Path(openapi_examples={"demo": {"value": ids.TASK_ENTRY}})]
GONE: dict[int | str, dict[str, Any]] = {410: {"description": "It was removed."}}
BINARY = {"schema": {"type": "string", "format": "binary", "maxLength": LARGEST}}
CONTENT: dict[int | str, dict[str, Any]] = {
    200: {
        "description": "The bytes, as they were sent, and as what they were recognised.",
        "content": dict.fromkeys(("application/octet-stream", *MEDIA_TYPES), BINARY),
    }
}


@router.post("/v1/meetings/{meeting_id}/attachments", status_code=201, response_model=AttachmentOut)
def create_meeting_attachment(meeting_id: UUID, body: Sent, work: Doing, store: Storing) -> Response:
    """Attach a file to a meeting: a paper, a list, a picture. Choose a file on this page, then execute.

    The office of the meeting's host may. 413 where it is larger than 20 MiB; 422 names what is wrong with
    the file: its kind, its name, what a packed file holds.
    """
    return attaching.attach(work, store, OwnerKind.MEETING, meeting_id, body)


@router.get("/v1/meetings/{meeting_id}/attachments", response_model=Page[AttachmentOut])
async def list_meeting_attachments(meeting_id: UUID, wanted: Asked, look: Looking) -> Response:
    """The files of a meeting itself; those of its agenda items, minutes and notice are listed there."""
    look.need(READ_MEETINGS)
    return await look.page(ATTACHMENTS, wanted, inside=MEETINGS, owner_id=meeting_id)


@router.post("/v1/agenda-items/{agenda_item_id}/attachments", status_code=201, response_model=AttachmentOut)
def create_agenda_item_attachment(agenda_item_id: UUID, body: Sent, work: Doing, store: Storing) -> Response:
    """Attach a file to an agenda item, as the report that it deals with. Choose a file, then execute.

    The office of the meeting's host may. 413 and 422 as for a meeting's.
    """
    return attaching.attach(work, store, OwnerKind.AGENDA_ITEM, agenda_item_id, body)


@router.get("/v1/agenda-items/{agenda_item_id}/attachments", response_model=Page[AttachmentOut])
async def list_agenda_item_attachments(agenda_item_id: UUID, wanted: Asked, look: Looking) -> Response:
    """The files of an agenda item."""
    look.need(READ_MEETINGS)
    return await look.page(ATTACHMENTS, wanted, inside=AGENDA_ITEMS, owner_id=agenda_item_id)


@router.post("/v1/task-entries/{task_entry_id}/attachments", status_code=201, response_model=AttachmentOut)
def create_task_entry_attachment(
    task_entry_id: Reported, body: Sent, work: Doing, store: Storing
) -> Response:
    """Attach evidence to an entry of a task's history. Choose a file, then execute.

    The issuing office may, and those who report for a body that the task is assigned to. 413 and 422 as
    for a meeting's.
    """
    return attaching.attach(work, store, OwnerKind.TASK_ENTRY, task_entry_id, body)


@router.get("/v1/task-entries/{task_entry_id}/attachments", response_model=Page[AttachmentOut])
async def list_task_entry_attachments(task_entry_id: UUID, wanted: Asked, look: Looking) -> Response:
    """The evidence of an entry."""
    look.need(READ_TASKS)
    return await look.page(ATTACHMENTS, wanted, inside=TASK_ENTRIES, owner_id=task_entry_id)


@router.post("/v1/minutes/{minutes_id}/attachments", status_code=201, response_model=AttachmentOut)
def create_minutes_attachment(minutes_id: UUID, body: Sent, work: Doing, store: Storing) -> Response:
    """Attach the signed scan, or what else belongs to the minutes. Choose a file, then execute.

    The office of the meeting's host may, when they are signed too: a scan changes nothing that they record.
    413 and 422 as for a meeting's.
    """
    return attaching.attach(work, store, OwnerKind.MINUTES, minutes_id, body)


@router.get("/v1/minutes/{minutes_id}/attachments", response_model=Page[AttachmentOut])
async def list_minutes_attachments(minutes_id: UUID, wanted: Asked, look: Looking) -> Response:
    """The files of the minutes."""
    look.need(READ_MEETINGS)
    return await look.page(ATTACHMENTS, wanted, inside=MINUTES, owner_id=minutes_id)


@router.post(
    "/v1/conclusion-notices/{conclusion_notice_id}/attachments",
    status_code=201,
    response_model=AttachmentOut,
)
def create_conclusion_notice_attachment(
    conclusion_notice_id: UUID, body: Sent, work: Doing, store: Storing
) -> Response:
    """Attach the signed scan, or what else belongs to the notice. Choose a file, then execute.

    The office of the meeting's host may, when it is signed too: a scan changes nothing that it records.
    413 and 422 as for a meeting's.
    """
    return attaching.attach(work, store, OwnerKind.CONCLUSION_NOTICE, conclusion_notice_id, body)


@router.get("/v1/conclusion-notices/{conclusion_notice_id}/attachments", response_model=Page[AttachmentOut])
async def list_conclusion_notice_attachments(
    conclusion_notice_id: UUID, wanted: Asked, look: Looking
) -> Response:
    """The files of a conclusion notice."""
    look.need(READ_MEETINGS)
    return await look.page(ATTACHMENTS, wanted, inside=CONCLUSION_NOTICES, owner_id=conclusion_notice_id)


@router.get("/v1/attachments/{attachment_id}", response_model=AttachmentOut)
async def get_attachment(attachment_id: UUID, look: Looking) -> Response:
    """What is known of a file, also of one that was removed; 404 where you may not read what it lies in."""
    return await look.one(readable(look), attachment_id)


@router.get(
    "/v1/attachments/{attachment_id}/content",
    response_class=Response,
    response_model=None,
    responses=CONTENT | GONE,
)
async def get_attachment_content(attachment_id: UUID, look: Looking, store: Storing) -> Response:
    """The file itself, to be saved under its name; its ETag is the SHA-256. 410 where it was removed."""
    return await download(look, store, attachment_id)


@router.patch("/v1/attachments/{attachment_id}", response_model=AttachmentOut, responses=GONE)
@one_transaction
def update_attachment(attachment_id: UUID, body: AttachmentPatch, work: Doing) -> Response:
    """Describe the file otherwise; needs If-Match. 410 where it was removed."""
    return work.changed(ATTACHMENTS, attaching.taken(work, attachment_id), **body.model_dump())


@router.delete("/v1/attachments/{attachment_id}", status_code=204, responses=GONE)
def delete_attachment(attachment_id: UUID, work: Doing, store: Storing) -> Response:
    """Remove the file: its content is gone, and what is known of it stays, with `removed_at`.

    Needs If-Match. Evidence is removed by the issuing office, or by who handed it in. 410 where it was
    removed already.
    """
    return attaching.remove(work, store, attachment_id)
