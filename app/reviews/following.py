"""The next meeting of a line: its periods, its standing agenda, and what was postponed."""

import re
from collections.abc import Callable, Mapping
from datetime import timedelta
from functools import partial
from typing import Any
from uuid import UUID

from sqlalchemy import select

from app.db import new_code, new_id
from app.errors import Blocked
from app.meetings.contents import of_the_meeting
from app.meetings.models import AgendaItem, Meeting
from app.meetings.planning import agree, keep_in_sight, where_it_is_followed
from app.meetings.vocabulary import AgendaItemKind, AgendaItemStatus
from app.quarter import Period
from app.reviews.schemas import NextMeetingIn
from app.schema import refuse
from app.work import Work

STANDING = ("kind", "audience", "format", "location", "online_url", "visibility", "record")
LONGEST = 500  # characters of a title
WRITTEN = ("/", " năm ")  # quý IV/2025, quý IV năm 2025
LAST_CONCLUSIONS = "Việc thực hiện kết luận hội nghị trước"


def follow(work: Work, meeting: Meeting, said: NextMeetingIn, *, ids: Callable[[], UUID] = new_id) -> Meeting:
    """The draft of the meeting after this one. Raises Blocked where there is one already.

    `ids`: the meeting's, then those of its agenda items in their order.
    """
    if there := work.db.scalar(select(Meeting.id).where(Meeting.previous_meeting_id == meeting.id)):
        blocker = {
            "code": "successor-there",
            "detail_vi": "Đã có hội nghị kế tiếp",
            "detail_en": "The meeting that follows is there already",
            "pointer": where_it_is_followed(work, meeting, there),
        }
        raise Blocked(blockers=[blocker])
    values = _values(meeting, said)
    agree(work, values)
    made = Meeting(**values, id=ids(), tenant_id=meeting.tenant_id)
    made.code = new_code("HN", made.id)
    work.add(made)
    keep_in_sight(work, made)
    work.add_all(_agenda(work, meeting, made, ids))
    return made


def _values(meeting: Meeting, said: NextMeetingIn) -> dict[str, Any]:
    reviewed = meeting.plan_period or (meeting.review_period and _after(meeting.review_period))
    planned = _after(reviewed) if reviewed else None
    return {
        **{name: getattr(meeting, name) for name in STANDING},
        "host_organization_id": meeting.host_organization_id,
        "title": said.title or _title(meeting, reviewed, planned),
        "review_period": reviewed,
        "plan_period": planned,
        "previous_meeting_id": meeting.id,
        "held_on": said.held_on or _as_far_on(meeting, reviewed),
        "external_refs": [],
    }


def _after(period: str) -> str:
    try:
        return str(Period.parse(period).next)
    except ValueError:
        words = f"Sau kỳ {period} không có kỳ cùng độ dài", f"No period of the same length follows {period}"
        refuse("title", "no_next_period", *words)


def _title(meeting: Meeting, reviewed: str | None, planned: str | None) -> str:
    return _renamed(meeting.title, {meeting.plan_period: planned, meeting.review_period: reviewed})


def _renamed(title: str, periods: Mapping[str | None, str | None]) -> str:
    """The same words about other periods, the later one first."""
    for old, new in periods.items():
        if old and new:
            before, after = Period.parse(old).label_vi, Period.parse(new).label_vi
            for joined in WRITTEN:
                named = re.compile(re.escape(before.replace("/", joined)), re.IGNORECASE)
                title = named.sub(partial(_in_its_letters, after.replace("/", joined)), title)
    return title[:LONGEST].rstrip()  # a quarter may be longer to write than the one before


def _in_its_letters(words: str, found: re.Match[str]) -> str:
    """In capitals, or begun with a small or a large letter, as what stood there."""
    before = found[0]
    if before.isupper():
        return words.upper()
    first = words[0].lower() if before[0].islower() else words[0].upper()
    return first + words[1:]


def _as_far_on(meeting: Meeting, reviewed: str | None) -> Any:
    """As many days before or after the end of its period as this one was."""
    if reviewed is None or meeting.review_period is None:
        refuse("held_on", "missing", "Phải nêu ngày họp", "Name the day")
    apart = meeting.held_on - Period.parse(meeting.review_period).last_day
    try:
        day = Period.parse(reviewed).last_day + timedelta(days=apart.days)
        return day if day > meeting.held_on else meeting.held_on + timedelta(days=1)
    except OverflowError:
        refuse(
            "held_on",
            "missing",
            "Lịch không có ngày ấy: phải nêu ngày họp",
            "No calendar has it: name the day",
        )


def _agenda(work: Work, meeting: Meeting, made: Meeting, ids: Callable[[], UUID]) -> list[AgendaItem]:
    """Carrying out the last conclusions first, then what always stands there, then whatever was postponed."""
    periods = {meeting.plan_period: made.plan_period, meeting.review_period: made.review_period}
    items = select(AgendaItem).where(AgendaItem.meeting_id == meeting.id)
    items = items.order_by(AgendaItem.parent_id.is_not(None), AgendaItem.position, AgendaItem.id)
    every = work.db.scalars(items).all()
    found = [one for one in every if one.parent_id is None]
    standing = [one for one in found if one.kind != AgendaItemKind.PREVIOUS_CONCLUSIONS]
    below = [one for one in every if one.parent_id is not None]
    postponed = [one for one in (*standing, *below) if one.status == AgendaItemStatus.POSTPONED]
    kept = [one for one in standing if one not in postponed and one.carried_from_id is None]
    first = [one for one in found if one.kind == AgendaItemKind.PREVIOUS_CONCLUSIONS][:1]
    opening = {
        "title": first[0].title if first else LAST_CONCLUSIONS,
        "kind": AgendaItemKind.PREVIOUS_CONCLUSIONS,
    }
    rows: list[dict[str, Any]] = [opening]
    rows += [{"title": _renamed(one.title, periods), "kind": one.kind} for one in kept]
    rows += [{"title": one.title, "kind": one.kind, "carried_from_id": one.id} for one in postponed]
    fresh = {"status": AgendaItemStatus.PENDING, "external_refs": []}
    return [
        AgendaItem(**{**row, **fresh, **of_the_meeting(made), "id": ids(), "position": n})
        for n, row in enumerate(rows)
    ]
