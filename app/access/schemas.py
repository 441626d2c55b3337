"""What comes in and goes out of principals, grants and keys."""

from typing import Annotated, Literal
from uuid import UUID

from pydantic import MISSING, AfterValidator, ConfigDict, Field, WithJsonSchema

from app import example_ids as ids
from app.access import examples
from app.actor import EVERY_PERMISSION, Role
from app.organizations.models import Line
from app.paging import PageQuery
from app.schema import AnyOf, Code, ExternalRefs, Instant, Name, ResourceOut, Schema, Truth, known_as

PERMISSIONS = sorted(EVERY_PERMISSION)
Permission = Annotated[
    str, AfterValidator(known_as(PERMISSIONS)), WithJsonSchema({"type": "string", "enum": PERMISSIONS})
]
Lines = Annotated[list[Line], Field(min_length=1, max_length=4)]


class PrincipalIn(Schema):
    """A person or system, at home in an organization that you administer."""

    model_config = ConfigDict(json_schema_extra={"example": examples.PRINCIPAL_IN})

    name: Name
    organization_id: UUID
    external_refs: ExternalRefs = []


class PrincipalPatch(Schema):
    """Absent members stay. An inactive principal's keys are refused."""

    model_config = ConfigDict(json_schema_extra={"example": examples.PRINCIPAL_PATCH})

    name: Name | MISSING = MISSING
    is_active: Truth | MISSING = MISSING
    external_refs: ExternalRefs | MISSING = MISSING


class PrincipalOut(ResourceOut):
    """A person or system that calls."""

    model_config = ConfigDict(
        json_schema_extra={"example": examples.PRINCIPAL, "spare_id": ids.SPARE_PRINCIPAL}
    )

    name: Name
    organization_id: UUID
    is_active: bool


class PrincipalList(PageQuery):
    """Filters are joined by AND."""

    organization_id: AnyOf[UUID] = Field([], description="At home in this organization.")
    within: UUID | None = Field(None, description="At home in this organization or below it.")
    is_active: bool | None = Field(None, description="Whether its keys are accepted.")
    sort: Literal["created_at", "-created_at"] = "created_at"


class GrantIn(Schema):
    """A role, in an organization that you administer and all below it; `lines` limits it to some."""

    model_config = ConfigDict(json_schema_extra={"example": examples.GRANT_IN})

    role: Role
    organization_id: UUID
    lines: Lines | None = None


class GrantOut(ResourceOut):
    """A role of a principal in an organization and below."""

    model_config = ConfigDict(json_schema_extra={"example": examples.GRANT, "spare_id": ids.SPARE_GRANT})

    principal_id: UUID
    role: Role
    organization_id: UUID
    lines: Lines | None


class GrantList(PageQuery):
    """The grants of one principal."""

    sort: Literal["created_at", "-created_at"] = "created_at"


class KeyIn(Schema):
    """A second key may live beside the first, for rotation. Scopes only narrow what the grants allow."""

    model_config = ConfigDict(json_schema_extra={"example": examples.KEY_IN})

    label: Name
    scopes: Annotated[list[Permission], Field(min_length=1, max_length=40)] | None = None
    expires_at: Instant | None = None


class KeyOut(ResourceOut):
    """A key, without its secret."""

    model_config = ConfigDict(json_schema_extra={"example": examples.KEY})

    principal_id: UUID
    label: Name
    scopes: Annotated[list[Code], Field(max_length=40)] | None
    expires_at: Instant | None
    revoked_at: Instant | None
    last_used_at: Instant | None


class KeyMade(KeyOut):
    """A new key with its secret, which is never shown again."""

    model_config = ConfigDict(json_schema_extra={"example": examples.KEY_MADE})

    key: Annotated[str, Field(max_length=100)]


class KeyList(PageQuery):
    """The keys of one principal."""

    sort: Literal["created_at", "-created_at"] = "created_at"
