"""Closing a meeting: nothing of it is left open, and no task forgotten."""

import json
from collections.abc import Sequence
from typing import Any

from app.errors import Blocked, Words
from app.meetings.models import Meeting
from app.meetings.vocabulary import MEETING_MOVES, MeetingTransition
from app.reviews.queries import CLOSING_CHECKS, EVERY_CHECK
from app.work import Work

MOST = 100  # blockers that one answer lists
CANNOT_CLOSE = Words("Hội nghị chưa thể kết thúc", "The meeting cannot be closed yet")


def check(work: Work, meeting: Meeting, transition: MeetingTransition) -> Sequence[dict[str, Any]]:
    """Before `close`: raises Blocked; answers the warnings that go with it."""
    if transition != MeetingTransition.CLOSE or transition not in MEETING_MOVES[meeting.status]:
        return []
    warnings = refuse_unfinished(work, meeting, CANNOT_CLOSE)
    return warnings[:MOST]


def refuse_unfinished(work: Work, meeting: Meeting, words: Words) -> Sequence[dict[str, Any]]:
    """Raises Blocked, in these words, with what is left open; answers the warnings."""
    found = json.loads(bytes(work.shown(EVERY_CHECK, meeting).body))
    if found["blockers"]:
        seen = json.loads(bytes(work.shown(CLOSING_CHECKS, meeting).body))["blockers"]
        if not seen:
            words = Words("Còn nhiệm vụ mà bạn không xem được", "Tasks that you do not see stand in the way")
        raise Blocked(words, blockers=seen[:MOST])
    warnings: Sequence[dict[str, Any]] = found["warnings"]
    return warnings
