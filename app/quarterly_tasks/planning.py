"""Setting a task: what it must agree with before it is stored."""

import math
from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import exists, select

from app.errors import Conflict, Fault, Words
from app.findings.queries import DIRECTIVES, FINDINGS
from app.meetings.models import Meeting
from app.meetings.queries import AGENDA_ITEMS, MEETINGS
from app.quarter import Period, Quarter
from app.quarterly_tasks.models import QuarterlyTask
from app.quarterly_tasks.queries import QUARTERLY_TASKS
from app.quarterly_tasks.schemas import MeasureIn
from app.quarterly_tasks.under_review import come_under_review
from app.quarterly_tasks.vocabulary import FINAL, TaskKind, TaskStatus
from app.schema import refuse, refuse_backwards
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
    percent = round(measure.achieved / measure.target * 100, 2)
    return percent if math.isfinite(percent) else None


def agree(work: Work, tenant_id: UUID, values: Mapping[str, Any], task: QuarterlyTask | None = None) -> None:
    """Each id that was sent is one that the caller sees, and the quarter is one that the meeting plans."""

    def of(name: str) -> Any:  # whichever member is asked for
        return values[name] if name in values else getattr(task, name, None)

    work.known(SPEAKERS, tenant_id, issued_by_id=values.get("issued_by_id"))
    work.known(MEETINGS, tenant_id, set_at_meeting_id=values.get("set_at_meeting_id"))
    work.known(AGENDA_ITEMS, tenant_id, agenda_item_id=values.get("agenda_item_id"))
    work.known(DIRECTIVES, tenant_id, directive_id=values.get("directive_id"))
    work.known(FINDINGS, tenant_id, answers_finding_id=values.get("answers_finding_id"))
    if {"set_at_meeting_id", "agenda_item_id"} & values.keys() and of("agenda_item_id"):
        _item_of_the_meeting(work, of("agenda_item_id"), of("set_at_meeting_id"))
    if {"set_at_meeting_id", "quarter", "kind"} & values.keys() and of("set_at_meeting_id"):
        # Shared: several tasks may be set at it at once, but its plan does not change meanwhile.
        meeting = work.db.get_one(Meeting, of("set_at_meeting_id"), with_for_update={"read": True})
        _planned_there(meeting, of("quarter"), of("kind"))
    if (
        task is not None
        and task.status != TaskStatus.DRAFT
        and {"set_at_meeting_id", "quarter"} & values.keys()
    ):
        come_under_review(work, task, values)
    if "quarter" in values and task is not None and task.carried_from_id is not None:
        _after_what_it_comes_from(work, task.carried_from_id, values["quarter"])
    if values.get("parent_id"):
        whole = _one_level(work, tenant_id, values["parent_id"], task)
        _of_one_issuer(whole, of("issuing_organization_id"))
    refuse_backwards(of("start_date"), of("due_date"), "due_date")


def _after_what_it_comes_from(work: Work, predecessor_id: UUID, quarter: str) -> None:
    """A lineage goes on in time."""
    before = work.db.get_one(QuarterlyTask, predecessor_id).quarter
    if quarter <= before:
        refuse(
            "quarter",
            "not_after_its_predecessor",
            f"Phải sau quý {before}, quý mà nhiệm vụ được chuyển từ đó",
            f"It must come after {before}, from which the task was carried over",
        )


def _item_of_the_meeting(work: Work, item_id: UUID, meeting_id: UUID | None) -> None:
    if work.named(AGENDA_ITEMS, item_id, at="agenda_item_id").meeting_id != meeting_id:
        words = "Mục này không thuộc hội nghị đã nêu", "This item is not of the meeting that is named"
        refuse("agenda_item_id", "of_another_meeting", *words)


def _planned_there(meeting: Meeting, quarter: str, kind: TaskKind) -> None:
    if kind == TaskKind.AD_HOC or meeting.plan_period is None:
        return
    if Quarter.parse(quarter) not in Period.parse(meeting.plan_period).quarters:
        refuse(  # which one that is, only those are told who see the meeting
            "quarter",
            "outside_plan_period",
            "Nằm ngoài kỳ mà hội nghị giao nhiệm vụ",
            "The meeting plans another period; only an ad_hoc task may lie outside",
        )


def _one_level(work: Work, tenant_id: UUID, parent_id: UUID, task: QuarterlyTask | None) -> QuarterlyTask:
    """The task it becomes part of, which nobody else changes meanwhile."""
    work.known(QUARTERLY_TASKS, tenant_id, parent_id=parent_id)
    parent = work.taken(QUARTERLY_TASKS, parent_id)
    has_parts = task is not None and work.db.scalar(
        select(exists().where(QuarterlyTask.parent_id == task.id))
    )
    if parent.parent_id is not None or has_parts or (task is not None and parent.id == task.id):
        words = "Chỉ một cấp nhiệm vụ con", "A task that is part of another has no parts"
        refuse("parent_id", "too_deep", *words)
    is_new = task is None or task.parent_id != parent.id
    if is_new and parent.status in FINAL:  # counted by its parts from then on, it would be done no more
        words = "Nhiệm vụ đã kết thúc, không chia thêm", "The task has ended: it is not divided any more"
        refuse("parent_id", "has_ended", *words)
    return parent


def _of_one_issuer(whole: QuarterlyTask, issuer_id: UUID) -> None:
    """A whole is counted by its parts: who set them under another body's would take it from its figures."""
    if whole.issuing_organization_id != issuer_id:
        refuse(
            "parent_id",
            "of_another_issuer",
            "Do cơ quan khác giao: chỉ cơ quan ấy chia thành nhiệm vụ con",
            "Another body issued it, and only that body divides it into parts",
        )


def refuse_what_entries_change(task: QuarterlyTask, values: Mapping[str, Any]) -> None:
    """409 where a PATCH names what only an entry may change, while others hold the task."""
    if task.status == TaskStatus.DRAFT:
        return
    named = sorted(BY_ENTRIES_ONLY & values.keys())
    if named:
        words = Words("Đã giao: chỉ thay đổi bằng entries", "It was issued: this changes by an entry only")
        raise Conflict(words, errors=[Fault("body", f"#/{name}", "by-entries-only", words) for name in named])
