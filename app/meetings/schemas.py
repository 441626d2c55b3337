"""What comes in and goes out of meetings and what they contain, and what lists of them can be asked."""

from datetime import date
from enum import StrEnum
from typing import Annotated, Literal
from uuid import UUID

from pydantic import MISSING, ConfigDict, Field

from app import example_ids as ids
from app.findings.schemas import DirectiveOut, FindingOut
from app.meetings import examples
from app.meetings.vocabulary import (
    AgendaItemKind,
    AgendaItemStatus,
    Attendance,
    MeetingFormat,
    MeetingKind,
    MeetingStatus,
    MeetingTransition,
    ParticipationRole,
    Record,
    Visibility,
)
from app.paging import PageQuery
from app.quarterly_tasks.schemas import QuarterlyTaskOut
from app.schema import (
    AnyOf,
    Code,
    Count,
    Day,
    ExternalRefs,
    FactOut,
    Instant,
    Name,
    Period,
    Prose,
    ResourceOut,
    Schema,
    Shown,
)
from app.speeches.schemas import SpeechOut

Headcount = Annotated[int, Field(strict=True, ge=0, le=1_000_000)]
Minutes = Annotated[int, Field(strict=True, ge=0, le=10_000)]


class ParticipationIn(Schema):
    """A body (`speaker_id` null: its representative is not named yet) or a person of it, in one role.

    `title_snapshot` is filled from the positions held on the day where it is absent.
    """

    model_config = ConfigDict(json_schema_extra={"example": examples.PARTICIPATION_IN})

    organization_id: UUID
    speaker_id: UUID | None = None
    role: ParticipationRole = ParticipationRole.DELEGATE
    attendance: Attendance = Attendance.INVITED
    absence_reason: Name | None = None
    title_snapshot: Name | None = None
    substitute_for_id: UUID | None = None
    headcount: Headcount | None = None
    external_refs: ExternalRefs = []


class ParticipationPatch(Schema):
    """Absent members stay; null clears."""

    model_config = ConfigDict(json_schema_extra={"example": examples.PARTICIPATION_PATCH})

    organization_id: UUID | MISSING = MISSING
    speaker_id: UUID | None | MISSING = MISSING
    role: ParticipationRole | MISSING = MISSING
    attendance: Attendance | MISSING = MISSING
    absence_reason: Name | None | MISSING = MISSING
    title_snapshot: Name | None | MISSING = MISSING
    substitute_for_id: UUID | None | MISSING = MISSING
    headcount: Headcount | None | MISSING = MISSING
    external_refs: ExternalRefs | MISSING = MISSING


class ParticipationOut(ResourceOut):
    """A body or person taking part in one role."""

    model_config = ConfigDict(
        json_schema_extra={"example": examples.PARTICIPATION, "spare_id": ids.SPARE_PARTICIPATION}
    )

    meeting_id: UUID
    organization_id: UUID
    speaker_id: UUID | None
    role: ParticipationRole
    attendance: Attendance
    absence_reason: Name | None
    title_snapshot: Name | None
    substitute_for_id: UUID | None
    headcount: Headcount | None


class ParticipationList(PageQuery):
    """Filters are joined by AND; one given several times is OR."""

    organization_id: AnyOf[UUID] = Field([], description="Of this body.")
    speaker_id: AnyOf[UUID] = Field([], description="This person.")
    role: AnyOf[ParticipationRole] = Field([], description="In this role.")
    attendance: AnyOf[Attendance] = Field([], description="Who came, who was excused …")
    sort: Literal["created_at", "-created_at"] = "created_at"


class AgendaItemIn(Schema):
    """An item, appended after its siblings. The whole tree is ordered by `PUT /v1/meetings/{id}/agenda`."""

    model_config = ConfigDict(json_schema_extra={"example": examples.AGENDA_ITEM_IN})

    parent_id: UUID | None = None
    number: Code | None = None
    title: Name
    description: Prose | None = None
    kind: AgendaItemKind = AgendaItemKind.OTHER
    presenter_id: UUID | None = None
    presenting_organization_id: UUID | None = None
    duration_minutes: Minutes | None = None
    status: AgendaItemStatus = AgendaItemStatus.PENDING
    minutes_text: Prose | None = None
    carried_from_id: UUID | None = None
    external_refs: ExternalRefs = []


class AgendaItemPatch(Schema):
    """Absent members stay; null clears. Its place is changed by `PUT /v1/meetings/{id}/agenda`."""

    model_config = ConfigDict(json_schema_extra={"example": examples.AGENDA_ITEM_PATCH})

    number: Code | None | MISSING = MISSING
    title: Name | MISSING = MISSING
    description: Prose | None | MISSING = MISSING
    kind: AgendaItemKind | MISSING = MISSING
    presenter_id: UUID | None | MISSING = MISSING
    presenting_organization_id: UUID | None | MISSING = MISSING
    duration_minutes: Minutes | None | MISSING = MISSING
    status: AgendaItemStatus | MISSING = MISSING
    minutes_text: Prose | None | MISSING = MISSING
    carried_from_id: UUID | None | MISSING = MISSING
    external_refs: ExternalRefs | MISSING = MISSING


