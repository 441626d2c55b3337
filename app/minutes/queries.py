"""What minutes show, who sees them, and how they are found."""

from sqlalchemy import select

from app.meetings.models import MeetingAudience
from app.minutes.models import Minutes, MinutesMove
from app.minutes.schemas import MinutesMoveOut, MinutesOut
from app.minutes.vocabulary import MINUTES_MOVES
from app.reading import Reading, ToAudience
from app.sql import by_state

MINUTES = Reading(
    Minutes,
    MinutesOut,
    path="/v1/minutes",
    area="meetings",
    visible=ToAudience(MeetingAudience, Minutes.meeting_id),
    governed_by=Minutes.host_id,
    derived={"allowed_transitions": by_state(Minutes.status, MINUTES_MOVES)},
    by={"meeting_id": Minutes.meeting_id, "status": Minutes.status},
    anchors={"meeting_id"},
    sorts={"created_at": Minutes.id},
)
_of = select(Minutes).where(Minutes.id == MinutesMove.minutes_id).correlate(MinutesMove)
MINUTES_TRANSITIONS = Reading(
    MinutesMove,
    MinutesMoveOut,
    path="/v1/minutes-transitions",
    area="meetings",
    visible=ToAudience(MeetingAudience, _of.with_only_columns(Minutes.meeting_id).scalar_subquery()),
    governed_by=_of.with_only_columns(Minutes.host_id).scalar_subquery(),
    by={"minutes_id": MinutesMove.minutes_id},
    anchors={"minutes_id"},
    sorts={"created_at": MinutesMove.id},
)
