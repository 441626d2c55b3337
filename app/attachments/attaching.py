"""Attaching a file, and removing it: its bytes in the store and its row, neither ever without the other.

The bytes come first, whole and on the disk, then the row in its transaction. What fails in between leaves
bytes that no row names: they are dropped where it is certain that there is no row, else found by `check`.
A file is removed the other way round.
"""

import hashlib
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from typing import IO, Any, NamedTuple, TypeVar
from uuid import UUID

from fastapi import Response

from app.attachments.models import Attachment
from app.attachments.naming import checked
from app.attachments.queries import ATTACHMENTS
from app.attachments.recognising import PART, recognised
from app.attachments.schemas import AttachmentIn
from app.attachments.storing import Store
from app.attachments.vocabulary import OwnerKind
from app.db import new_id, one_transaction
from app.errors import ContentTooLarge, Forbidden, Gone, Problem
from app.forms import LARGEST
from app.meetings.contents import WRITE
from app.meetings.queries import AGENDA_ITEMS, MEETINGS
from app.minutes.models import Document
from app.minutes.queries import CONCLUSION_NOTICES, MINUTES
from app.quarterly_tasks.models import QuarterlyTask
from app.quarterly_tasks.moving import may_report
from app.quarterly_tasks.queries import QUARTERLY_TASKS, TASK_ENTRIES
from app.reading import Reading
from app.work import Work

D = TypeVar("D", bound=Document)
WRITE_TASKS = "quarterly_tasks:write"


class Upload(NamedTuple):
    """A file whose bytes lie in the store."""

    id: UUID
    file_name: str
    media_type: str
    size: int
    sha256: str


def attach(work: Work, store: Store, kind: OwnerKind, owner_id: UUID, said: AttachmentIn) -> Response:
    """Store the file and its row. Raises ValidationError, ContentTooLarge, and what its owner forbids."""
    upload = stored(store, said.file.filename, said.file.file)
    work.request.state.json = _fingerprint(upload, said)
    try:
        answer = _record(kind, owner_id, upload, said.description, work=work)
    except Problem:  # so it was never committed
        store.drop(upload.id)
        raise
    if "idempotency-replayed" in answer.headers:
        store.drop(upload.id)
    return answer


def stored(store: Store, name: str | None, file: IO[bytes], id: UUID | None = None) -> Upload:
    """Look at the file, and store its bytes while they are counted and hashed."""
    file_name, size = checked(name), file.seek(0, 2)
    if size > LARGEST:
        raise ContentTooLarge(most=LARGEST)
    media_type, digest = recognised(file, file_name), hashlib.sha256()

    def passing() -> Iterator[bytes]:
        while part := file.read(PART):
            digest.update(part)
            yield part

    id = id or new_id()
    file.seek(0)
    store.put(id, passing())
    return Upload(id, file_name, media_type, size, digest.hexdigest())


def _fingerprint(upload: Upload, said: AttachmentIn) -> Mapping[str, Any]:
    """What makes it the same request as before, for its Idempotency-Key."""
    return {"file_name": upload.file_name, "sha256": upload.sha256, "description": said.description}


@one_transaction
def _record(
    kind: OwnerKind, owner_id: UUID, upload: Upload, description: str | None, *, work: Work
) -> Response:
    return work.created(ATTACHMENTS, made(work, kind, owner_id, upload, description))


def made(work: Work, kind: OwnerKind, owner_id: UUID, upload: Upload, description: str | None) -> Attachment:
    """The row of a stored file, not kept yet. Raises NotFound or Forbidden, as writing its owner would."""
    return Attachment(
        owner_kind=kind,
        owner_id=owner_id,
        description=description,
        added_by=work.actor.name,
        added_by_id=work.actor.principal_id,
        **upload._asdict(),
        **OWNERS[kind](work, owner_id),
    )


def _in_meeting(work: Work, meeting_id: UUID) -> dict[str, Any]:
    """The meeting's lock comes first, as for all that it contains."""
    meeting = work.locked(MEETINGS, meeting_id, WRITE)
    return {
        "meeting_id": meeting.id,
        "host_id": meeting.host_organization_id,
        "tenant_id": meeting.tenant_id,
    }


def _in_agenda_item(work: Work, agenda_item_id: UUID) -> dict[str, Any]:
    stands = _in_meeting(work, work.named(AGENDA_ITEMS, agenda_item_id).meeting_id)
    work.named(AGENDA_ITEMS, agenda_item_id)  # it is still there
    return stands


def _in(documents: Reading[D], work: Work, document_id: UUID) -> dict[str, Any]:
    """Signed ones too: a scan changes nothing that they record."""
    document = work.locked(documents, document_id, WRITE)
    return {"meeting_id": document.meeting_id, "host_id": document.host_id, "tenant_id": document.tenant_id}


def _in_task_entry(work: Work, task_entry_id: UUID) -> dict[str, Any]:
    task = work.taken(QUARTERLY_TASKS, work.named(TASK_ENTRIES, task_entry_id).task_id)
    if not may_report(work, task):
        raise Forbidden
    return {"task_id": task.id, "host_id": task.issuing_organization_id, "tenant_id": task.tenant_id}


# Another noun that owns files: its line here, and its routes.
OWNERS: Mapping[OwnerKind, Callable[[Work, UUID], dict[str, Any]]] = {
    OwnerKind.MEETING: _in_meeting,
    OwnerKind.AGENDA_ITEM: _in_agenda_item,
    OwnerKind.TASK_ENTRY: _in_task_entry,
    OwnerKind.MINUTES: partial(_in, MINUTES),
    OwnerKind.CONCLUSION_NOTICE: partial(_in, CONCLUSION_NOTICES),
}


def taken(work: Work, attachment_id: UUID) -> Attachment:
    """The attachment, for a change by who may make it and has seen it so. Raises Forbidden, Stale or Gone."""
    row = work.taken(ATTACHMENTS, attachment_id)
    if not _may_change(work, row):
        raise Forbidden
    work.compare(row)
    if row.removed_at is not None:
        raise Gone
    return row


def _may_change(work: Work, row: Attachment) -> bool:
    """Who may write its owner; evidence is changed by the issuing office, or by who handed it in."""
    if row.task_id is None:
        return work.may(WRITE, [row.host_id])
    if work.may(WRITE_TASKS, [row.host_id]):
        return True
    is_own = row.added_by_id is not None and row.added_by_id == work.actor.principal_id
    return is_own and may_report(work, work.db.get_one(QuarterlyTask, row.task_id))


@one_transaction
def _take_away(attachment_id: UUID, *, work: Work) -> Response:
    row = taken(work, attachment_id)
    work.change(row, "removed", removed_at=work.now)
    return Response(status_code=204)


def remove(work: Work, store: Store, attachment_id: UUID) -> Response:
    """Say that the file is gone and, once that is committed, let its bytes go."""
    answer = _take_away(attachment_id, work=work)
    store.drop(attachment_id)
    return answer