class AgendaItemOut(ResourceOut):
    """An item of the agenda; `position` counts among its siblings from 0."""

    model_config = ConfigDict(
        json_schema_extra={"example": examples.AGENDA_ITEM, "spare_id": ids.SPARE_AGENDA_ITEM}
    )

    meeting_id: UUID
    parent_id: UUID | None
    position: Count
    number: Code | None
    title: Name
    description: Prose | None
    kind: AgendaItemKind
    presenter_id: UUID | None
    presenting_organization_id: UUID | None
    duration_minutes: Minutes | None
    status: AgendaItemStatus
    minutes_text: Prose | None
    carried_from_id: UUID | None


class AgendaItemList(PageQuery):
    """Filters are joined by AND; one given several times is OR."""

    meeting_id: AnyOf[UUID] = Field([], description="Of this meeting.")
    kind: AnyOf[AgendaItemKind] = Field([], description="What the item is.")
    status: AnyOf[AgendaItemStatus] = Field([], description="Where it stands.")
    presenter_id: AnyOf[UUID] = Field([], description="Presented by this person.")
    presenting_organization_id: AnyOf[UUID] = Field([], description="Presented by this body.")
    parent_id: AnyOf[UUID] = Field([], description="Directly below this item.")
    carried_from_id: AnyOf[UUID] = Field([], description="Carried on from this item.")
    sort: Literal["created_at", "-created_at"] = "created_at"


class MeetingAgendaItemList(PageQuery):
    """The items of one meeting."""

    kind: AnyOf[AgendaItemKind] = Field([], description="What the item is.")
    status: AnyOf[AgendaItemStatus] = Field([], description="Where it stands.")
    sort: Literal["position", "-position", "created_at", "-created_at"] = "position"


class AgendaPlace(Schema):
    """Where one item goes: below `parent_id`, after the siblings named before it."""

    id: UUID
    parent_id: UUID | None = None


class AgendaOrder(Schema):
    """Every item of the meeting once, each parent before its children."""

    model_config = ConfigDict(json_schema_extra={"example": examples.AGENDA_ORDER})

    items: Annotated[list[AgendaPlace], Field(max_length=500)]


class AgendaOut(Shown):
    """The whole agenda, parents before children, siblings in order."""

    model_config = ConfigDict(json_schema_extra={"example": examples.AGENDA})

    items: Annotated[list[AgendaItemOut], Field(max_length=500)]


class MeetingIn(Schema):
    """A meeting in draft; agenda and participations can be made with it, in the same transaction."""

    model_config = ConfigDict(json_schema_extra={"example": examples.MEETING_IN})

    host_organization_id: UUID
    code: Code | None = None
    title: Name
    kind: MeetingKind = MeetingKind.QUARTERLY_BRIEFING
    audience: Name | None = None
    review_period: Period | None = None
    plan_period: Period | None = None
    data_cutoff_on: Day | None = None
    previous_meeting_id: UUID | None = None
    held_on: Day
    starts_at: Instant | None = None
    ends_at: Instant | None = None
    format: MeetingFormat | None = None
    location: Name | None = None
    online_url: Name | None = None
    visibility: Visibility = Visibility.INTERNAL
    record: Record = Record.MINUTED
    source_text: Prose | None = None
    summary: Prose | None = None
    agenda_items: Annotated[list[AgendaItemIn], Field(max_length=100)] = []
    participations: Annotated[list[ParticipationIn], Field(max_length=200)] = []
    external_refs: ExternalRefs = []


class MeetingPatch(Schema):
    """Absent members stay; null clears. The status moves by transitions only."""

    model_config = ConfigDict(json_schema_extra={"example": examples.MEETING_PATCH})

    code: Code | MISSING = MISSING
    title: Name | MISSING = MISSING
    kind: MeetingKind | MISSING = MISSING
    audience: Name | None | MISSING = MISSING
    review_period: Period | None | MISSING = MISSING
    plan_period: Period | None | MISSING = MISSING
    data_cutoff_on: Day | None | MISSING = MISSING
    previous_meeting_id: UUID | None | MISSING = MISSING
    held_on: Day | MISSING = MISSING
    starts_at: Instant | None | MISSING = MISSING
    ends_at: Instant | None | MISSING = MISSING
    format: MeetingFormat | None | MISSING = MISSING
    location: Name | None | MISSING = MISSING
    online_url: Name | None | MISSING = MISSING
    visibility: Visibility | MISSING = MISSING
    record: Record | MISSING = MISSING
    source_text: Prose | None | MISSING = MISSING
    summary: Prose | None | MISSING = MISSING
    external_refs: ExternalRefs | MISSING = MISSING


