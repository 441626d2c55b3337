"""What comes in and goes out of reviews, carry-over, the next meeting and closing checks."""

from datetime import date
from typing import Annotated, Literal, Protocol
from uuid import UUID

from pydantic import ConfigDict, Field, model_validator

from app.errors import Fault
from app.paging import PageQuery
from app.quarterly_tasks.schemas import QuarterlyTaskOut, TaskEntryOut
from app.reviews import examples
from app.reviews.vocabulary import Disposition, Rating
from app.schema import (
    AnyOf,
    Code,
    Day,
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

MOST = 5000  # tasks reviewed at one meeting
MOST_TOLD = 100  # of what is wrong with them


class TaskReviewIn(Schema):
    """What the meeting found of one task, and what happens to it.

    `extend` names the new `due_date`, `reassign` the new lead; both, and `cancel`, need a `comment`.
    """

    task_id: UUID
    rating: Rating
    assessed_progress: Percent | None = None
    comment: Prose | None = None
    disposition: Disposition
    due_date: Day | None = None
    lead_organization_id: UUID | None = None


NEEDED: dict[Disposition, tuple[str, ...]] = {
    Disposition.EXTEND: ("due_date", "comment"),
    Disposition.REASSIGN: ("lead_organization_id", "comment"),
    Disposition.CANCEL: ("comment",),
}


class Decided(Protocol):
    """A review, as far as it decides something."""

    disposition: Disposition


def unlike_its_disposition(said: Decided, at: str = "") -> list[Fault]:
    """Each member that the disposition needs or does not have; `at` is where the review stands."""
    needed = NEEDED.get(said.disposition, ())
    faults = [
        fault(f"{at}{name}", "missing", "Bắt buộc với hướng xử lý này", "This disposition needs it")
        for name in needed
        if getattr(said, name) is None
    ]
    faults += [
        fault(
            f"{at}{name}",
            "extra_forbidden",
            "Không thuộc hướng xử lý này",
            "It does not belong to this disposition",
        )
        for name in ("due_date", "lead_organization_id")
        if name not in needed and getattr(said, name) is not None
    ]
    return faults


class TaskReviewsIn(Schema):
    """Every review of the meeting; one that is left out is taken back."""

    model_config = ConfigDict(json_schema_extra={"example": examples.TASK_REVIEWS_IN})

    items: Annotated[list[TaskReviewIn], Field(max_length=MOST)]

    @model_validator(mode="after")
    def _each_says_what_its_disposition_needs(self) -> "TaskReviewsIn":
        each = (unlike_its_disposition(one, f"items/{n}/") for n, one in enumerate(self.items))
        refuse_all([one for faults in each for one in faults][:MOST_TOLD])
        return self


class TaskReviewOut(ResourceOut):
    """The review of a task at a meeting; `resulting_task_id` is its successor, once it was carried over."""

    model_config = ConfigDict(json_schema_extra={"example": examples.TASK_REVIEW})

    meeting_id: UUID
    task_id: UUID
    rating: Rating
    assessed_progress: Percent | None
    comment: Prose | None
    disposition: Disposition
    due_date: date | None
    lead_organization_id: UUID | None
    resulting_task_id: UUID | None


class TaskReviewsOut(Shown):
    """Every review of the meeting, by task."""

    model_config = ConfigDict(json_schema_extra={"example": examples.TASK_REVIEWS})

    items: Annotated[list[TaskReviewOut], Field(max_length=MOST)]


class TaskReviewList(PageQuery):
    """The reviews of one task, meeting after meeting."""

    rating: AnyOf[Rating] = Field([], description="How far it was carried out.")
    disposition: AnyOf[Disposition] = Field([], description="What happened to it.")
    sort: Literal["created_at", "-created_at"] = "created_at"


class ReviewSheetRow(Shown):
    """One task, the last that was told of its progress, and its review here, if there is one."""

    task: QuarterlyTaskOut
    last_progress: TaskEntryOut | None
    review: TaskReviewOut | None


class ReviewSheetOut(Shown):
    """Every task that the meeting must review or has reviewed, by lead and due date."""

    model_config = ConfigDict(json_schema_extra={"example": examples.REVIEW_SHEET})

    items: Annotated[list[ReviewSheetRow], Field(max_length=MOST)]


class Check(Shown):
    """One thing that stands in the way of closing, or ought to be known; `pointer` shows where to mend it."""

    code: Code
    detail_vi: Name
    detail_en: Name
    pointer: Name


class ClosingChecksOut(Shown):
    """What still stands in the way of closing the meeting, and what does not but ought to be known."""

    model_config = ConfigDict(json_schema_extra={"example": examples.CLOSING_CHECKS})

    blockers: Annotated[list[Check], Field(max_length=MOST)]
    warnings: Annotated[list[Check], Field(max_length=MOST)]


class Rehearsal(Schema):
    """Whether to do it, or only to say what it would do."""

    dry_run: Annotated[bool, Field(description="Say what would be, and store nothing.")] = False


class CarriedOut(Shown):
    """A task, and its successor in the next quarter; no id where nothing was stored."""

    task_id: UUID
    successor_id: UUID | None
    successor_code: Code | None
    quarter: Quarter
    was_carried_before: Truth


class CarryOverOut(Shown):
    """What was carried over, or would be."""

    model_config = ConfigDict(json_schema_extra={"example": examples.CARRY_OVER})

    items: Annotated[list[CarriedOut], Field(max_length=MOST)]
    dry_run: bool


class NextMeetingIn(Schema):
    """What the next meeting of the line should be, where it is not what follows from this one."""

    model_config = ConfigDict(json_schema_extra={"example": examples.NEXT_MEETING_IN})

    held_on: Day | None = None
    title: Name | None = None
