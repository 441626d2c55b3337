"""The signed versions of a document, found by their number."""

from app.meetings.models import MeetingAudience
from app.minutes.models import MinutesVersion
from app.minutes.schemas import WholeMinutesVersionOut
from app.reading import Reading, ToAudience

NUMBERED_VERSIONS = Reading(
    MinutesVersion,
    WholeMinutesVersionOut,
    path="/v1/minutes-versions",
    area="meetings",
    visible=ToAudience(MeetingAudience, MinutesVersion.meeting_id),
    governed_by=MinutesVersion.host_id,
    by={
        "minutes_id": MinutesVersion.minutes_id,
        "conclusion_notice_id": MinutesVersion.conclusion_notice_id,
        "number": MinutesVersion.number,
    },
)