class MeetingOut(ResourceOut):
    """A meeting. `allowed_transitions` are those its state has; whether yours are among them, grants say."""

    model_config = ConfigDict(json_schema_extra={"example": examples.MEETING, "spare_id": ids.SPARE_MEETING})

    host_organization_id: UUID
    code: Code
    title: Name
    kind: MeetingKind
    audience: Name | None
    review_period: Period | None
    plan_period: Period | None
    data_cutoff_on: date | None
    previous_meeting_id: UUID | None
    held_on: date
    starts_at: Instant | None
    ends_at: Instant | None
    format: MeetingFormat | None
    location: Name | None
    online_url: Name | None
    visibility: Visibility
    record: Record
    source_text: Prose | None
    summary: Prose | None
    status: MeetingStatus
    allowed_transitions: Annotated[list[MeetingTransition], Field(max_length=len(MeetingTransition))]
    agenda_items: list[AgendaItemOut] | MISSING = MISSING
    participations: list[ParticipationOut] | MISSING = MISSING
    speeches: Annotated[list[SpeechOut], Field(max_length=500)] | MISSING = MISSING
    findings: Annotated[list[FindingOut], Field(max_length=500)] | MISSING = MISSING
    directives: Annotated[list[DirectiveOut], Field(max_length=500)] | MISSING = MISSING
    quarterly_tasks: list[QuarterlyTaskOut] | MISSING = MISSING


class MeetingInclude(StrEnum):
    """What can be shown beside a meeting. Tasks are those set at it, as far as you may see them."""

    AGENDA_ITEMS = "agenda_items"
    PARTICIPATIONS = "participations"
    SPEECHES = "speeches"
    FINDINGS = "findings"
    DIRECTIVES = "directives"
    QUARTERLY_TASKS = "quarterly_tasks"


class MeetingView(Schema):
    """How one meeting is shown."""

    include: AnyOf[MeetingInclude] = Field([], description="Show these beside it.")


class MeetingList(MeetingView, PageQuery):
    """Filters are joined by AND; one given several times is OR."""

    host_organization_id: AnyOf[UUID] = Field([], description="Hosted by this body.")
    within: UUID | None = Field(None, description="Hosted by this body or one below it.")
    participating_organization_id: UUID | None = Field(None, description="With this body taking part.")
    participating_speaker_id: UUID | None = Field(None, description="With this person taking part.")
    kind: AnyOf[MeetingKind] = Field([], description="What kind of meeting it is.")
    status: AnyOf[MeetingStatus] = Field([], description="Where it stands.")
    visibility: AnyOf[Visibility] = Field([], description="Who may see it.")
    record: AnyOf[Record] = Field([], description="Minuted, or taken from a report.")
    review_period: AnyOf[Period] = Field([], description="The period it reviews.")
    plan_period: AnyOf[Period] = Field([], description="The period it plans.")
    previous_meeting_id: AnyOf[UUID] = Field([], description="The one that follows this one.")
    code: AnyOf[Code] = Field([], description="Exactly this code.")
    held_on_gte: Day | None = Field(None, description="On this day or later.")
    held_on_lte: Day | None = Field(None, description="On this day or earlier.")
    updated_at_gte: Instant | None = Field(None, description="Changed at or after this instant.")
    q: str | None = Field(None, max_length=200, description="Words of title or code, without accents too.")
    sort: Literal["held_on", "-held_on", "title", "-title", "created_at", "-created_at"] = "-held_on"


class MeetingMoveIn(Schema):
    """One transition. `postpone` and `cancel` need a comment, `reschedule` a new day."""

    model_config = ConfigDict(json_schema_extra={"example": examples.MEETING_MOVE_IN})

    transition: MeetingTransition
    effective_on: Day | None = None
    comment: Prose | None = None
    held_on: Day | None = None
    starts_at: Instant | None = None


class Warned(Shown):
    """What would be refused for minuted meetings and is let pass for reported ones."""

    code: Code
    detail_vi: Name
    detail_en: Name
    pointer: Name


class MeetingMoveOut(FactOut):
    """A transition that happened."""

    model_config = ConfigDict(json_schema_extra={"example": examples.MEETING_MOVE})

    meeting_id: UUID
    transition: MeetingTransition
    from_status: MeetingStatus
    to_status: MeetingStatus
    effective_on: date
    comment: Prose | None
    warnings: list[Warned]


class MeetingMoveList(PageQuery):
    """The history of one meeting."""

    sort: Literal["created_at", "-created_at"] = "created_at"
