"""What comes in and goes out of speeches, and what lists of them can be asked."""

from typing import Annotated, Literal
from uuid import UUID

from pydantic import MISSING, ConfigDict, Field

from app import example_ids as ids
from app.paging import PageQuery
from app.schema import AnyOf, Count, ExternalRefs, Instant, Name, Prose, ResourceOut, Schema
from app.speeches import examples
from app.speeches.vocabulary import SpeechKind

Place = Annotated[int, Field(strict=True, ge=0, le=500)]


class SpeechIn(Schema):
    """A speech. Either `speaker_id`, or what is known of who spoke in `attribution_text`.

    `title_snapshot` is filled from the positions held on the day where it is absent. It comes last unless
    `position` says where.
    """

    model_config = ConfigDict(json_schema_extra={"example": examples.SPEECH_IN})

    agenda_item_id: UUID | None = None
    position: Place | None = None
    speaker_id: UUID | None = None
    attribution_text: Name | None = None
    organization_id: UUID | None = None
    title_snapshot: Name | None = None
    kind: SpeechKind = SpeechKind.DISCUSSION
    summary: Prose | None = None
    full_text: Prose | None = None
    started_at: Instant | None = None
    ended_at: Instant | None = None
    external_refs: ExternalRefs = []


class SpeechPatch(Schema):
    """Absent members stay; null clears."""

    model_config = ConfigDict(json_schema_extra={"example": examples.SPEECH_PATCH})

    agenda_item_id: UUID | None | MISSING = MISSING
    position: Place | MISSING = MISSING
    speaker_id: UUID | None | MISSING = MISSING
    attribution_text: Name | None | MISSING = MISSING
    organization_id: UUID | None | MISSING = MISSING
    title_snapshot: Name | None | MISSING = MISSING
    kind: SpeechKind | MISSING = MISSING
    summary: Prose | None | MISSING = MISSING
    full_text: Prose | None | MISSING = MISSING
    started_at: Instant | None | MISSING = MISSING
    ended_at: Instant | None | MISSING = MISSING
    external_refs: ExternalRefs | MISSING = MISSING


class SpeechOut(ResourceOut):
    """A speech; `position` counts in the order of the meeting from 0."""

    model_config = ConfigDict(json_schema_extra={"example": examples.SPEECH, "spare_id": ids.SPARE_SPEECH})

    meeting_id: UUID
    agenda_item_id: UUID | None
    position: Count
    speaker_id: UUID | None
    attribution_text: Name | None
    organization_id: UUID | None
    title_snapshot: Name | None
    kind: SpeechKind
    summary: Prose | None
    full_text: Prose | None
    started_at: Instant | None
    ended_at: Instant | None


class SpeechFilters(PageQuery):
    """Filters are joined by AND; one given several times is OR."""

    kind: AnyOf[SpeechKind] = Field([], description="What they were for.")
    speaker_id: AnyOf[UUID] = Field([], description="By this person.")
    organization_id: AnyOf[UUID] = Field([], description="For this body.")
    agenda_item_id: AnyOf[UUID] = Field([], description="Under this agenda item.")
    q: str | None = Field(None, max_length=200, description="Words of what was said, without accents too.")


class MeetingSpeechList(SpeechFilters):
    """The speeches of one meeting."""

    sort: Literal["position", "-position", "created_at", "-created_at"] = "position"


class SpeechList(SpeechFilters):
    """Of all meetings that you may see."""

    meeting_id: AnyOf[UUID] = Field([], description="At this meeting.")
    sort: Literal["created_at", "-created_at"] = "created_at"
