"""Handing in a briefing: its meeting and every part of it, created or brought into line, all or nothing."""

from collections.abc import Mapping, Sequence
from typing import Any

from app import references, tags
from app.briefings import recording, reviewing, setting
from app.briefings.checking import check
from app.briefings.linking import Document, changes, without_null
from app.briefings.pointing import part
from app.briefings.queries import BRIEFINGS
from app.briefings.schemas import BriefingIn
from app.db import new_code, new_id, today
from app.errors import ExternalRefTaken, InvalidTransition, MinutesLocked, PreconditionRequired, Stale
from app.findings.models import Directive, Finding
from app.findings.vocabulary import FindingKind
from app.meetings import holding
from app.meetings import setting as meetings
from app.meetings.contents import WRITE, refuse_once_signed
from app.meetings.models import Meeting
from app.meetings.queries import MEETING_TRANSITIONS, MEETINGS
from app.meetings.schemas import MeetingMoveIn
from app.meetings.vocabulary import MeetingStatus, MeetingTransition, Record, Visibility
from app.organizations.models import Organization
from app.organizations.queries import ORGANIZATIONS
from app.reviews import closing
from app.schema import refuse
from app.speeches.models import Speech
from app.work import Work

PERIODS = ("review_period", "plan_period")
_S, _T = MeetingStatus, MeetingTransition
BEFORE_HELD = (_S.DRAFT, _S.SCHEDULED, _S.IN_PROGRESS)
# How a meeting comes from one state to the wanted one: no way leads back.
WAYS: Mapping[tuple[MeetingStatus, MeetingStatus], Sequence[MeetingTransition]] = {
    (_S.DRAFT, _S.SCHEDULED): (_T.SCHEDULE,),
    (_S.HELD, _S.CLOSED): (_T.CLOSE,),
    **{(one, _S.HELD): (_T.HOLD,) for one in BEFORE_HELD},
    **{(one, _S.CLOSED): (_T.HOLD, _T.CLOSE) for one in BEFORE_HELD},
}


def hand_in(work: Work, system: str, external_id: str, said: BriefingIn) -> tuple[Meeting, bool]:
    """The meeting as the document states it, and whether it is new.

    Raises what is wrong with the document: all of it that can be found in one go.
    """
    at = "meeting/host_organization_id"
    host = work.governed(ORGANIZATIONS, said.meeting.host_organization_id, WRITE, at=at)
    there = _there(work, host, system, external_id)
    _unchanged(work, there, system)
    doc = Document(work, system, said, host.tenant_id, there)
    check(said, doc.problems)
    planned = there.plan_period if there else None
    with doc.problems.at(_of_the_meeting):
        _put_meeting(doc, external_id)
    if is_wrong := doc.there is None:
        doc.there = _in_its_place(doc)
    _put_parts(doc, plan_changed=doc.meeting.plan_period != planned)
    if not is_wrong:
        _move(doc)
    if signed_otherwise := doc.problems.of_kind(MinutesLocked):
        refuse_once_signed(doc.meeting, errors=signed_otherwise)
    doc.problems.tell()
    return doc.meeting, there is None


def _of_the_meeting(member: str) -> str:
    """Its own external id stands in the path."""
    return "meeting" if member == "external_id" else part("meeting")(member)


def _there(work: Work, host: Organization, system: str, external_id: str) -> Meeting | None:
    """The meeting that this system knows by this id; nobody else changes it meanwhile."""
    known = references.named(work.db, host.tenant_id, "meeting", system, external_id)
    if known is None:
        return None
    if not work.sees(MEETINGS, known):  # another body's, by the same id
        raise ExternalRefTaken
    return work.locked(MEETINGS, known, WRITE)


