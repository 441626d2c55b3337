"""What comes in and goes out of speakers and positions, and what lists of them can be asked."""

from datetime import date
from enum import StrEnum
from typing import Annotated, Literal
from uuid import UUID

from pydantic import MISSING, AfterValidator, ConfigDict, Field, StringConstraints

from app import example_ids as ids
from app.paging import PageQuery
from app.schema import AnyOf, Day, ExternalRefs, Instant, Name, ResourceOut, Schema, Truth, clean
from app.speakers import examples
from app.speakers.models import Honorific

Email = Annotated[
    str,
    StringConstraints(strip_whitespace=True, max_length=500, pattern=r"^[^@\s]+@[^@\s]+$"),
    AfterValidator(clean),
]
Phone = Annotated[Name, Field(max_length=40)]


class PositionIn(Schema):
    """A title in a body, from a day on; `ended_on` is its last day."""

    model_config = ConfigDict(json_schema_extra={"example": examples.POSITION_IN})

    organization_id: UUID
    title: Name
    started_on: Day | None = None
    ended_on: Day | None = None
    is_primary: Truth = False
    external_refs: ExternalRefs = []


class PositionPatch(Schema):
    """Absent members stay; null clears."""

    model_config = ConfigDict(json_schema_extra={"example": examples.POSITION_PATCH})

    organization_id: UUID | MISSING = MISSING
    title: Name | MISSING = MISSING
    started_on: Day | None | MISSING = MISSING
    ended_on: Day | None | MISSING = MISSING
    is_primary: Truth | MISSING = MISSING
    external_refs: ExternalRefs | MISSING = MISSING


class PositionOut(ResourceOut):
    """A title held in a body."""

    model_config = ConfigDict(
        json_schema_extra={"example": examples.POSITION, "spare_id": ids.SPARE_POSITION}
    )

    speaker_id: UUID
    organization_id: UUID
    title: Name
    started_on: date | None
    ended_on: date | None
    is_primary: bool


class PositionList(PageQuery):
    """The positions of one speaker."""

    organization_id: AnyOf[UUID] = Field([], description="In this body.")
    as_of: Day | None = Field(None, description="Only those held on this day.")
    sort: Literal["created_at", "-created_at"] = "created_at"


class SpeakerIn(Schema):
    """A person at home in one body. `positions` are made with the person, in the same transaction."""

    model_config = ConfigDict(json_schema_extra={"example": examples.SPEAKER_IN})

    full_name: Name
    honorific: Honorific | None = None
    organization_id: UUID
    email: Email | None = None
    phone: Phone | None = None
    positions: Annotated[list[PositionIn], Field(max_length=20)] = []
    external_refs: ExternalRefs = []


class SpeakerPatch(Schema):
    """Absent members stay; null clears."""

    model_config = ConfigDict(json_schema_extra={"example": examples.SPEAKER_PATCH})

    full_name: Name | MISSING = MISSING
    honorific: Honorific | None | MISSING = MISSING
    organization_id: UUID | MISSING = MISSING
    email: Email | None | MISSING = MISSING
    phone: Phone | None | MISSING = MISSING
    external_refs: ExternalRefs | MISSING = MISSING


class SpeakerOut(ResourceOut):
    """A person. `titles` are those of the day asked for (`as_of`), the primary one first.

    `email` and `phone` are null unless you may write speakers of that organization.
    """

    model_config = ConfigDict(json_schema_extra={"example": examples.SPEAKER, "spare_id": ids.SPARE_SPEAKER})

    full_name: Name
    honorific: Honorific | None
    organization_id: UUID
    email: Email | None
    phone: Phone | None
    titles: list[Name]
    positions: list[PositionOut] | MISSING = MISSING


class SpeakerInclude(StrEnum):
    """What can be shown beside a speaker."""

    POSITIONS = "positions"


class SpeakerView(Schema):
    """How one speaker is shown."""

    as_of: Day | None = Field(None, description="The day of the titles; today where absent.")
    include: AnyOf[SpeakerInclude] = Field([], description="Show these beside it.")


class SpeakerList(SpeakerView, PageQuery):
    """Filters are joined by AND; one given several times is OR."""

    organization_id: AnyOf[UUID] = Field([], description="At home in this body.")
    within: UUID | None = Field(None, description="At home in this body or one below it.")
    q: str | None = Field(None, max_length=200, description="Words of the name, without accents too.")
    updated_at_gte: Instant | None = Field(None, description="Changed at or after this instant.")
    sort: Literal["full_name", "-full_name", "created_at", "-created_at"] = "full_name"
