"""How the made-up briefing reviewed the tasks of the quarter before: none was forgotten."""

from datetime import timedelta

from app import example_ids as ids
from app.demo import making
from app.demo.days import Days
from app.types import Json
from app.work import Work

DONE: Json = {"rating": "completed", "assessed_progress": 100, "disposition": "close"}


def make(work: Work, days: Days) -> None:
    """By task; the one that is carried over comes first, since the documentation names it."""
    extended = days.ends(days.last) + timedelta(75)
    rows: tuple[Json, ...] = (
        {
            "task_id": ids.CARRIED_TASK,
            "rating": "partially_completed",
            "assessed_progress": 50,
            "comment": "Còn một mô hình chưa ra mắt.",
            "disposition": "carry_over",
        },
        *({"task_id": ids.task(n), **DONE} for n in (0x10, 0x11, 0x12, 0x13)),
        {
            "task_id": ids.task(0x14),
            "rating": "partially_completed",
            "assessed_progress": 90,
            "comment": "Đã thông xe; chờ xác nhận sau khi hoàn thiện rãnh thoát nước.",
            "disposition": "continue",
        },
        {
            "task_id": ids.task(0x15),
            "rating": "not_completed",
            "assessed_progress": 35,
            "comment": "Thiếu máy quét khổ lớn; gia hạn để chờ thiết bị.",
            "disposition": "extend",
            "due_date": str(extended),
        },
        {
            "task_id": ids.task(0x16),
            "rating": "not_started",
            "assessed_progress": 0,
            "comment": "Chờ bố trí kinh phí.",
            "disposition": "continue",
        },
    )
    for n, row in enumerate(rows, start=1):
        making.review(work, ids.BRIEFING, n, **row)
    making.closing(work, ids.QUARTER_CLOSING, ids.PARTY, ids.CLOSED_QUARTER)
