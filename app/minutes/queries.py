"""What the two documents of a meeting show, who sees them, and how they are found."""

from collections.abc import Callable
from dataclasses import replace

from sqlalchemy import case, null, select

from app.actor import Breadth
from app.audience import covered
from app.meetings.models import MeetingAudience
from app.minutes.models import (
    ConclusionNotice,
    ConclusionNoticeMove,
    Minutes,
    MinutesComment,
    MinutesMove,
    MinutesVersion,
)
from app.minutes.schemas import (
    ConclusionNoticeMoveOut,
    ConclusionNoticeOut,
    MinutesCommentOut,
    MinutesMoveOut,
    MinutesOut,
    MinutesVersionOut,
    WholeMinutesVersionOut,
)
from app.minutes.vocabulary import MINUTES_MOVES
from app.reading import Reading, ToAudience, ToBoth, ToCovering
from app.sql import Value, by_state


def _at_the_host(host: Value, said: Value) -> Callable[[Breadth], Value]:
    """What was said of a draft, to those whose grant covers the host; null for all others."""
    return lambda breadth: case((covered(host, "sees", breadth.sees), said), else_=null())


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
CONCLUSION_NOTICES = Reading(
    ConclusionNotice,
    ConclusionNoticeOut,
    path="/v1/conclusion-notices",
    area="meetings",
    visible=ToAudience(MeetingAudience, ConclusionNotice.meeting_id),
    governed_by=ConclusionNotice.host_id,
    derived={"allowed_transitions": by_state(ConclusionNotice.status, MINUTES_MOVES)},
    by={"meeting_id": ConclusionNotice.meeting_id, "status": ConclusionNotice.status},
    anchors={"meeting_id"},
    sorts={"created_at": ConclusionNotice.id},
)
_of = select(Minutes).where(Minutes.id == MinutesMove.minutes_id).correlate(MinutesMove)
_host = _of.with_only_columns(Minutes.host_id).scalar_subquery()
MINUTES_TRANSITIONS = Reading(
    MinutesMove,
    MinutesMoveOut,
    path="/v1/minutes-transitions",
    area="meetings",
    visible=ToAudience(MeetingAudience, _of.with_only_columns(Minutes.meeting_id).scalar_subquery()),
    governed_by=_host,
    as_seen={"comment": _at_the_host(_host, MinutesMove.comment)},
    by={"minutes_id": MinutesMove.minutes_id},
    anchors={"minutes_id"},
    sorts={"created_at": MinutesMove.id},
    shows_other_rows=True,
)
_its = (
    select(ConclusionNotice)
    .where(ConclusionNotice.id == ConclusionNoticeMove.conclusion_notice_id)
    .correlate(ConclusionNoticeMove)
)
_its_host = _its.with_only_columns(ConclusionNotice.host_id).scalar_subquery()
CONCLUSION_NOTICE_TRANSITIONS = Reading(
    ConclusionNoticeMove,
    ConclusionNoticeMoveOut,
    path="/v1/conclusion-notice-transitions",
    area="meetings",
    visible=ToAudience(
        MeetingAudience, _its.with_only_columns(ConclusionNotice.meeting_id).scalar_subquery()
    ),
    governed_by=_its_host,
    as_seen={"comment": _at_the_host(_its_host, ConclusionNoticeMove.comment)},
    by={"conclusion_notice_id": ConclusionNoticeMove.conclusion_notice_id},
    anchors={"conclusion_notice_id"},
    sorts={"created_at": ConclusionNoticeMove.id},
    shows_other_rows=True,
)
# What a draft says, and what is said of it, is for those of them whose grant covers the host.
MINUTES_DRAFTED = replace(MINUTES, visible=ToBoth(MINUTES.visible, ToCovering(Minutes.host_id)))
NOTICES_DRAFTED = replace(
    CONCLUSION_NOTICES, visible=ToBoth(CONCLUSION_NOTICES.visible, ToCovering(ConclusionNotice.host_id))
)
MINUTES_COMMENTS = Reading(
    MinutesComment,
    MinutesCommentOut,
    path="/v1/minutes-comments",
    area="meetings",
    visible=ToBoth(
        ToAudience(MeetingAudience, MinutesComment.meeting_id), ToCovering(MinutesComment.host_id)
    ),
    governed_by=MinutesComment.host_id,
    by={
        "minutes_id": MinutesComment.minutes_id,
        "conclusion_notice_id": MinutesComment.conclusion_notice_id,
    },
    anchors={"minutes_id", "conclusion_notice_id"},
    sorts={"created_at": MinutesComment.id},
)
MINUTES_VERSIONS = Reading(
    MinutesVersion,
    MinutesVersionOut,
    path="/v1/minutes-versions",
    area="meetings",
    visible=ToAudience(MeetingAudience, MinutesVersion.meeting_id),
    governed_by=MinutesVersion.host_id,
    by={
        "minutes_id": MinutesVersion.minutes_id,
        "conclusion_notice_id": MinutesVersion.conclusion_notice_id,
    },
    anchors={"minutes_id", "conclusion_notice_id"},
    sorts={"created_at": MinutesVersion.id},
)
WHOLE_VERSIONS = Reading(
    MinutesVersion,
    WholeMinutesVersionOut,
    path="/v1/minutes-versions",
    area="meetings",
    visible=ToAudience(MeetingAudience, MinutesVersion.meeting_id),
    governed_by=MinutesVersion.host_id,
)
