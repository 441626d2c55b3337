"""What comes in and goes out of tasks and their history, and what lists of them can be asked."""

from datetime import date
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import MISSING, ConfigDict, Field, model_validator

from app import example_ids as ids
from app.paging import PageQuery
from app.quarterly_tasks import examples
from app.quarterly_tasks.vocabulary import (
    AssignmentRole,
    EntryKind,
    Priority,
    TaskKind,
    TaskStatus,
    TaskTransition,
    Timeliness,
)
from app.schema import (
    AnyOf,
    Code,
    Count,
    Day,
    ExternalRefs,
    FactOut,
    Instant,
    Name,
    Percent,
    Prose,
    Quarter,
    ResourceOut,
    Schema,
    Shown,
    Truth,
    fault,
    refuse_all,
)
from app.vocabulary import WorkField

MOST = 500  # bodies that a task is distributed to in one call
Amount = Annotated[float, Field(strict=True, ge=-1e12, le=1e12, allow_inf_nan=False)]


class MeasureIn(Schema):
    """A target in figures (chỉ tiêu)."""

    name: Name
    unit: Code | None = None
    target: Amount | None = None
    achieved: Amount | None = None


class MeasureOut(Shown):
    """A target in figures; `percent` is achieved out of target."""

    name: Name
    unit: Code | None
    target: float | None
    achieved: float | None
    percent: float | None


class SourceDocument(Schema):
    """The resolution or programme that the task comes from."""

    number: Name
    date: Day | None = None
    excerpt: Prose | None = None


class AssignmentIn(Schema):
    """A body that answers for the task, and by whom."""

    organization_id: UUID
    role: AssignmentRole
    speaker_id: UUID | None = None


class AssignmentOut(Shown):
    """A body that answers for the task."""

    organization_id: UUID
    role: AssignmentRole
    speaker_id: UUID | None


Assignments = Annotated[list[AssignmentIn], Field(max_length=200)]
Measures = Annotated[list[MeasureIn], Field(max_length=50)]


class QuarterlyTaskIn(Schema):
    """A task in draft. It is issued by its transition, with exactly one lead."""

    model_config = ConfigDict(json_schema_extra={"example": examples.QUARTERLY_TASK_IN})

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
    parent_id: UUID | None = None
    source_document: SourceDocument | None = None
    set_at_meeting_id: UUID | None = None
    agenda_item_id: UUID | None = None
    directive_id: UUID | None = None
    answers_finding_id: UUID | None = None
    issued_by_id: UUID | None = None
    start_date: Day | None = None
    due_date: Day | None = None
    assignments: Assignments = []
    external_refs: ExternalRefs = []


class QuarterlyTaskFrom(Schema):
    """A task made from a directive or a finding, which says what is absent here.

    The host of its meeting issues it, for the first quarter that the meeting plans; the title is its text.
    """

    model_config = ConfigDict(json_schema_extra={"example": examples.QUARTERLY_TASK_FROM})

    code: Code | None = None
    title: Name | None = None
    description: Prose | None = None
    expected_result: Prose | None = None
    measures: Measures = []
    kind: TaskKind = TaskKind.KEY
    priority: Priority = Priority.NORMAL
    field: WorkField | None = None
    quarter: Quarter | None = None
    parent_id: UUID | None = None
    source_document: SourceDocument | None = None
    issued_by_id: UUID | None = None
    start_date: Day | None = None
    due_date: Day | None = None
    assignments: Assignments = []
    external_refs: ExternalRefs = []


class QuarterlyTaskPatch(Schema):
    """Absent members stay; null clears. Once issued, what others rely on changes by entries only."""

    model_config = ConfigDict(json_schema_extra={"example": examples.QUARTERLY_TASK_PATCH})

    code: Code | MISSING = MISSING
    title: Name | MISSING = MISSING
    description: Prose | None | MISSING = MISSING
    expected_result: Prose | None | MISSING = MISSING
    measures: Measures | MISSING = MISSING
    kind: TaskKind | MISSING = MISSING
    priority: Priority | MISSING = MISSING
    field: WorkField | None | MISSING = MISSING
    quarter: Quarter | MISSING = MISSING
    parent_id: UUID | None | MISSING = MISSING
    source_document: SourceDocument | None | MISSING = MISSING
    set_at_meeting_id: UUID | None | MISSING = MISSING
    agenda_item_id: UUID | None | MISSING = MISSING
    directive_id: UUID | None | MISSING = MISSING
    answers_finding_id: UUID | None | MISSING = MISSING
    issued_by_id: UUID | None | MISSING = MISSING
    start_date: Day | None | MISSING = MISSING
    due_date: Day | None | MISSING = MISSING
    result_summary: Prose | None | MISSING = MISSING
    assignments: Assignments | MISSING = MISSING
    external_refs: ExternalRefs | MISSING = MISSING


