"""What comes in and goes out of a briefing as one document: its meeting, and every part by external id.

Parts name each other by the ids of the system that hands them in; bodies and people by ids of ours.
"""

from datetime import date
from typing import Annotated, Any
from uuid import UUID

from pydantic import ConfigDict, Field

from app.briefings import examples
from app.findings.vocabulary import DirectiveKind, FindingKind, ResponseStatus
from app.meetings.schemas import Headcount, Minutes
from app.meetings.vocabulary import (
    AgendaItemKind,
    AgendaItemStatus,
    Attendance,
    MeetingFormat,
    MeetingKind,
    MeetingStatus,
    ParticipationRole,
    Record,
    Visibility,
)
from app.quarterly_tasks.schemas import (
    Amount,
    AssignmentOut,
    Assignments,
    Measures,
    SourceDocument,
)
from app.quarterly_tasks.vocabulary import Priority, TaskKind
from app.reviews.vocabulary import Disposition, Rating
from app.schema import (
    Code,
    Day,
    Instant,
    Name,
    Percent,
    Period,
    Prose,
    Quarter,
    Schema,
    Shown,
    Truth,
)
from app.speeches.vocabulary import SpeechKind
from app.vocabulary import WorkField

MOST_PARTICIPATIONS = 200
MOST = 500  # of any other list, as of one meeting


class BriefingMeetingIn(Schema):
    """The meeting. `status` is the wanted one: draft, scheduled, held or closed, reached by its transitions.

    `previous` is the external id of the briefing before it, in the same system.
    """

    host_organization_id: UUID
    code: Code | None = None
    title: Name
    kind: MeetingKind = MeetingKind.QUARTERLY_BRIEFING
    audience: Name | None = None
    review_period: Period | None = None
    plan_period: Period | None = None
    data_cutoff_on: Day | None = None
    previous: Name | None = None
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
    status: MeetingStatus = MeetingStatus.DRAFT


class BriefingParticipationIn(Schema):
    """A body or a person of it taking part. Without a title it is that of the day."""

    external_id: Name
    organization_id: UUID
    speaker_id: UUID | None = None
    role: ParticipationRole = ParticipationRole.DELEGATE
    attendance: Attendance = Attendance.INVITED
    absence_reason: Name | None = None
    title_snapshot: Name | None = None
    substitute_for_id: UUID | None = None
    headcount: Headcount | None = None


class BriefingAgendaItemIn(Schema):
    """An item, below `parent` (which comes before it) and after the siblings before it.

    `carried_from` is an item of an earlier briefing.
    """

    external_id: Name
    parent: Name | None = None
    number: Code | None = None
    title: Name
    description: Prose | None = None
    kind: AgendaItemKind = AgendaItemKind.OTHER
    presenter_id: UUID | None = None
    presenting_organization_id: UUID | None = None
    duration_minutes: Minutes | None = None
    status: AgendaItemStatus = AgendaItemStatus.PENDING
    minutes_text: Prose | None = None
    carried_from: Name | None = None


class BriefingSpeechIn(Schema):
    """A speech, in the order of the meeting. Without a title it is that of the day."""

    external_id: Name
    agenda_item: Name | None = None
    speaker_id: UUID | None = None
    attribution_text: Name | None = None
    organization_id: UUID | None = None
    title_snapshot: Name | None = None
    kind: SpeechKind = SpeechKind.DISCUSSION
    summary: Prose | None = None
    full_text: Prose | None = None
    started_at: Instant | None = None
    ended_at: Instant | None = None


class BriefingFindingIn(Schema):
    """A finding, in order; of the period that the meeting reviews, unless it says another."""

    external_id: Name
    period: Period | None = None
    agenda_item: Name | None = None
    speech: Name | None = None
    kind: FindingKind
    field: WorkField | None = None
    organization_id: UUID | None = None
    text: Prose
    cause_of: Name | None = None
    response_text: Prose | None = None
    response_status: ResponseStatus | None = None


class BriefingDirectiveIn(Schema):
    """A directive, in order. Who gave it and under what item are its speech's, where it does not say."""

    external_id: Name
    speech: Name | None = None
    agenda_item: Name | None = None
    kind: DirectiveKind = DirectiveKind.INSTRUCTION
    issued_by_id: UUID | None = None
    title_snapshot: Name | None = None
    field: WorkField | None = None
    text: Prose


class BriefingTaskIn(Schema):
    """A task set at the meeting; `issued`: given to its assigned bodies on the meeting's day."""

    external_id: Name
    issuing_organization_id: UUID
    code: Code | None = None
    title: Name
    description: Prose | None = None
    expected_result: Prose | None = None
    measures: Measures = []
    kind: TaskKind = TaskKind.KEY
    priority: Priority = Priority.NORMAL
    field: WorkField | None = None
    quarter: Quarter
    parent: Name | None = None
    source_document: SourceDocument | None = None
    agenda_item: Name | None = None
    directive: Name | None = None
    answers_finding: Name | None = None
    issued_by_id: UUID | None = None
    start_date: Day | None = None
    due_date: Day | None = None
    assignments: Assignments = []
    issued: Truth = False


class BriefingReviewIn(Schema):
    """What the meeting found of one task: of `task`, by external id, or of `task_id`, where it has none.

    With `close`, `completed_on` reports a task complete that was not yet. With `carry_over`, `successor` is
    the external id that the task of the next quarter gets.
    """

    task: Name | None = None
    task_id: UUID | None = None
    rating: Rating
    assessed_progress: Percent | None = None
    comment: Prose | None = None
    disposition: Disposition
    due_date: Day | None = None
    lead_organization_id: UUID | None = None
    completed_on: Day | None = None
    successor: Name | None = None


