"""What comes in and goes out of findings and directives, and what lists of them can be asked."""

from typing import Annotated, Literal
from uuid import UUID

from pydantic import MISSING, ConfigDict, Field

from app import example_ids as ids
from app.findings import examples
from app.findings.vocabulary import DirectiveKind, FindingKind, ResponseStatus
from app.paging import PageQuery
from app.schema import AnyOf, Count, ExternalRefs, Name, Period, Prose, ResourceOut, Schema
from app.vocabulary import WorkField

Place = Annotated[int, Field(strict=True, ge=0, le=500)]


class FindingIn(Schema):
    """A finding; `period` is what the meeting reviews, where it is absent.

    `cause_of_id` belongs to a cause, `response_status` and `response_text` to a recommendation.
    """

    model_config = ConfigDict(json_schema_extra={"example": examples.FINDING_IN})

    period: Period | None = None
    agenda_item_id: UUID | None = None
    speech_id: UUID | None = None
    position: Place | None = None
    kind: FindingKind
    field: WorkField | None = None
    organization_id: UUID | None = None
    text: Prose
    cause_of_id: UUID | None = None
    response_text: Prose | None = None
    response_status: ResponseStatus | None = None
    external_refs: ExternalRefs = []


class FindingPatch(Schema):
    """Absent members stay; null clears."""

    model_config = ConfigDict(json_schema_extra={"example": examples.FINDING_PATCH})

    period: Period | None | MISSING = MISSING
    agenda_item_id: UUID | None | MISSING = MISSING
    speech_id: UUID | None | MISSING = MISSING
    position: Place | MISSING = MISSING
    kind: FindingKind | MISSING = MISSING
    field: WorkField | None | MISSING = MISSING
    organization_id: UUID | None | MISSING = MISSING
    text: Prose | MISSING = MISSING
    cause_of_id: UUID | None | MISSING = MISSING
    response_text: Prose | None | MISSING = MISSING
    response_status: ResponseStatus | None | MISSING = MISSING
    external_refs: ExternalRefs | MISSING = MISSING


class FindingOut(ResourceOut):
    """A finding. The tasks that answer it: `/v1/quarterly-tasks?answers_finding_id=…`."""

    model_config = ConfigDict(json_schema_extra={"example": examples.FINDING, "spare_id": ids.SPARE_FINDING})

    meeting_id: UUID
    period: Period | None
    agenda_item_id: UUID | None
    speech_id: UUID | None
    position: Count
    kind: FindingKind
    field: WorkField | None
    organization_id: UUID | None
    text: Prose
    cause_of_id: UUID | None
    response_text: Prose | None
    response_status: ResponseStatus | None


class FindingFilters(PageQuery):
    """Filters are joined by AND; one given several times is OR."""

    period: AnyOf[Period] = Field([], description="About this period.")
    kind: AnyOf[FindingKind] = Field([], description="What they say.")
    field: AnyOf[WorkField] = Field([], description="The field of work.")
    organization_id: AnyOf[UUID] = Field([], description="About this body.")
    agenda_item_id: AnyOf[UUID] = Field([], description="Under this agenda item.")
    speech_id: AnyOf[UUID] = Field([], description="Said in this speech.")
    cause_of_id: AnyOf[UUID] = Field([], description="The causes of this one.")
    response_status: AnyOf[ResponseStatus] = Field([], description="What became of a recommendation.")
    q: str | None = Field(None, max_length=200, description="Words of its text, without accents too.")


class MeetingFindingList(FindingFilters):
    """The findings of one meeting."""

    sort: Literal["position", "-position", "created_at", "-created_at"] = "position"


class FindingList(FindingFilters):
    """Of all meetings that you may see."""

    meeting_id: AnyOf[UUID] = Field([], description="Of this meeting.")
    sort: Literal["created_at", "-created_at"] = "created_at"


class DirectiveIn(Schema):
    """A directive. Of one given in a speech, who gave it and under what item are the speech's, if absent.

    `title_snapshot` is filled from the positions held on the day where it is absent.
    """

    model_config = ConfigDict(json_schema_extra={"example": examples.DIRECTIVE_IN})

    speech_id: UUID | None = None
    agenda_item_id: UUID | None = None
    position: Place | None = None
    kind: DirectiveKind = DirectiveKind.INSTRUCTION
    issued_by_id: UUID | None = None
    title_snapshot: Name | None = None
    field: WorkField | None = None
    text: Prose
    external_refs: ExternalRefs = []


class DirectivePatch(Schema):
    """Absent members stay; null clears."""

    model_config = ConfigDict(json_schema_extra={"example": examples.DIRECTIVE_PATCH})

    speech_id: UUID | None | MISSING = MISSING
    agenda_item_id: UUID | None | MISSING = MISSING
    position: Place | MISSING = MISSING
    kind: DirectiveKind | MISSING = MISSING
    issued_by_id: UUID | None | MISSING = MISSING
    title_snapshot: Name | None | MISSING = MISSING
    field: WorkField | None | MISSING = MISSING
    text: Prose | MISSING = MISSING
    external_refs: ExternalRefs | MISSING = MISSING


class DirectiveOut(ResourceOut):
    """A directive. The tasks it made: `/v1/quarterly-tasks?directive_id=…`."""

    model_config = ConfigDict(
        json_schema_extra={"example": examples.DIRECTIVE, "spare_id": ids.SPARE_DIRECTIVE}
    )

    meeting_id: UUID
    speech_id: UUID | None
    agenda_item_id: UUID | None
    position: Count
    kind: DirectiveKind
    issued_by_id: UUID | None
    title_snapshot: Name | None
    field: WorkField | None
    text: Prose


class DirectiveFilters(PageQuery):
    """Filters are joined by AND; one given several times is OR."""

    kind: AnyOf[DirectiveKind] = Field([], description="How binding they are.")
    field: AnyOf[WorkField] = Field([], description="The field of work.")
    issued_by_id: AnyOf[UUID] = Field([], description="Given by this person.")
    speech_id: AnyOf[UUID] = Field([], description="Given in this speech.")
    agenda_item_id: AnyOf[UUID] = Field([], description="Under this agenda item.")
    q: str | None = Field(None, max_length=200, description="Words of its text, without accents too.")


class MeetingDirectiveList(DirectiveFilters):
    """The directives of one meeting."""

    sort: Literal["position", "-position", "created_at", "-created_at"] = "position"


class DirectiveList(DirectiveFilters):
    """Of all meetings that you may see."""

    meeting_id: AnyOf[UUID] = Field([], description="Of this meeting.")
    sort: Literal["created_at", "-created_at"] = "created_at"
