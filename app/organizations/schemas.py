"""What comes in and goes out of an organization, and what lists of them can be asked."""

from datetime import date
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import MISSING, ConfigDict, Field, model_validator

from app import example_ids as ids
from app.organizations import examples
from app.organizations.models import Level, Line, OrganizationKind
from app.paging import PageQuery
from app.schema import AnyOf, Code, Day, ExternalRefs, Name, ResourceOut, Schema, refuse_backwards


class Contact(Schema):
    """How to reach the office of the body (not a person)."""

    address: Name | None = None
    phone: Code | None = None
    email: Name | None = None
    website: Name | None = None


class OrganizationIn(Schema):
    """A new body under one that is there. The root of a tenant is made by `python -m app new-key`."""

    model_config = ConfigDict(json_schema_extra={"example": examples.ORGANIZATION_IN})

    parent_id: UUID
    name: Name
    short_name: Name | None = None
    code: Code | None = None
    kind: OrganizationKind
    line: Line
    level: Level
    founded_on: Day | None = None
    dissolved_on: Day | None = None
    former_names: Annotated[list[Name], Field(max_length=20)] = []
    contact: Contact | None = None
    external_refs: ExternalRefs = []

    @model_validator(mode="after")
    def _lives_forwards(self) -> "OrganizationIn":
        refuse_backwards(self.founded_on, self.dissolved_on)
        return self


class OrganizationPatch(Schema):
    """Absent members stay; null clears. Parent and line are for good."""

    model_config = ConfigDict(json_schema_extra={"example": examples.ORGANIZATION_PATCH})

    name: Name | MISSING = MISSING
    short_name: Name | None | MISSING = MISSING
    code: Code | MISSING = MISSING
    kind: OrganizationKind | MISSING = MISSING
    level: Level | MISSING = MISSING
    founded_on: Day | None | MISSING = MISSING
    dissolved_on: Day | None | MISSING = MISSING
    former_names: Annotated[list[Name], Field(max_length=20)] | MISSING = MISSING
    contact: Contact | None | MISSING = MISSING
    external_refs: ExternalRefs | MISSING = MISSING


class OrganizationOut(ResourceOut):
    """A place or a body."""

    model_config = ConfigDict(
        json_schema_extra={"example": examples.ORGANIZATION, "spare_id": ids.SPARE_BODY}
    )

    code: Code
    name: Name
    short_name: Name | None
    kind: OrganizationKind
    line: Line
    level: Level
    parent_id: UUID | None
    founded_on: date | None
    dissolved_on: date | None
    former_names: Annotated[list[Name], Field(max_length=20)]
    contact: dict[str, Any] | None


class OrganizationList(PageQuery):
    """Filters are joined by AND; one given several times is OR."""

    parent_id: AnyOf[UUID] = Field([], description="Directly below this one.")
    within: UUID | None = Field(None, description="This one and all below it.")
    kind: AnyOf[OrganizationKind] = Field([], description="What the body is.")
    line: AnyOf[Line] = Field([], description="The line it belongs to.")
    level: AnyOf[Level] = Field([], description="Its tier.")
    code: AnyOf[Code] = Field([], description="Exactly this code.")
    q: str | None = Field(
        None, max_length=200, description="Words of its names or code, without accents too."
    )
    sort: Literal["name", "-name", "code", "-code", "created_at", "-created_at"] = "name"
