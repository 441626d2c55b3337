"""The rows of each report, under heads that a reader of either language knows."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from app.meetings.vocabulary import MeetingStatus
from app.quarter import Quarter
from app.quarterly_tasks.counts import Side
from app.quarterly_tasks.vocabulary import TaskStatus, Timeliness
from app.reports.charts import Bar
from app.reports.formats import Table
from app.types import Json
from app.vocabulary import Vocabulary

CELLS: Mapping[str, tuple[str, str]] = {
    "total": ("Tổng số", "Total"),
    **{one.value: (one.label_vi, one.label_en) for one in Timeliness},
    "of_which_unconfirmed": ("Trong đó chưa xác nhận", "Of which unconfirmed"),
    "of_which_carried_over": ("Trong đó chuyển quý sau", "Of which carried over"),
    "late_by_root_due_date": ("Quá hạn so với hạn ban đầu", "Late by the first due date"),
    "drafts": ("Dự thảo", "Drafts"),
    "cancelled": ("Hủy", "Cancelled"),
    "completion_rate": ("Tỷ lệ hoàn thành (%)", "Completion rate (%)"),
}


def of_tasks(report: Json, spoken: str) -> Table:
    """A row for each group, and their sum."""
    heads = [_say(spoken, "Nhóm", "Group"), *_heads(spoken)]
    rows = [[row[f"label_{spoken}"], *_numbers(row["cells"])] for row in report["items"]]
    total = [_say(spoken, "Toàn bộ", "All"), *_numbers(report["total"])]
    return Table(_title(report, spoken, report["quarter"]), heads, [*rows, total])


def bars_of_tasks(report: Json, spoken: str) -> list[Bar]:
    """The whole first; then each group that has any task."""
    whole = Bar(_say(spoken, "Toàn bộ", "All"), report["total"])
    rows = [Bar(row[f"label_{spoken}"], row["cells"]) for row in report["items"] if row["cells"]["total"]]
    return [whole, *rows]


def of_quarters(report: Json, spoken: str) -> Table:
    """A row for each quarter."""
    heads = [_say(spoken, "Quý", "Quarter"), *_heads(spoken)]
    rows = [[row[f"label_{spoken}"], *_numbers(row["cells"])] for row in report["items"]]
    return Table(_title(report, spoken, report["from"], report["to"]), heads, rows)


def of_sides(quarter: Json, spoken: str) -> Table:
    """A row for each side: what was issued, and what is led."""
    heads = [_say(spoken, "Nhóm", "Group"), *_heads(spoken)]
    rows = [[_say(spoken, one.label_vi, one.label_en), *_numbers(quarter[f"as_{one}"])] for one in Side]
    return Table(_title(quarter, spoken, quarter["quarter"]), heads, rows)


def bars_of_quarters(report: Json, spoken: str) -> list[Bar]:
    """One for each quarter."""
    return [Bar(row[f"label_{spoken}"], row["cells"]) for row in report["items"]]


def of_reviews(report: Json, spoken: str) -> Table:
    """A row for each body."""
    heads = (
        _say(spoken, "Cơ quan", "Body"),
        _say(spoken, "Nhiệm vụ", "Tasks"),
        _say(spoken, "Chưa đánh giá", "Not reviewed"),
        _say(spoken, "Hội nghị giao ban", "Briefing held on"),
        _say(spoken, "Trạng thái hội nghị", "State of the briefing"),
    )
    members = (f"label_{spoken}", "tasks", "unreviewed", "meeting_held_on")
    rows = [
        [*(row[name] for name in members), _word(MeetingStatus, row["meeting_status"], spoken)]
        for row in report["items"]
    ]
    quarter = _label(report["quarter"], spoken)
    title = _say(spoken, f"đánh giá nhiệm vụ {quarter}", f"review of tasks, {quarter}")
    return Table(f"{report['organization_name']}: {title}", heads, rows)


def of_due(page: Json, spoken: str) -> Table:
    """A row for each task."""
    heads = (
        _say(spoken, "Nhiệm vụ", "Task"),
        _say(spoken, "Mã", "Code"),
        _say(spoken, "Quý", "Quarter"),
        _say(spoken, "Hạn", "Due"),
        _say(spoken, "Quá hạn (ngày)", "Days overdue"),
        _say(spoken, "Trạng thái", "Status"),
    )
    members = ("title", "code", "quarter", "effective_due_date", "days_overdue", "status")
    title = _say(spoken, "Nhiệm vụ đến hạn, quá hạn", "Tasks due and overdue")
    return Table(title, heads, [_task(row, members, spoken) for row in page["items"]])


def of_chains(page: Json, spoken: str) -> Table:
    """A row for each lineage."""
    heads = (
        _say(spoken, "Nhiệm vụ", "Task"),
        _say(spoken, "Mã", "Code"),
        _say(spoken, "Số lần chuyển quý", "Carried over"),
        _say(spoken, "Hạn ban đầu", "First due date"),
        _say(spoken, "Chậm so với hạn ban đầu (ngày)", "Days late by it"),
        _say(spoken, "Trạng thái", "Status"),
    )
    members = ("title", "code", "carry_count", "root_due_date", "days_late_by_root", "status")
    title = _say(spoken, "Nhiệm vụ chuyển quý nhiều lần", "Tasks carried over again and again")
    return Table(title, heads, [_task(row, members, spoken) for row in page["items"]])


def _task(row: Json, members: Sequence[str], spoken: str) -> list[Any]:
    said = {**row, "status": _word(TaskStatus, row["status"], spoken)}
    if "quarter" in row:
        said["quarter"] = _label(row["quarter"], spoken)
    return [said[name] for name in members]


def _word(of: type[Vocabulary], value: str | None, spoken: str) -> str | None:
    """The label of a word that a report has as its code."""
    if value is None:
        return None
    word = of(value)
    return _say(spoken, word.label_vi, word.label_en)


def _heads(spoken: str) -> list[str]:
    return [_say(spoken, *labels) for labels in CELLS.values()]


def _numbers(cells: Json) -> list[Any]:
    return [cells[name] for name in CELLS]


def _title(report: Json, spoken: str, *quarters: str) -> str:
    day = date.fromisoformat(report["as_of"])
    sides = [Side(report["as"])] if "as" in report else []  # a quarter tells of both
    named = " – ".join(dict.fromkeys(_label(one, spoken) for one in quarters))
    about = _say(spoken, f"nhiệm vụ {named}", f"tasks of {named}")
    whose = (_say(spoken, one.label_vi, one.label_en).lower() for one in sides)
    until = _say(spoken, f"đến {day:%d/%m/%Y}", f"on {day}")
    return f"{report['organization_name']}: {', '.join([about, *whose, until])}"


def _label(quarter: str, spoken: str) -> str:
    known = Quarter.parse(quarter)
    return _say(spoken, known.label_vi, known.label_en)


def _say(spoken: str, vi: str, en: str) -> str:
    return vi if spoken == "vi" else en
