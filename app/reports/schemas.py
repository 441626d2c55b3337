"""What reports show, and what they can be asked."""

from datetime import date
from typing import Annotated, Literal
from uuid import UUID

from pydantic import ConfigDict, Field, WithJsonSchema

from app import example_ids as ids
from app import quarter
from app.errors import Fault, MalformedRequest, Words
from app.meetings.vocabulary import MeetingStatus
from app.organizations.models import Level
from app.paging import PageQuery
from app.quarterly_tasks.counts import Facet, Side
from app.quarterly_tasks.vocabulary import TaskKind, TaskStatus, Timeliness
from app.reports import examples
from app.reports.formats import Format
from app.schema import Code, Count, Day, Instant, Name, Quarter, ResourceOut, Schema, Shown
from app.vocabulary import WorkField

MOST_ROWS = 50_000  # organizations of one tenant
QUARTERS = 40  # of one comparison
Rate = Annotated[float, Field(ge=0, le=100)]
A_QUARTER = {"type": "string", "pattern": "^[0-9]{4}-Q[1-4]$", "maxLength": 7}
QuarterNow = Annotated[Quarter, WithJsonSchema({**A_QUARTER, "examples": [ids.QUARTER]})]
QuarterBefore = Annotated[Quarter, WithJsonSchema({**A_QUARTER, "examples": [ids.QUARTER_BEFORE]})]
Organization = Annotated[UUID, Field(description="This body and all below it.", examples=[ids.COMMUNE])]


class Cells(Shown):
    """Tasks by how they stand on the day; the four cells add up to `total`.

    Drafts and cancelled tasks are counted apart. `late_by_root_due_date` are those of the total that are
    late by the due date of the first of their lineage. `completion_rate` is what is done of what is done
    or overdue, in hundredths.
    """

    total: Count
    completed_on_time: Count
    completed_late: Count
    open_within_deadline: Count
    open_overdue: Count
    of_which_unconfirmed: Count
    of_which_carried_over: Count
    late_by_root_due_date: Count
    drafts: Count
    cancelled: Count
    completion_rate: Rate | None


class ReportRow(Shown):
    """One body (with all below it, where rolled up), one field or one kind."""

    organization_id: UUID | None
    parent_id: UUID | None
    level: Level | None
    field: WorkField | None
    kind: TaskKind | None
    label_vi: Name
    label_en: Name
    cells: Cells


class Asked(Shown):
    """What the report is about."""

    organization_id: UUID
    organization_name: Name
    as_of: date
    known_at: Instant | None


class QuarterlyTasksReport(Asked):
    """The tasks of one quarter in the four official cells."""

    model_config = ConfigDict(json_schema_extra={"example": examples.QUARTERLY_TASKS})

    quarter: Quarter
    as_: Annotated[Side, Field(alias="as")]
    group_by: Facet
    roll_up: bool
    total: Cells
    items: Annotated[list[ReportRow], Field(max_length=MOST_ROWS)]


class ComparedQuarter(Shown):
    """One quarter of a comparison."""

    quarter: Quarter
    label_vi: Name
    label_en: Name
    cells: Cells


class Comparison(Asked):
    """Quarter beside quarter."""

    model_config = ConfigDict(json_schema_extra={"example": examples.COMPARISON})

    from_: Annotated[Quarter, Field(alias="from")]
    to: Quarter
    as_: Annotated[Side, Field(alias="as")]
    items: Annotated[list[ComparedQuarter], Field(max_length=QUARTERS)]


class QuarterOut(Asked):
    """One quarter of one organization: its days, its tasks, and whether it is closed."""

    model_config = ConfigDict(json_schema_extra={"example": examples.QUARTER})

    quarter: Quarter
    label_vi: Name
    label_en: Name
    first_day: date
    last_day: date
    previous: Quarter | None
    next: Quarter | None
    as_issuer: Cells
    as_lead: Cells
    closed_at: Instant | None


class TwoTimes(Schema):
    """Which day the facts are about, and what had been recorded by when."""

    as_of: Day | None = Field(None, description="The day that the facts are about; today where absent.")
    known_at: Instant | None = Field(
        None,
        description="Only what was recorded until this instant, which lies in the past; all where absent.",
    )


class QuarterView(TwoTimes):
    """Whose quarter, on which day."""

    organization_id: Organization


class FormatQuery(Schema):
    """As what the report is wanted."""

    format: Format | None = Field(None, description="In place of the Accept header.")


class TableQuery(Schema):
    """As what a report without a chart is wanted."""

    format: Literal[Format.JSON, Format.CSV, Format.XLSX] | None = Field(
        None, description="In place of the Accept header."
    )


class QuarterlyTasksQuery(TwoTimes, FormatQuery):
    """Whose tasks of which quarter, in what groups."""

    quarter: Annotated[QuarterNow, Field(description="The tasks of this quarter.")]
    organization_id: Organization
    as_: Annotated[
        Side, Field(alias="as", description="Tasks that the bodies issued, or that they lead.")
    ] = Side.ISSUER
    group_by: Annotated[Facet, Field(description="What a row is.")] = Facet.ORGANIZATION
    roll_up: Annotated[
        bool, Field(description="Each body's row with all below it; false: its own tasks alone.")
    ] = True


