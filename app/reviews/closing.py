"""Closing a meeting, with nothing left open and no task forgotten; and what was not called off."""

import json
from collections.abc import Sequence
from typing import Any

from sqlalchemy import exists, select

from app.errors import Blocked, Words
from app.meetings.models import Meeting
from app.meetings.vocabulary import MEETING_MOVES, MeetingTransition
from app.reviews.models import TaskReview
from app.reviews.queries import BUT_TASKS, CLOSING_CHECKS, EVERY_CHECK
from app.work import Work

MOST = 100  # blockers that one answer lists
CANNOT_CLOSE = Words("Hội nghị chưa thể kết thúc", "The meeting cannot be closed yet")


def check(work: Work, meeting: Meeting, transition: MeetingTransition) -> Sequence[dict[str, Any]]:
    """Before `close` and `cancel`: raises Blocked; answers the warnings that go with it."""
    if transition not in MEETING_MOVES[meeting.status]:
        return []
    if transition == MeetingTransition.CANCEL:
        _refuse_reviewed(work, meeting)
    if transition != MeetingTransition.CLOSE:
        return []
    warnings = refuse_unfinished(work, meeting, CANNOT_CLOSE)
    return warnings[:MOST]


def _refuse_reviewed(work: Work, meeting: Meeting) -> None:
    """What has decided about tasks was not called off: afterwards nobody could take that back."""
    if work.db.scalar(select(exists().where(TaskReview.meeting_id == meeting.id))):
        blocker = {
            "code": "tasks-reviewed",
            "detail_vi": "Hội nghị đã đánh giá nhiệm vụ: rút lại các đánh giá trước",
            "detail_en": "It has reviewed tasks: take the reviews back first",
            "pointer": f"/v1/meetings/{meeting.id}/task-reviews",
        }
        raise Blocked(blockers=[blocker])


def refuse_unfinished(work: Work, meeting: Meeting, words: Words) -> Sequence[dict[str, Any]]:
    """Raises Blocked, in these words, with what is left open; answers the warnings.

    Tasks that the caller does not see, or by this key may not read, stand in the way unnamed.
    """
    found = json.loads(bytes(work.shown(EVERY_CHECK, meeting).body))
    if found["blockers"]:
        checks = CLOSING_CHECKS if work.actor.allows("quarterly_tasks:read") else BUT_TASKS
        seen = json.loads(bytes(work.shown(checks, meeting).body))["blockers"]
        if not seen:
            words = Words("Còn nhiệm vụ mà bạn không xem được", "Tasks that you do not see stand in the way")
        raise Blocked(words, blockers=seen[:MOST])
    warnings: Sequence[dict[str, Any]] = found["warnings"]
    return warnings
