"""The record to be printed: a signed version as it was hashed, or the draft as things stand."""

import json
from typing import Any, NamedTuple
from uuid import UUID

import anyio.to_thread
from fastapi import Response
from sqlalchemy.orm import Session

from app.db import utcnow
from app.documents.queries import NUMBERED_VERSIONS
from app.errors import Fault, NotFound, Words
from app.meetings.models import Meeting
from app.minutes import signing
from app.minutes.collecting import collect
from app.minutes.record import MinutesRecord
from app.minutes.vocabulary import IN_FORCE, DocumentKind
from app.reader import Reader
from app.reading import Reading
from app.types import Json
from app.work import Work

SUCCESS = 200
READ = "meetings:read"


class Found(NamedTuple):
    """A record, and the hash by which a signed one is known."""

    record: MinutesRecord
    sha256: str | None


async def found(look: Reader, of: Reading[Any], resource: Json, version: int | None) -> Found:
    """What stands in it. Raises NotFound where it has no such version.

    A draft shows what only the host's own know as yet: raises Forbidden for all others.
    """
    kind: DocumentKind = of.row.KIND
    number = version if version is not None else _in_force(resource)
    if number == 0:
        return Found(await anyio.to_thread.run_sync(_draft, look, of, UUID(resource["id"])), None)
    member = f"{kind.value}_id"
    try:
        answer = await _only(look, member, UUID(resource["id"]), number)
    except NotFound:
        words = Words("Không có phiên bản này", "There is no such version")
        raise NotFound(errors=[Fault("query", "version", "not-found", words)]) from None
    kept = json.loads(bytes(answer.body))
    return Found(MinutesRecord.model_validate_json(kept["content"]), kept["sha256"])


def _in_force(resource: Json) -> int:
    return int(resource["current_version"] or 0) if resource["status"] in IN_FORCE else 0


async def _only(look: Reader, member: str, id: UUID, number: int) -> Response:
    return await look.only(NUMBERED_VERSIONS, **{member: id, "number": number})


def _draft(look: Reader, of: Reading[Any], id: UUID) -> MinutesRecord:
    """From the rows themselves, in a transaction that changes none."""
    work = Work(look.request.app.state.engine, look.actor, utcnow(), look.request)
    with Session(work.engine) as work.db:
        document = work.governed(of, id, READ)
        meeting = work.db.get_one(Meeting, document.meeting_id)
        named = {} if document.signers else {"signers": signing.of_the_meeting(work.db, meeting)}
        return collect(work.db, meeting, signing.described(document, named))
