"""What findings and directives show, who sees them, and how they are found."""

from app.findings.models import Directive, Finding
from app.findings.schemas import DirectiveOut, FindingOut
from app.meetings.models import MeetingAudience
from app.reading import Reading, ToAudience

FINDINGS = Reading(
    Finding,
    FindingOut,
    path="/v1/findings",
    area="meetings",
    visible=ToAudience(MeetingAudience, Finding.meeting_id),
    governed_by=Finding.host_id,
    by={
        "meeting_id": Finding.meeting_id,
        "period": Finding.period,
        "kind": Finding.kind,
        "field": Finding.field,
        "organization_id": Finding.organization_id,
        "agenda_item_id": Finding.agenda_item_id,
        "speech_id": Finding.speech_id,
        "cause_of_id": Finding.cause_of_id,
        "response_status": Finding.response_status,
    },
    anchors={"meeting_id", "organization_id", "agenda_item_id", "speech_id", "cause_of_id"},
    sorts={"position": Finding.position, "created_at": Finding.id},
    folded=Finding.folded,
)
DIRECTIVES = Reading(
    Directive,
    DirectiveOut,
    path="/v1/directives",
    area="meetings",
    visible=ToAudience(MeetingAudience, Directive.meeting_id),
    governed_by=Directive.host_id,
    by={
        "meeting_id": Directive.meeting_id,
        "kind": Directive.kind,
        "field": Directive.field,
        "issued_by_id": Directive.issued_by_id,
        "speech_id": Directive.speech_id,
        "agenda_item_id": Directive.agenda_item_id,
    },
    anchors={"meeting_id", "issued_by_id", "speech_id", "agenda_item_id"},
    sorts={"position": Directive.position, "created_at": Directive.id},
    folded=Directive.folded,
)
