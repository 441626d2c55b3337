"""The way of a document: the resource, or its record; has it changed; the record's bytes, or a file of it."""

from functools import partial
from typing import TYPE_CHECKING, Any
from uuid import UUID

import anyio.to_thread
from fastapi import Response

from app import tags
from app.documents.bounds import LONGEST_RECORD, too_long
from app.documents.composing import composed
from app.documents.finding import Found, found
from app.documents.formats import KINDS, DocumentFormat, file, wanted
from app.documents.paper import Document
from app.documents.schemas import DocumentAsked
from app.documents.styles import DocumentStyle
from app.reader import Reader, answer
from app.reading import Reading

if TYPE_CHECKING:
    from app.documents.press import Press

LAYOUT = 1  # to be counted up when a record comes to look otherwise: what callers have is then out of date


async def answered(look: Reader, of: Reading[Any], meeting_id: UUID, asked: DocumentAsked) -> Response:
    """The document of that meeting, as it was asked for."""
    kind = wanted(look.request, asked.format, KINDS)
    if kind == DocumentFormat.JSON:
        resource = await look.only(of, meeting_id=meeting_id)
        resource.headers["Vary"] = "Accept"
        return resource
    one = await found(look, of, "meeting_id", meeting_id, asked.version)
    about = (one.sha256 or one.text, asked.style, kind, LAYOUT)
    tag = f'W/"{tags.digest(repr(about).encode())}"'
    if same := look.unchanged(tag):
        return same
    if len(one.text) > LONGEST_RECORD:
        raise too_long()
    press: Press = look.request.app.state.press
    content, name = await press.made(kind, partial(_laid_out, one, asked.style))
    return file(content, kind, name, tag)


async def recorded(look: Reader, of: Reading[Any], id: UUID, version: int | None) -> Response:
    """What stands in it, as data: of what was signed, the very bytes."""
    one = await found(look, of, "id", id, version)
    tag = f'"{one.sha256 or tags.digest(one.text.encode())}"'
    if same := look.unchanged(tag):
        return same
    return answer(await anyio.to_thread.run_sync(lambda: one.content), tag)


def _laid_out(one: Found, style: DocumentStyle | None) -> Document:
    return composed(one.record, style, one.sha256)
