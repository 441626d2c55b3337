"""What a version of a document records: everything a reader needs, with no look-up left to do."""

from datetime import date
from typing import Annotated, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from app.findings.vocabulary import DirectiveKind, FindingKind, ResponseStatus
from app.meetings.vocabulary import (
    AgendaItemKind,
    AgendaItemStatus,
    Attendance,
    MeetingFormat,
    MeetingKind,
    ParticipationRole,
    Record,
)
from app.organizations.models import Level, Line, OrganizationKind
from app.quarterly_tasks.vocabulary import AssignmentRole, TaskStatus
from app.reviews.vocabulary import Disposition, Rating
from app.schema import LATER, Instant
from app.speakers.models import Honorific
from app.speeches.vocabulary import SpeechKind
from app.vocabulary import WorkField

FORM: Literal["minutes-record/1"] = "minutes-record/1"


class Recorded(BaseModel):
    """A part of a record: nothing may stand in it that its schema does not name."""

    model_config = ConfigDict(extra="forbid", frozen=True, from_attributes=True, **LATER)


class Body(Recorded):
    """An organization, by the name it had when this was recorded."""

    id: UUID
    name: str
    short_name: str | None


class Host(Body):
    """Whose meeting it was; what stands above it is in its documents' heading."""

    kind: OrganizationKind
    line: Line
    level: Level
    above: Annotated[list[Body], Field(description="The bodies and places above it, the nearest first.")]


class Person(Recorded):
    """A speaker. No address and no number is ever recorded."""

    id: UUID
    full_name: str
    honorific: Honorific | None


class RecordedMeeting(Recorded):
    """The facts of the meeting."""

    id: UUID
    code: str
    title: str
    kind: MeetingKind
    audience: str | None
    review_period: str | None
    plan_period: str | None
    data_cutoff_on: date | None
    held_on: date
    starts_at: Instant | None
    ends_at: Instant | None
    format: MeetingFormat | None
    location: str | None
    online_url: str | None
    record: Annotated[Record, Field(description="`reported`: taken from a report, nobody kept the minutes.")]
    source_text: str | None
    summary: str | None
    host: Host
    previous_meeting_id: UUID | None


class RecordedParticipation(Recorded):
    """Who was there, or was not, and why."""

    id: UUID
    organization: Body
    speaker: Person | None
    role: ParticipationRole
    attendance: Attendance
    absence_reason: str | None
    title_snapshot: str | None
    substitute_for: Person | None
    headcount: int | None


class RecordedAgendaItem(Recorded):
    """A point of the agenda; the list is in the order of the day, each after its parent."""

    id: UUID
    parent_id: UUID | None
    position: int
    number: str | None
    title: str
    description: str | None
    kind: AgendaItemKind
    presenter: Person | None
    presenting_organization: Body | None
    status: AgendaItemStatus
    minutes_text: str | None


class RecordedSpeech(Recorded):
    """What somebody said."""

    id: UUID
    agenda_item_id: UUID | None
    position: int
    speaker: Person | None
    attribution_text: str | None
    organization: Body | None
    title_snapshot: str | None
    kind: SpeechKind
    summary: str | None
    full_text: str | None
    started_at: Instant | None
    ended_at: Instant | None


class RecordedFinding(Recorded):
    """What the quarter brought, and what it lacked."""

    id: UUID
    agenda_item_id: UUID | None
    speech_id: UUID | None
    position: int
    period: str | None
    kind: FindingKind
    field: WorkField | None
    organization: Body | None
    text: str
    cause_of_id: UUID | None
    response_text: str | None
    response_status: ResponseStatus | None


class RecordedDirective(Recorded):
    """What was directed or concluded."""

    id: UUID
    agenda_item_id: UUID | None
    speech_id: UUID | None
    position: int
    kind: DirectiveKind
    issued_by: Person | None
    title_snapshot: str | None
    field: WorkField | None
    text: str


class RecordedAssignment(Recorded):
    """Who answers for a task."""

    organization: Body
    role: AssignmentRole
    speaker: Person | None


class RecordedTask(Recorded):
    """A task set at the meeting, as it stood when this was recorded."""

    id: UUID
    code: str
    title: str
    expected_result: str | None
    field: WorkField | None
    quarter: str
    due_date: date | None
    status: TaskStatus
    directive_id: UUID | None
    carried_from_id: UUID | None
    assignments: list[RecordedAssignment]


class RecordedReview(Recorded):
    """What the meeting found of a task of the quarter before."""

    id: UUID
    task_id: UUID
    task_code: str
    task_title: str
    task_quarter: str
    lead: Body | None
    rating: Rating
    assessed_progress: int | None
    comment: str | None
    disposition: Disposition
    due_date: date | None
    new_lead: Body | None


class Signer(Recorded):
    """Who puts their name under the document; `sign_as` is the form, as T/M or K/T."""

    role: Literal["recorder", "chair", "approver"]
    full_name: str
    title: str | None
    sign_as: str | None


class RecordedDocument(Recorded):
    """The document itself. A draft has no number and no day."""

    id: UUID
    kind: Literal["minutes", "conclusion_notice"]
    version: Annotated[int, Field(ge=0, description="0 is a draft; 1 what was signed first.")]
    number: Annotated[int | None, Field(description="In its series; printed with its symbol.")]
    symbol: Annotated[str | None, Field(description="As printed, `05-BB/ĐU`.")]
    date: date | None
    place: str | None
    signers: list[Signer]
    recipients: list[str]
    change_note: str | None


class MinutesRecord(Recorded):
    """One version of minutes or of a conclusion notice.

    A conclusion notice leaves out who took part, the agenda, the speeches, the findings and the reviews:
    these lists are empty in it.
    """

    form: Literal["minutes-record/1"] = FORM
    document: RecordedDocument
    meeting: RecordedMeeting
    participations: list[RecordedParticipation]
    agenda_items: list[RecordedAgendaItem]
    speeches: list[RecordedSpeech]
    findings: list[RecordedFinding]
    directives: list[RecordedDirective]
    reviews: list[RecordedReview]
    quarterly_tasks: list[RecordedTask]
