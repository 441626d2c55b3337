"""One page of the feed, and what it can be asked."""

from typing import Annotated, Any
from uuid import UUID

from pydantic import ConfigDict, Field

from app.changes import examples
from app.schema import AnyOf, Code, Instant, Schema, Shown, Version


class ChangeOut(Shown):
    """One change. `changes` holds the old and new values; private members are named only."""

    id: Code
    name: Code
    at: Instant
    subject_id: UUID
    version: Version
    organization_id: UUID
    changes: dict[str, Any]


class Changes(Shown):
    """`next_cursor` is always there: ask again with it."""

    model_config = ConfigDict(json_schema_extra={"example": examples.CHANGES})

    items: Annotated[list[ChangeOut], Field(max_length=500)]
    next_cursor: Annotated[str, Field(max_length=200)]
    has_more: bool


class ChangeList(Schema):
    """Where to go on, and what to leave out."""

    cursor: Annotated[
        str | None,
        Field(max_length=200, description="`next_cursor` of the answer before; `latest` starts now."),
    ] = None
    limit: Annotated[int, Field(ge=1, le=500, description="How many changes at most.")] = 100
    types: AnyOf[Annotated[str, Field(pattern=r"^[a-z_]+(\.[a-z_]+)?$", max_length=60)]] = Field(
        [], description="Names (quarterly_task.confirmed) or nouns (quarterly_task) to keep."
    )
    within: UUID | None = Field(
        None, description="Only changes governed by this organization or one below it."
    )
    wait: Annotated[
        int, Field(ge=0, le=30, description="Seconds to hold the request until something happens.")
    ] = 0
