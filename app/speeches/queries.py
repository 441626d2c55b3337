"""What speeches show, who sees them, and how they are found."""

from app.meetings.models import MeetingAudience
from app.reading import Reading, ToAudience
from app.speeches.models import Speech
from app.speeches.schemas import SpeechOut

SPEECHES = Reading(
    Speech,
    SpeechOut,
    path="/v1/speeches",
    area="meetings",
    visible=ToAudience(MeetingAudience, Speech.meeting_id),
    governed_by=Speech.host_id,
    by={
        "meeting_id": Speech.meeting_id,
        "kind": Speech.kind,
        "speaker_id": Speech.speaker_id,
        "organization_id": Speech.organization_id,
        "agenda_item_id": Speech.agenda_item_id,
    },
    anchors={"meeting_id", "speaker_id", "organization_id", "agenda_item_id"},
    sorts={"position": Speech.position, "created_at": Speech.id},
    folded=Speech.folded,
)
