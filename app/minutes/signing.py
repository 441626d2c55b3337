"""Signing: the number is drawn, the version kept, and what it records locked."""

from collections.abc import Mapping
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import update

from app.meetings.models import Meeting
from app.minutes import numbering, recording
from app.minutes.chaining import add_link, canonical
from app.minutes.models import Document, Minutes, MinutesVersion
from app.minutes.vocabulary import IN_FORCE, DocumentKind
from app.organizations.models import Organization
from app.schema import refuse
from app.work import Work

LOCKS = {
    DocumentKind.MINUTES: "locked_by_minutes_id",
    DocumentKind.CONCLUSION_NOTICE: "locked_by_notice_id",
}


def sign(work: Work, document: Document, day: date, id: UUID) -> Mapping[str, Any]:
    """Keep the version that is signed, by this id; answers the members that it gives the document.

    A number is drawn once, and kept by every amendment.
    """
    values = _numbered(work, document, day)
    values["current_version"] = (document.current_version or 0) + 1
    found = recording.collect(work, document)
    if not document.signers:
        values["signers"] = recording.of_the_meeting(found)
    content = canonical(recording.record(found, values))
    values["sha256"] = _kept(work, document, id, values["current_version"], content)
    return values


def _kept(work: Work, document: Document, id: UUID, number: int, content: bytes) -> str:
    """Add the version, and its link to the chain of its host; answers the hash."""
    link = add_link(
        work,
        document.host_id,
        document_id=document.id,
        kind=document.KIND.value,
        version=number,
        content=content,
    )
    is_minutes = isinstance(document, Minutes)
    version = MinutesVersion(
        id=id,
        minutes_id=document.id if is_minutes else None,
        conclusion_notice_id=None if is_minutes else document.id,
        meeting_id=document.meeting_id,
        host_id=document.host_id,
        number=number,
        content=content.decode(),
        sha256=link.sha256,
        previous_sha256=link.previous_sha256,
        change_note=document.change_note,
        recorded_at=work.now,
        recorded_by=work.actor.name,
    )
    work.db.add(version)
    return link.sha256


def _numbered(work: Work, document: Document, day: date) -> dict[str, Any]:
    if document.document_number is not None:
        return {}
    host = work.db.get_one(Organization, document.host_id)
    day = document.document_date or day
    series = numbering.series(document, host, day)
    number = numbering.draw(work.db, host.id, series)
    return {
        "document_date": day,
        "document_number": number,
        "number_series": series,
        "symbol": numbering.symbol(document, host, number),
    }


def refuse_another_series(work: Work, document: Document, values: Mapping[str, Any]) -> None:
    """A number that was drawn stays where it counts, and stays as it was printed."""
    if document.document_number is None:
        return
    if values.get("issuer_symbol", document.issuer_symbol) != document.issuer_symbol:
        refuse("issuer_symbol", "fixed", "Đã cấp số: không đổi", "It is numbered: that stays")
    day = values.get("document_date", document.document_date)
    host = work.db.get_one(Organization, document.host_id)
    if day is None or numbering.series(document, host, day) != document.number_series:
        words = "Số đã cấp thuộc nhiệm kỳ hoặc năm khác", "Its number counts in another term or year"
        refuse("document_date", "another_series", *words)


def lock(work: Work, meeting: Meeting, document: Document) -> None:
    """While it is in force, what it records does not change. No new version: the meeting shows the same."""
    name = LOCKS[document.KIND]
    wanted = document.id if document.status in IN_FORCE else None
    if getattr(meeting, name) != wanted:
        work.db.execute(
            update(Meeting).where(Meeting.id == meeting.id).values({name: wanted}),
            execution_options={"synchronize_session": False},
        )
        work.db.refresh(meeting, [name])
