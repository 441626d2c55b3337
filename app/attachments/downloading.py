"""The content of a file, as it was sent: part by part, and never shown as a page."""

import json
import logging
from uuid import UUID

from fastapi import Response
from starlette.responses import StreamingResponse

from app import reading, tags
from app.attachments.naming import disposition
from app.attachments.queries import readable
from app.attachments.storing import Store
from app.errors import Gone, NotFound, Problem
from app.reader import Reader
from app.types import Json

WRITE = "attachments:write"
INERT = "sandbox; default-src 'none'"  # whatever a browser makes of it, it runs nothing
log = logging.getLogger("app.attachments")


async def download(look: Reader, store: Store, attachment_id: UUID) -> Response:
    """304 where the caller has it. Raises NotFound, or Gone where it was removed."""
    known = await _there(look, attachment_id)
    tag = f'"{known["sha256"]}"'
    if same := look.unchanged(tag):
        return same
    headers = {
        "ETag": tag,
        "Cache-Control": tags.PRIVATE,
        "Content-Length": str(known["size"]),
        "Content-Disposition": disposition(known["file_name"]),
        "Content-Security-Policy": INERT,
    }
    try:
        parts = await store.opened(attachment_id)
    except FileNotFoundError as error:
        await _there(look, attachment_id)  # it may have been removed just now
        log.exception("the bytes of %s are missing", attachment_id)
        raise Problem from error
    return StreamingResponse(parts, headers=headers, media_type=known["media_type"])


async def _there(look: Reader, attachment_id: UUID) -> Json:
    """What is known of a file that was not removed. Raises NotFound or Gone."""
    statement = reading.one(readable(look), frozenset(), look.actor.breadth(WRITE), look.lane.dialect)
    rows = await look.fetch(statement, {"id": attachment_id}, WRITE)
    if not rows:
        raise NotFound
    known: Json = json.loads(rows[0][0])
    if known["removed_at"] is not None:
        raise Gone
    return known