class BriefingIn(Schema):
    """A whole briefing. What is left out of a list is taken back; what has no external id is left alone."""

    model_config = ConfigDict(json_schema_extra={"example": examples.BRIEFING_IN})

    meeting: BriefingMeetingIn
    participations: Annotated[list[BriefingParticipationIn], Field(max_length=MOST_PARTICIPATIONS)] = []
    agenda_items: Annotated[list[BriefingAgendaItemIn], Field(max_length=MOST)] = []
    speeches: Annotated[list[BriefingSpeechIn], Field(max_length=MOST)] = []
    findings: Annotated[list[BriefingFindingIn], Field(max_length=MOST)] = []
    directives: Annotated[list[BriefingDirectiveIn], Field(max_length=MOST)] = []
    quarterly_tasks: Annotated[list[BriefingTaskIn], Field(max_length=MOST)] = []
    task_reviews: Annotated[list[BriefingReviewIn], Field(max_length=MOST)] = []


class BriefingMeetingOut(Shown):
    """The meeting, as it stands."""

    host_organization_id: UUID
    code: Code
    title: Name
    kind: MeetingKind
    audience: Name | None
    review_period: Period | None
    plan_period: Period | None
    data_cutoff_on: date | None
    previous: Name | None
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


class BriefingParticipationOut(Shown):
    """A body or person taking part."""

    external_id: Name
    organization_id: UUID
    speaker_id: UUID | None
    role: ParticipationRole
    attendance: Attendance
    absence_reason: Name | None
    title_snapshot: Name | None
    substitute_for_id: UUID | None
    headcount: Headcount | None


class BriefingAgendaItemOut(Shown):
    """An item of the agenda; each before those below it."""

    external_id: Name
    parent: Name | None
    number: Code | None
    title: Name
    description: Prose | None
    kind: AgendaItemKind
    presenter_id: UUID | None
    presenting_organization_id: UUID | None
    duration_minutes: Minutes | None
    status: AgendaItemStatus
    minutes_text: Prose | None
    carried_from: Name | None


class BriefingSpeechOut(Shown):
    """A speech."""

    external_id: Name
    agenda_item: Name | None
    speaker_id: UUID | None
    attribution_text: Name | None
    organization_id: UUID | None
    title_snapshot: Name | None
    kind: SpeechKind
    summary: Prose | None
    full_text: Prose | None
    started_at: Instant | None
    ended_at: Instant | None


class BriefingFindingOut(Shown):
    """A finding."""

    external_id: Name
    period: Period | None
    agenda_item: Name | None
    speech: Name | None
    kind: FindingKind
    field: WorkField | None
    organization_id: UUID | None
    text: Prose
    cause_of: Name | None
    response_text: Prose | None
    response_status: ResponseStatus | None


class BriefingDirectiveOut(Shown):
    """A directive."""

    external_id: Name
    speech: Name | None
    agenda_item: Name | None
    kind: DirectiveKind
    issued_by_id: UUID | None
    title_snapshot: Name | None
    field: WorkField | None
    text: Prose


class BriefingMeasureOut(Shown):
    """A target in figures."""

    name: Name
    unit: Code | None
    target: Amount | None
    achieved: Amount | None


class BriefingTaskOut(Shown):
    """A task set at the meeting, as it stands."""

    external_id: Name
    issuing_organization_id: UUID
    code: Code
    title: Name
    description: Prose | None
    expected_result: Prose | None
    measures: Annotated[list[BriefingMeasureOut], Field(max_length=50)]
    kind: TaskKind
    priority: Priority
    field: WorkField | None
    quarter: Quarter
    parent: Name | None
    source_document: dict[str, Any] | None
    agenda_item: Name | None
    directive: Name | None
    answers_finding: Name | None
    issued_by_id: UUID | None
    start_date: date | None
    due_date: date | None
    assignments: Annotated[list[AssignmentOut], Field(max_length=200)]
    issued: bool


class BriefingReviewOut(Shown):
    """What the meeting found of one task."""

    task: Name | None
    task_id: UUID | None
    rating: Rating
    assessed_progress: Percent | None
    comment: Prose | None
    disposition: Disposition
    due_date: date | None
    lead_organization_id: UUID | None
    completed_on: date | None
    successor: Name | None


class BriefingOut(Shown):
    """A whole briefing, as PUT takes it: what this system knows by ids of its own, and every review."""

    model_config = ConfigDict(json_schema_extra={"example": examples.BRIEFING})

    meeting: BriefingMeetingOut
    participations: Annotated[list[BriefingParticipationOut], Field(max_length=MOST_PARTICIPATIONS)]
    agenda_items: Annotated[list[BriefingAgendaItemOut], Field(max_length=MOST)]
    speeches: Annotated[list[BriefingSpeechOut], Field(max_length=MOST)]
    findings: Annotated[list[BriefingFindingOut], Field(max_length=MOST)]
    directives: Annotated[list[BriefingDirectiveOut], Field(max_length=MOST)]
    quarterly_tasks: Annotated[list[BriefingTaskOut], Field(max_length=MOST)]
    task_reviews: Annotated[list[BriefingReviewOut], Field(max_length=MOST)]
