"""The way of a document: the resource, which says who may see it; its record; has it changed; the file."""

import json
from functools import partial
from typing import TYPE_CHECKING, Any
from uuid import UUID

from fastapi import Response

from app import tags
from app.documents.composing import composed
from app.documents.finding import SUCCESS, found
from app.documents.formats import DocumentFormat, file, wanted
from app.documents.schemas import DocumentAsked
from app.reader import Reader
from app.reading import Reading

if TYPE_CHECKING:
    from app.documents.press import Press

LAYOUT = 1  # to be counted up when a record comes to look otherwise: what callers have is then out of date


async def answered(look: Reader, of: Reading[Any], meeting_id: UUID, asked: DocumentAsked) -> Response:
    """The document of that meeting, as it was asked for."""
    kind = wanted(look.request, asked.format)
    resource = await look.only(of, meeting_id=meeting_id)
    resource.headers["Vary"] = "Accept"
    if kind == DocumentFormat.JSON or resource.status_code != SUCCESS:
        return resource
    record, sha256 = await found(look, of, json.loads(bytes(resource.body)), asked.version)
    about = (sha256 or record.model_dump_json(), asked.style, kind, LAYOUT)
    tag = f'W/"{tags.digest(repr(about))}"'
    if same := look.unchanged(tag):
        return same
    press: Press = look.request.app.state.press
    content, name = await press.made(kind, partial(composed, record, asked.style, sha256))
    return file(content, kind, name, tag)
