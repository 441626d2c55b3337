"""What findings and directives must agree with, and what a directive takes over from its speech."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import exists, select

from app.findings.models import Directive, Finding
from app.findings.queries import FINDINGS
from app.findings.vocabulary import FindingKind, ResponseStatus
from app.meetings.contents import named_there, of_the_meeting, title_of_the_day
from app.meetings.models import Meeting
from app.meetings.ordering import make_room, move
from app.meetings.queries import AGENDA_ITEMS
from app.organizations.queries import ORGANIZATIONS
from app.schema import fault, refuse, refuse_all
from app.speakers.queries import SPEAKERS
from app.speeches.models import Speech
from app.speeches.queries import SPEECHES
from app.work import Work

HAVE_CAUSES = {FindingKind.LIMITATION, FindingKind.DIFFICULTY}


def record_finding(work: Work, meeting: Meeting, values: dict[str, Any]) -> Finding:
    """A new finding, not stored yet, in a place that has been made for it."""
    if values["kind"] == FindingKind.RECOMMENDATION and values["response_status"] is None:
        values["response_status"] = status_after(values["response_text"])
    if values["period"] is None:
        values["period"] = meeting.review_period
    _agree(work, meeting, values, None)
    values["position"] = make_room(work, Finding, meeting.id, values["position"])
    return Finding(**values, **of_the_meeting(meeting))


def status_after(response_text: str | None) -> ResponseStatus:
    """What became of a recommendation, where nobody says it."""
    return ResponseStatus.ANSWERED if response_text else ResponseStatus.OPEN


def rewrite_finding(work: Work, meeting: Meeting, finding: Finding, values: dict[str, Any]) -> None:
    """Complete the values of a change."""
    if values.get("kind", finding.kind) == FindingKind.RECOMMENDATION:
        text, present = values.get("response_text"), finding.response_status
        if present is None or (text and present == ResponseStatus.OPEN):
            values.setdefault("response_status", status_after(text))
    _agree(work, meeting, values, finding)
    if values.get("kind", finding.kind) not in HAVE_CAUSES:
        _has_no_causes(work, finding)
    if "position" in values:
        values["position"] = move(work, finding, values["position"])


def record_directive(work: Work, meeting: Meeting, values: dict[str, Any]) -> Directive:
    """A new directive, not stored yet; what it does not say, the speech it was given in says."""
    speech = _known(work, meeting, values)
    if speech is not None:
        complete_from(speech, values)
    if values["title_snapshot"] is None:
        values["title_snapshot"] = title_of_the_day(work, meeting, values["issued_by_id"], None)
    values["position"] = make_room(work, Directive, meeting.id, values["position"])
    return Directive(**values, **of_the_meeting(meeting))


def complete_from(speech: Speech, values: dict[str, Any]) -> None:
    """Who gave it and under what item are its speech's, where it does not say."""
    values["agenda_item_id"] = values["agenda_item_id"] or speech.agenda_item_id
    if values["issued_by_id"] in {None, speech.speaker_id}:
        values["issued_by_id"] = speech.speaker_id
        values["title_snapshot"] = values["title_snapshot"] or speech.title_snapshot


def rewrite_directive(work: Work, meeting: Meeting, directive: Directive, values: dict[str, Any]) -> None:
    """Complete the values of a change: somebody else comes with the title of the day."""
    _known(work, meeting, values)
    is_another = values.get("issued_by_id", directive.issued_by_id) != directive.issued_by_id
    if is_another and "title_snapshot" not in values:
        values["title_snapshot"] = title_of_the_day(work, meeting, values["issued_by_id"], None)
    if "position" in values:
        values["position"] = move(work, directive, values["position"])


def _known(work: Work, meeting: Meeting, values: Mapping[str, Any]) -> Speech | None:
    work.known(SPEAKERS, meeting.tenant_id, issued_by_id=values.get("issued_by_id"))
    named_there(work, AGENDA_ITEMS, meeting, "agenda_item_id", values.get("agenda_item_id"))
    return named_there(work, SPEECHES, meeting, "speech_id", values.get("speech_id"))


def _agree(work: Work, meeting: Meeting, values: Mapping[str, Any], finding: Finding | None) -> None:
    def of(name: str) -> Any:  # whichever member is asked for
        return values[name] if name in values else getattr(finding, name, None)

    work.known(ORGANIZATIONS, meeting.tenant_id, organization_id=values.get("organization_id"))
    named_there(work, AGENDA_ITEMS, meeting, "agenda_item_id", values.get("agenda_item_id"))
    named_there(work, SPEECHES, meeting, "speech_id", values.get("speech_id"))
    if finding is not None and of("cause_of_id") == finding.id:
        words = "Không thể là nguyên nhân của chính nó", "Nothing is the cause of itself"
        refuse("cause_of_id", "itself", *words)
    _cause(work, meeting, of("kind"), of("cause_of_id"))
    if finding is None or {"kind", "response_status", "response_text"} & values.keys():
        _response(of("kind"), of("response_status"), of("response_text"))


def _cause(work: Work, meeting: Meeting, kind: FindingKind, cause_of_id: Any) -> None:
    """A cause may name the limitation or difficulty that it explains."""
    if cause_of_id is not None and kind != FindingKind.CAUSE:
        refuse("cause_of_id", "extra_forbidden", "Chỉ dùng cho nguyên nhân", "It belongs to a cause only")
    explained = named_there(work, FINDINGS, meeting, "cause_of_id", cause_of_id)
    if explained is not None and explained.kind not in HAVE_CAUSES:
        words = "Phải là tồn tại, hạn chế hoặc khó khăn", "It must be a limitation or a difficulty"
        refuse("cause_of_id", "has_no_causes", *words)


def _has_no_causes(work: Work, finding: Finding) -> None:
    if work.db.scalar(select(exists().where(Finding.cause_of_id == finding.id))):
        words = "Đã ghi nguyên nhân của nội dung này", "There are causes of it: see ?cause_of_id="
        refuse("kind", "has_causes", *words)


def _response(kind: FindingKind, status: ResponseStatus | None, text: str | None) -> None:
    """Only a recommendation is answered; an answer says something, and open means that nobody has."""
    if kind != FindingKind.RECOMMENDATION:
        words = "Chỉ dùng cho đề xuất, kiến nghị", "It belongs to a recommendation only"
        said = {"response_status": status, "response_text": text}
        refuse_all([fault(name, "extra_forbidden", *words) for name, value in said.items() if value])
        return
    if status is None:
        refuse("response_status", "missing", "Không được để trống", "It cannot be null")
    if status == ResponseStatus.ANSWERED and text is None:
        refuse("response_text", "missing", "Nêu nội dung trả lời", "Say what was answered")
    if status == ResponseStatus.OPEN and text is not None:
        refuse("response_status", "answered", "Đã có nội dung trả lời", "There is an answer to it")