class QuarterlyTaskOut(ResourceOut):
    """A task. `timeliness` and `days_overdue` are those of the day asked for (`as_of`)."""

    model_config = ConfigDict(
        json_schema_extra={"example": examples.QUARTERLY_TASK, "spare_id": ids.SPARE_TASK}
    )

    code: Code
    title: Name
    description: Prose | None
    expected_result: Prose | None
    measures: Annotated[list[MeasureOut], Field(max_length=50)]
    kind: TaskKind
    priority: Priority
    field: WorkField | None
    quarter: Quarter
    parent_id: UUID | None
    source_document: dict[str, Any] | None
    set_at_meeting_id: UUID | None
    agenda_item_id: UUID | None
    directive_id: UUID | None
    answers_finding_id: UUID | None
    issuing_organization_id: UUID
    issued_by_id: UUID | None
    lead_organization_id: UUID | None
    assignments: Annotated[list[AssignmentOut], Field(max_length=200)]
    start_date: date | None
    due_date: date | None
    effective_due_date: date
    due_beyond_quarter: bool
    original_due_date: date | None
    root_due_date: date | None
    completed_on: date | None
    status: TaskStatus
    allowed_transitions: Annotated[list[TaskTransition], Field(max_length=len(TaskTransition))]
    progress_percent: Percent
    result_summary: Prose | None
    timeliness: Timeliness | None
    days_overdue: Count | None
    carried_from_id: UUID | None
    root_task_id: UUID | None
    carry_count: Count
    carry_reason: Prose | None


class QuarterlyTaskView(Schema):
    """How one task is shown."""

    as_of: Day | None = Field(None, description="The day of `timeliness`; today where absent.")


class QuarterlyTaskList(QuarterlyTaskView, PageQuery):
    """Filters are joined by AND; one given several times is OR."""

    quarter: AnyOf[Quarter] = Field([], description="Set for this quarter.")
    status: AnyOf[TaskStatus] = Field([], description="Where it stands.")
    kind: AnyOf[TaskKind] = Field([], description="What kind of task it is.")
    priority: AnyOf[Priority] = Field([], description="How urgent it is.")
    field: AnyOf[WorkField] = Field([], description="The field of work.")
    timeliness: AnyOf[Timeliness] = Field([], description="Its cell on the day `as_of`.")
    issuing_organization_id: AnyOf[UUID] = Field([], description="Issued by this body.")
    lead_organization_id: AnyOf[UUID] = Field([], description="Led by this body.")
    assigned_organization_id: UUID | None = Field(None, description="Assigned to this body, in any role.")
    within: UUID | None = Field(None, description="Issued by this body or one below it.")
    set_at_meeting_id: AnyOf[UUID] = Field([], description="Set at this meeting.")
    agenda_item_id: AnyOf[UUID] = Field([], description="Set under this agenda item.")
    directive_id: AnyOf[UUID] = Field([], description="Made by this directive.")
    answers_finding_id: AnyOf[UUID] = Field([], description="Answering this finding.")
    issued_by_id: AnyOf[UUID] = Field([], description="Issued by this person.")
    parent_id: AnyOf[UUID] = Field([], description="Part of this task.")
    code: AnyOf[Code] = Field([], description="Exactly this code.")
    due_date_lt: Day | None = Field(
        None, description="Due before this day (the quarter's last where none is set)."
    )
    due_date_lte: Day | None = Field(None, description="Due on this day or before.")
    due_date_gt: Day | None = Field(None, description="Due after this day.")
    due_date_gte: Day | None = Field(None, description="Due on this day or after.")
    updated_at_gte: Instant | None = Field(None, description="Changed at or after this instant.")
    q: str | None = Field(None, max_length=200, description="Words of title or code, without accents too.")
    sort: Literal[
        "effective_due_date", "-effective_due_date", "created_at", "-created_at", "code", "-code"
    ] = "effective_due_date"


class TransitionIn(Schema):
    """One transition. `decline`, `send_back` and `cancel` need a comment.

    `effective_on` is the day it took effect: not in the future, not before the entry before it.
    """

    model_config = ConfigDict(json_schema_extra={"example": examples.TRANSITION_IN})

    transition: TaskTransition
    effective_on: Day | None = None
    comment: Prose | None = None
    result_summary: Prose | None = None


