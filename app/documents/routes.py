"""The two documents of a meeting over HTTP: as data, or as a file to print, sign and send."""

from collections.abc import Iterable
from typing import Annotated, Any
from uuid import UUID

from fastapi import Path, Query, Response

from app import example_ids as ids
from app.documents.answering import answered, recorded
from app.documents.formats import KINDS, DocumentFormat
from app.documents.schemas import DocumentAsked, RecordAsked, RecordOut
from app.http import routes_of
from app.minutes.queries import CONCLUSION_NOTICES, MINUTES
from app.minutes.schemas import ConclusionNoticeOut, MinutesOut
from app.reader import Looking

router = routes_of("meetings", "minutes")
Drafted = Annotated[UUID, Path(openapi_examples={"demo": {"value": ids.DRAFT_MINUTES}})]
BINARY = {"schema": {"type": "string", "format": "binary", "maxLength": 2**31 - 1}}


def files(kinds: Iterable[str]) -> dict[int | str, dict[str, Any]]:
    """What is answered by an operation that can be had as each of these."""
    content = {one: BINARY for one in kinds if one != KINDS[DocumentFormat.JSON]}
    return {
        200: {"description": "As it stands now, as JSON or as a file.", "content": content},
        406: {"description": "The Accept header names none of these, or it is too long to be printed."},
    }


FILES = files(KINDS.values())


@router.get("/v1/meetings/{meeting_id}/minutes", response_model=MinutesOut, responses=FILES)
async def get_meeting_minutes(
    meeting_id: UUID, asked: Annotated[DocumentAsked, Query()], look: Looking
) -> Response:
    """The minutes of a meeting, 404 where it has none; as JSON, Markdown, HTML, DOCX or PDF.

    By `Accept` or `format`; 406 where `Accept` names none of these, or where they are too long to be printed
    (thousands of pages). The form is the one prescribed for the host's line and the day, unless `style` names
    another. A signed version has its hash at its foot; a draft says that it is one, and is printed for those
    who may read at the host itself (403 for all others). A version that is not there is a 404.
    """
    return await answered(look, MINUTES, meeting_id, asked)


@router.get(
    "/v1/meetings/{meeting_id}/conclusion-notice",
    response_model=ConclusionNoticeOut,
    responses=FILES,
    tags=["conclusion-notices"],
)
async def get_meeting_conclusion_notice(
    meeting_id: UUID, asked: Annotated[DocumentAsked, Query()], look: Looking
) -> Response:
    """The conclusion notice of a meeting, 404 where it has none; as JSON, Markdown, HTML, DOCX or PDF.

    By `Accept` or `format`; 406 where `Accept` names none of these. Form, hash and draft as with the minutes.
    """
    return await answered(look, CONCLUSION_NOTICES, meeting_id, asked)


@router.get("/v1/minutes/{minutes_id}/record", response_model=RecordOut)
async def get_minutes_record(
    minutes_id: Drafted, asked: Annotated[RecordAsked, Query()], look: Looking
) -> Response:
    """What the minutes record: the whole meeting, each body and person by the name it had.

    As it was signed, to the byte, and its ETag is the SHA-256; or the draft as things stand, which is shown
    to those who may read at the host itself (403 for all others). A version that is not there is a 404.
    It records tasks and their reviews, whoever sees the meeting. The form is published as
    `/schemas/minutes-record/1`.
    """
    return await recorded(look, MINUTES, minutes_id, asked.version)


@router.get(
    "/v1/conclusion-notices/{conclusion_notice_id}/record",
    response_model=RecordOut,
    tags=["conclusion-notices"],
)
async def get_conclusion_notice_record(
    conclusion_notice_id: UUID, asked: Annotated[RecordAsked, Query()], look: Looking
) -> Response:
    """What the notice records: what was directed and concluded, and the tasks that were set.

    As it was signed, to the byte, or the draft; as with the minutes.
    """
    return await recorded(look, CONCLUSION_NOTICES, conclusion_notice_id, asked.version)