def _unchanged(work: Work, there: Meeting | None, system: str) -> None:
    """The caller has seen the document as it stands; what is new nobody has seen."""
    wanted = work.request.headers.get("if-match")
    if there is None:
        if wanted is not None and not tags.shows(wanted, b""):
            raise Stale
        return
    if wanted is None:
        raise PreconditionRequired
    present = work.shown(BRIEFINGS, there, system=system)
    if not tags.shows(wanted, bytes(present.body)):
        raise Stale(headers={"ETag": present.headers["etag"]})


def _put_meeting(doc: Document, external_id: str) -> None:
    said, there = doc.said.meeting, doc.there
    values = said.model_dump(exclude={"previous", "status"})
    before = there.previous_meeting_id if there else None
    values["previous_meeting_id"] = before
    with doc.problems.at(_of_the_meeting):  # told, and the rest of it is looked at
        values["previous_meeting_id"] = doc.link("meetings", said.previous, "previous", before)
    if there is None:
        values["external_refs"] = doc.reference(external_id)
        doc.there = meetings.set_meeting(doc.work, values)
        return
    changed = changes(there, without_null(values, {"code"}))
    if "host_organization_id" in changed:
        words = "Cơ quan chủ trì không đổi được", "Another body hosts it: that stays"
        refuse("host_organization_id", "fixed", *words)
    if changed:
        doc.record_changes()
        meetings.rewrite(doc.work, there, changed, rest_follows=True)


def _in_its_place(doc: Document) -> Meeting:
    """A meeting that was refused is told; its parts are looked at all the same, and nothing of it is kept."""
    said, id = doc.said.meeting, new_id()
    stated = said.model_dump(include={"host_organization_id", "title", "kind", "held_on", *PERIODS})
    meeting = Meeting(
        **stated,
        id=id,
        tenant_id=doc.tenant_id,
        code=new_code("HN", id),
        visibility=Visibility.INTERNAL,
        record=Record.REPORTED,
        external_refs=[],
    )
    doc.work.add(meeting)
    return meeting


def _put_parts(doc: Document, *, plan_changed: bool) -> None:
    """In the order in which they name each other; what is left out goes the other way round."""
    recording.put_participations(doc)
    recording.put_agenda(doc)
    recording.put_speeches(doc)
    recording.put_findings(doc)
    recording.put_directives(doc)
    setting.put_tasks(doc)
    setting.tidy_tasks(doc, plan_changed=plan_changed)
    recording.tidy_listed(doc, "findings", Finding, lambda row: row.kind == FindingKind.CAUSE)
    recording.tidy_listed(doc, "directives", Directive)
    recording.tidy_listed(doc, "speeches", Speech)
    recording.tidy_agenda(doc)


def _move(doc: Document) -> None:
    """To the wanted state, with the reviews before it is closed."""
    wanted, present = doc.said.meeting.status, doc.meeting.status
    way = WAYS.get((present, wanted), ())
    doc.problems.places[f"/v1/meetings/{doc.meeting.id}/participations"] = "#/participations"
    with doc.problems.at("meeting"):
        holding.keep_complete(doc.work, doc.meeting)
        if wanted != present and not way:
            words = f"Không chuyển từ {present} sang {wanted}", f"No way leads from {present} to {wanted}"
            refuse("status", InvalidTransition.code, *words)
        for transition in way:
            if transition != _T.CLOSE:
                _moved(doc, transition)
    reviewing.put_reviews(doc)
    if _T.CLOSE in way and not doc.problems.found:
        with doc.problems.at("meeting"):
            _moved(doc, _T.CLOSE)


def _moved(doc: Document, transition: MeetingTransition) -> None:
    work, meeting = doc.work, doc.meeting
    warnings = closing.check(work, meeting, transition)
    on: dict[str, Any] = {"effective_on": min(meeting.held_on, today())} if transition == _T.HOLD else {}
    move = MeetingMoveIn.model_validate({"transition": transition, **on})
    work.told(MEETING_TRANSITIONS, holding.move(work, meeting, move, warnings), meeting)
