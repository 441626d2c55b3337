"""Setting a meeting, and changing what was set, by the rules of its members together."""

from collections.abc import Mapping
from typing import Any

from app.db import new_code, new_id
from app.meetings import holding
from app.meetings.contents import WRITE
from app.meetings.models import Meeting
from app.meetings.planning import agree, keep_in_sight, keep_its_tasks
from app.organizations.queries import ORGANIZATIONS
from app.work import Work


def set_meeting(work: Work, values: Mapping[str, Any]) -> Meeting:
    """Store it in draft, with its one event."""
    at = "host_organization_id"
    host = work.governed(ORGANIZATIONS, values[at], WRITE, at=at)
    agree(work, values)
    meeting = Meeting(**values, id=new_id(), tenant_id=host.tenant_id)
    meeting.code = meeting.code or new_code("HN", meeting.id)
    work.add(meeting)
    keep_in_sight(work, meeting)
    return meeting


def rewrite(work: Work, meeting: Meeting, values: Mapping[str, Any], *, rest_follows: bool = False) -> None:
    """Change these members, with one event.

    `rest_follows`: who took part and what was set there is brought into line, and looked at, after.
    """
    agree(work, values, meeting)
    holding.keep_in_the_past(meeting, values)
    holding.keep_in_line(work, meeting, values)
    if not rest_follows:
        keep_its_tasks(work, meeting, values.get("plan_period"))
        holding.keep_held(work, meeting, values)
    work.change(meeting, "updated", **values)
    keep_in_sight(work, meeting)
