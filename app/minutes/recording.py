"""The record of a document, made of what was collected for it."""

import json
from collections.abc import Iterator, Mapping
from typing import Any

from app.meetings.vocabulary import ParticipationRole
from app.minutes.collecting import collected
from app.minutes.models import Document
from app.minutes.record import MinutesRecord, RecordedDocument, Signer
from app.minutes.vocabulary import DocumentKind, SignerRole
from app.types import Json, JsonList
from app.work import Work

MOST_SIGNERS = 10
NOT_IN_A_NOTICE = ("participations", "agenda_items", "speeches", "findings", "reviews")
SIGN = {
    ParticipationRole.SECRETARY: SignerRole.RECORDER,
    ParticipationRole.CHAIR: SignerRole.CHAIR,
}


def collect(work: Work, document: Document) -> Json:
    """All that its record says, as things stand in this transaction."""
    work.db.flush()
    ((found,),) = collected(type(document), work.engine.dialect).run(work.db, {"id": document.id})
    return read(found)


def read(found: str) -> Json:
    """What was collected, as the database wrote it."""
    kept: Json = json.loads(found)
    return kept


def record(found: Json, values: Mapping[str, Any] = {}) -> MinutesRecord:
    """With these values in the place of the document's own. One without a version is a draft: 0.

    Nobody named to sign it: who recorded the meeting and who was in the chair.
    """
    itself = {**found["document"], **values}
    itself["signers"] = itself["signers"] or of_the_meeting(found)
    lists = {**found, "agenda_items": [*_as_read_aloud(found["agenda_items"])]}
    if itself["kind"] == DocumentKind.CONCLUSION_NOTICE:
        lists |= {name: [] for name in NOT_IN_A_NOTICE}
    return MinutesRecord.model_validate({**lists, "document": _described(itself)})


def of_the_meeting(found: Json) -> JsonList:
    """Who signs where nobody is named: the secretary who recorded it, and who was in the chair."""
    signers = [
        {
            "role": SIGN[one["role"]].value,
            "full_name": one["speaker"]["full_name"],
            "title": one["title_snapshot"],
            "sign_as": None,
        }
        for one in found["participations"]
        if one["role"] in SIGN and one["speaker"]
    ]
    return sorted(signers, key=lambda one: one["role"] != SignerRole.RECORDER)[:MOST_SIGNERS]


def _described(itself: Json) -> RecordedDocument:
    return RecordedDocument(
        id=itself["id"],
        kind=itself["kind"],
        version=itself.get("current_version", 0),
        number=itself["document_number"],
        symbol=itself["symbol"],
        date=itself["document_date"],
        place=itself["place"],
        signers=[_in_its_form(one, itself["sign_as"]) for one in itself["signers"]],
        recipients=itself["recipients"],
        change_note=itself["change_note"],
    )


def _in_its_form(signer: Mapping[str, Any], sign_as: str | None) -> Signer:
    """Who recorded signs in no other's name."""
    own = signer["sign_as"]
    return Signer(
        **{**signer, "sign_as": own or (None if signer["role"] == SignerRole.RECORDER else sign_as)}
    )


def _as_read_aloud(items: JsonList) -> Iterator[Json]:
    """Each item, then what is below it."""
    below: dict[str | None, JsonList] = {}
    for one in items:  # by position
        below.setdefault(one["parent_id"], []).append(one)

    def walked(parent_id: str | None) -> Iterator[Json]:
        for one in below.get(parent_id, ()):
            yield one
            yield from walked(one["id"])

    return walked(None)