class ComparisonQuery(TwoTimes, FormatQuery):
    """From which quarter to which."""

    from_: Annotated[QuarterBefore, Field(alias="from", description="The first quarter.")]
    to: Annotated[QuarterNow, Field(description="The last quarter.")]
    organization_id: Organization
    as_: Annotated[
        Side, Field(alias="as", description="Tasks that the bodies issued, or that they lead.")
    ] = Side.ISSUER


class FieldCells(Shown):
    """The tasks of one field of a closed quarter."""

    field: WorkField | None
    cells: Cells


class KindCells(Shown):
    """The tasks of one kind of a closed quarter."""

    kind: TaskKind
    cells: Cells


class ClosedReport(Shown):
    """What was counted when the quarter was closed: the body's own tasks."""

    as_of: date
    total: Cells
    by_field: Annotated[list[FieldCells], Field(max_length=len(WorkField) + 1)]
    by_kind: Annotated[list[KindCells], Field(max_length=len(TaskKind))]


class QuarterClosingOut(ResourceOut):
    """A quarter that an organization closed, with its report as it was then."""

    model_config = ConfigDict(json_schema_extra={"example": examples.QUARTER_CLOSING})

    organization_id: UUID
    quarter: Quarter
    closed_by: Name
    report: ClosedReport


class ReviewsQuery(TableQuery):
    """Whose reviews of which quarter."""

    quarter: Annotated[QuarterNow, Field(description="Tasks of this quarter.")]
    organization_id: Organization


class ReviewedRow(Shown):
    """One body: how many of its tasks of the quarter no meeting has reviewed, and its last briefing on it."""

    organization_id: UUID
    parent_id: UUID | None
    level: Level
    label_vi: Name
    label_en: Name
    tasks: Count
    unreviewed: Count
    meeting_id: UUID | None
    meeting_status: MeetingStatus | None
    meeting_held_on: date | None


class ReviewsReport(Shown):
    """Who has not reviewed."""

    model_config = ConfigDict(json_schema_extra={"example": examples.REVIEWS})

    organization_id: UUID
    organization_name: Name
    quarter: Quarter
    items: Annotated[list[ReviewedRow], Field(max_length=MOST_ROWS)]


class DueTask(Shown):
    """A task that is due soon or overdue."""

    model_config = ConfigDict(json_schema_extra={"example": examples.DUE})

    id: UUID
    code: Code
    title: Name
    quarter: Quarter
    status: TaskStatus
    timeliness: Timeliness | None
    effective_due_date: date
    days_overdue: Count | None
    issuing_organization_id: UUID
    lead_organization_id: UUID | None


class DueQuery(PageQuery, TableQuery):
    """What is due within how many days."""

    within_days: Annotated[int, Field(ge=0, le=366, description="Due within this many days, or overdue.")] = (
        14
    )
    organization_id: Annotated[
        UUID | None, Field(description="This body and all below it; all that you see where absent.")
    ] = None
    as_: Annotated[
        Side, Field(alias="as", description="Tasks that the bodies issued, or that they lead.")
    ] = Side.LEAD
    sort: Literal["effective_due_date", "-effective_due_date"] = "effective_due_date"


class ChainLink(Shown):
    """One task of a lineage."""

    id: UUID
    code: Code
    quarter: Quarter
    status: TaskStatus
    effective_due_date: date


class Chain(Shown):
    """A task that was carried over again and again: its last one, and all before it from the first."""

    model_config = ConfigDict(json_schema_extra={"example": examples.CHAIN})

    id: UUID
    code: Code
    title: Name
    carry_count: Count
    root_task_id: UUID | None
    root_due_date: date | None
    status: TaskStatus
    issuing_organization_id: UUID
    lead_organization_id: UUID | None
    days_late_by_root: Count | None
    tasks: Annotated[list[ChainLink], Field(max_length=1000)]


class ChainsQuery(PageQuery, TableQuery):
    """How often a task was carried over at least."""

    min_count: Annotated[int, Field(ge=1, le=400, description="Carried over at least this often.")] = 2
    organization_id: Annotated[
        UUID | None, Field(description="Issued by this body or one below it; all that you see where absent.")
    ] = None
    sort: Literal["-carry_count", "carry_count"] = "-carry_count"


class DueAsked(PageQuery):
    """The same, as its list is filtered."""

    sort: Literal["effective_due_date", "-effective_due_date"] = "effective_due_date"
    due_by: date
    issued_within: UUID | None = None
    led_within: UUID | None = None


class ChainsAsked(PageQuery):
    """The same, as its list is filtered."""

    sort: Literal["-carry_count", "carry_count"] = "-carry_count"
    min_count: int
    issued_within: UUID | None = None


def quarters_between(first: str, last: str) -> list[quarter.Quarter]:
    """From the first to the last. Raises MalformedRequest where that is none, or too many."""
    there, until = quarter.Quarter.parse(first), quarter.Quarter.parse(last)
    number = (until.year - there.year) * 4 + until.number - there.number + 1
    if not 1 <= number <= QUARTERS:
        words = Words(
            f"Từ 1 đến {QUARTERS} quý, bắt đầu từ from", f"From 1 to {QUARTERS} quarters, beginning with from"
        )
        raise MalformedRequest(errors=[Fault("query", "to", "out_of_range", words)])
    found = [there]
    while found[-1] != until:
        found.append(found[-1].next)
    return found
