"""What comes in and goes out of minutes, and what lists of them can be asked."""

from datetime import date
from typing import Annotated, Literal
from uuid import UUID

from pydantic import ConfigDict, Field

from app import example_ids as ids
from app.minutes import examples
from app.minutes.vocabulary import MinutesStatus, MinutesTransition
from app.paging import PageQuery
from app.schema import AnyOf, Day, ExternalRefs, FactOut, Name, Prose, ResourceOut, Schema


class MinutesIn(Schema):
    """The minutes of a meeting, in draft."""

    model_config = ConfigDict(json_schema_extra={"example": examples.MINUTES_IN})

    external_refs: ExternalRefs = []


class MinutesOut(ResourceOut):
    """The minutes of a meeting; `submitted_by` is who submitted them last."""

    model_config = ConfigDict(json_schema_extra={"example": examples.MINUTES, "spare_id": ids.SPARE_MINUTES})

    meeting_id: UUID
    status: MinutesStatus
    allowed_transitions: Annotated[list[MinutesTransition], Field(max_length=len(MinutesTransition))]
    submitted_by: Name | None


class MinutesList(PageQuery):
    """Filters are joined by AND; one given several times is OR."""

    meeting_id: AnyOf[UUID] = Field([], description="Of this meeting.")
    status: AnyOf[MinutesStatus] = Field([], description="Where they stand.")
    within: UUID | None = Field(None, description="Of a meeting of this body or one below it.")
    sort: Literal["created_at", "-created_at"] = "-created_at"


class MinutesMoveIn(Schema):
    """One transition. `request_changes` needs a comment.

    `effective_on` is the day it took effect: not in the future, not before the meeting was held.
    """

    model_config = ConfigDict(json_schema_extra={"example": examples.MINUTES_MOVE_IN})

    transition: MinutesTransition
    effective_on: Day | None = None
    comment: Prose | None = None


class MinutesMoveOut(FactOut):
    """A transition that happened."""

    model_config = ConfigDict(json_schema_extra={"example": examples.MINUTES_MOVE})

    minutes_id: UUID
    transition: MinutesTransition
    from_status: MinutesStatus
    to_status: MinutesStatus
    effective_on: date
    comment: Prose | None


class MinutesMoveList(PageQuery):
    """The history of one meeting's minutes."""

    sort: Literal["created_at", "-created_at"] = "created_at"
