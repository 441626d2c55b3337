"""What speakers and positions show, who sees them, and how they are found."""

from sqlalchemy import Date, bindparam, select

from app.reading import Reading, ToTenant, columns
from app.speakers.models import Position, Speaker, held_on
from app.speakers.schemas import PositionOut, SpeakerOut
from app.sql import json_list, json_values

_day = bindparam("today", type_=Date())

SPEAKERS = Reading(
    Speaker,
    SpeakerOut,
    path="/v1/speakers",
    area="speakers",
    visible=ToTenant(Speaker.tenant_id),
    governed_by=Speaker.organization_id,
    derived={
        "titles": json_values(
            Position.title,
            of=Position,
            where=(Position.speaker_id == Speaker.id) & held_on(_day),
            order_by=(Position.is_primary.desc(), Position.started_on.nulls_first(), Position.id),
        )
    },
    private=("email", "phone"),
    includes={
        "positions": lambda _: json_list(
            columns(PositionOut, Position),
            of=Position,
            where=Position.speaker_id == Speaker.id,
            order_by=(Position.started_on.nulls_first(), Position.id),
        )
    },
    by={"organization_id": Speaker.organization_id},
    filters={
        "updated_at_gte": Speaker.updated_at >= bindparam("updated_at_gte", type_=Speaker.updated_at.type)
    },
    sorts={"full_name": Speaker.name_key, "created_at": Speaker.id},
    folded=Speaker.folded,
)
_home = select(Speaker.organization_id).where(Speaker.id == Position.speaker_id)
POSITIONS = Reading(
    Position,
    PositionOut,
    path="/v1/positions",
    area="speakers",
    visible=ToTenant(Position.tenant_id),
    governed_by=_home.correlate(Position).scalar_subquery(),
    by={"speaker_id": Position.speaker_id, "organization_id": Position.organization_id},
    filters={"as_of": held_on(bindparam("as_of", type_=Date()))},
    sorts={"created_at": Position.id},
)
