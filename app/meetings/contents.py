"""What a meeting contains, made with it or added to it: agenda items and participations."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from sqlalchemy import func, select

from app.db import new_id
from app.meetings.models import AgendaItem, Meeting, Participation
from app.meetings.queries import AGENDA_ITEMS
from app.meetings.schemas import AgendaItemIn, ParticipationIn
from app.organizations.queries import ORGANIZATIONS
from app.schema import refuse
from app.speakers.models import title_on
from app.speakers.queries import SPEAKERS
from app.work import Work

DEEPEST = 3


def add_participation(work: Work, meeting: Meeting, body: ParticipationIn, at: str = "") -> Participation:
    """A body or person taking part; its title is that of the day, unless another is given."""
    values = body.model_dump()
    check_participation(work, values, at)
    if values["title_snapshot"] is None and body.speaker_id is not None:
        values["title_snapshot"] = title_on(work.db, body.speaker_id, body.organization_id, meeting.held_on)
    made = Participation(**values, **_of(meeting))
    work.add(made)
    return made


def check_participation(work: Work, values: Mapping[str, Any], at: str = "") -> None:
    """Every body and person named is one that the caller sees."""
    work.known(ORGANIZATIONS, **{f"{at}organization_id": values.get("organization_id")})
    people = ("speaker_id", "substitute_for_id")
    work.known(SPEAKERS, **{f"{at}{name}": values.get(name) for name in people})


def add_agenda_item(work: Work, meeting: Meeting, body: AgendaItemIn, at: str = "") -> AgendaItem:
    """An item after its siblings."""
    check_agenda_item(work, body.model_dump(), at)
    if body.parent_id is not None:
        _has_room_below(work, meeting, body.parent_id, at)
    siblings = select(func.count()).where(
        AgendaItem.meeting_id == meeting.id, AgendaItem.parent_id.is_not_distinct_from(body.parent_id)
    )
    made = AgendaItem(**body.model_dump(), **_of(meeting), position=work.db.scalar(siblings))
    work.add(made)
    return made


def check_agenda_item(work: Work, values: Mapping[str, Any], at: str = "") -> None:
    """Everybody and everything named is what the caller sees."""
    work.known(SPEAKERS, **{f"{at}presenter_id": values.get("presenter_id")})
    work.known(ORGANIZATIONS, **{f"{at}presenting_organization_id": values.get("presenting_organization_id")})
    work.known(AGENDA_ITEMS, **{f"{at}carried_from_id": values.get("carried_from_id")})


def _of(meeting: Meeting) -> dict[str, Any]:
    return {
        "id": new_id(),
        "meeting_id": meeting.id,
        "host_id": meeting.host_organization_id,
        "tenant_id": meeting.tenant_id,
    }


def _has_room_below(work: Work, meeting: Meeting, parent_id: UUID, at: str) -> None:
    parent, depth = work.named(AGENDA_ITEMS, parent_id, at=f"{at}parent_id"), 1
    if parent.meeting_id != meeting.id:
        refuse(
            f"{at}parent_id", "of_another_meeting", "Thuộc hội nghị khác", "It is an item of another meeting"
        )
    while parent.parent_id is not None:
        parent, depth = work.db.get_one(AgendaItem, parent.parent_id), depth + 1
    if depth >= DEEPEST:
        refuse(f"{at}parent_id", "too_deep", "Tối đa ba cấp", "An agenda is three levels deep at most")
