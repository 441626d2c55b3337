"""Setting a task: what it must agree with before it is stored."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from app.errors import Conflict, Fault, Words
from app.meetings.models import Meeting
from app.meetings.queries import AGENDA_ITEMS, MEETINGS
from app.organizations.schemas import refuse_backwards
from app.quarter import Period, Quarter
from app.quarterly_tasks.models import QuarterlyTask
from app.quarterly_tasks.queries import QUARTERLY_TASKS
from app.quarterly_tasks.schemas import MeasureIn
from app.quarterly_tasks.vocabulary import TaskKind
from app.schema import refuse
from app.speakers.queries import SPEAKERS
from app.work import Work

# Once issued, others rely on these: they change by entries, with old and new values.
BY_ENTRIES_ONLY = {"quarter", "field", "kind", "due_date", "assignments"}


def measured(measures: Sequence[MeasureIn]) -> list[dict[str, Any]]:
    """The targets as they are stored, each with its percent."""
    return [{**one.model_dump(), "percent": _percent(one)} for one in measures]


def _percent(measure: MeasureIn) -> float | None:
    if measure.achieved is None or not measure.target:
        return None
    return round(measure.achieved / measure.target * 100, 2)


def agree(work: Work, values: Mapping[str, Any], task: QuarterlyTask | None = None) -> None:
    """Each id is one that the caller sees, and the quarter is one that the meeting plans."""

    def of(name: str) -> Any:
        return values[name] if name in values else getattr(task, name, None)

    if "issued_by_id" in values:
        work.known(SPEAKERS, issued_by_id=values["issued_by_id"])
    if {"set_at_meeting_id", "agenda_item_id", "quarter", "kind"} & values.keys():
        _fit_the_meeting(work, of("set_at_meeting_id"), of("agenda_item_id"), of("quarter"), of("kind"))
    if values.get("parent_id"):
        _one_level(work, values["parent_id"], task)
    refuse_backwards(of("start_date"), of("due_date"), "due_date")


def _fit_the_meeting(
    work: Work, meeting_id: UUID | None, item_id: UUID | None, quarter: str, kind: TaskKind
) -> None:
    meeting = work.named(MEETINGS, meeting_id, at="set_at_meeting_id") if meeting_id else None
    if item_id is not None:
        item = work.named(AGENDA_ITEMS, item_id, at="agenda_item_id")
        if item.meeting_id != meeting_id:
            words = "Mục này không thuộc hội nghị đã nêu", "This item is not of the meeting that is named"
            refuse("agenda_item_id", "of_another_meeting", *words)
    if meeting and kind != TaskKind.AD_HOC and not _plans(meeting, quarter):
        refuse(
            "quarter",
            "outside_plan_period",
            f"Hội nghị giao nhiệm vụ cho kỳ {meeting.plan_period}",
            f"The meeting plans {meeting.plan_period}; only an ad_hoc task may lie outside",
        )


def _plans(meeting: Meeting, quarter: str) -> bool:
    return meeting.plan_period is None or Quarter.parse(quarter) in Period.parse(meeting.plan_period).quarters


def _one_level(work: Work, parent_id: UUID, task: QuarterlyTask | None) -> None:
    parent = work.named(QUARTERLY_TASKS, parent_id, at="parent_id")
    if parent.parent_id is not None or (task is not None and parent.id == task.id):
        refuse(
            "parent_id", "too_deep", "Chỉ một cấp nhiệm vụ con", "A task that is part of another has no parts"
        )


def refuse_what_entries_change(task: QuarterlyTask, values: Mapping[str, Any]) -> None:
    """409 where a PATCH names what only an entry may change."""
    named = sorted(BY_ENTRIES_ONLY & values.keys()) if task.was_issued else []
    if not named:
        return
    words = Words("Đã giao: chỉ thay đổi bằng entries", "It was issued: this changes by an entry only")
    raise Conflict(words, errors=[Fault("body", f"#/{name}", "by-entries-only", words) for name in named])