class DistributionIn(Schema):
    """The bodies that shall each lead a task of their own under this one.

    `due_date` is for all of them (the task's own where absent); `issue` gives each out at once, as of today.
    """

    model_config = ConfigDict(json_schema_extra={"example": examples.DISTRIBUTION_IN})

    organization_ids: Annotated[
        list[UUID], Field(min_length=1, max_length=MOST, json_schema_extra={"uniqueItems": True})
    ]
    due_date: Day | None = None
    issue: Truth = False

    @model_validator(mode="after")
    def _names_each_body_once(self) -> "DistributionIn":
        first = {one: n for n, one in reversed(list(enumerate(self.organization_ids)))}
        refuse_all(
            [
                fault(f"organization_ids/{n}", "twice", "Trùng cơ quan", "The same body")
                for n, one in enumerate(self.organization_ids)
                if first[one] != n
            ]
        )
        return self


class DistributedOut(Shown):
    """A body, and the task that it leads under the one distributed; no id where nothing was stored."""

    organization_id: UUID
    quarterly_task_id: UUID | None
    code: Code | None
    was_there: Truth


class DistributionOut(Shown):
    """The tasks of the named bodies, in the order of the request."""

    model_config = ConfigDict(json_schema_extra={"example": examples.DISTRIBUTION})

    items: Annotated[list[DistributedOut], Field(max_length=MOST)]
    dry_run: Truth


class TaskEntryIn(Schema):
    """Something about an issued task, with the day it took effect."""

    model_config = ConfigDict(json_schema_extra={"example": examples.TASK_ENTRY_IN})

    kind: Literal[
        EntryKind.PROGRESS, EntryKind.DUE_DATE_CHANGED, EntryKind.REASSIGNED, EntryKind.RECLASSIFIED
    ]
    effective_on: Day | None = None
    text: Prose | None = None
    progress_percent: Percent | None = None
    due_date: Day | None = None
    assignments: Annotated[list[AssignmentIn], Field(min_length=1, max_length=200)] | None = None
    quarter: Quarter | None = None
    field: WorkField | None = None
    task_kind: TaskKind | None = None

    @model_validator(mode="after")
    def _says_what_its_kind_needs(self) -> "TaskEntryIn":
        needed, allowed = SAID[self.kind]
        said = self.model_fields_set - {"kind", "effective_on", "text"}
        faults = [
            fault(name, "missing", "Bắt buộc với loại này", "It is required for this kind")
            for name in needed
            if getattr(self, name) is None
        ]
        faults += [
            fault(name, "extra_forbidden", "Không thuộc loại này", "It does not belong to this kind")
            for name in sorted(said - allowed)
        ]
        faults += [
            fault(name, "missing", "Không được để trống", "It cannot be null")
            for name in ("quarter", "task_kind")
            if name in said & allowed and getattr(self, name) is None
        ]
        if self.kind == EntryKind.RECLASSIFIED and not said & allowed:
            words = "Nêu quarter, field hoặc task_kind", "Name quarter, field or task_kind"
            faults.append(fault("kind", "missing", *words))
        refuse_all(faults)
        return self


# What each kind of entry must say, and what it may say besides.
SAID: dict[EntryKind, tuple[tuple[str, ...], set[str]]] = {
    EntryKind.PROGRESS: (("progress_percent",), {"progress_percent"}),
    EntryKind.DUE_DATE_CHANGED: (("due_date", "text"), {"due_date"}),
    EntryKind.REASSIGNED: (("assignments", "text"), {"assignments"}),
    EntryKind.RECLASSIFIED: (("text",), {"quarter", "field", "task_kind"}),
}


class TaskEntryOut(FactOut):
    """An entry of the history, never changed."""

    model_config = ConfigDict(json_schema_extra={"example": examples.TASK_ENTRY})

    task_id: UUID
    kind: EntryKind
    effective_on: date
    old_values: dict[str, Any]
    new_values: dict[str, Any]
    progress_percent: Percent | None
    text: Prose | None


class TaskEntryList(PageQuery):
    """The history of one task."""

    kind: AnyOf[EntryKind] = Field([], description="Entries of this kind.")
    sort: Literal["created_at", "-created_at"] = "created_at"


class TaskTransitionList(PageQuery):
    """The transitions of one task."""

    sort: Literal["created_at", "-created_at"] = "created_at"
